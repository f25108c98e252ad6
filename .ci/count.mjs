// Prints the last line of a CI run: node .ci/count.mjs CHECK_CODE RESULTS_JSON TEST_CODE [...].
import {readFileSync} from "node:fs";

/**
 * Counts one of vitest's JSON reports, with the exit code of its command.
 *
 * A test file that could not be loaded has no tests of its own and counts as one failure; so does
 * a test run that failed although no test did (an unhandled error, a crash, no report).
 */
function count({report, testCode}) {
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
    passed: having("passed"),
    failed,
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

const [checkCode, ...suites] = process.argv.slice(2);
const isChecked = Number(checkCode) === 0;
const counts = [{passed: isChecked ? 1 : 0, failed: isChecked ? 0 : 1, skipped: 0}];
for (let i = 0; i < suites.length; i += 2) {
  counts.push(count({report: readReport(suites[i]), testCode: Number(suites[i + 1])}));
}
const sum = (name) => counts.reduce((total, one) => total + one[name], 0);
const tail = sum("skipped") > 0 ? `, ${sum("skipped")} skipped` : "";
console.log(`${sum("passed")} passed, ${sum("failed")} failed${tail}`);
process.exitCode = sum("failed") > 0 ? 1 : 0;
