# SPDX-License-Identifier: MIT
"""What retention does to a volume, seen from outside: files that go, and free space."""

import os
import pathlib
import threading

import catalog_view
import checker
from program import Trouble, mono_ns, until, utc_minus_mono_ns

NS = checker.NS
LATE_NS = NS  # files of one batch go in any order


class VolumeWatch:
    """Looks ten times a second until it is stopped."""

    def __init__(self, folder: pathlib.Path, kept: set[pathlib.Path] | None = None):
        self.folder = folder
        self.kept = kept or set()  # that may be older than what goes
        disk = os.statvfs(folder)
        self.capacity = disk.f_blocks * disk.f_frsize
        self.least_free = self.free()
        self.deleted: list[pathlib.Path] = []
        self.out_of_order: set[str] = set()
        self._known: set[pathlib.Path] = set(checker.files_below(folder))
        self._older: dict[pathlib.Path, int] = {}  # than one that has gone, and since when
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def free(self) -> int:
        disk = os.statvfs(self.folder)
        return disk.f_bavail * disk.f_frsize

    def stop(self) -> "VolumeWatch":
        self._end.set()
        self._thread.join(10)
        return self

    def _run(self) -> None:
        while not self._end.wait(0.1):
            self.least_free = min(self.least_free, self.free())
            self._look(set(checker.files_below(self.folder)))

    def _look(self, there: set[pathlib.Path]) -> None:
        now = mono_ns()
        gone = self._known - there
        self.deleted += sorted(gone)
        for newer in gone:
            for file in (self._known & there) - self.kept:
                if file.parents[1] == newer.parents[1] and file < newer:
                    self._older.setdefault(file, now)
        self._older = {file: at for file, at in self._older.items() if file in there}
        for file, at in self._older.items():
            if now - at > LATE_NS:
                self.out_of_order.add(f"{file.parents[1].name}/{file.name}")
        self._known = there


def floor_of(capacity: int) -> int:
    """What is kept free when nobody says how much: 2 %, at least 2 GiB, at most 10 %."""
    return min(max(capacity // 50, 2 << 30), capacity // 10)


def set_policy(lab, **fields) -> None:
    policy = lab.daemon.get("/api/storage/policy")
    policy = {key: value for key, value in policy.items() if key not in ("held", "last_run")}
    status, answer = lab.daemon.request("PUT", "/api/storage/policy", {**policy, **fields})
    if status not in (200, 204):
        raise Trouble(f"PUT /api/storage/policy: {status} {answer}")


def enforce(lab, wait: bool = True) -> None:
    """Runs retention now, and waits until that run is over."""
    before = lab.daemon.get("/api/storage/policy")["last_run"]
    status, answer = lab.daemon.request("POST", "/api/storage/enforce")
    if status != 202:
        raise Trouble(f"POST /api/storage/enforce: {status} {answer}")
    if wait:
        ran = lambda: lab.daemon.get("/api/storage/policy")["last_run"] != before  # noqa: E731
        until("retention has run", ran, 20)


def rows(lab) -> list[catalog_view.Row]:
    return catalog_view.rows(lab.daemon.data)


def recording_id(lab, row: catalog_view.Row) -> int:
    sql = "SELECT id FROM segment JOIN volume ON volume.id = volume_id WHERE rel_path = "
    found = catalog_view.query(
        lab.daemon.data / "catalog.db",
        "SELECT segment.id FROM" + sql.split("FROM")[1] + f"'{row.rel_path}'",
    )
    return found[0][0]


def protect(lab, row: catalog_view.Row) -> pathlib.Path:
    number = recording_id(lab, row)
    status, _ = lab.daemon.request("PATCH", f"/api/recordings/{number}", {"protected": True})
    if status != 200:
        raise RuntimeError(f"recording {number} was not protected: {status}")
    return row.path


def forgive_deleted(lab, kept: set[pathlib.Path]) -> None:
    """Pictures older than the oldest file that was not kept on purpose are not asked for: they were
    deleted. The ledger must say so, where a kept file makes a hole of it."""
    to_utc = utc_minus_mono_ns()
    for camera_id in {row.camera_id for row in rows(lab)}:
        starts = [
            row.start_us * 1000 - to_utc
            for row in rows(lab)
            if row.camera_id == camera_id and row.path not in kept and row.path.exists()
        ]
        reasons = ("deleted", "camera", "network")
        end = min(starts, default=mono_ns()) - NS // 100
        lab.outages.append(checker.Outage(0, reasons, end, (camera_id,)))
