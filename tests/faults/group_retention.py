# SPDX-License-Identifier: MIT
"""B4 to B6, B18, B19 and D2: what is deleted when there is no room, and what never is."""

import http.client
import os
import random
import shutil

import media
import retention_view as view
from cases import Outcome, fault
from checker import files_below, holes
from disks import Disk
from group_time import WallClock
from program import mono_ns, until, wait_s

NS = 1_000_000_000
MIB = 1 << 20
DAY_S = 86_400


def _on_a_volume(new_lab, mib: int, make: tuple = (), databases: bool = False):
    """`databases`: they are there, too, as where nobody says where recordings go."""
    lab = new_lab()
    # All of it is for recordings, as where they have a disk for themselves.
    disk = Disk(lab, "disk", mib, make=("-m", "0", *make))
    if databases:
        lab.daemon.data = disk.place / "data"
        lab.daemon.data.mkdir()
        lab.daemon.storage = lab.daemon.data / "recordings"
        return lab, disk
    lab.daemon.storage = disk.place / "recordings"
    lab.daemon.storage.mkdir()
    return lab, disk


def _many_files(lab, rounds: int) -> None:
    """Each camera begins a new file with each new connection."""
    outage = lab.outage(mono_ns() - NS // 5, "camera", "network")
    for _ in range(rounds):
        known = len(lab.files())
        for group in lab.cameras:
            group.tell_all("close")
        count = lab.camera_count()
        until("new files", lambda: len(lab.files()) >= known + count, 20)
        lab.until_grows()
    lab.until_recorded()
    outage.end_ns = mono_ns()


def _closed(lab) -> list:
    return [row for row in view.rows(lab) if row.state in ("complete", "recovered")]


def _oldest_of_each(lab) -> list:
    out: dict[int, object] = {}
    for row in _closed(lab):
        out.setdefault(row.camera_id, row)  # they come sorted by time
    return list(out.values())


def _full_disks(lab) -> int:
    return sum(1 for line in lab.daemon.log_text().splitlines() if "No space left" in line)


def _longest_hole(lab, from_ns: int, to_ns: int) -> float:
    """In what is on the disk now, open files included. Reads copies: they may go meanwhile."""
    archived: dict[int, list[int]] = {i: [] for group in lab.cameras for i in group.ids}
    copies = []
    for row in view.rows(lab):
        copy = lab.work / f"copy-{len(copies)}.mp4"
        if row.path.exists():
            shutil.copy(row.path, copy)
            copies.append((row.camera_id, copy))
    for camera_id, copy in copies:
        archived[camera_id] += [picture.mono_ns for picture in media.read(copy).pictures]
        copy.unlink()
    found = [0.0]
    for stamps in archived.values():
        within = [stamp for stamp in stamps if from_ns < stamp < to_ns]
        found += [(b - a) / NS for a, b in holes([from_ns, *within, to_ns], 25)]
    return max(found)


@fault(
    "B4",
    "disk filled by own recordings, as in 24 hours",
    "0 times a full disk; free space never below what is kept free; oldest first",
    full=2,
    minutes=18,
)
def own_recordings(new_lab, out: Outcome, runs: int) -> None:
    # The first: most of it is in use already. The second: as many files of each camera as a day has.
    for used_mib, count, kbit, seconds in ((200, 2, 8000, 45), (0, 4, 2500, 960))[:runs]:
        lab, disk = _on_a_volume(new_lab, 300)
        if used_mib:
            _take(disk, used_mib * MIB)
        lab.add("many", count, kbit=kbit, pattern="snow")
        lab.record()
        watch = view.VolumeWatch(lab.daemon.storage)
        wait_s(seconds)
        watch.stop()
        passed = sum(p.stat().st_size for p in lab.files()) / watch.capacity
        floor = view.floor_of(watch.capacity)
        out.at_most("below what is kept free", max(0, floor - watch.least_free) / MIB, 0, "MiB")
        out.expect("something had to go", len(watch.deleted) >= count)
        out.expect(f"oldest first, not {sorted(watch.out_of_order)[:3]}", not watch.out_of_order)
        view.forgive_deleted(lab, set())
        report = out.add(lab.check())
        out.at_most("times a full disk", _full_disks(lab), 0, "")
        out.at_most("lost", report.lost, 0, "pictures")
        out.say(f"{len(watch.deleted)} files went, {passed:.0%} are recordings at the end")


def _take(disk: Disk, size: int) -> None:
    """A stranger's file grows by as much, or by all there is."""
    file = os.open(disk.place / "stranger", os.O_CREAT | os.O_WRONLY)
    left = size
    try:
        while left > 0 and size >= 4096:
            try:
                os.posix_fallocate(file, os.fstat(file).st_size, min(size, left))
                left -= size
            except OSError:  # a little is needed for the file itself
                size //= 2
    finally:
        os.close(file)


def _kept_files_stay(out: Outcome, kept: set) -> None:
    gone = sum(1 for file in kept if not file.exists())
    out.at_most("protected files deleted", gone, 0, "")


def _foreign(new_lab, out: Outcome, volume: dict, look_s: float, take_all, give_back) -> None:
    """A stranger takes all room; after `look_s` again and again, until nothing is left to delete;
    then it gives it back."""
    lab, disk = _on_a_volume(new_lab, 100, **volume)
    reasons = ["disk", "overload", "deleted"]
    lab.add("two", 2, kbit=8000, pattern="snow")
    lab.record()
    _many_files(lab, 5)
    # Enough to make room of: files that are open, and what is kept free.
    until("footage", lambda: lab.size() > 50 * MIB, 60, 0.2)
    kept = {view.protect(lab, row) for row in _oldest_of_each(lab)}
    wait_s(2)
    at = mono_ns()
    first = lab.outage(at - NS // 5, *reasons)
    take_all(disk)
    watch = view.VolumeWatch(lab.daemon.storage, kept)
    wait_s(look_s)
    watch.stop()
    first.end_ns = mono_ns()
    # Now, since those files will have to go, too.
    out.at_most("lost after it was filled", _longest_hole(lab, at, first.end_ns - NS), 2)
    out.expect("it made room", bool(watch.deleted))
    out.expect("recording goes on", set(lab.daemon.statuses().values()) == {"recording"})
    second = lab.outage(mono_ns() - NS // 5, *reasons)
    end = mono_ns() + 8 * NS
    while mono_ns() < end:
        take_all(disk)
        wait_s(0.1)
    alarmed = lab.daemon.get("/health")["status"] != "ok"
    out.expect("without anything left to delete there is an alarm", alarmed)
    give_back(disk)
    second.end_ns = mono_ns()
    lab.until_recorded()
    lab.until_grows()
    wait_s(2)
    _kept_files_stay(out, kept)
    view.forgive_deleted(lab, kept)
    report = out.add(lab.check(2))
    backs = [one.back_after_s[-2] for one in report.cameras]  # then that of forgive_deleted()
    out.at_most("recorded again after", None if None in backs else max(backs), 1)


@fault(
    "B5",
    "disk filled by a stranger's file",
    "lost <= 2 s; no protected file deleted; back <= 1 s after there is room",
    full=2,
)
def strangers_file(new_lab, out: Outcome, runs: int) -> None:
    def take_all(disk: Disk) -> None:
        space = os.statvfs(disk.place)
        _take(disk, space.f_bavail * space.f_frsize)

    def give_back(disk: Disk) -> None:
        (disk.place / "stranger").unlink()

    for databases in (True, False)[:runs]:
        _foreign(new_lab, out, {"databases": databases}, 6, take_all, give_back)


@fault("B6", "no more inodes", "as B5", short=0)
def no_inodes(new_lab, out: Outcome, runs: int) -> None:
    made = []

    def take_all(disk: Disk) -> None:
        try:
            while True:
                path = disk.place / f"stranger-{len(made)}"
                path.touch(exist_ok=False)
                made.append(path)
        except OSError:
            pass

    def give_back(disk: Disk) -> None:
        for path in made:
            path.unlink()

    # Over a border: a new file is what needs an inode.
    _foreign(new_lab, out, {"make": ("-N", "64")}, 12, take_all, give_back)


@fault(
    "B18",
    "killed while it deletes",
    "catalog = disk after the next start; what was to go is gone",
    short=2,
    full=200,
    minutes=30,
)
def killed_while_deleting(new_lab, out: Outcome, runs: int) -> None:
    hit = 0
    for first in range(0, runs, 10):
        lab = new_lab()
        lab.add("four", 4)
        lab.record()
        for _ in range(min(10, runs - first)):
            _many_files(lab, 3)
            before = len(_closed(lab))
            view.set_policy(lab, retention_bytes=lab.size() // 3)
            view.enforce(lab, wait=False)
            wait_s(random.uniform(0, 0.08))
            lab.crash_and_restart()
            left = len(_closed(lab))
            view.enforce(lab)
            hit += before > len(_closed(lab)) and left > 4
            closed = sum(row.size_bytes for row in _closed(lab))
            limit = lab.daemon.get("/api/storage/policy")["retention_bytes"]
            out.expect("what was to go is gone", closed <= limit)
            view.set_policy(lab, retention_bytes=None)
        view.forgive_deleted(lab, set())
        out.add(lab.check())
    out.runs = runs
    out.say(f"of {runs} kills, {hit} with files that were still to go")


class _SlowReader:
    """Downloads one file, as slowly as it is told to."""

    def __init__(self, lab, row, first_byte: int = 0):
        number = view.recording_id(lab, row)
        self.wanted = row.size_bytes - first_byte
        self.path = row.path
        url = lab.daemon.url
        self.link = http.client.HTTPConnection(url.hostname, url.port, timeout=20)
        headers = {"Range": f"bytes={first_byte}-"} if first_byte else {}
        if lab.daemon.token:
            headers["Authorization"] = f"Bearer {lab.daemon.token}"
        self.link.request("GET", f"/api/recordings/{number}/stream", headers=headers)
        self.answer = self.link.getresponse()
        self.read = 0

    def take(self, size: int) -> None:
        self.read += len(self.answer.read(size))

    def finish(self) -> bool:
        try:
            self.read += len(self.answer.read())
        except (OSError, http.client.HTTPException):
            pass
        self.link.close()
        return self.answer.status in (200, 206) and self.read == self.wanted


@fault(
    "B19",
    "deleting what is being played, downloaded or protected",
    "0 broken downloads; no protected file deleted; played ones go once nobody wants more of them",
    full=2,
    minutes=3,
)
def while_it_plays(new_lab, out: Outcome, runs: int) -> None:
    lab = new_lab()
    # Files larger than what sockets hold.
    lab.add("large", 2, kbit=8000, pattern="snow")
    lab.record()
    lab.until_new_files(4, 60)
    oldest = _closed(lab)
    played, others = oldest[:2], oldest[2:]
    kept = {view.protect(lab, row) for row in others[-1:]}
    readers = [_SlowReader(lab, row) for row in played]
    readers.append(_SlowReader(lab, played[0], 1 << 20))
    for reader in readers:
        reader.take(65536)
    view.set_policy(lab, retention_bytes=1)
    view.enforce(lab)
    wait_s(1)
    for reader in readers:
        out.expect("a file that is played stays", reader.path.exists())
    for row in others:
        if row.path not in kept:
            out.expect("one that is not goes", not row.path.exists())
    broken = sum(not reader.finish() for reader in readers)
    out.at_most("broken downloads", broken, 0, "")
    if runs > 1:  # players ask piece by piece, so one counts for a minute longer
        until("they go", lambda: _sweeps_away(lab, readers), 80, 2)
    _kept_files_stay(out, kept)
    view.set_policy(lab, retention_bytes=None)
    view.forgive_deleted(lab, kept)
    out.add(lab.check())


def _sweeps_away(lab, readers) -> bool:
    view.enforce(lab)
    return not any(reader.path.exists() for reader in readers)


@fault(
    "D2",
    "clock is set 400 days ahead, 30 years back",
    "0 files deleted until it is confirmed; then by age again",
    short=1,
    full=3,
)
def far_step(new_lab, out: Outcome, runs: int) -> None:
    steps = ((400 * DAY_S, False), (-30 * 365 * DAY_S, False), (400 * DAY_S, True))
    for step_s, while_off in steps[:runs]:
        lab = new_lab()
        clock = WallClock(lab.work)
        lab.daemon.env = clock.environment()
        lab.daemon.settings["retention_interval_s"] = 1
        lab.clock_steps = clock.steps
        lab.add("one", 2)
        lab.record()
        view.set_policy(lab, retention_days=7)
        lab.until_new_files(2)
        lab.until_grows()
        _jump(lab, clock, step_s, while_off)
        before = set(files_below(lab.daemon.storage))
        wait_s(5)  # five times
        view.enforce(lab)
        gone = before - set(files_below(lab.daemon.storage))
        out.at_most("files deleted", len(gone), 0, "")
        if step_s > 0:
            _confirmed(lab, out, before)
            kept = {file for file in before if file.exists()}
            out.expect("once it is confirmed, what is too old goes", len(kept) <= 2)
            lab.outage(0, "deleted", "clock", "restart", "stopped").end_ns = mono_ns()
        out.add(lab.check())
        out.no_loss_in_files()


def _jump(lab, clock: WallClock, step_s: int, while_off: bool) -> None:
    outage = lab.outage(mono_ns() - NS // 5, "clock", "restart", "stopped")
    if while_off:
        lab.daemon.stop()
    clock.set(step_s)
    if while_off:
        lab.daemon.start()
    lab.until_recorded()
    outage.end_ns = mono_ns()


def _confirmed(lab, out: Outcome, before: set) -> None:
    held = lab.daemon.get("/api/storage/policy")["held"]
    out.expect("it says that it waits", bool(held and held["sentence"]))
    status, _ = lab.daemon.request("POST", "/api/storage/clock/confirm")
    out.expect("it can be confirmed", status == 204)
    until("deletion by age", lambda: any(not file.exists() for file in before), 15)
    view.enforce(lab)
    out.expect("it waits no more", lab.daemon.get("/api/storage/policy")["held"] is None)
