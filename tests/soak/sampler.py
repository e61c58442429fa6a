# SPDX-License-Identifier: MIT
"""One row every ten seconds: what the recorder's process uses, as the kernel and it say."""

import csv
import datetime
import http.client
import os
import pathlib
import re
import sys
import time

COLUMNS = [
    "piece",
    "at_s",  # since the piece began
    "utc",
    "rss_mib",
    "pss_mib",
    "used_mib",  # of malloc: given out
    "holes_mib",  # of malloc: free, between what is given out
    "fds",
    "threads",
    "wal_mib",  # of both databases
    "longest_turn_ms",  # of the main loop in the last one to two minutes
    "free_mib",  # on the volume
    "files",
    "frames_lost",
]
MIB = 1 << 20


def seconds_between(start: str, end: str | None) -> float:
    def read(text: str) -> float:
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()

    return (read(end) if end else time.time()) - read(start)


def memory_mib(pid: int) -> tuple[float, float]:
    """RSS and PSS."""
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = dict(re.findall(r"^(Rss|Pss):\s+(\d+) kB", text, re.MULTILINE))
    return int(found["Rss"]) / 1024, int(found["Pss"]) / 1024


def metrics(url) -> dict[str, float]:
    """By name, of all labels together."""
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=10)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    out: dict[str, float] = {}
    for name, value in re.findall(r"^(\w+)(?:\{.*\})? (\S+)$", text, re.MULTILINE):
        out[name] = out.get(name, 0.0) + float(value)
    return out


class Samples:
    def __init__(self, file: pathlib.Path, piece: int):
        self.file, self.piece, self.began = file, piece, time.monotonic()
        self.last: dict = {}
        head = ",".join(COLUMNS) + "\n"
        if not file.exists():
            file.write_text(head)
        elif not file.read_text().startswith(head):
            sys.exit(f"{file} has other columns than today's: begin a new soak, without --resume.")

    def take(self, daemon) -> None:
        try:
            self.last = self._row(daemon)
        except (OSError, http.client.HTTPException):
            return  # it ends, or does not answer: who watches it says so
        with self.file.open("a", newline="") as out:
            csv.DictWriter(out, COLUMNS).writerow(self.last)

    def _row(self, daemon) -> dict:
        rss, pss = memory_mib(daemon.pid)
        said = metrics(daemon.url)
        disk = os.statvfs(daemon.storage)
        wals = sum(file.stat().st_size for file in daemon.data.glob("*.db-wal"))
        return {
            "piece": self.piece,
            "at_s": round(time.monotonic() - self.began, 1),
            "utc": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "rss_mib": round(rss, 2),
            "pss_mib": round(pss, 2),
            "used_mib": round(said["ronin_process_heap_used_bytes"] / MIB, 2),
            "holes_mib": round(said["ronin_process_heap_free_bytes"] / MIB, 2),
            "fds": daemon.open_files(),
            "threads": len(daemon.threads()),
            "wal_mib": round(wals / MIB, 2),
            "longest_turn_ms": round(said["ronin_main_loop_longest_turn_seconds"] * 1000, 1),
            "free_mib": round(disk.f_bavail * disk.f_frsize / MIB, 1),
            "files": sum(len(names) for _, _, names in os.walk(daemon.storage)),
            "frames_lost": int(said["ronin_camera_lost_frames_total"]),
        }


def log_figures(file: pathlib.Path) -> dict:
    """Errors in the log, with the first few of them; and how often a disk was full."""
    lines = file.read_text(errors="replace").splitlines()
    errors = [line for line in lines if re.match(r"\S+ error ", line) or " CRITICAL " in line]
    full = [line for line in lines if "No space left" in line or " is full" in line]
    return {
        "errors": len(errors),
        "first_errors": errors[:5],
        "enospc": len(full),
        "warnings": sum(1 for line in lines if re.match(r"\S+ warning ", line)),
    }
