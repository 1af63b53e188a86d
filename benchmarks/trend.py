"""How well the volume of the next day is forecast, on real cascades.

usage: python -m benchmarks.trend ../shared/data [--fit]

Every second cascade of weibo/events is held back; the others fit the weights of models/cascade.py
(--fit prints them anew). At 6, 9, 12, 24, 48 and 72 h of a cascade with 20 items in its last day
the next 24 h are forecast. Prints, for the held-back half, the mean absolute error by hour, MASE
(that error over the mean step from hour to hour in the past), the error of the day's total in
logarithms, and how often the truth lies in the 80 % interval. If statsmodels is installed its
damped exponential smoothing is measured too.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.corpora import rows
from models.cascade import DAY, QUANTILES, decay, features
from models.training.cascades import timed
from models.trend import WAYS, forecast, naive, seasonal

AGES = (6, 9, 12, 24, 48, 72)
SMALLEST = 20
Case = tuple[int, np.ndarray, np.ndarray]  # first hour since 1970, the past, the next day


def series(data: Path) -> list[tuple[int, np.ndarray]]:
    """(first hour, items by hour for 96 h and more) of each cascade; replies whose time has no
    year, or lies before the post, are left out."""
    found = []
    for post in rows(data, "weibo/events"):
        times = [float(post["time"])]
        times += [at for at, _ in timed(post) if at >= post["time"]]
        hours = np.array(times) // 3600
        after = (hours - hours[0]).astype(np.int64)
        kept = max(AGES) + DAY
        found.append((int(hours[0]), np.bincount(after[after < kept], minlength=kept)))
    return found


def cases(all_series: list[tuple[int, np.ndarray]]) -> list[Case]:
    return [
        (first, counts[:age].astype(float), counts[age : age + DAY].astype(float))
        for first, counts in all_series
        for age in AGES
        if counts[max(0, age - DAY) : age].sum() >= SMALLEST
    ]


def smoothing() -> Callable[[np.ndarray, int], np.ndarray] | None:
    try:
        from statsmodels.tsa.holtwinters import ExponentialSmoothing
    except ImportError:
        return None

    def damped(counts: np.ndarray, first: int) -> np.ndarray:
        fitted = ExponentialSmoothing(
            counts, trend="add", damped_trend=True, initialization_method="estimated"
        ).fit()
        return np.maximum(0, fitted.forecast(DAY))

    return damped


def report(name: str, truth: np.ndarray, told: np.ndarray, step: np.ndarray) -> None:
    missed = np.abs(truth - told).mean(axis=1)
    total = np.abs(np.log1p(truth.sum(axis=1)) - np.log1p(told.sum(axis=1)))
    print(f"  {name:24s} MAE {missed.mean():6.2f}  MASE {(missed / step).mean():5.2f}  "
          f"day's total, |log error| {total.mean():.3f}")  # fmt: skip


def compare(title: str, chosen: list[Case], slow: bool) -> None:
    truth = np.array([after for *_, after in chosen])
    step = np.array([max(np.abs(np.diff(past)).mean(), 1 / DAY) for _, past, _ in chosen])
    print(f"{title}: {len(chosen)} forecasts")
    ways = {"naive": naive, "seasonal naive": seasonal, **WAYS}
    ways["nothing more (zero)"] = lambda past, first: np.zeros(DAY)
    for name, way in ways.items():
        report(name, truth, np.array([way(past, first) for first, past, _ in chosen]), step)
    damped = smoothing() if slow else None
    if damped:
        few = list(range(0, len(chosen), 10))
        told = np.array([damped(chosen[at][1], chosen[at][0]) for at in few])
        report("statsmodels damped, 1/10", truth[few], told, step[few])
        told = np.array([WAYS["cascade"](chosen[at][1], chosen[at][0]) for at in few])
        report("cascade, the same 1/10", truth[few], told, step[few])


def product(chosen: list[Case]) -> None:
    """As the product does it: chosen by back-test, or no forecast."""
    told, peaks, spent = [], [], 0.0
    why: Counter[str] = Counter()
    inside_total = inside_hour = 0.0
    for first, past, after in chosen:
        began = time.process_time()
        hours = {first + at: int(n) for at, n in enumerate(past) if n}
        found = forecast(hours, first + len(past))
        spent += time.process_time() - began
        why[found.method if found.hourly else f"none: {found.why}"] += 1
        if found.peak == "past":
            peaks.append(after.max() <= past.max())
        if found.hourly:
            told.append((first, past, after, np.array(found.hourly)))
            inside_total += found.total_low - 0.5 <= after.sum() <= found.total_high + 0.5
            inside_hour += np.mean((after >= np.array(found.low)) & (after <= np.array(found.high)))
    shares = ", ".join(f"{name} {n / len(chosen):.1%}" for name, n in sorted(why.items()))
    print(f"the product: {1000 * spent / len(chosen):.1f} ms a forecast; {shares}")
    print(f"  80 % interval holds the day's total in {inside_total / len(told):.1%}, "
          f"the single hour in {inside_hour / len(told):.1%}")  # fmt: skip
    print(f'  "has peaked" said {len(peaks)} times, right (no higher hour in the next day) in '
          f"{np.mean(peaks):.1%}")  # fmt: skip
    truth = np.array([after for *_, after, _ in told])
    step = np.array([max(np.abs(np.diff(past)).mean(), 1 / DAY) for _, past, *_ in told])
    print(f"where it forecasts: {len(told)}")
    for name, way in (("naive", naive), ("seasonal naive", seasonal)):
        report(name, truth, np.array([way(past, first) for first, past, *_ in told]), step)
    report("the product", truth, np.array([hourly for *_, hourly in told]), step)


def fit(chosen: list[Case]) -> None:
    from sklearn.linear_model import QuantileRegressor

    inputs = np.array([features(past, decay(past, first).sum()) for first, past, _ in chosen])
    truth = np.log1p([after.sum() for *_, after in chosen])
    for quantile in QUANTILES:
        model = QuantileRegressor(quantile=quantile, alpha=0, fit_intercept=False)
        print(quantile, model.fit(inputs, truth).coef_.round(3).tolist())
    awake = np.zeros(DAY)
    for first, past, after in chosen:
        if len(past) >= DAY:
            share = after / max(after.sum(), 1)
            awake += np.bincount((first + len(past) + 8 + np.arange(DAY)) % DAY, share, DAY)
    print("awake", (awake / awake.mean()).round(2).tolist())


def main() -> None:
    all_series = series(Path(sys.argv[1]))
    if "--fit" in sys.argv:
        fit(cases(all_series[::2]))
        return
    held = cases(all_series[1::2])
    compare("held-back cascades", held, slow=True)
    for age in AGES:
        some = [case for case in held if len(case[1]) == age]
        compare(f"at {age} h", some, slow=False)
    product(held)


if __name__ == "__main__":
    main()
