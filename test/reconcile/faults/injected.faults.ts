import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {FAULT_KINDS, type Injected, inject, isExact} from "./inject.js";

const PER_KIND = 20;

let root: string;
const injected: Injected[] = [];
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "reckon-faults-"));
  for (const [k, kind] of FAULT_KINDS.entries()) {
    for (let i = 0; i < PER_KIND; ++i) {
      injected.push(await inject(kind, 1_000 * k + i, root));
    }
  }
}, 300_000);
afterAll(() => {
  rmSync(root, {recursive: true, force: true});
});

/** What went wrong, for whoever reads a failure. */
function tell({fault, place, found: {first, cause}}: Injected): string {
  const seen = first && `${first.layer} ${first.node} ${first.barEnd} ${first.instrument}`;
  const wanted = `${place.layer} ${place.node} ${place.bars} ${place.instruments}`;
  const injury = `${fault.kind} in ${fault.run.model} (${fault.text})`;
  return `${injury}: wanted ${wanted}; found ${seen} ${first?.field}, ${cause?.name}`;
}

describe("220 faults put into runs", () => {
  it("never pass silently", () => {
    expect(injected).toHaveLength(11 * PER_KIND);
    const silent = injected.filter(({found}) => found.status !== "differs");
    expect(silent.map(tell)).toEqual([]);
  });

  it("show first exactly where they act, at least 95 in 100", () => {
    const missed = injected.filter((one) => !isExact(one));
    expect(missed.length / injected.length, missed.map(tell).join("\n")).toBeLessThanOrEqual(0.05);
  });

  it("are called by their cause, at least 90 in 100", () => {
    const wrong = injected.filter(({fault, found}) => found.cause?.name !== fault.kind);
    expect(wrong.length / injected.length, wrong.map(tell).join("\n")).toBeLessThanOrEqual(0.1);
  });

  it.each(FAULT_KINDS)("are called by their cause, at least 80 in 100 of each kind: %s", (kind) => {
    const own = injected.filter(({fault}) => fault.kind === kind);
    const right = own.filter(({found}) => found.cause?.name === kind);
    expect(right.length / own.length).toBeGreaterThanOrEqual(0.8);
  });
});
