import {join} from "node:path";
import {parseOverride} from "../../../src/config/override.js";
import {type Reconciliation, reconcileRuns} from "../../../src/reconcile/reconcile-runs.js";
import {RunFolder} from "../../../src/runlog/reading/run-folder.js";
import type {RunRequest} from "../../../src/system/run/run-system.js";
import type {BarOutcome} from "../../../src/trading/targets/process-forecasts.js";
import {outcomesOf, type WholeRun} from "../../system/whole-runs.js";
import {lotShortFill, otherFees, otherFill, stall} from "./broker-faults.js";
import type {Fault, FaultKind, FaultSetting, Place} from "./fault.js";
import {pick} from "./fault.js";
import {emptiedStatistics, lostAccount, lostFills, lostNode, untoldTargets} from "./gap-faults.js";
import {
  dataRevision,
  lateCorrection,
  lateData,
  missingBar,
  shiftedStamps,
} from "./market-faults.js";
import {coarserLot, otherCode, otherConfig, otherStart} from "./run-faults.js";
import {seededRandom, smallC1, smallMock1} from "./walk-market.js";

/** Every kind of fault, and the ways in which it comes about. */
const FAULTS: Readonly<Record<FaultKind, readonly ((setting: FaultSetting) => Fault)[]>> = {
  config: [otherConfig],
  "data revision": [dataRevision, dataRevision, lateCorrection],
  "late data": [lateData],
  "missing bar": [missingBar],
  "start state": [otherStart],
  "code or model": [otherCode],
  "fill model": [otherFill],
  rounding: [coarserLot, lotShortFill],
  fees: [otherFees],
  clock: [stall, stall, shiftedStamps],
  "record gap": [emptiedStatistics, untoldTargets, lostAccount, lostFills, lostNode],
};

/** The kinds, in the order in which they are gone through. */
export const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[];

/** Every minute of a bar is recorded, and what prod saw is seen again at the next bar. */
const RECORDING = [
  "dag_property_config.debug_mode_config.save_node_io=last:8",
  "dag_property_config.debug_mode_config.profile_execution=false",
].map(parseOverride);

/** A fault that was put into a run, and what the reconciliation makes of it. */
export interface Injected {
  readonly fault: Fault;
  readonly place: Place;
  readonly found: Reconciliation;
}

/**
 * Puts a fault into a small run, at a bar, instrument, node and size that the seed decides: the run
 * is made again, as production with the fault and as the simulation without.
 */
export async function inject(kind: FaultKind, seed: number, root: string): Promise<Injected> {
  const random = seededRandom(seed);
  const make = pick(FAULTS[kind], random);
  const run = runFor(make, seed, random);
  const dir = join(root, `${seed}`);
  const simDir = join(dir, "sim");
  const sim = await record(run, simDir);
  const fault = make({run, random, simDir, sim, scratch: join(dir, "scratch")});
  const undo = fault.code?.();
  try {
    const prod = await record(fault.run, join(dir, "prod"), fault.request);
    fault.damage?.(join(dir, "prod"));
    const found = await reconcileRuns(new RunFolder(join(dir, "prod")), new RunFolder(simDir));
    return {fault, place: fault.place({prod, sim}), found};
  } finally {
    undo?.();
  }
}

/** mock1 sizes without lots and waits for a lone late row: some faults need the other model. */
function runFor(
  make: (setting: FaultSetting) => Fault,
  seed: number,
  random: () => number,
): WholeRun {
  const bars = 7 + Math.floor(8 * random());
  const lotDecimals = make === lotShortFill ? 0 : 6;
  const isMock1 = ![coarserLot, lotShortFill].includes(make) && random() < 0.4;
  return (isMock1 ? smallMock1 : smallC1)({seed, bars, lotDecimals});
}

/** Records a run of one file per stream, unless told otherwise. */
export async function record(
  run: WholeRun,
  dir: string,
  {overrides = [], ...request}: Partial<RunRequest> = {},
): Promise<BarOutcome[]> {
  return await outcomesOf(run, {
    dir,
    files: "per-stream",
    overrides: [...RECORDING, ...overrides],
    ...request,
  });
}

/** True where the reconciliation parts exactly where the fault acts. */
export function isExact({place, found: {first}}: Injected): boolean {
  return (
    first !== undefined &&
    first.layer === place.layer &&
    first.node === place.node &&
    place.bars.some((bar) => Object.is(bar, first.barEnd)) &&
    place.instruments.includes(first.instrument) &&
    (place.field === undefined || place.field === first.field)
  );
}
