# SPDX-License-Identifier: MIT
"""What processes use: processor, memory, threads, writes."""

import os
import pathlib
import re
import time
from collections import Counter
from dataclasses import dataclass

TICKS = os.sysconf("SC_CLK_TCK")
BUSY = 0.1  # of a core used by strangers: then a figure says little


def _ticks(stat: pathlib.Path) -> int:
    fields = stat.read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def cpu_s(pids: list[int]) -> float:
    return sum(_ticks(pathlib.Path(f"/proc/{pid}/stat")) for pid in pids) / TICKS


def kind_of(thread: str) -> str:
    """Threads of all cameras that do the same: "task12" and "task3", "roningopqueue6:"."""
    return re.sub(r"[\d:].*", "", thread)


def thread_s(pids: list[int]) -> Counter[str]:
    """Processor time by kind of thread."""
    out: Counter[str] = Counter()
    for pid in pids:
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            try:
                out[kind_of((task / "comm").read_text().strip())] += _ticks(task / "stat") / TICKS
            except OSError:
                pass  # it has ended meanwhile
    return out


def machine_s() -> float:
    """Processor time of everybody, without what waits and what a host took away."""
    user, nice, system, _, _, irq, soft, *_ = (
        int(one) for one in pathlib.Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    )
    return (user + nice + system + irq + soft) / TICKS


def busy_cores(seconds: float) -> float:
    """What all programs together use."""
    before, began = machine_s(), time.monotonic()
    time.sleep(seconds)
    return (machine_s() - before) / (time.monotonic() - began)


def field_of(pid: int, file: str, name: str) -> int:
    for line in pathlib.Path(f"/proc/{pid}/{file}").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    return 0


def pss_mib(pids: list[int]) -> float:
    return sum(field_of(pid, "smaps_rollup", "Pss:") for pid in pids) / 1024


@dataclass(frozen=True)
class Usage:
    """Of all processes of one recorder together, over some seconds."""

    cores: float
    mib: float
    threads: int
    processes: int
    write_calls_per_s: float  # to files, sockets and other threads
    fleet_cores: float
    strangers_cores: float
    by_thread: dict[str, float]  # cores, by kind of thread

    @property
    def disturbed(self) -> bool:
        return self.strangers_cores > BUSY


class Window:
    """Measures from when it is made until end()."""

    def __init__(self, pids: list[int], fleet_pid: int):
        self.pids, self.fleet_pid = pids, fleet_pid
        self.before, self.began = self._read(), time.monotonic()
        self.threads_before = thread_s(pids)

    def _read(self) -> tuple[float, float, float, int]:
        calls = sum(field_of(pid, "io", "syscw:") for pid in self.pids)
        return cpu_s(self.pids), cpu_s([self.fleet_pid]), machine_s(), calls

    def end(self) -> Usage:
        seconds = time.monotonic() - self.began
        cpu, fleet, machine, calls = (b - a for a, b in zip(self.before, self._read()))
        return Usage(
            cores=cpu / seconds,
            mib=pss_mib(self.pids),
            threads=sum(field_of(pid, "status", "Threads:") for pid in self.pids),
            processes=len(self.pids),
            write_calls_per_s=calls / seconds,
            fleet_cores=fleet / seconds,
            strangers_cores=max(0.0, (machine - cpu - fleet) / seconds),
            by_thread={
                kind: took / seconds
                for kind, took in (thread_s(self.pids) - self.threads_before).items()
            },
        )
