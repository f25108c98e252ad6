import {nearestName} from "../../notebook/nearest-name.js";
import {isBlank} from "./blank-figure.js";
import type {NamedFigure} from "./notebook-figures.js";
import {traceTypes} from "./trace-types.js";

/** What a figure does not show although somebody wanted it to; empty for a good one. */
export function figureProblems({figure, title}: NamedFigure): string[] {
  const place = `figure "${title}"`;
  if (isBlank(figure)) {
    const shown = figure.data.map((trace) => ({...trace, visible: true}));
    if (!isBlank({...figure, data: shown})) {
      const found = "hidden ones that no legend, menu or slider shows";
      return [`${place}: expected a trace that can be seen, found ${found}; show one of them`];
    }
    const fix = "say that there is nothing in a sentence or an annotation, without a trace";
    return [`${place}: expected a finite value to draw, found none; ${fix}`];
  }
  const unknown = new Set(
    figure.data.flatMap(({type}) =>
      type === undefined || traceTypes.includes(String(type)) ? [] : [String(type)],
    ),
  );
  return [...unknown].map((type) => {
    const near = nearestName(type, traceTypes);
    const fix = near === undefined ? "see plotly's list of trace types" : `perhaps "${near}"`;
    return `${place}: expected a type of trace that plotly draws, found "${type}"; ${fix}`;
  });
}
