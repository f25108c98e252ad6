const heads = ["what", "target", "measured", "peak RSS", "against", "answer", "verdict"];

/** The results as text, one line per row, columns aligned. */
export function formatTable(results) {
  const cells = [heads, ...results.map(toCells)];
  const widths = heads.map((_, j) => Math.max(...cells.map((line) => line[j].length)));
  const lines = cells.map((line) => line.map((cell, j) => cell.padEnd(widths[j])).join("  "));
  const notes = results.filter(({note}) => note !== undefined);
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [
    ...[lines[0], rule, ...lines.slice(1)].map((line) => line.trimEnd()),
    ...notes.map(({name, note}) => `${name}: ${note}`),
  ].join("\n");
}

function toCells({name, target, ms, maxRssMb, runs, peer, state}) {
  if (ms === undefined) {
    return [name, target, "-", "-", "-", "-", state];
  }
  const ratio = peer === undefined ? "-" : `${(ms / peer.ms).toFixed(2)} x ${peer.name}`;
  return [
    name,
    target,
    `${formatMs(ms)} (median of ${runs})`,
    `${Math.round(maxRssMb)} MB`,
    ratio,
    state === "wrong" ? "WRONG" : "checked",
    state,
  ];
}

function formatMs(ms) {
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(1)} ms`;
}
