# SPDX-License-Identifier: MIT
"""Counts system calls with strace. Phases of their own, because it slows what it looks at."""

import pathlib
import re
import subprocess
import time
from collections import Counter
from dataclasses import dataclass

from fleet import BUILD  # noqa: F401  it finds the next ones
from program import Missing, wait_s

WRITES = "write,writev,pwrite64,pwritev,pwritev2"
SYNCS = "fsync,fdatasync,sync_file_range,syncfs"
# 1234 1790000000.123456 writev(17</data/a.mp4>, [...], 3) = 65536
BEGUN = re.compile(r"^(\d+) +([\d.]+) (\w+)\(\d+<([^>]*)>")
RESUMED = re.compile(r"^(\d+) +[\d.]+ <\.\.\. \w+ resumed>")
RESULT = re.compile(r" = (\d+)$")


def prefix(log: pathlib.Path) -> list[str]:
    """For a command: its writes are noted, and its other calls cost nothing."""
    # -D: the program stays our child, and the tracer stands beside it. -A: several share a log.
    strace = ["strace", "-A", "-D", "-f", "-qqq", "--seccomp-bpf", "-y", "-ttt", "-s", "0"]
    return [*strace, "-e", f"trace={WRITES},{SYNCS}", "-o", str(log)]


@dataclass(frozen=True)
class Writes:
    """Per second, by what was written to."""

    media: float
    media_bytes: float  # of one of them
    databases: float
    other: float  # sockets, other threads, logs
    syncs: float


def kind_of(call: str, path: str) -> str:
    if call in SYNCS.split(","):
        return "sync"
    if path.endswith(".mp4"):
        return "media"
    return "database" if path.endswith((".db", ".db-wal", ".db-journal")) else "other"


def writes_in(log: pathlib.Path, begin: float, end: float) -> Writes:
    """Between two times, seconds since 1970."""
    counts: Counter[str] = Counter()
    size = 0
    waiting: dict[str, str] = {}  # kind of the call that a thread is in
    with log.open(errors="replace") as lines:
        for line in lines:
            begun, resumed = BEGUN.match(line), RESUMED.match(line)
            kind = waiting.pop(resumed[1], None) if resumed else None
            if begun and begin <= float(begun[2]) < end:
                kind = kind_of(begun[3], begun[4])
                counts[kind] += 1
                if line.rstrip().endswith("<unfinished ...>"):
                    waiting[begun[1]] = kind
            result = RESULT.search(line.rstrip())
            if kind == "media" and result:
                size += int(result[1])
    per_s = {kind: count / (end - begin) for kind, count in counts.items()}
    return Writes(
        media=per_s.get("media", 0.0),
        media_bytes=size / counts["media"] if counts["media"] else 0.0,
        databases=per_s.get("database", 0.0),
        other=per_s.get("other", 0.0),
        syncs=per_s.get("sync", 0.0),
    )


def count_all(pids: list[int], seconds: float) -> dict[str, float]:
    """Calls per second of running processes, by name; "total" is all of them."""
    command = ["strace", "-c", "-f", "-qqq", *(word for pid in pids for word in ("-p", str(pid)))]
    try:
        tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    except FileNotFoundError as error:
        raise Missing("strace is not installed") from error
    began = time.monotonic()
    wait_s(seconds)
    tracer.terminate()
    _, text = tracer.communicate(timeout=60)
    return parse_summary(text, time.monotonic() - began)


def parse_summary(text: str, seconds: float) -> dict[str, float]:
    out = {}
    for line in text.splitlines():
        words = line.split()
        # % time, seconds, usecs/call, calls, [errors,] name; "total" lacks what is not a sum
        if len(words) >= 4 and words[0].replace(".", "", 1).isdigit() and words[3].isdigit():
            out[words[-1]] = int(words[3]) / seconds
    return out
