import {
  type DisplayOutput,
  hasTag,
  type Notebook,
  type Output,
  PLOTLY_MIME,
} from "../../notebook/file/nbformat.js";
import {lastHeadingOf} from "../markdown.js";
import {slugOf} from "../markup.js";
import {type Figure, figureTitle, parseFigure} from "./figure.js";

/** One figure of a notebook, with the name of its picture: `02-cumulative-pnl`. */
export interface NamedFigure {
  readonly name: string;
  readonly title: string;
  readonly figure: Figure;
}

/** The figures that a page shows, by the output that holds each, in the order of the page. */
export function notebookFigures(notebook: Notebook): Map<Output, NamedFigure> {
  const figures = new Map<Output, NamedFigure>();
  let heading = "";
  for (const cell of notebook.cells) {
    if (hasTag(cell, "hide-cell") || hasTag(cell, "hide-output")) continue;
    if (cell.cell_type === "markdown") heading = lastHeadingOf(cell.source) ?? heading;
    if (cell.cell_type !== "code") continue;
    for (const output of cell.outputs) {
      const figure = figureOf(output);
      if (figure !== undefined) figures.set(output, nameFigure(figure, heading, figures.size + 1));
    }
  }
  return figures;
}

function figureOf(output: Output): Figure | undefined {
  return isDisplay(output) ? parseFigure(output.data[PLOTLY_MIME]) : undefined;
}

function isDisplay(output: Output): output is DisplayOutput {
  return output.output_type === "display_data" || output.output_type === "execute_result";
}

function nameFigure(figure: Figure, heading: string, number: number): NamedFigure {
  const title = figureTitle(figure) || heading || "Figure";
  const slug = slugOf(title) || "figure";
  return {name: `${String(number).padStart(2, "0")}-${slug}`, title, figure};
}
