import {colourwayDark, colourwayLight} from "./colourway.js";

/** A plotly layout template: what a figure looks like where it says nothing itself. */
export type FigureTemplate = Readonly<Record<string, unknown>>;

interface Palette {
  readonly colourway: readonly string[];
  readonly paper: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly zero: string;
  readonly label: string; // background of the hover label
}

const fontFamily =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif';

const sequential = [
  [0, "#f3f6fa"],
  [0.25, "#b7d0e6"],
  [0.5, "#6ba3cf"],
  [0.75, "#2a6ca6"],
  [1, "#0b3a66"],
];

const diverging = [
  [0, "#a3460a"],
  [0.25, "#e6a063"],
  [0.5, "#f2f2f2"],
  [0.75, "#6ba3cf"],
  [1, "#0b4f86"],
];

/** Traces that colour by value: plotly then takes the diverging scale where the sign changes. */
const colouredTraces = ["heatmap", "contour", "histogram2d", "histogram2dcontour"];

/** How figures look on the light page and in pictures; every PNG uses it. */
export const lightFigures: FigureTemplate = template({
  colourway: colourwayLight,
  paper: "#ffffff",
  text: "#1a2130",
  muted: "#566070",
  grid: "#e9ecf1",
  zero: "#b4bbc6",
  label: "#ffffff",
});

/** How figures look on the dark page. */
export const darkFigures: FigureTemplate = template({
  colourway: colourwayDark,
  paper: "#11151c",
  text: "#e4e8ee",
  muted: "#9aa5b4",
  grid: "#232a35",
  zero: "#4a5462",
  label: "#1b212b",
});

function template(palette: Palette): FigureTemplate {
  const {text, muted, paper} = palette;
  const axis = axisOf(palette);
  const line = {type: "scatter", line: {width: 1.75}};
  return {
    layout: {
      colorway: palette.colourway,
      colorscale: {sequential, sequentialminus: sequential, diverging},
      paper_bgcolor: paper,
      plot_bgcolor: paper,
      font: {family: fontFamily, size: 12, color: text},
      title: {
        font: {size: 15, color: text},
        x: 0,
        xref: "paper",
        xanchor: "left",
        yref: "container",
      },
      margin: {l: 64, r: 20, t: 52, b: 48},
      xaxis: axis,
      yaxis: axis,
      legend: {
        orientation: "h",
        x: 1,
        xanchor: "right",
        y: 1.02,
        yanchor: "bottom",
        font: {color: muted},
      },
      hoverlabel: {bgcolor: palette.label, bordercolor: palette.zero, font: {color: text}},
      hovermode: "x unified",
      annotationdefaults: {font: {color: text}, arrowcolor: muted},
      shapedefaults: {line: {color: muted}},
      bargap: 0.15,
    },
    data: {
      scatter: [line],
      scattergl: [{...line, type: "scattergl"}],
      table: [tableOf(palette)],
      ...Object.fromEntries(colouredTraces.map((type) => [type, [byValue(type, palette)]])),
    },
  };
}

function axisOf({muted, grid, zero}: Palette): Record<string, unknown> {
  return {
    automargin: true,
    gridcolor: grid,
    linecolor: zero,
    zerolinecolor: zero,
    zerolinewidth: 1,
    tickcolor: zero,
    tickfont: {color: muted},
    title: {font: {size: 12, color: muted}, standoff: 10},
  };
}

function byValue(type: string, {muted}: Palette): Record<string, unknown> {
  return {type, autocolorscale: true, colorbar: {outlinewidth: 0, tickfont: {color: muted}}};
}

function tableOf({grid, paper, text}: Palette): Record<string, unknown> {
  const cell = {fill: {color: paper}, line: {color: grid}, font: {color: text}};
  return {type: "table", header: {...cell, fill: {color: grid}}, cells: cell};
}
