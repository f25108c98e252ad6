import {mean} from "../../stats/distribution/moments.js";
import {percentDrawdown} from "../../stats/drawdown/percent-drawdown.js";
import {wealthPath} from "../../stats/performance/total-return.js";
import type {Figure} from "../figure.js";
import {formatCount, formatPercent} from "../number-text.js";
import {joinSentences, note, type Sentence, tableOfTexts} from "../sentence.js";
import {
  DAY_AXIS,
  dayLine,
  dayText,
  LOSS,
  levelLine,
  percentAxis,
  STRATEGY,
  sheetFigure,
} from "./sheet-figure.js";
import {drawdownRows, drawdownRule, type StatisticsReport} from "./statistics-report.js";

/** The deepest drawdowns as shaded periods below the cumulative return. */
export function worstDrawdownsFigure(report: StatisticsReport, shown = 5): Figure | Sentence {
  const {index, returns, name} = report.series;
  if (report.drawdowns.length === 0) {
    return note("There was no drawdown: wealth never fell below an earlier peak.");
  }
  const worst = report.drawdowns.slice(0, shown);
  const wealth = wealthPath(returns).map((w) => w - 1);
  const last = index.at(-1) as number;
  return sheetFigure(
    worst.length === 1 ? "The deepest drawdown" : `The ${worst.length} deepest drawdowns`,
    [dayLine(index, wealth, {name, line: {color: STRATEGY, width: 2}})],
    {
      xaxis: DAY_AXIS,
      yaxis: percentAxis(),
      shapes: worst.map(({peak, start, recovery}) => ({
        type: "rect",
        x0: dayText(Number.isNaN(peak) ? start : peak),
        x1: dayText(Number.isNaN(recovery) ? last : recovery),
        y0: 0,
        y1: 1,
        yref: "paper",
        fillcolor: LOSS,
        opacity: 0.18,
        line: {width: 0},
        layer: "below",
      })),
      annotations: worst.slice(0, 3).map(({depth, valley}) => ({
        x: dayText(valley),
        y: wealth[index.indexOf(valley)] as number,
        text: formatPercent(100 * depth, 1),
        ax: 0,
        ay: 26,
        arrowwidth: 1,
        arrowcolor: LOSS,
      })),
    },
  );
}

/** How far wealth is below its peak, day by day. */
export function underwaterFigure({series}: StatisticsReport): Figure {
  const depth = percentDrawdown(series.returns);
  const average = mean(depth);
  return sheetFigure(
    `Under water; dashed: average ${formatPercent(100 * average, 1)}`,
    [
      dayLine(series.index, depth, {
        name: "drawdown",
        line: {color: LOSS, width: 1.25},
        fill: "tozeroy",
        fillcolor: `${LOSS}40`,
      }),
    ],
    {
      height: 260,
      xaxis: DAY_AXIS,
      yaxis: {...percentAxis(), rangemode: "tozero"},
      shapes: [levelLine(average, LOSS)],
    },
  );
}

/** The deepest drawdowns as a table, and the rule they are counted by. */
export function drawdownsView({drawdowns, options}: StatisticsReport, shown = 10): Sentence {
  if (drawdowns.length === 0) {
    return note("There was no drawdown.");
  }
  const [heads = [], ...rows] = drawdownRows(drawdowns.slice(0, shown));
  const count = `${formatCount(drawdowns.length, "drawdown")} in all`;
  return joinSentences(
    tableOfTexts([["", ...heads], ...rows.map((row, i) => [String(i + 1), ...row])]),
    note(`${count}; ${drawdownRule(options.convention)}`),
  );
}
