/** What each contestant made of each notebook. */
export function formatRows(rows) {
  const heads = [
    "notebook",
    "run with",
    "time",
    "peak memory",
    "page",
    "network",
    "lines lost",
    "",
  ];
  const cells = rows.map(
    ({notebook, contestant, ms, peakMb, pageKb, requests, linesLost, wrong}) => [
      notebook,
      contestant,
      formatMs(ms),
      peakMb === undefined ? "-" : `${Math.round(peakMb)} MB`,
      pageKb === undefined ? "-" : `${Math.round(pageKb).toLocaleString("en")} KB`,
      String(requests ?? "-"),
      linesLost?.toLocaleString("en") ?? "-",
      wrong ?? "",
    ],
  );
  return formatColumns([heads, ...cells]);
}

/** What was asked for, beside what was found. */
export function formatGoals(goals) {
  const cells = goals.map(({name, asked, found, isMet, wrong}) => [
    name,
    asked,
    found,
    wrong ?? (isMet === undefined ? "not compared" : isMet ? "met" : "MISSED"),
  ]);
  return formatColumns([["what", "asked", "found", "verdict"], ...cells]);
}

function formatColumns(lines) {
  const widths = lines[0].map((_, j) => Math.max(...lines.map((line) => line[j].length)));
  const [head, ...body] = lines.map((line) =>
    line
      .map((cell, j) => cell.padEnd(widths[j]))
      .join("  ")
      .trimEnd(),
  );
  return [
    head,
    widths
      .map((width) => "-".repeat(width))
      .join("  ")
      .trimEnd(),
    ...body,
  ].join("\n");
}

export function formatMs(ms) {
  if (ms === undefined) return "-";
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}
