import {execFileSync} from "node:child_process";
import {mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import process from "node:process";
import {fileURLToPath} from "node:url";
import {afterAll, beforeAll, vi} from "vitest";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

const PREDICTION = "mapCells(zscoreRows(moved), (z) => -z)";

const FORECASTS = "process_forecasts_node_dict: {";

/** Mistakes in `templates/model.js`: what stands there, and what somebody wrote instead. */
const MISTAKES = {
  LooksAhead: [PREDICTION, "mapColumns(zscoreRows(moved), (z) => z.map((x) => x * z.at(-1)))"],
  CountsFromStart: [PREDICTION, "mapColumns(zscoreRows(moved), (z) => z.map((x, t) => x * t))"],
  DrawsLots: [PREDICTION, "mapCells(zscoreRows(moved), (z) => z + Math.random())"],
  Remembers: [PREDICTION, "mapCells(zscoreRows(moved), (z) => z + Math.sin(++calls))"],
  NeverTrades: [
    FORECASTS,
    `${FORECASTS} process_forecasts_dict: {ath_start_time: "00:00:00",
      trading_start_time: "01:00:00", trading_end_time: "02:00:00", ath_end_time: "23:00:00"},`,
  ],
  StopsEarly: [
    FORECASTS,
    `${FORECASTS} process_forecasts_dict: {ath_start_time: "00:00:00",
      trading_start_time: "00:00:00", trading_end_time: "23:10:00", ath_end_time: "23:59:00",
      liquidate_at_trading_end_time: true},`,
  ],
  SaysNothing: [PREDICTION, "mapCells(moved, () => Number.NaN)"],
  LearnsInSecret: [
    "predict: ({bars, risk}) => {",
    "fit: () => { learned = 2; return {}; },\n predict: ({bars, risk}) => {",
    "(z) => -z",
    "(z) => -z * learned",
    "dag(params, barMs) {",
    "dag(params, barMs) { let learned = 1;",
  ],
  LearnsFromItsFirstRow: [
    "predict: ({bars, risk}) => {",
    "fit: ({bars}) => ({rows: bars.index.length}),\n predict: ({bars, risk}, state) => {",
    "(z) => -z",
    "(z) => -z * (1 + (state.rows % 5))",
  ],
  LacksColumn: ['prediction_col: "prediction"', 'prediction_col: "forecast"'],
  LooksFartherThanItSays: [
    'inputs: {market: "market"},',
    'inputs: {market: "market"}, lookbackRows: {market: 4},',
    'inputs: {bars: "read_data"},',
    'inputs: {bars: "read_data"}, lookbackRows: {bars: 2},',
  ],
  ForgetsLookback: ['history_lookback: "14h"', 'history_lookback: "4h"'],
  Right: [],
} as const;

/** The id of a model in {@link brokenDesk}. */
export type BrokenModel = keyof typeof MISTAKES;

/** The template as a model of this id, with the replacements made. */
function templateWith(id: string, replacements: readonly string[]): string {
  let text = readFileSync(join(ROOT, "templates", "model.js"), "utf8").replaceAll("MODEL_ID", id);
  for (let i = 0; i < replacements.length; i += 2) {
    const [wanted, put] = [replacements[i] as string, replacements[i + 1] as string];
    if (!text.includes(wanted)) {
      throw new Error(`the template does not have ${wanted}`);
    }
    text = text.replace(wanted, put);
  }
  return `import {mapColumns} from "reckon";\nlet calls = 0;\n${text}`;
}

/**
 * For the tests of a file: a desk with a model for each mistake, and one without any. Its models
 * import the built package, as a user's do.
 */
export function brokenDesk(): void {
  let dir: string;
  beforeAll(() => {
    const setUp = join(ROOT, "src", "cli", "set-up.mjs");
    execFileSync(process.execPath, [setUp, "build"], {stdio: "pipe"});
    dir = mkdtempSync(join(tmpdir(), "reckon-broken-models-"));
    mkdirSync(join(dir, "node_modules"));
    symlinkSync(ROOT, join(dir, "node_modules", "reckon"), "junction");
    writeFileSync(join(dir, "package.json"), '{"type": "module"}\n');
    writeFileSync(join(dir, "reckon.config.yaml"), 'models: ["*.js"]\n');
    for (const [id, replacements] of Object.entries(MISTAKES)) {
      writeFileSync(join(dir, `${id}.js`), templateWith(id, replacements));
    }
    vi.stubEnv("RECKON_CONFIG_DIR", dir);
  }, 120_000);
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(dir, {recursive: true, force: true});
  });
}
