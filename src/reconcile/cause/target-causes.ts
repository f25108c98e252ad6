import {formatMinute} from "../../time/epoch.js";
import type {RecordedSide} from "../record/recorded-side.js";
import {type Cause, causeOf, type Scene} from "./cause.js";
import {roundingCause} from "./rounding-cause.js";
import {barBefore, clockText, coarserLot, isClockOff, valueAt} from "./scene.js";

/** Other targets from the same forecasts, holdings and prices. */
export function targetCause(scene: Scene): Cause {
  const {first, both} = scene;
  const {barEnd, instrument} = first;
  const has = [both.prod, both.sim].map(
    ({targets}) => targets?.target_holdings_shares?.index.includes(barEnd) ?? false,
  );
  if (has[0] !== has[1]) {
    return notTradedCause(scene, has[0] === false ? "Prod" : "The simulation");
  }
  const [a, b] = [both.prod, both.sim].map(({targets}) =>
    valueAt(targets?.target_holdings_shares, barEnd, instrument),
  ) as [number, number];
  const stale = stalePriceCause(scene);
  if (stale !== undefined) {
    return stale;
  }
  const rounding = roundingCause(scene, a - b, "Target holdings");
  if (rounding !== undefined) {
    return rounding;
  }
  if (isClockOff(both, barEnd)) {
    return causeOf({name: "clock", confidence: "likely"}, [clockText(both, barEnd)]);
  }
  const ratio = sizeRatio(scene);
  if (ratio !== undefined) {
    return causeOf(
      {name: "config", confidence: "likely"},
      [
        `All targets of prod at ${formatMinute(barEnd)} UTC are ${ratio.toFixed(3)} times the ` +
          "simulation's, of the same forecasts: it sized for another target_gmv than the " +
          "recorded config tells.",
        "The config may have been changed while the run went on, or after it.",
      ],
      [["code or model", "the code that sizes positions may be another"]],
    );
  }
  return causeOf(
    {name: "code or model", confidence: "likely"},
    [
      `Forecasts and holdings agree up to ${formatMinute(barEnd)} UTC, and so does the config; ` +
        `${first.field} of ${instrument} does not.`,
      "Sizing itself is another: its code, or limits and restrictions that no config key holds.",
    ],
    Number.isNaN(a - b) || a === b
      ? []
      : [["rounding", `the targets are ${Math.abs(a - b)} apart, more than one lot`]],
  );
}

/** Ratios of targets that lots leave of one size: within this of each other. */
const RATIO_SLACK = 0.01;

/** Prod's target shares as a multiple of the simulation's, one for all; undefined where none is. */
function sizeRatio({first: {barEnd}, both}: Scene): number | undefined {
  const [own, other] = [both.prod, both.sim].map(({targets}) => targets?.target_holdings_shares);
  const ids = (own?.columns ?? []).filter((id) => {
    const lot = coarserLot(both, id);
    return Math.abs(valueAt(other, barEnd, id)) > lot / RATIO_SLACK;
  });
  const ratios = ids.map((id) => valueAt(own, barEnd, id) / valueAt(other, barEnd, id));
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
  const isOne = ratios.length > 1 && least > 0 && most - least <= RATIO_SLACK * most;
  return isOne && (least > 1 + RATIO_SLACK || most < 1 - RATIO_SLACK)
    ? ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length
    : undefined;
}

/** The price that targets were made with is that of the bar before; undefined where it is not. */
function stalePriceCause({first, both}: Scene): Cause | undefined {
  const {barEnd, instrument, field} = first;
  const before = barBefore(both, barEnd);
  const isStale = ({targets}: RecordedSide): boolean => {
    const price = targets?.price;
    return valueAt(price, barEnd, instrument) === valueAt(price, before, instrument);
  };
  const [a, b] = [isStale(both.prod), isStale(both.sim)];
  if (field !== "price" || a === b) {
    return undefined;
  }
  return causeOf(
    {name: "late data", confidence: "likely"},
    [
      `${a ? "Prod" : "The simulation"} made its targets of ${formatMinute(barEnd)} UTC with the ` +
        `price that ${instrument} had one bar before; the other run had a new one.`,
    ],
    [["code or model", "forecasts agree, which were made from the same market data"]],
  );
}

function notTradedCause({both, first}: Scene, lacking: string): Cause {
  const {barEnd} = first;
  const bar = `the bar ${formatMinute(barEnd)} UTC`;
  return isClockOff(both, barEnd)
    ? causeOf({name: "clock", confidence: "certain"}, [
        `${lacking} made no targets at ${bar}: it handled the bar too late to trade it.`,
        clockText(both, barEnd),
      ])
    : causeOf(
        {name: "unknown", confidence: "possible"},
        [`${lacking} made no targets at ${bar}, though forecasts agree.`],
        [
          ["clock", "the recorded wall clocks show no delay"],
          ["config", "trading hours are the same in both configs"],
        ],
      );
}
