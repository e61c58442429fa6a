# SPDX-License-Identifier: MIT
"""One run of one fault: a fresh folder, a daemon, cameras; all of it goes away afterwards."""

import datetime
import pathlib
import shutil

import checker
import media
from camera import FakeCameras
from checker import Outage
from daemon import Daemon
from program import BUILD, Missing, Trouble, mono_ns, until, utc_minus_mono_ns, wait_s

NS = checker.NS


def microseconds(text: str) -> int:
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1e6)


class Lab:
    def __init__(self, name: str):
        self.work = BUILD / "faults" / name
        if self.work.exists():
            shutil.rmtree(self.work)
        self.work.mkdir(parents=True)
        self.reader = media.Reader()
        self.keep = False  # its folder, since something is wrong in it
        self.daemon = Daemon(self.work)
        self.cameras: list[FakeCameras] = []
        self.outages: list[Outage] = []
        self.clock_steps: list[tuple[int, int]] = []
        self._undo: list = []
        self._began_us = int((mono_ns() + utc_minus_mono_ns()) / 1000)
        self.first_ready_ns = 0

    def later(self, undo) -> None:
        """Run when the lab is closed, last first; a failure there does not hide the result."""
        self._undo.append(undo)

    def close(self, keep: bool) -> list[str]:
        """Ends all; gives what could not be undone."""
        out = []
        if self.daemon.program is not None and self.daemon.program.running():
            self.daemon.resume()
            self.daemon.kill()
        for group in self.cameras:
            group.end()
        for undo in reversed(self._undo):
            try:
                undo()
            except (Trouble, Missing, OSError) as error:
                out.append(str(error))
        if not (keep or self.keep or out):
            shutil.rmtree(self.work, ignore_errors=True)
        return out

    # --- Cameras and daemon -------------------------------------------------------------------

    def add(self, name: str, count: int = 1, namespace=None, **options) -> FakeCameras:
        """Cameras that run at once; the recorder learns of them in record()."""
        group = FakeCameras(self.work, name, count, namespace, **options)
        self.cameras.append(group)
        group.start()
        return group

    def enter(self, group: FakeCameras, **more) -> None:
        for i, url in enumerate(group.urls()):
            group.ids.append(self.daemon.add_camera(f"{group.name} {i + 1}", url, **more))

    def record(self, limit_s: float = 30.0, **more) -> None:
        """Starts the daemon, adds the cameras, waits until all are recorded."""
        self.daemon.start()
        for group in self.cameras:
            self.enter(group, **more)
        self.until_recorded(limit_s)

    def until_recorded(self, limit_s: float = 30.0) -> None:
        self.daemon.until_all("recording", limit_s)

    def until_recorded_again(self, limit_s: float = 30.0) -> None:
        """Until each camera is recorded and more of it is on the disk: a status may be old news."""
        self.until_recorded(limit_s)
        owners = checker.folder_owners(self.cameras)

        def sizes() -> dict[int, int]:
            out = dict.fromkeys(owners.values(), 0)
            for file in self.files():
                for folder in file.parts:
                    if folder in owners and file.exists():
                        out[owners[folder]] += file.stat().st_size
            return out

        before = sizes()
        grown = lambda: all(size > before[of] for of, size in sizes().items())  # noqa: E731
        until("the recordings of every camera grow", grown, limit_s)

    def files(self) -> list[pathlib.Path]:
        return checker.files_below(self.daemon.storage)

    def size(self) -> int:
        return sum(file.stat().st_size for file in self.files() if file.exists())

    def until_grows(self, limit_s: float = 30.0) -> None:
        """Until more than 30 KB more are on the disk: pictures arrive there."""
        before = self.size()
        until("the recordings grow", lambda: self.size() > before + 30_000, limit_s)

    def until_new_files(self, count: int, limit_s: float = 40.0) -> None:
        known = len(self.files())
        until("new files", lambda: len(self.files()) >= known + count, limit_s)

    def outage(self, start_ns: int, *reasons: str, cameras: list[FakeCameras] | None = None):
        ids = None if cameras is None else tuple(i for group in cameras for i in group.ids)
        out = Outage(start_ns, reasons, cameras=ids)
        self.outages.append(out)
        return out

    def camera_count(self) -> int:
        return sum(len(group.ids) for group in self.cameras)

    def crash_and_restart(self, limit_s: float = 30.0) -> Outage:
        killed = self.daemon.kill()
        out = self.outage(killed, "crash", "restart")
        out.end_ns = self.daemon.start()
        self.until_recorded(limit_s)
        return out

    # --- Checking -----------------------------------------------------------------------------

    def timelines(self) -> dict[int, list | None]:
        now_us = int((mono_ns() + utc_minus_mono_ns()) / 1000)
        out: dict[int, list | None] = {}
        for group in self.cameras:
            for camera_id in group.ids:
                found = self.daemon.timeline(camera_id, self._began_us, now_us)
                out[camera_id] = None
                if found is not None:
                    out[camera_id] = [
                        (
                            microseconds(g["start"]),
                            microseconds(g["end"]) if g["end"] else now_us,
                            g["reason"],
                        )
                        for g in found["gaps"]
                    ]
        return out

    def check(self, settle_s: float = 1.5, damaged: bool = False) -> checker.Report:
        """Lets the recorder run on a little, stops it, and looks at what it left."""
        wait_s(settle_s)
        crash = self.daemon.crashed()
        if crash:
            raise Trouble(f"the daemon {crash}: {self.daemon.program.log.read_text()[-400:]}")
        timelines = self.timelines()
        end = mono_ns() - int(0.3 * NS)  # what was under way when it was stopped
        to_utc = utc_minus_mono_ns()
        self.daemon.stop()
        report = checker.check(
            self.daemon.data,
            [self.daemon.storage],
            self.cameras,
            self.outages,
            end,
            timelines,
            to_utc,
            self.reader,
            damaged=damaged,
            clock_steps=self.clock_steps,
        )
        self.keep = self.keep or bool(report.breaks)
        return report
