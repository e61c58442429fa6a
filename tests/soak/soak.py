#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hours of what a site does to a recorder, and whether anything grows.

soak.py HOURS [--resume] [--write-results] [--cameras 16] [--volume-mib 300] [--warm-up-min 30]
"""

import argparse
import json
import os
import pathlib
import shutil
import signal
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "faults"))

import report  # noqa: E402
import sampler  # noqa: E402
from daemon import Daemon  # noqa: E402
from disks import Disk  # noqa: E402
from fleet import Fleet  # noqa: E402
from leftovers import lost_in_newest_files  # noqa: E402
from program import BUILD, Trouble, run, wait_s  # noqa: E402
from viewers import Viewers  # noqa: E402

EVERY_S = 10
FILES_READ = 160  # at the end of each piece, by other people's tools


class Piece:
    """One life of the recorder: from its start over the data that are there to its end."""

    def __init__(self, work: pathlib.Path, arguments):
        self.work = work
        self.arguments = arguments
        self.state_file = work / "state.json"
        self.state = {"pieces": [], "cameras": []}
        if self.state_file.exists():
            self.state = json.loads(self.state_file.read_text())
        self.number = len(self.state["pieces"]) + 1
        self._undo: list = []
        self.daemon = Daemon(work)
        self.daemon.log_level = "info"
        self.daemon.starts = self.number - 1
        self.fleet = Fleet(work, arguments.cameras, self.state.get("port", 0))

    def later(self, undo) -> None:
        """As a lab of the fault campaign, for its disks."""
        self._undo.append(undo)

    def save(self) -> None:
        self.state_file.write_text(json.dumps(self.state, indent=1))

    def open_disk(self) -> None:
        if (self.work / "disk.img").exists():
            disk = Disk.again(self, "disk")
        else:
            disk = Disk(self, "disk", self.arguments.volume_mib)
        self.daemon.storage = disk.place / "recordings"
        self.daemon.storage.mkdir(exist_ok=True)

    def start(self) -> None:
        self.open_disk()
        self.later(self.fleet.end)
        self.state["port"] = self.fleet.start()
        self.daemon.start()
        self.later(self.daemon.kill)
        if not self.state["cameras"]:
            for number, url in enumerate(self.fleet.urls(), 1):
                self.state["cameras"].append(self.daemon.add_camera(f"Soak {number}", url))
        self.save()
        self.daemon.until_all("recording", 60)

    def run(self, seconds: float, stop: list[bool]) -> dict:
        """Samples until the time is over; gives what there is to say about the piece."""
        self.start()
        samples = sampler.Samples(self.work / "samples.csv", self.number)
        began = time.time()
        viewers = Viewers(self.daemon.url.hostname, self.daemon.url.port, self.state["cameras"])
        self.fleet.reconnect_each(60)
        end = time.monotonic() + seconds
        next_at = time.monotonic()
        while time.monotonic() < end and not stop and not self.daemon.crashed():
            samples.take(self.daemon)
            next_at += EVERY_S
            wait_s(max(0.0, min(next_at, end) - time.monotonic()))
        self.fleet.stop_reconnecting()
        viewers.stop()
        out = {
            "number": self.number,
            "began": began,
            "seconds": time.time() - began,
            "reconnects": self.fleet.reconnects,
            "visits": dict(viewers.done),
            "refused": dict(viewers.refused),
            "read_mib": viewers.read_bytes >> 20,
            "crashed": self.daemon.crashed(),
            "frames_lost": samples.last.get("frames_lost", 0),
        }
        if not out["crashed"]:
            out["gaps_s"] = self._gaps(began)
            try:
                self.daemon.stop()
            except Trouble as trouble:
                out["crashed"] = str(trouble)
            out["read_files"], out["lost_in_files"], out["unplayable"] = lost_in_newest_files(
                self.daemon.data, FILES_READ
            )
        out.update(sampler.log_figures(self.work / f"daemon-{self.number}.log"))
        self.state["pieces"].append(out)
        self.save()
        return out

    def _gaps(self, began: float) -> dict[str, float]:
        """Missing seconds of all cameras together, by their reason; from its first minute on, in
        which they start."""
        out: dict[str, float] = {}
        start_us, end_us = int((began + 60) * 1e6), int(time.time() * 1e6)
        for camera_id in self.state["cameras"]:
            found = self.daemon.timeline(camera_id, start_us, end_us)
            for gap in found["gaps"] if found else []:
                length = sampler.seconds_between(gap["start"], gap["end"])
                out[gap["reason"]] = out.get(gap["reason"], 0.0) + length
        return out

    def close(self) -> None:
        for undo in reversed(self._undo):
            undo()


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hours", type=float)
    parser.add_argument("--resume", action="store_true", help="one piece more over the same data")
    parser.add_argument("--write-results", action="store_true", help="writes REPORT.md and .png")
    parser.add_argument("--cameras", type=int, default=16)
    parser.add_argument("--volume-mib", type=int, default=300)
    parser.add_argument("--warm-up-min", type=float, default=30)
    return parser.parse_args()


def main() -> int:
    arguments = parse()
    if os.geteuid() != 0:
        sys.exit("The soak mounts a disk: run it as root.")
    work = BUILD / "soak"
    if not arguments.resume and work.exists():
        run("umount", "-l", str(work / "disk"), check=False)
        shutil.rmtree(work)
    work.mkdir(parents=True, exist_ok=True)
    stop: list[bool] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.append(True))
    piece = Piece(work, arguments)
    try:
        piece.run(arguments.hours * 3600, stop)
    finally:
        piece.close()
    verdict = report.judge(work, piece.state, arguments.warm_up_min * 60)
    folder = HERE if arguments.write_results else work
    report.draw(work, folder / "REPORT.png")
    text = report.markdown(piece.state, verdict, arguments)
    (folder / "REPORT.md").write_text(text)
    print(text)
    return 1 if verdict.misses else 0


if __name__ == "__main__":
    sys.exit(main())
