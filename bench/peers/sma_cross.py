"""The moving-average strategy of ../sma-cross.mjs on another engine, timed warm.

usage: sma_cross.py backtrader|vectorbt FILE.csv -> {"ms", "fills", "value"}; exit 1 if not installed.
"""
import csv
import datetime
import json
import sys
import time

name, path = sys.argv[1:]
try:
    engine = __import__(name)
except ImportError:
    sys.exit(1)

with open(path) as file:
    rows = [[float(cell) for cell in row] for row in list(csv.reader(file))[1:]]


def run_backtrader():
    import pandas as pd

    class Cross(engine.Strategy):
        def __init__(self):
            fast = engine.indicators.SMA(period=20)
            slow = engine.indicators.SMA(period=100)
            self.cross = engine.indicators.CrossOver(fast, slow)
            self.fills = 0

        def notify_order(self, order):
            self.fills += order.status == order.Completed

        def next(self):
            if self.cross[0]:
                self.order_target_size(target=1 if self.cross[0] > 0 else -1)

    frame = pd.DataFrame(
        [row[1:] for row in rows],
        index=[datetime.datetime.utcfromtimestamp(row[0] / 1000) for row in rows],
        columns=["open", "high", "low", "close", "volume"],
    )
    cerebro = engine.Cerebro(stdstats=False)
    cerebro.adddata(engine.feeds.PandasData(dataname=frame))
    cerebro.addstrategy(Cross)
    cerebro.broker.setcash(100_000)
    cerebro.broker.setcommission(commission=0.001)
    (strategy,) = cerebro.run()
    return strategy.fills, cerebro.broker.getvalue()


def run_vectorbt():
    import pandas as pd

    opens, closes = (pd.Series([row[j] for row in rows]) for j in (1, 4))
    fast = engine.MA.run(closes, 20)
    slow = engine.MA.run(closes, 100)
    entries = fast.ma_crossed_above(slow).shift(1, fill_value=False)
    exits = fast.ma_crossed_below(slow).shift(1, fill_value=False)
    portfolio = engine.Portfolio.from_signals(
        closes, entries, short_entries=exits, price=opens, size=1, fees=0.001, init_cash=100_000
    )
    return int(portfolio.orders.count()), float(portfolio.final_value())


run = run_backtrader if name == "backtrader" else run_vectorbt
run()
start = time.perf_counter()
fills, value = run()
print(json.dumps({"ms": 1000 * (time.perf_counter() - start), "fills": fills, "value": value}))
