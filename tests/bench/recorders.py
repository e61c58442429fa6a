# SPDX-License-Identifier: MIT
"""The recorder, and what others record the same cameras with."""

import contextlib
import pathlib
import signal
import statistics
import time

from fleet import Program, Trouble, until  # first: it finds the next one
from daemon import Daemon

ANSWERS = 21
START_S = 120  # with millions of rows on a slow disk
FIRST_BYTES = 40_000  # of a file of which something was recorded: the first keyframe


class Ours:
    name = "RoninNVR"

    def __init__(self, work: pathlib.Path, urls: list[str], prefix: list[str] | None = None):
        self.urls = urls
        self.daemon = Daemon(work, {"segment_duration_s": 900})
        self.daemon.log_level = "info"
        self.daemon.prefix = prefix or []
        self.folder = self.daemon.storage

    def start(self) -> None:
        """Serves when this returns."""
        self.daemon.start(START_S)
        if not self.daemon.statuses():
            self.enter()

    def enter(self) -> None:
        for i, url in enumerate(self.urls):
            self.daemon.add_camera(f"camera {i + 1}", url)

    def metrics(self) -> str:
        return self.daemon.get("/metrics").decode()

    def answer_ms(self, path: str) -> float | None:
        """How long it takes to answer, the median; nothing when there is no such answer."""
        times = []
        for _ in range(ANSWERS):
            began = time.monotonic()
            status, _ = self.daemon.request("GET", path)
            times.append((time.monotonic() - began) * 1000)
            if status != 200:
                return None
        return statistics.median(times)

    @property
    def pids(self) -> list[int]:
        return [self.daemon.pid]

    def files_of(self, camera: int) -> list[pathlib.Path]:
        return sorted((self.folder / f"camera {camera + 1}").rglob("*.mp4"))

    def check(self) -> None:
        if self.daemon.crashed():
            raise Trouble(f"the recorder {self.daemon.crashed()}")

    def stop(self, codes: tuple[int, ...] = (0,)) -> int:
        return self.daemon.stop(codes)

    def kill(self) -> None:
        if self.daemon.program is not None:
            self.daemon.kill()


class _Others:
    """Several programs that write NUMBER-PART.mp4 into one folder."""

    name = ""

    def __init__(self, work: pathlib.Path, urls: list[str], prefix: list[str] | None = None):
        self.urls = urls
        self.prefix = prefix or []
        self.folder = work / self.name.split()[0]
        self.folder.mkdir(parents=True)
        self.log = work / "others.log"
        self.programs: list[Program] = []

    def commands(self) -> list[list[str]]:
        raise NotImplementedError

    def start(self) -> None:
        self.programs = [Program([*self.prefix, *one], self.log) for one in self.commands()]

    @property
    def pids(self) -> list[int]:
        return [one.pid for one in self.programs]

    def files_of(self, camera: int) -> list[pathlib.Path]:
        return sorted(self.folder.glob(f"{camera}-*.mp4"))

    def check(self) -> None:
        ended = sum(not one.running() for one in self.programs)
        if ended:
            raise Trouble(f"{ended} of {self.name} ended: {self.log.read_text()[-300:]}")

    def stop(self, _: tuple[int, ...] = ()) -> int:
        for one in self.programs:
            one.signal(signal.SIGTERM)
        for one in self.programs:  # not end(): a second signal cuts ffmpeg off
            one.child.wait(30)
        return 0  # what others end with says nothing

    def kill(self) -> None:
        for one in self.programs:
            one.kill()


class Ffmpeg(_Others):
    name = "ffmpeg -c copy, a process each"

    def commands(self) -> list[list[str]]:
        out = []
        for i, url in enumerate(self.urls):
            command = ["ffmpeg", "-v", "error", "-rtsp_transport", "tcp", "-i", url, "-c", "copy"]
            command += ["-f", "segment", "-segment_time", "900"]
            out.append([*command, str(self.folder / f"{i}-%d.mp4")])
        return out


class StockGstreamer(_Others):
    name = "gst-launch-1.0 rtspsrc ! … ! splitmuxsink"

    def commands(self) -> list[list[str]]:
        command = ["gst-launch-1.0", "-q", "-e"]
        for i, url in enumerate(self.urls):
            command += f"rtspsrc protocols=tcp location={url} ! rtph264depay ! h264parse".split()
            command += "! queue ! splitmuxsink max-size-time=900000000000".split()
            command.append(f"location={self.folder}/{i}-%d.mp4")
        return [command]


@contextlib.contextmanager
def ended(recorder):
    """Whatever happens: what goes on running would be in the next figures."""
    try:
        yield recorder
    finally:
        recorder.kill()


def until_all_write(recorder, limit_s: float = 90.0, since: dict | None = None) -> None:
    """Until each camera has a file, other than those of `since`, with a picture in it."""
    known = since or {}

    def writes(camera: int) -> bool:
        files = [one for one in recorder.files_of(camera) if one not in known.get(camera, ())]
        return any(one.stat().st_size >= FIRST_BYTES for one in files)

    waiting = list(range(len(recorder.urls)))

    def all_write() -> bool:
        while waiting and writes(waiting[-1]):
            waiting.pop()
        return not waiting

    until(f"{recorder.name} records all cameras", all_write, limit_s, 0.01)
