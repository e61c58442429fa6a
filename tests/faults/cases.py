# SPDX-License-Identifier: MIT
"""The list of faults, and what came of each."""

import statistics
from dataclasses import dataclass, field
from typing import Callable

from checker import Report

EXPLAINED = 0.999


def short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


@dataclass
class Outcome:
    """Adds up the runs of one fault. It passes when nothing is in `misses` or `breaks`."""

    runs: int = 0
    lost_in_file: int = 0  # pictures
    lost_in_gap: int = 0
    unplayable: int = 0
    files: int = 0
    breaks: list[str] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)  # targets that were not met
    # What was measured, in all runs, with its unit; or words without figures.
    figures: dict[str, tuple[str, list[float | None]]] = field(default_factory=dict)
    missing_s: float = 0.0
    explained_s: float = 0.0
    ledger: bool = True
    skipped: str = ""  # why it could not be done here: not passed

    def add(self, report: Report) -> Report:
        self.runs += 1
        self.files += report.files
        self.unplayable += len(report.unplayable)
        self.breaks += report.breaks
        self.lost_in_file += sum(len(one.lost_in_file) for one in report.cameras)
        self.lost_in_gap += sum(len(one.lost_in_gap) for one in report.cameras)
        self.missing_s += report.missing_s
        self.explained_s += report.explained_s
        self.ledger = self.ledger and report.has_ledger
        return report

    def say(self, text: str) -> None:
        self.figures.setdefault(text, ("", []))

    def at_most(self, what: str, value: float | None, most: float, unit: str = "s") -> None:
        """A target: `value` (None: it never happened) must not exceed `most`."""
        self.figures.setdefault(what, (unit, []))[1].append(value)
        if value is None or value > most:
            shown = "never" if value is None else short(value)
            self.misses.append(f"{what}: {shown} {unit}, at most {most:g} {unit}".strip())

    def expect(self, what: str, good: bool) -> None:
        """A target that is met or not."""
        if not good:
            self.misses.append(f"not so: {what}")

    def losses(self, lost_s: list[float], most: float, median: float, of: str = "") -> None:
        if not lost_s:
            self.misses.append("nothing was measured")
            return
        self.at_most(f"lost in file{of}, worst", max(lost_s), most)
        self.at_most(f"lost in file{of}, median", statistics.median(lost_s), median)

    def no_loss_in_files(self) -> None:
        self.at_most("lost in files", self.lost_in_file, 0, "pictures")

    def judge(self) -> None:
        """Targets that hold for every fault."""
        if self.skipped:
            return
        if self.unplayable:
            self.misses.append(f"{self.unplayable} of {self.files} files do not play")
        if not self.ledger:
            self.misses.append("I6 not passed: there is no ledger (GET /api/timeline)")
        elif self.missing_s > 0:
            share = self.explained_s / self.missing_s
            self.say(f"explained {share:.2%} of {self.missing_s:.1f} s")
            if share < EXPLAINED:
                self.misses.append(f"only {share:.2%} of the missing time is explained")

    @property
    def measured(self) -> str:
        """All of it in a line; of several runs, the worst."""
        out = []
        for what, (unit, values) in self.figures.items():
            worst = None if None in values else max(values, default=None)
            shown = [] if not values else ["never"] if worst is None else [short(worst), unit]
            many = [f"(worst of {len(values)})"] if len(values) > 1 else []
            out.append(" ".join(part for part in (what, *shown, *many) if part))
        return ", ".join(out)

    @property
    def result(self) -> str:
        if self.skipped:
            return "skipped"
        if self.passed:
            return "pass"
        only = not self.breaks and all(miss.startswith("I6 not passed") for miss in self.misses)
        return "no ledger" if only else "FAIL"

    @property
    def passed(self) -> bool:
        return not (self.skipped or self.misses or self.breaks)


@dataclass
class Fault:
    id: str
    title: str
    target: str
    short: int  # runs in the short tier; 0: only in the full one
    full: int
    alone: bool  # it needs the whole machine
    minutes: int  # about, in the full tier
    run: Callable


FAULTS: list[Fault] = []


def fault(
    fault_id: str,
    title: str,
    target: str,
    short: int = 1,
    full: int = 1,
    alone: bool = False,
    minutes: int = 1,
):
    """Enters a function (new_lab, outcome, runs) -> None into the campaign."""

    def enter(function: Callable) -> Callable:
        FAULTS.append(Fault(fault_id, title, target, short, full, alone, minutes, function))
        return function

    return enter
