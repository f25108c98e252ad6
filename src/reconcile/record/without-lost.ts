import {PORTFOLIO_STREAMS, type PortfolioStream} from "../../runlog/layout.js";
import {type Frame, frameRows} from "../../table/frame.js";
import type {EpochMs} from "../../time/epoch.js";
import type {RecordedSide} from "./recorded-side.js";

type Bars = ReadonlySet<EpochMs>;

/**
 * Both sides without the bars of each stream of which the record of either cannot be used: that a
 * file is damaged is no difference, and what a bar before or after it is a difference to is the
 * same for both.
 */
export function withoutLost(
  prod: RecordedSide,
  sim: RecordedSide,
): {readonly prod: RecordedSide; readonly sim: RecordedSide} {
  const streams = new Set([...prod.lost.keys(), ...sim.lost.keys()]);
  const lost = new Map<string, Bars>();
  for (const stream of streams) {
    const bars = new Set([...(prod.lost.get(stream) ?? []), ...(sim.lost.get(stream) ?? [])]);
    if (bars.size > 0) {
      lost.set(stream, bars);
    }
  }
  return lost.size === 0
    ? {prod, sim}
    : {prod: sideWithout(prod, lost), sim: sideWithout(sim, lost)};
}

function sideWithout(side: RecordedSide, lost: ReadonlyMap<string, Bars>): RecordedSide {
  const {portfolio, targets, nodes} = side;
  const lists = <T extends {readonly barEnd: EpochMs}>(name: string, list?: readonly T[]) => {
    const bars = lost.get(name);
    return bars === undefined ? list : list?.filter(({barEnd}) => !bars.has(barEnd));
  };
  const frames: Partial<Record<PortfolioStream, Frame>> = {};
  for (const name of PORTFOLIO_STREAMS) {
    const frame = portfolio[name];
    if (frame !== undefined) {
      frames[name] = frameWithout(frame, lost.get(name));
    }
  }
  const lostTargets = lost.get("target_positions");
  return {
    ...side,
    lost,
    portfolio: frames,
    targets:
      targets &&
      Object.fromEntries(
        Object.entries(targets).map(([name, frame]) => [name, frameWithout(frame, lostTargets)]),
      ),
    orders: lists("orders", side.orders),
    fills: lists("fills", side.fills),
    nodes: nodes.map((node) => {
      const bars = lost.get(`node ${node.id}`);
      return bars === undefined ? node : node.without(bars);
    }),
  };
}

function frameWithout(frame: Frame, bars: Bars | undefined): Frame {
  return bars === undefined ? frame : frameRows(frame, (bar) => !bars.has(bar));
}
