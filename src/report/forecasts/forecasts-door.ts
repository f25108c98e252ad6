/** What a page of evaluated forecasts is made of. */

export {
  assetsView,
  evaluationFigure,
  evaluationHeadline,
  evaluationJson,
  portfolioTable,
} from "./evaluation-text.js";
export {evaluateForecastFile, type ForecastEvaluation} from "./forecast-evaluation.js";
