# SPDX-License-Identifier: MIT
"""What is measured, one after the other; each phase has the cameras and the disk to itself."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import time
from dataclasses import dataclass

import figures
import frames
import prometheus
import syscalls
from fleet import BUILD, Fleet, Report
from program import Trouble, mono_ns, wait_s
from recorders import Ours, ended, until_all_write

WORK = BUILD / "bench"
SETTLE_S = 8  # connections, first files
MARGIN_S = 1.0  # pictures that were sent so long before the end are in the files
LAG = "ronin_main_loop_turn_seconds"
MUX_LINE = re.compile(r"^(.{16}) +([\d.]+) us ")
CAMERA_BYTES = 550_000  # per second, at 4 Mbit/s
DAY = "start=2026-09-20T00:00:00Z&end=2026-09-21T00:00:00Z"  # of the big catalog
ANSWERS = [
    "/api/cameras",
    f"/api/timeline?camera_id=1&{DAY}",
    f"/api/recordings?camera_id=1&{DAY}",
    f"/api/recordings?{DAY}",
    "/api/storage/stats",
]
PROBED_FILES = 4  # which ffprobe reads; all are alike


def fresh(name: str) -> pathlib.Path:
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


@dataclass(frozen=True)
class Load:
    """A recorder with so many cameras for a while."""

    usage: figures.Usage
    empty_mib: float  # of our recorder without cameras
    loss: frames.Loss
    again: int  # connections beyond the first of each camera
    late_ms: float  # of the fleet
    lag: tuple[float, float, float] | None  # limits of p50, p99, longest; seconds
    stop_s: float  # from the signal to the end
    in_order: bool  # it closed all files before that


def need_space(count: int, seconds: float) -> None:
    needed = count * (seconds + 60) * CAMERA_BYTES
    free = shutil.disk_usage(BUILD).free
    if free < needed:
        text = f"{count} cameras for {seconds:.0f} s need {needed / 1e9:.0f} GB in {WORK}"
        raise Trouble(f"{text}, and there are {free / 1e9:.0f}")


def start_empty(recorder) -> float:
    """Starts it; gives what ours takes without cameras, in MiB."""
    if not isinstance(recorder, Ours):
        recorder.start()
        return 0.0
    recorder.daemon.start()
    wait_s(1)  # it has its memory
    out = figures.pss_mib(recorder.pids)
    recorder.enter()
    return out


def losses(recorder, mark: Report, sent: Report) -> frames.Loss:
    """Of what was sent until `mark`; the recorder has ended."""
    parts = []
    for camera, connections in sent.connections.items():
        numbers = [n for file in recorder.files_of(camera) for n in frames.numbers_in(file)]
        until = mark.connections[camera][-1].last
        parts.append(frames.loss(numbers, connections, until))
    return frames.total(parts)


def measure_load(make, count: int, seconds: float) -> Load:
    need_space(count, seconds)
    work = fresh(f"load-{count}")
    with Fleet(work, count) as fleet, ended(make(work, fleet.urls())) as recorder:
        ours = isinstance(recorder, Ours)
        empty_mib = start_empty(recorder)
        until_all_write(recorder)
        wait_s(SETTLE_S)  # what is measured is the steady state, not a condition
        fleet.report()
        before = recorder.metrics() if ours else ""
        window = figures.Window(recorder.pids, fleet.pid)
        wait_s(seconds)
        usage = window.end()
        lag = lag_between(before, recorder.metrics()) if ours else None
        mark = fleet.report()
        wait_s(MARGIN_S)
        recorder.check()
        began = mono_ns()
        in_order = recorder.stop((0, 1)) == 0
        stop_s = (mono_ns() - began) / 1e9
        loss = losses(recorder, mark, fleet.report())
    shutil.rmtree(work)
    return Load(usage, empty_mib, loss, mark.again, mark.late_ms, lag, stop_s, in_order)


def lag_between(before: str, after: str) -> tuple[float, float, float]:
    turns = prometheus.Histogram.read(after, LAG).since(prometheus.Histogram.read(before, LAG))
    return turns.at_most(0.5), turns.at_most(0.99), turns.at_most(1)


@dataclass(frozen=True)
class Disk:
    """What a recorder does to the disk."""

    writes: syscalls.Writes
    beyond_payload: float  # share
    usage: figures.Usage
    again: int
    dropped: int  # pictures that it did not read: strace makes it slow
    late_ms: float


def measure_disk(make, count: int, kbit: int, seconds: float) -> Disk:
    work = fresh(f"disk-{count}-{kbit}")
    log = work / "strace.log"
    with Fleet(work, count, kbit) as fleet, ended(
        make(work, fleet.urls(), syscalls.prefix(log))
    ) as recorder:
        recorder.start()
        until_all_write(recorder)
        wait_s(SETTLE_S)
        fleet.report()
        window = figures.Window(recorder.pids, fleet.pid)
        begin = time.time()
        wait_s(seconds)
        end = time.time()
        usage = window.end()
        mark = fleet.report()
        recorder.check()
        recorder.stop()
        some = [file for i in range(min(count, PROBED_FILES)) for file in recorder.files_of(i)]
        writes, beyond = syscalls.writes_in(log, begin, end), frames.beyond_payload(some)
    shutil.rmtree(work)
    return Disk(writes, beyond, usage, mark.again, mark.dropped, mark.late_ms)


def measure_calls(make, count: int, seconds: float) -> dict[str, float]:
    """System calls per second, by name."""
    work = fresh(f"calls-{count}")
    with Fleet(work, count) as fleet, ended(make(work, fleet.urls())) as recorder:
        recorder.start()
        until_all_write(recorder)
        wait_s(SETTLE_S)
        out = syscalls.count_all(recorder.pids, seconds)
        recorder.stop()
    shutil.rmtree(work)
    return out


@dataclass(frozen=True)
class Start:
    """Seconds from the start of the program."""

    ready: float | None
    all_write: float


def timed_start(recorder) -> Start:
    known = {camera: set(recorder.files_of(camera)) for camera in range(len(recorder.urls))}
    began = mono_ns()
    recorder.start()
    ready = (mono_ns() - began) / 1e9 if isinstance(recorder, Ours) else None
    until_all_write(recorder, since=known)
    return Start(ready, (mono_ns() - began) / 1e9)


@dataclass(frozen=True)
class Starts:
    first: Start  # after an orderly end
    after_kill: Start
    peer: Start
    answers_ms: dict[str, float | None]  # median; None: there is no such answer


def big_catalog(segments: int) -> pathlib.Path:
    file = BUILD / "bench-catalogs" / f"{segments}.db"
    tool("make-big-catalog", str(file), str(segments))
    return file


def measure_starts(peer, count: int, segments: int) -> Starts:
    """With a catalog of so many rows. Their files are on a volume that is not there: what looks for
    files of a volume does so behind recording."""
    work = fresh(f"starts-{count}")
    with Fleet(work, count) as fleet:
        with ended(Ours(work, fleet.urls())) as recorder:
            recorder.daemon.data.mkdir()
            shutil.copy(big_catalog(segments), recorder.daemon.data / "catalog.db")
            recorder.start()
            until_all_write(recorder)
            recorder.stop()
            first = timed_start(recorder)
            answers = {path: recorder.answer_ms(path) for path in ANSWERS}
            recorder.daemon.kill()
            after_kill = timed_start(recorder)
            recorder.stop()
        with ended(peer(work, fleet.urls())) as other:
            peer_start = timed_start(other)
    shutil.rmtree(work)
    return Starts(first, after_kill, peer_start, answers)


def tool(name: str, *arguments: str, **env: str) -> str:
    """What one of our programs writes. It may take long: millions of rows are made once."""
    command = [str(BUILD / "tests/bench" / name), *arguments]
    more = {**os.environ, "RONIN_BUILD_ROOT": str(BUILD), **env}
    more |= {"GST_PLUGIN_PATH": str(BUILD / "plugins")}
    more |= {"GST_REGISTRY_1_0": str(BUILD / "gst-registry.bin")}
    done = subprocess.run(command, capture_output=True, text=True, timeout=3600, env=more)
    if done.returncode != 0:
        raise Trouble(f"{name}: {done.stderr.strip()}")
    return done.stdout


def measure_hot(quick: bool) -> dict[str, float]:
    """Nanoseconds for each call, as Google Benchmark says."""
    options = ["--benchmark_format=json", f"--benchmark_min_time={0.1 if quick else 0.5}"]
    said = json.loads(tool("hot-bench", *options, **({"RONIN_BENCH_QUICK": "1"} if quick else {})))
    units = {"ns": 1, "us": 1e3, "ms": 1e6}
    return {
        one["name"].removesuffix("/real_time"): one["real_time"] * units[one["time_unit"]]
        for one in said["benchmarks"]
    }


def measure_mux() -> dict[str, float]:
    """Microseconds for each frame, by name of the muxer, without what feeds it."""
    found = {}
    for line in tool("mux-bench").splitlines():
        if match := MUX_LINE.match(line):
            found[match[1].strip()] = float(match[2])
    source = found.pop("only the source")
    return {name: cost - source for name, cost in found.items()}
