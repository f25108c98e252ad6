/**
 * The one door: what notebooks and users import as `"reckon"`.
 *
 * Heavy parts (DuckDB, exchanges, the browser) are loaded by the functions that need them, so that
 * importing this costs a fraction of a second.
 */

// In a notebook: put a value on the page, hand a value back to whoever runs it.

export {record, show} from "../publish/show/show.js";
export type {
  DateText,
  Integer,
  SecretText,
} from "../publish/notebook/parameters/types/type-names.js";

// Runs: run a system, read what it recorded bar by bar.

export {type RunRequest, type RunResult, runSystem} from "./system/run/run-system.js";
export {RunFolder, type RunPortfolio} from "./runlog/reading/run-folder.js";
export type {Broker} from "./trading/brokers/broker.js";
export type {Fill} from "./trading/orders/fill.js";
export type {Order} from "./trading/orders/order.js";
export {
  barDelays,
  nodeExecutionTimes,
  nodeOutputSizes,
  orderExecutionTimes,
} from "./runlog/reading/run-timing.js";
export {type ConsistencyCheck, selfConsistency} from "./reconcile/consistency/self-consistency.js";
export {runFolderHash} from "./runlog/folder-hash.js";
export {
  type FoundRun,
  findRuns,
  newestRun,
  type RunQuery,
} from "./reconcile/discovery/find-runs.js";
export {loadRun, type RecordedRun, readableTimes} from "./report/recorded-run.js";
export {factsRow, type RunFacts} from "./report/run-facts.js";

// Reconciliation: did the recorded run do what its simulation says?

export {
  buildReconciliationConfig,
  type LoadedReconciliation,
  loadReconciliation,
  type ReconciliationChoice,
  type ReconciliationConfig,
} from "./flows/reconcile/config.js";
export * from "./reconcile/reconcile-door.js";
export {
  checkNodes,
  type NodeConsistency,
  type Revision,
} from "./reconcile/consistency/check-nodes.js";
export {
  type ConsistencySummary,
  consistencyTable,
  consistencyVerdict,
} from "./report/nodes/consistency.js";
export {nodeDifferences, nodeDifferencesFigure} from "./report/nodes/node-differences.js";
export {executionQuality, type ExecutionQuality} from "./report/execution/execution-quality.js";
export {
  executionCosts,
  executionCostsFigure,
  executionSharesFigure,
} from "./report/execution/execution-report.js";
export {nodeMemory, nodeMemoryFigure} from "./report/nodes/memory.js";
export {loadMultiday} from "./flows/reconcile/multiday/load-multiday.js";
export {
  buildMultidayConfig,
  type MultidayChoice,
  type MultidayConfig,
} from "./flows/reconcile/multiday/multiday-config.js";
export type {Multiday, ReconciledDay} from "./report/multiday/day.js";
export {
  dailyPnlFigure,
  daysTable,
  executionTrendFigure,
  failedDays,
  type MultidaySummary,
  multidayVerdict,
  pnlCorrelationMatrix,
  resampledMetrics,
} from "./report/multiday/days-report.js";
export {reconciliationSettings} from "./report/reconciliation/settings-text.js";
export {type Verdict, type VerdictSummary, verdict} from "./report/reconciliation/verdict.js";
export {configDifferences, layerDifferences, layersTable} from "./report/reconciliation/layers.js";
export {
  divergenceRow,
  notComparedTable,
  otherCauses,
} from "./report/reconciliation/findings.js";
export {pnlExplained, pnlWaterfall} from "./report/reconciliation/pnl-explained.js";
export {targetGaps, targetShortfalls} from "./report/reconciliation/targets-table.js";
export {orderNotionalFigure, ordersSummary} from "./report/reconciliation/orders-table.js";
export {
  executionTimeFigure,
  executionTimes,
  orderTimesTable,
  outputSizes,
  peakMemory,
} from "./report/nodes/timing.js";

// Portfolios: prod, simulation and research, always in that order.

export {portfolioFigure} from "./report/portfolio-figure.js";
export {portfolioStats, portfolioStatsView} from "./report/portfolio-stats-table.js";
export {
  pairwiseDifferences,
  pnlCorrelations,
  pnlDifferenceFigure,
} from "./report/reconciliation/portfolio-comparison.js";
export {unknownPnlView} from "./report/reconciliation/unknown-pnl.js";

// The PnL observer: how a run stands.

export {loadObserved, type Observed, type ObserverChoice} from "./flows/observe/load-observed.js";
export {loadObservedRun, type ObservedRun} from "./report/observer/observed-run.js";
export {
  earningsRow,
  earningsSummary,
  type RunEarnings,
  runEarnings,
} from "./report/observer/run-earnings.js";
export {
  type PnlWindow,
  pnlWindows,
  pnlWindowsSummary,
  pnlWindowsView,
} from "./report/observer/pnl-windows.js";
export {
  type AccountSource,
  type AccountState,
  accountSummary,
  accountView,
  type ObservedAccount,
  observeAccount,
} from "./report/observer/account.js";
export {
  alertsOf,
  type HealthCheck,
  type HealthLimits,
  healthChecks,
  healthTable,
  healthVerdict,
  problemsView,
} from "./report/observer/health-checks.js";
export {type DataAge, dataAges, freshnessView} from "./report/observer/freshness.js";
export {unpricedHoldings, unpricedHoldingsView} from "./report/observer/unpriced-holdings.js";
export {lastOutputView} from "./report/observer/last-output.js";
export {
  type ResearchGap,
  researchGap,
  researchGapSummary,
  researchGapView,
} from "./report/observer/prod-vs-research.js";

// For investors: what it earned over the years, yesterday and so far today.

export {
  type InvestorPnl,
  type InvestorQuery,
  investorPictures,
  loadInvestorPnl,
} from "./report/investor/investor-pnl.js";
export {
  cumulativePnlFigure,
  cumulativePnlView,
  runPnlView,
} from "./report/investor/cumulative-pnl-figure.js";
export {
  headlineRow,
  headlineSummary,
  type InvestorHeadline,
  investorHeadline,
} from "./report/investor/investor-headline.js";
export type {PnlSeries} from "./report/investor/pnl-series.js";
export {type WindowFacts, windowsSummary, windowsView} from "./report/investor/window-facts.js";
export {readPnlHistory} from "./backtest/pnl-history/read-pnl-history.js";
export type {PnlHistory} from "./backtest/pnl-history/pnl-history.js";

// Research: what forecasts alone would have earned.

export {evaluateForecasts, type ForecastPortfolio} from "./finance/research/forecast-evaluator.js";
export {researchPortfolio} from "./backtest/research-portfolio.js";
export {historyPortfolio} from "./backtest/history-portfolio.js";

// A strategy bar by bar: orders, fills and positions, without a system around it.

export {
  type EventBacktest,
  type EventBacktestRequest,
  runEventBacktest,
} from "./backtest/event-engine.js";
export type {EventBar, EventDesk, EventStrategy} from "./backtest/event-strategy.js";
export {smaCross} from "./backtest/sma-cross.js";

// Accounts: positions, cash, fees and funding, and what trades earned.

export {Ledger, type LedgerState} from "./finance/account/ledger.js";
export {moneyIn} from "./finance/account/money-in.js";
export {
  fillPosition,
  NO_POSITION,
  type Position,
  type PositionFill,
  unrealisedPnl,
} from "./finance/account/position.js";
export {slippage} from "./finance/execution/slippage.js";
export {marginInterest, scaleTrade, tradeProfit} from "./finance/account/trade-profit.js";

// Statistics of returns and PnL.

export {computePortfolioStats} from "./finance/pnl/portfolio-stats.js";
export {PORTFOLIO_PANELS, portfolioPanels} from "./finance/pnl/portfolio-panels.js";
export {netPnl} from "./finance/pnl/net-pnl.js";
export {type Headline, headline} from "./stats/performance/headline.js";
export {dailyReturns, dailyReturnsOfPnl} from "./stats/series/daily.js";
export {
  compareFrames,
  type DifferenceLimit,
  type FrameComparison,
  requireClose,
} from "./stats/comparison/compare-frames.js";
export * from "./stats/statistics-door.js";

// The tear sheet of a file of returns or PnL.

export * from "./report/tear-sheet/tear-sheet-door.js";

// Forecasts of a file, and what they alone would have earned.

export * from "./report/forecasts/forecasts-door.js";

// Models, market data and config.

export type {Model} from "./models/model.js";
export {findModel, MODELS} from "./models/registry.js";
export {readBars} from "./market/parquet/read-bars.js";
export type {BarTable} from "./market/bars.js";
export {parseSystemConfig} from "./config/parse-system-config.js";
export type {SystemConfig} from "./config/system-config.js";
export {parseOverride, parseOverrides} from "./config/override.js";
export {
  type ConfigDiffTable,
  configDiffTable,
  diffConfigs,
  intersectConfigs,
  subtractConfigs,
} from "./config/diff-configs.js";
export {readSecret, type Secret} from "./config/secrets.js";

// A model of your own: nodes, and the panels and frames that they are made of.

export {createDag, type Dag} from "./dag/dag.js";
export {defineNode, type Node} from "./dag/node.js";
export {
  inBarsOf,
  lastOf,
  meanOf,
  nodeParams,
  resampleBars,
  sumOf,
  weightedMeanOf,
} from "./models/features.js";
export {featureOf, type Panel, panelOf, withFeatures} from "./table/panel.js";
export {filledFrame, mapCells, mapColumns, sliceRows, zipCells} from "./table/frame.js";
export {lag, logReturns, simpleReturns} from "./stats/series/lag.js";
export {rollingMean, rollingStdev} from "./stats/rolling/rolling.js";
export {zscoreRows} from "./stats/rank/cross-section.js";
export {forwardFill} from "./stats/series/forward-fill.js";

// Is a model fit to be scheduled? The checks of `reckon model check`, for a test file of its own.

export {
  type CheckResult,
  MODEL_CHECKS,
  type ModelCheck,
  runModelChecks,
} from "./flows/model-check/checks.js";
export {ModelDesk, type ModelDeskOptions} from "./flows/model-check/model-desk.js";
export {trialMarket} from "./flows/model-check/trial-market.js";

// Tables, figures, times, errors: the parts that the above are made of.

export {columnOf, type Frame, frameFromRows, makeFrame} from "./table/frame.js";
export {toTable} from "./report/table.js";
export type {Figure} from "./report/figure.js";
export type {Sentence} from "./report/sentence.js";
export {formatStamp, parseStamp} from "./time/epoch.js";
export {parsePeriod} from "./time/bar-grid.js";
export {type ErrorCode, ReckonError} from "./errors.js";
