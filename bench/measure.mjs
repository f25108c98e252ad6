// Measures one row once and tells its parent: node bench/measure.mjs ROW_FILE SCRATCH_FOLDER.
const [file, scratch] = process.argv.slice(2);

try {
  const {row} = await import(file);
  const prepared = await row.prepare?.(scratch);
  const start = performance.now();
  const answer = await row.run(prepared);
  const wholeMs = performance.now() - start;
  // Kilobytes on every platform; taken before the answer is checked.
  const maxRssMb = process.resourceUsage().maxRSS / 1024;
  const ms = row.part?.(wholeMs, prepared) ?? wholeMs;
  const wrong = await row.check(answer, prepared);
  process.send({ms, maxRssMb, wrong, note: row.note?.(ms, prepared)});
} catch (error) {
  process.send({error: error instanceof Error ? error.message : String(error)});
}
process.disconnect();
