/** What a tear sheet is made of, for notebooks: each function is one table or one figure. */

export {
  hourlyFigure,
  monthlyHeatmap,
  weekdayFigure,
  yearlyFigure,
} from "./calendar-figures.js";
export {distributionFigure, everyReturnFigure, quantileFigure} from "./distribution-figures.js";
export {drawdownsView, underwaterFigure, worstDrawdownsFigure} from "./drawdown-figures.js";
export {growthFigure, logGrowthFigure, volatilityMatchedFigure} from "./growth-figures.js";
export {
  concentrationFigure,
  exposureFigure,
  roundTripsView,
  topPositionsView,
  turnoverFigure,
} from "./holdings-figures.js";
export {loadReturns, type ReturnSeries} from "./return-series.js";
export {type RollingName, rollingFigure} from "./rolling-figures.js";
export {type StatisticsReport, statisticsReport} from "./statistics-report.js";
export {
  loadTearSheet,
  statisticsView,
  type TearSheet,
  tearSheetHeadline,
  tearSheetSummary,
} from "./tear-sheet.js";
