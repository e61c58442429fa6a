# SPDX-License-Identifier: MIT
"""Runs a script of live/ and says what it found, as lines of a table."""

import contextlib
import ctypes
import json
import math
import os
import pathlib
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import figures
from fleet import BUILD  # first: it finds the next one
from program import SOURCE, Missing, Trouble, ending_with_parent
from tables import Line

BENCH = pathlib.Path(__file__).resolve().parent
SUBREAPER = 36  # of prctl
LIMIT_S = 3 * 3600


def percentile(values: list[float], share: float) -> float:
    """Of few values the 95th of 100 is the largest."""
    return sorted(values)[min(len(values) - 1, math.floor(len(values) * share))]


def spread(ms: list[float]) -> tuple[float, float]:
    """p50 and p95, in seconds."""
    return percentile(ms, 0.5) / 1000, percentile(ms, 0.95) / 1000


def shown(pair: tuple[float, float]) -> str:
    return " / ".join(f"{one:.2f}" for one in pair) + " s"


def stalls_text(stalls: list[float]) -> str:
    return f"{len(stalls)}" + (f", the longest {max(stalls) / 1000:.2f} s" if stalls else "")


@dataclass(frozen=True)
class Found:
    """What a script found: figures by the name of a step, or why there are none."""

    steps: dict
    strangers_cores: float

    @property
    def load(self) -> str:
        busy = self.strangers_cores > figures.BUSY
        return f"under load: others used {self.strangers_cores:.1f} cores" if busy else ""

    def note(self, *more: str) -> str:
        return ", ".join(one for one in [*more, self.load] if one)

    def line(self, what: str, step: str, make: Callable[[dict], Line]) -> Line:
        """The line that `make` makes of a step's figures."""
        found = self.steps.get(step, {"failed": "the script says nothing of it"})
        if "failed" in found:
            return Line(what, "not measured", note=found["failed"])
        return make(found)

    def spread(self, what: str, step: str, key: str, target=None, peer: str = "–") -> Line:
        """p50 and p95 of what was measured several times, held against both of `target`."""

        def make(found: dict) -> Line:
            if not found[key]:
                return Line(what, "nothing was seen", peer, note=self.load)
            pair = spread(found[key])
            line = Line(f"{what}, p50 / p95", shown(pair), peer)
            if target is not None:
                line.target = f"<= {target[0]:g} / {target[1]:g} s"
                line.met = pair[0] <= target[0] and pair[1] <= target[1]
            line.note = self.note(f"of {len(found[key])}", found.get("way", ""))
            return line

        return self.line(what, step, make)


def _own_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _reap() -> None:
    """What the script left behind has become ours, so that its processor time is known."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


def script(name: str, quick: bool, *arguments: str, namespace: str | None = None) -> Found:
    """Runs one to its end; what it says of its progress is seen at once."""
    if not (BENCH.parent / "e2e/node_modules").exists():
        raise Missing("the packages of tests/e2e are missing: npm ci")
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    command = [*ending_with_parent("TERM"), "node", str(BENCH / "live" / name), *arguments]
    if quick:
        command.append("--quick")
    if namespace is not None:
        command = ["ip", "netns", "exec", namespace, *command]
    env = {**os.environ, "RONIN_BUILD_ROOT": str(BUILD), "RONIN_SOURCE_ROOT": str(SOURCE)}
    began, machine, own = time.monotonic(), figures.machine_s(), _own_s()
    done = subprocess.run(
        command, stdout=subprocess.PIPE, env=env, text=True, timeout=LIMIT_S, check=False
    )
    seconds = time.monotonic() - began
    _reap()
    others = figures.machine_s() - machine - (_own_s() - own)
    if done.returncode != 0:
        raise Trouble(f"{name} ended with {done.returncode}")
    return Found(json.loads(done.stdout), max(0.0, others / seconds))


class Cable:
    """What long_cable.py does, for as long as its standard input is open."""

    def __init__(self, child: subprocess.Popen):
        self.child = child
        self.near, self.far, *_ = self._answer()

    def _answer(self) -> list[str]:
        words = self.child.stdout.readline().split()
        if words[:1] != ["ready"]:
            said = self.child.stderr.read().strip().splitlines() or ["it ended"]
            raise Missing(f"no long cable: {said[-1]}")
        return words[1:]

    def lost_and_sent(self) -> tuple[int, int]:
        self.child.stdin.write("count\n")
        self.child.stdin.flush()
        _, _, lost, sent = self._answer()
        return int(lost), int(sent)


@contextlib.contextmanager
def cable() -> Iterator[Cable]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = [sys.executable, str(BENCH / "long_cable.py")]
    with subprocess.Popen(command, text=True, **pipes) as child:
        yield Cable(child)
