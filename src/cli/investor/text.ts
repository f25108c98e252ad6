import process from "node:process";
import type {InvestorPlots} from "../../flows/investor/investor-plots.js";
import type {PictureChange, ReplacementPlan} from "../../flows/investor/replace-pictures.js";
import type {WindowFacts} from "../../report/investor/window-facts.js";
import {formatGain, formatNumber, UNKNOWN} from "../../report/number-text.js";
import {formatTextTable} from "../console/text-table.js";
import type {PlotFlags} from "./options.js";

/** Prints what was replaced, or would be, and by what. */
export function tellPlots({json, dryRun}: PlotFlags, plots: InvestorPlots): void {
  const {plans, notes, page} = plots;
  const link = page?.published?.pointers.at(-1) ?? page?.link;
  const value = {dryRun, plans, notes, page: link ?? null};
  const lines = [
    ...notes.map((text) => `note: ${text}`),
    ...plans.map((plan) => planText(plan, dryRun)),
    ...(link === undefined ? [] : [`page     ${link}`]),
  ];
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${lines.join("\n")}\n`);
}

interface Line {
  readonly picture: string;
  readonly what: string;
  readonly facts: WindowFacts | undefined;
  readonly bytes: number | undefined;
}

/** Old and new, one below the other. */
function planText({dir, changes, refusals}: ReplacementPlan, isDryRun: boolean): string {
  const table = formatTextTable(changes.flatMap(linesOf), [
    {title: "picture", cell: ({picture}) => picture},
    {title: "", cell: ({what}) => what},
    {title: "first bar (UTC)", cell: ({facts}) => facts?.first ?? UNKNOWN},
    {title: "last bar (UTC)", cell: ({facts}) => facts?.last ?? UNKNOWN},
    {title: "value", cell: ({facts}) => formatGain(facts?.netPnl ?? Number.NaN)},
    {title: "KB", cell: ({bytes}) => (bytes === undefined ? "" : formatNumber(bytes / 1024))},
  ]);
  const head = isDryRun ? `${dir}: nothing is written; this would be` : `${dir}:`;
  return [head, table.trimEnd(), ...refusals.map((text) => `refused: ${text}`)].join("\n");
}

function linesOf({fileName, action, old, fresh}: PictureChange): Line[] {
  const before: Line = {picture: fileName, what: "old", facts: old?.facts, bytes: old?.bytes};
  const after: Line = {picture: fileName, what: action, facts: fresh?.facts, bytes: fresh?.bytes};
  if (action === "stays") {
    return [{...before, what: "stays"}];
  }
  return old === undefined ? [after] : [before, {...after, picture: ""}];
}
