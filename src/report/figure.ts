/** A plotly figure, plain JSON. A page or a picture gives it theme, width and background. */
export interface Figure {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout: Readonly<Record<string, unknown>>;
}

/** Tick labels of money: `$1,250,000`, `$0.25`. */
export const MONEY_TICKS = "$,";

/** A time axis. Instants are UTC, which its title says. */
export function timeAxis(title = "UTC"): Record<string, unknown> {
  return {
    type: "date",
    hoverformat: "%Y-%m-%d %H:%M UTC",
    ...(title === "" ? {} : {title: {text: title}}),
  };
}

/** A value axis with its unit. */
export function valueAxis(title: string, tickformat = ","): Record<string, unknown> {
  return {title: {text: title}, tickformat};
}

/** A legend in one line above the plot, at its right. */
export const LEGEND_ABOVE = {
  orientation: "h",
  x: 1,
  xanchor: "right",
  y: 0.99,
  yanchor: "top",
  yref: "container",
};

/** What stands after `x` or `xaxis` for the axis at a position: nothing, 2, 3, … */
export function axisNumber(at: number): string {
  return at === 0 ? "" : String(at + 1);
}
