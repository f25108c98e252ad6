import {DAY_MS, formatMinute} from "../../time/epoch.js";
import {capitalise} from "../../words.js";
import {formatBps, formatMoney} from "../number-text.js";
import {escapeHtml} from "../sentence.js";
import type {PnlSeries} from "./pnl-series.js";

/** The title of a series with two lines below it, as HTML for plotly. */
export function pnlTitle(series: PnlSeries): string {
  const small = subtitles(series).map(
    (text) => `<span style="font-size:16px">${escapeHtml(text)}</span>`,
  );
  return [`<b>${escapeHtml(series.title)}</b>`, ...small].join("<br>");
}

/** The two lines below the title: whose PnL and by which means; when, and net of what. */
function subtitles(series: PnlSeries): [string, string] {
  const {origin, market, model, index, feeBps, capital, remark, liveOrigin, joint} = series;
  const live = joint === undefined ? "" : ` and ${liveOrigin}`;
  const place = market === "" ? "" : ` on ${market}`;
  const basis = [
    periodText(index),
    Number.isNaN(feeBps)
      ? "net of fees"
      : `net of fees (${formatBps(feeBps, 1)} of the value traded)`,
    ...(Number.isNaN(capital) ? [] : [`capital ${formatMoney(capital)}`]),
  ];
  const subject = `${capitalise(origin)}${live}`;
  const said = remark === "" ? "" : ` · ${remark}`;
  return [`${subject} of ${model}${place}${said}`, basis.join(" · ")];
}

/** Days where there are many, else minutes. */
function periodText(index: Float64Array): string {
  const [first, last] = [index[0], index.at(-1)];
  if (first === undefined || last === undefined) {
    return "no bar";
  }
  const digits = last - first > 31 * DAY_MS ? 10 : 16;
  const [from, to] = [first, last].map((time) => formatMinute(time).slice(0, digits));
  return first === last ? `bar ${to} UTC` : `${from} to ${to} UTC`;
}
