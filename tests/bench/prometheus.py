# SPDX-License-Identifier: MIT
"""Reads what /metrics says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Histogram:
    """How often something took at most so long; ascending, not summed up."""

    limits: list[float]  # seconds; the last is infinite
    counts: list[float]

    @staticmethod
    def read(text: str, name: str) -> "Histogram":
        limits, sums = [], []
        for line in text.splitlines():
            if line.startswith(f'{name}_bucket{{le="'):
                limits.append(float(line.split('"')[1].replace("+Inf", "inf")))
                sums.append(float(line.split()[1]))
        if not limits:
            raise KeyError(name)
        return Histogram(limits, [b - a for a, b in zip([0.0, *sums], sums)])

    def since(self, before: "Histogram") -> "Histogram":
        return Histogram(self.limits, [b - a for a, b in zip(before.counts, self.counts)])

    def at_most(self, share: float) -> float:
        """The limit below which this share of them lies, in seconds."""
        wanted, seen = share * sum(self.counts), 0.0
        for limit, count in zip(self.limits, self.counts):
            seen += count
            if seen >= wanted:
                return limit
        return self.limits[-1]
