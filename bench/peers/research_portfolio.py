"""The research portfolio in pandas over files of doubles: {"ms": …, "values": {…}}."""
import json
import sys
import time

import numpy as np
import pandas as pd

folder, bars, names, gmv = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])


def read(name):
    cells = np.fromfile(f"{folder}/{name}.f64").reshape(names, bars).T
    return pd.DataFrame(cells.copy())


price, volatility, prediction = read("price"), read("volatility"), read("prediction")


def portfolio():
    above = prediction.sub(prediction.median(axis=1), axis=0)
    weight = np.sign(above) / volatility**2
    target = weight.div(weight.abs().sum(axis=1), axis=0) * gmv
    shares = (target / price).shift(1)
    value = shares * price
    traded = shares.fillna(0).diff().fillna(shares.fillna(0)) * price
    pnl = value.fillna(0).diff() - traded
    return {
        "pnl": pnl.sum(axis=1),
        "gross_volume": traded.abs().sum(axis=1),
        "gmv": value.abs().sum(axis=1),
    }


times = []
for _ in range(2):
    start = time.perf_counter()
    statistics = portfolio()
    times.append(1000 * (time.perf_counter() - start))
values = {name: float(column.iloc[2:].sum()) for name, column in statistics.items()}
print(json.dumps({"ms": min(times), "values": values}))
