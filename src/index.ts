/**
 * The one door: what notebooks and users import as `"reckon"`.
 *
 * Heavy parts (DuckDB, exchanges, the browser) are loaded by the functions that need them, so that
 * importing this costs a fraction of a second.
 */

// Runs: what a system did, bar by bar.
export {RunFolder} from "./runlog/run-folder.js";
