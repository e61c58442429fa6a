#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What recording a camera costs, beside what others need for the same cameras.

recorder_bench.py [--cameras 16] [--seconds 20]
Prints percent of one core, MiB (PSS) and threads for each camera of 1080p, 25 fps, 4 Mbit/s.
"""

import argparse
import os
import pathlib
import shutil
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "faults"))
from camera import FakeCameras
from daemon import Daemon
from program import BUILD, Program, until

WORK = BUILD / "bench"
TICKS = os.sysconf("SC_CLK_TCK")
SETTLE_S = 8  # connections, first files


def cpu_s(pids: list[int]) -> float:
    total = 0
    for pid in pids:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def field_of(pid: int, file: str, name: str) -> int:
    for line in pathlib.Path(f"/proc/{pid}/{file}").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    return 0


class Measured:
    """Of all the processes of one recorder, over some seconds."""

    def __init__(self, pids: list[int], seconds: float):
        time.sleep(SETTLE_S)  # what is measured is the steady state, not a condition
        before, began = cpu_s(pids), time.monotonic()
        time.sleep(seconds)
        self.cores = (cpu_s(pids) - before) / (time.monotonic() - began)
        self.mib = sum(field_of(pid, "smaps_rollup", "Pss:") for pid in pids) / 1024
        self.threads = sum(field_of(pid, "status", "Threads:") for pid in pids)

    def row(self, name: str, cameras: int, base_mib: float = 0.0) -> str:
        cpu, mib = 100 * self.cores / cameras, (self.mib - base_mib) / cameras
        return f"{name:<44} {cpu:6.2f} % {mib:8.2f} MiB {self.threads / cameras:6.1f} threads"


def size_below(folder: pathlib.Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*.mp4"))


def until_written(folder: pathlib.Path, cameras: int) -> None:
    """A figure of a recorder that records nothing would be a fine one."""
    until("all are recorded", lambda: len(list(folder.rglob("*.mp4"))) >= cameras, 60)


def ours(cameras: FakeCameras, seconds: float) -> tuple[Measured, float]:
    folder = WORK / "ronin-nvr"
    folder.mkdir()
    daemon = Daemon(folder, {"segment_duration_s": 900})
    daemon.log_level = "info"
    daemon.start()
    empty = Measured([daemon.pid], 1).mib
    for i, url in enumerate(cameras.urls()):
        daemon.add_camera(f"camera {i + 1}", url)
    daemon.until_all("recording", 60)
    out = Measured([daemon.pid], seconds)
    written = size_below(daemon.storage)
    daemon.stop()
    check_written(written, cameras.count, seconds)
    return out, empty


def check_written(size: int, cameras: int, seconds: float) -> None:
    """Most of 4 Mbit/s must be there."""
    if size < cameras * seconds * 4e6 / 8 * 0.8:
        sys.exit(f"only {size} bytes were recorded: nothing was measured")


def in_one_process(name: str, command: list[str], cameras: FakeCameras, seconds: float) -> Measured:
    program = Program(command, WORK / f"{name}.log")
    return others(WORK / name, [program], cameras, seconds)


def others(folder: pathlib.Path, programs: list[Program], cameras, seconds: float) -> Measured:
    until_written(folder, cameras.count)
    out = Measured([program.pid for program in programs], seconds)
    written = size_below(folder)
    for program in programs:
        program.end()
    check_written(written, cameras.count, seconds)
    return out


def ffmpeg(cameras: FakeCameras, seconds: float) -> Measured:
    folder = WORK / "ffmpeg"
    folder.mkdir()
    programs = []
    for i, url in enumerate(cameras.urls()):
        command = ["ffmpeg", "-v", "error", "-rtsp_transport", "tcp", "-i", url, "-c", "copy"]
        command += ["-f", "segment", "-segment_time", "900", str(folder / f"{i}-%d.mp4")]
        programs.append(Program(command, WORK / "ffmpeg.log"))
    return others(folder, programs, cameras, seconds)


def stock_gstreamer(cameras: FakeCameras, seconds: float) -> Measured:
    folder = WORK / "gstreamer"
    folder.mkdir()
    command = ["gst-launch-1.0", "-q", "-e"]
    for i, url in enumerate(cameras.urls()):
        command += (
            f"rtspsrc protocols=tcp location={url} ! rtph264depay ! h264parse ! queue".split()
        )
        command += f"! splitmuxsink max-size-time=900000000000 location={folder}/{i}-%d.mp4".split()
    return in_one_process("gstreamer", command, cameras, seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cameras", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=20)
    arguments = parser.parse_args()
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    cameras = FakeCameras(
        WORK, "cameras", arguments.cameras, size="1920x1080", kbit=4000, pattern="snow"
    )
    cameras.start()
    try:
        for name, reports in (("ronin-nvr", "on"), ("ronin-nvr, cameras without RTCP", "off")):
            cameras.tell_all("reports", reports)
            shutil.rmtree(WORK / "ronin-nvr", ignore_errors=True)
            measured, empty = ours(cameras, arguments.seconds)
            print(measured.row(name, arguments.cameras, empty), f"+ {empty:.1f} MiB", flush=True)
        for name, peer in (
            ("ffmpeg -c copy, a process each", ffmpeg),
            ("gst-launch-1.0 rtspsrc ! … ! splitmuxsink", stock_gstreamer),
        ):
            print(peer(cameras, arguments.seconds).row(name, arguments.cameras), flush=True)
    finally:
        cameras.end()
        shutil.rmtree(WORK, ignore_errors=True)


if __name__ == "__main__":
    main()
