// Prints the last line of a CI run: node .ci/count.mjs RESULTS_JSON CHECK_CODE TEST_CODE.
import {readFileSync} from "node:fs";

/**
 * Counts vitest's JSON report and the exit codes of the two commands.
 *
 * A test file that could not be loaded has no tests of its own and counts as one failure; so does
 * a test run that failed although no test did (an unhandled error, a crash, no report).
 */
function count({report, checkCode, testCode}) {
  const files = report?.testResults ?? [];
  const tests = files.flatMap((file) => file.assertionResults);
  const having = (...statuses) => tests.filter(({status}) => statuses.includes(status)).length;
  const unloaded = files.filter(
    (file) => file.status === "failed" && file.assertionResults.every((t) => t.status !== "failed"),
  ).length;
  let failed = having("failed") + unloaded;
  if (failed === 0 && (testCode !== 0 || report === undefined || tests.length === 0)) {
    failed = 1;
  }
  return {
    passed: having("passed") + (checkCode === 0 ? 1 : 0),
    failed: failed + (checkCode === 0 ? 0 : 1),
    skipped: having("pending", "skipped", "todo", "disabled"),
  };
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    console.log(`${path}: expected vitest's report, found none: ${error.message}`);
    return undefined;
  }
}

const [path, checkCode, testCode] = process.argv.slice(2);
const {passed, failed, skipped} = count({
  report: readReport(path),
  checkCode: Number(checkCode),
  testCode: Number(testCode),
});
const tail = skipped > 0 ? `, ${skipped} skipped` : "";
console.log(`${passed} passed, ${failed} failed${tail}`);
process.exitCode = failed > 0 ? 1 : 0;
