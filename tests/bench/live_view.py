# SPDX-License-Identifier: MIT
"""What a person sees of the live view, as scripts in live/ read it from the pixels of a browser."""

import ctypes
import json
import math
import os
import pathlib
import resource
import subprocess
import time

import figures
from fleet import BUILD  # first: it finds the next one
from program import SOURCE, Missing, Trouble, ending_with_parent, run
from tables import Line, Section

HERE = pathlib.Path(__file__).resolve().parent / "live"
SUBREAPER = 36  # of prctl
LIMIT_S = 3 * 3600
PEER = "others, measured elsewhere"
MEDIAMTX = "0.65 / – s (MediaMTX, LL-HLS)"
GO2RTC = "0.96 / 0.97 s (go2rtc, MSE)"
WEBRTC = "0.06 / 0.10 s (MediaMTX, WebRTC)"
LL_HLS = "0.68 / 0.71 s (MediaMTX, LL-HLS)"
ENLARGE_S = 0.7
SAID_S, BACK_S = 5, 3
HLS_S = 5
LIVE_KB = 160


def percentile(values: list[float], share: float) -> float:
    """Of few values the 95th of 100 is the largest."""
    return sorted(values)[min(len(values) - 1, math.floor(len(values) * share))]


def spread(ms: list[float]) -> tuple[float, float]:
    """p50 and p95, in seconds."""
    return percentile(ms, 0.5) / 1000, percentile(ms, 0.95) / 1000


def shown(pair: tuple[float, float]) -> str:
    return " / ".join(f"{one:.2f}" for one in pair) + " s"


class Found:
    """What a script found: figures by the name of the step, or why there are none."""

    def __init__(self, steps: dict, strangers_cores: float):
        self.steps = steps
        self.strangers_cores = strangers_cores

    def of(self, step: str) -> dict:
        return self.steps.get(step, {"failed": "it was not measured"})

    @property
    def load(self) -> str:
        busy = self.strangers_cores > figures.BUSY
        return f"under load: others used {self.strangers_cores:.1f} cores" if busy else ""

    def note(self, *more: str) -> str:
        return ", ".join(one for one in [*more, self.load] if one)

    def line(self, what: str, step: str, make) -> Line:
        """The line that `make` makes of a step's figures."""
        found = self.of(step)
        return Line(what, "not measured", note=found["failed"]) if "failed" in found else make(found)

    def spread(self, what: str, step: str, key: str, target=None, peer="–") -> Line:
        """p50 and p95 of what was measured so often, against both."""

        def make(found: dict) -> Line:
            pair = spread(found[key])
            judged = ()
            if target is not None:
                judged = (f"<= {target[0]:g} / {target[1]:g} s", pair[0] <= target[0] and pair[1] <= target[1])
            line = Line(f"{what}, p50 / p95", shown(pair), peer, *judged)
            line.note = self.note(f"of {len(found[key])}", found.get("way", ""))
            return line

        return self.line(what, step, make)


def _own_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _reap() -> None:
    """What the script left behind has become ours, so that its processor time is known."""
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        pass


def script(name: str, quick: bool, *arguments: str) -> Found:
    """Runs one of the scripts to its end; what it says of its progress is seen at once."""
    if not (HERE.parents[1] / "e2e/node_modules").exists():
        raise Missing("the packages of tests/e2e are missing: npm ci")
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    command = ["node", str(HERE / name), *(["--quick"] if quick else []), *arguments]
    began, machine, own = time.monotonic(), figures.machine_s(), _own_s()
    env = {**os.environ, "RONIN_BUILD_ROOT": str(BUILD), "RONIN_SOURCE_ROOT": str(SOURCE)}
    done = subprocess.run(
        [*ending_with_parent("TERM"), *command],
        stdout=subprocess.PIPE,
        env=env,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    seconds = time.monotonic() - began
    _reap()
    others = figures.machine_s() - machine - (_own_s() - own)
    if done.returncode != 0:
        raise Trouble(f"{name} ended with {done.returncode}")
    return Found(json.loads(done.stdout), max(0.0, others / seconds))


def start_lines(found: Found) -> list[Line]:
    lines = []
    for who, says in (("new", "a new viewer"), ("again", "the second time")):
        for first, looks in ((" first", "the first who looks"), ("", "others look")):
            step, head = f"four {who}{first}", f"4 tiles, {says}, {looks}: page opened"
            lines += [
                found.spread(f"{head} → a picture in each", step, "shown", (0.25, 0.4)),
                found.spread(f"{head} → all move", step, "moving", (0.5, 0.9), "2 to 5 s"),
            ]
        head = f"one camera, {says}: page opened → first moving picture"
        lines.append(found.spread(head, f"one {who}", "moving", (0.3, 0.5), MEDIAMTX))
    for step, says in (("first", "a new viewer, the first"), ("again", "the second time")):
        head = f"16 tiles, {says}: page opened → all move"
        lines.append(found.spread(head, f"sixteen {step}", "moving", (2, 3)))
    return lines


def stall_line(found: Found, what: str, step: str) -> Line:
    def make(one: dict) -> Line:
        longest = f", the longest {max(one['stalls']) / 1000:.2f} s" if one["stalls"] else ""
        return Line(f"{what}: stalls", f"{len(one['stalls'])}{longest}", note=found.load)

    return found.line(f"{what}: stalls", step, make)


def latency_lines(found: Found) -> list[Line]:
    ways = [
        ("tile", "WebSocket and MSE, a tile", (0.12, 0.2), "–"),
        ("main", "WebSocket and MSE, main stream", (0.12, 0.2), GO2RTC),
        ("enlarged", "enlarged, low-latency mode", (0.06, 0.10), WEBRTC),
        ("ll", "LL-HLS", (0.4, 0.5), LL_HLS),
        ("hls", "HLS", (3.5, 4.5), "5 to 10 s"),
    ]
    lines = []
    for by, says, target, peer in ways:
        lines.append(found.spread(f"latency, {says}", f"latency {by}", "ms", target, peer))
        if by == "hls":
            lines.append(found.line("latency, HLS, the most", "latency hls", lambda one: most(found, one)))
        lines.append(stall_line(found, f"latency, {says}", f"latency {by}"))
    return lines


def most(found: Found, one: dict) -> Line:
    worst = max(one["ms"]) / 1000
    return Line("latency, HLS, the most", f"{worst:.2f} s", "–", f"<= {HLS_S} s", worst <= HLS_S, found.load)


def gop_lines(found: Found) -> list[Line]:
    lines = []
    for gop in (1, 2, 4, 10):
        head = f"GOP of {gop} s, WebSocket and MSE"
        lines += [
            found.spread(f"{head}: latency", f"gop {gop} latency", "ms", (0.12, 0.2)),
            found.spread(f"{head}: first moving picture", f"gop {gop} start", "moving", (0.3, 0.5)),
        ]
    return lines


def change_lines(found: Found) -> list[Line]:
    def blank(one: dict) -> Line:
        return Line("enlarged: black pictures", f"{one['blank']}", "–", "0", one["blank"] == 0)

    lines = [
        found.spread("enlarged → main stream", "enlarge", "ms", (ENLARGE_S, ENLARGE_S)),
        found.line("enlarged: black pictures", "enlarge", blank),
    ]
    for kind, says in (("silent", "cable pulled"), ("off", "camera without power")):
        step = f"outage {kind}"
        lines += [
            found.spread(f"{says} → the tile says so", step, "said", (SAID_S, SAID_S)),
            found.spread(f"{says}, back after 15 s → it moves", step, "moving", (BACK_S, BACK_S)),
        ]
    return lines


def size_line() -> Line:
    """As the UI's own check counts it."""
    done = run("node", str(SOURCE / "ui/scripts/check-size.mjs"), str(BUILD / "ui/dist"), check=False)
    words = done.stdout.split()
    if len(words) < 4:
        return Line("JavaScript of the live page, gzip", "not measured", note=done.stderr.strip()[-100:])
    kb = float(words[-4])
    return Line("JavaScript of the live page, gzip", f"{kb:.1f} kB", "–", f"<= {LIVE_KB} kB", kb <= LIVE_KB)


def live(quick: bool) -> Section:
    found = script("live.mjs", quick)
    lines = [*start_lines(found), *latency_lines(found), *gop_lines(found), *change_lines(found)]
    lines.append(size_line())
    lines.append(Line("JavaScript of the sign-in page, gzip", "–", "–", "<= 90 kB", None, "there is none yet"))
    return Section("Live view, in Chromium without a graphics card, from the pixels", PEER, lines)
