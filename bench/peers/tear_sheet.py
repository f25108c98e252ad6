"""The tear sheet of quantstats of two csv files: {"ms": …, "kilobytes": …, "values": {…}}."""
import json
import os
import sys
import tempfile
import time
import warnings

warnings.filterwarnings("ignore")
import matplotlib  # noqa: E402

matplotlib.use("Agg")
import pandas as pd  # noqa: E402
import quantstats as qs  # noqa: E402


def read(path):
    return pd.read_csv(path, index_col="date", parse_dates=["date"])["return"]


returns, benchmark = read(sys.argv[1]), read(sys.argv[2])
page = os.path.join(tempfile.mkdtemp(), "tear_sheet.html")
times = []
for _ in range(2):
    start = time.perf_counter()
    qs.reports.html(returns, benchmark, output=page, periods_per_year=365, compounded=True)
    times.append(1000 * (time.perf_counter() - start))
values = {
    "cum_returns_final": qs.stats.comp(returns),
    "max_drawdown": qs.stats.max_drawdown(returns),
    "sharpe_ratio": qs.stats.sharpe(returns, periods=365),
    "sortino_ratio": qs.stats.sortino(returns, periods=365),
    "annual_volatility": qs.stats.volatility(returns, periods=365),
    "win_rate": qs.stats.win_rate(returns),
    "profit_factor": qs.stats.profit_factor(returns),
}
kilobytes = os.path.getsize(page) / 1024
values = {name: float(value) for name, value in values.items()}
print(json.dumps({"ms": min(times), "kilobytes": kilobytes, "values": values}))
