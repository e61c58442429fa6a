# SPDX-License-Identifier: MIT
"""Does a figure grow? A straight line through means of five minutes, and how sure it is."""

import math
import statistics
from dataclasses import dataclass

BLOCK_S = 300  # neighbouring samples resemble each other; means of five minutes hardly do


@dataclass
class Slope:
    per_day: float
    bound: float  # 95 %: it is less than this
    blocks: int

    @property
    def known(self) -> bool:
        return not math.isinf(self.bound)


def t_95(freedom: int) -> float:
    """The one-sided 95 % quantile of Student's t (expansion by Cornish and Fisher)."""
    if freedom < 3:
        return math.inf
    z = 1.6449
    out = z + (z**3 + z) / (4 * freedom)
    out += (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
    return out + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)


def blocks(samples: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """(seconds, value) in, their means over each whole block out."""
    kept: dict[int, list[tuple[float, float]]] = {}
    for at, value in samples:
        kept.setdefault(int(at // BLOCK_S), []).append((at, value))
    most = max((len(one) for one in kept.values()), default=0)
    return [
        (statistics.fmean(at for at, _ in one), statistics.fmean(value for _, value in one))
        for one in kept.values()
        if len(one) > most / 2
    ]


def slope(pieces: list[list[tuple[float, float]]]) -> Slope:
    """One slope for all pieces. Each is a process of its own, so each has its own level."""
    xx = xy = yy = 0.0
    points = used = 0
    for piece in pieces:
        means = blocks(piece)
        if len(means) < 2:
            continue
        used += 1
        points += len(means)
        middle_x = statistics.fmean(x for x, _ in means)
        middle_y = statistics.fmean(y for _, y in means)
        for x, y in means:
            xx += (x - middle_x) ** 2
            xy += (x - middle_x) * (y - middle_y)
            yy += (y - middle_y) ** 2
    freedom = points - used - 1
    if xx == 0 or freedom < 3:
        return Slope(xy / xx * 86400 if xx else 0.0, math.inf, points)
    per_s = xy / xx
    error = math.sqrt(max(yy - per_s * xy, 0.0) / freedom / xx)
    return Slope(per_s * 86400, (per_s + t_95(freedom) * error) * 86400, points)


def rise(piece: list[tuple[float, float]]) -> float:
    """From the median of the first third to that of the last."""
    values = [value for _, value in piece]
    third = len(values) // 3
    if third == 0:
        return 0.0
    return statistics.median(values[-third:]) - statistics.median(values[:third])
