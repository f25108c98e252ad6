import {z} from "zod";
import {PNL_PARTS} from "../../finance/pnl/explain-pnl.js";
import {CAUSES} from "../cause/cause.js";
import {LAYERS} from "../layers/layer.js";
import type {ReconciliationJson} from "./reconciliation-json.js";

const number = z.number().nullable().describe("null where it is not known or infinite");

const difference = z.object({
  bar: z.iso.datetime().nullable().describe("end of the bar, UTC; null in the config"),
  node: z.string().describe("id of the DAG node; empty outside the DAG"),
  instrument: z.string().describe("empty for the account and the config"),
  field: z.string().describe("feature, column or config key"),
  prod: z.union([z.number(), z.string()]).nullable().describe("null where missing"),
  sim: z.union([z.number(), z.string()]).nullable().describe("null where missing"),
  absolute: number.describe("prod − sim"),
  percent: number.describe("100 · (prod − sim) / |sim|"),
});

const parts = z.object(
  Object.fromEntries(PNL_PARTS.map((part) => [part.replaceAll(" ", "_"), z.number()])) as Record<
    string,
    z.ZodNumber
  >,
);

/** `reconciliation.json`: what a reconciliation found, for programs. */
export const reconciliationSchema = z
  .object({
    version: z.literal(1),
    status: z
      .enum(["identical", "within-tolerance", "incomplete", "differs", "missing"])
      .describe("incomplete: what could be compared agrees; missing: nothing could be compared"),
    sentence: z.string().describe("the verdict in words"),
    tolerance: z.object({
      relative: z.number().describe("of the larger of two values"),
      percent: z.number().describe("the same in percent"),
    }),
    bars: z.object({prod: z.number().int(), sim: z.number().int()}),
    first_divergence: difference.extend({layer: z.enum(LAYERS)}).nullable(),
    cause: z
      .object({
        name: z.enum(CAUSES),
        confidence: z.enum(["certain", "likely", "possible"]),
        evidence: z.array(z.string()),
        alternatives: z.array(z.object({name: z.enum(CAUSES), why: z.string()})),
      })
      .nullable(),
    layers: z.array(
      z.object({
        name: z.enum(LAYERS),
        status: z.enum(["identical", "within-tolerance", "differs", "missing"]),
        compared: z.number().int().describe("values"),
        differing: z.number().int().describe("values beyond the tolerance"),
        largest: difference.nullable(),
        first: difference.nullable(),
      }),
    ),
    pnl_explained: z
      .object({
        total: z.number().describe("net PnL of prod less that of the simulation, money"),
        parts: parts.describe("add up to the total"),
        instruments: z.array(z.object({instrument: z.string(), total: z.number(), parts})),
      })
      .nullable()
      .describe("null where an account was not recorded whole"),
    not_compared: z.array(
      z.object({
        what: z.string(),
        side: z.enum(["prod", "sim", "both"]).describe("the run that lacks it"),
        why: z.string(),
      }),
    ),
  })
  .meta({
    title: "reconciliation.json",
    description: "What a run and its simulation agree and differ in.",
  }) satisfies z.ZodType<ReconciliationJson>;
