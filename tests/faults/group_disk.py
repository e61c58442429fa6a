# SPDX-License-Identifier: MIT
"""B2, B7 to B11 and B21: the disk vanishes, errs, hangs, turns read-only, is the wrong one."""

import os

import catalog_view
import tracing
from cases import Outcome, fault
from cgroup import DiskThrottle
from disks import Disk, SlowFolder
from program import mono_ns, run, until, wait_s

NS = 1_000_000_000
WITHIN = 5


def _on_a_disk(new_lab, options: str = "", mib: int = 200):
    lab = new_lab()
    disk = Disk(lab, "disk", mib, options=options)
    lab.daemon.storage = disk.place / "recordings"
    lab.daemon.storage.mkdir()
    lab.add("short", 2)
    lab.record()
    lab.until_grows()
    wait_s(4)
    return lab, disk


def _alarmed(lab) -> bool:
    return lab.daemon.get("/health")["status"] != "ok"


def _alarm(lab, out: Outcome, at_ns: int) -> None:
    try:
        until("an alarm", lambda: _alarmed(lab), 15, 0.02)
        out.at_most("alarm after", (mono_ns() - at_ns) / NS, WITHIN)
    except Exception:
        out.at_most("alarm after", None, WITHIN)


def _resumed(out: Outcome, report) -> None:
    backs = [one.back_after_s[-1] for one in report.cameras]
    out.at_most("recorded again after", None if None in backs else max(backs), WITHIN)


def _lost_before(out: Outcome, report, most: float, median: float) -> None:
    out.losses([one.lost_before_s[0] for one in report.cameras], most, median)


@fault(
    "B2", "the volume vanishes, and comes back", "alarm <= 5 s; back <= 5 s; lost <= 5 s", full=100
)
def vanishes(new_lab, out: Outcome, runs: int) -> None:
    for _ in range(runs):
        lab, disk = _on_a_disk(new_lab)
        at = disk.cut_power()
        outage = lab.outage(at, "disk")
        _alarm(lab, out, at)
        wait_s(1)
        disk.unmount()
        wait_s(1)
        disk.mount()
        outage.end_ns = mono_ns()
        lab.until_recorded()
        report = out.add(lab.check(3))
        _lost_before(out, report, 5, 5)
        _resumed(out, report)


@fault(
    "B7",
    "one write fails (EIO, ENOSPC)",
    "lost <= 0.5 s; failed twice: new file at the next keyframe; never a crash",
    short=4,
    full=40,
)
def write_fails(new_lab, out: Outcome, runs: int) -> None:
    for i in range(runs):
        lab = new_lab()
        lab.add("short", 2)
        error = ("EIO", "ENOSPC")[i % 2]
        # Each thread counts its calls: each branch meets the fault once. Then it works when tried
        # again, or, in every second pair of runs, it does not, and a new file begins.
        lasts = i // 2 % 2 == 1
        first = 12 + 7 * (i // 4 % 5)
        nth = f"{first}..{first + 1}" if lasts else str(first)
        lab.daemon.prefix = tracing.fail("writev,pwritev,pwritev2", error, nth, lab.work)
        began = mono_ns()
        lab.record()
        wait_s(10)
        # Anywhere in here; the hole itself says where and how long.
        lab.outage(began, "disk").end_ns = mono_ns()
        report = out.add(lab.check())
        log = lab.daemon.log_text()
        out.expect("the error is said", "recording to" in log or "No space" in log)
        out.expect("the fault was met", tracing.injected(lab.work) >= 2)
        holes = [0.0]
        for one in report.cameras:
            frames = sorted(set(p.mono_ns for p in one.archived))
            holes += [(b - a) / NS for a, b in zip(frames, frames[1:]) if b - a > NS / 10]
        if lasts:  # what is left of the GOP goes, too
            out.at_most(f"{error} twice: longest hole", max(holes), 1.5)
        else:
            out.at_most(f"{error} once: longest hole", max(holes), 0.5)


@fault("B8", "a sync of the disk fails once", "alarm <= 5 s; new files at once; not taken as good")
def sync_fails(new_lab, out: Outcome, runs: int) -> None:
    lab = new_lab()
    lab.add("short", 2)
    lab.daemon.settings["segment_duration_s"] = 120  # so that no file ends by itself
    lab.daemon.prefix = tracing.fail("syncfs", "EIO", "2", lab.work)
    lab.record()
    lab.until_grows()
    known = len(lab.files())
    out.expect("no alarm before the fault", not _alarmed(lab))
    try:
        until("the fault is met", lambda: tracing.injected(lab.work) > 0, 20, 0.02)
    except Exception:
        out.misses.append("no syncfs was made, so none could fail")
    at = mono_ns()
    _alarm(lab, out, at)
    fresh = lambda: len(lab.files()) >= known + 2  # noqa: E731
    try:
        until("new files", fresh, 5)
        out.say("new files at once")
    except Exception:
        out.misses.append("the open files go on as if they were good")
    out.add(lab.check())
    out.no_loss_in_files()
    suspect = [row.suspect for row in catalog_view.rows(lab.daemon.data)]
    marked = sum(suspect) == known and len(suspect) > known
    out.expect("what was open then is suspect, and nothing else", marked)


@fault("B9", "the volume turns read-only", "alarm <= 5 s; back <= 5 s after it was repaired")
def read_only(new_lab, out: Outcome, runs: int) -> None:
    lab, disk = _on_a_disk(new_lab, "errors=remount-ro")
    at = disk.break_read_only()
    outage = lab.outage(at, "disk")
    _alarm(lab, out, at)
    wait_s(3)
    outage.end_ns = disk.repair_and_mount()
    lab.until_recorded()
    report = out.add(lab.check(3))
    _lost_before(out, report, 5, 5)
    _resumed(out, report)


MIB = 1 << 20
MEMORY_MIB = 16  # camera_memory_mib, so that it is full soon
SLOW_KBIT = 16_000


class _Watch:
    """Memory and the time of answers, while the disk is slow."""

    def __init__(self, lab):
        self.lab = lab
        self.before = self.peak = lab.daemon.memory_kib()
        self.slowest = 0.0

    def look_for(self, seconds: float) -> None:
        end = mono_ns() + seconds * NS
        while mono_ns() < end:
            asked = mono_ns()
            try:
                self.lab.daemon.get("/health")
            except Exception:
                pass  # its time tells
            self.slowest = max(self.slowest, (mono_ns() - asked) / NS)
            self.peak = max(self.peak, self.lab.daemon.memory_kib())
            wait_s(0.2)

    def judge(self, out: Outcome) -> None:
        out.at_most("slowest answer meanwhile", self.slowest, 1)
        more = (self.peak - self.before) / 1024
        out.at_most("memory more", more, MEMORY_MIB * self.lab.camera_count(), "MiB")


def _dropped_well(lab, out: Outcome, report, released_ns: int) -> None:
    """What is missing are whole GOPs, or the ends of them; nothing is, soon after the release."""
    last = 0.0
    for group in lab.cameras:
        for which, camera_id in enumerate(group.ids):
            there = {one.mono_ns: one.keyframe for one in report.camera(camera_id).archived}
            hole = False
            for sent in group.sent(which):
                if sent.mono_ns in there:
                    out.expect("a hole ends with a keyframe", not hole or there[sent.mono_ns])
                    hole = False
                elif sent.mono_ns > min(there) and sent.mono_ns < max(there):
                    hole = True
                    last = max(last, (sent.mono_ns - released_ns) / NS)
    out.at_most("steady again after", last, 10)


def _slow_lab(new_lab, kbit: int):
    lab = new_lab()
    lab.daemon.settings["camera_memory_mib"] = MEMORY_MIB
    lab.add("fast", 2, kbit=kbit, size="1920x1080", pattern="snow")
    return lab


def _hangs(new_lab, out: Outcome, hang_s: int) -> None:
    lab = _slow_lab(new_lab, 8000)
    slow = SlowFolder(lab)
    lab.daemon.storage = slow.place / "recordings"
    lab.daemon.storage.mkdir()
    lab.record()
    lab.until_grows()
    wait_s(2)
    watch = _Watch(lab)
    outage = lab.outage(slow.hang() - NS // 5, "disk", "overload", "camera", "network")
    watch.look_for(hang_s)
    outage.end_ns = slow.go_on()
    lab.until_recorded()
    lab.until_grows()
    wait_s(2)
    watch.judge(out)
    report = out.add(lab.check(3))
    _resumed(out, report)
    out.say(f"{sum(len(one.lost_in_gap) for one in report.cameras)} pictures lost in {hang_s} s")


def _is_slow(new_lab, out: Outcome, what: str, slow_s: float, slow_down) -> None:
    """`slow_down(lab)` gives what makes it quick again."""
    lab = _slow_lab(new_lab, SLOW_KBIT)
    disk = Disk(lab, "disk", 600)
    lab.daemon.storage = disk.place / "recordings"
    lab.daemon.storage.mkdir()
    release, begin = slow_down(lab, disk)
    lab.record()
    lab.until_grows()
    wait_s(2)
    watch = _Watch(lab)
    outage = lab.outage(mono_ns() - NS // 5, "disk", "overload")
    begin()
    watch.look_for(slow_s)
    release()
    released = mono_ns()
    outage.end_ns = released + 10 * NS
    watch.look_for(12)
    lab.until_recorded()
    watch.judge(out)
    report = out.add(lab.check(1))
    _dropped_well(lab, out, report, released)
    lost = sum(len(one.lost_in_gap) + len(one.lost_in_file) for one in report.cameras)
    out.expect(f"{what}: pictures had to be dropped", lost > 0)
    out.say(f"{what}: {lost} pictures lost in {slow_s:g} s")


def _half_as_fast(lab, disk: Disk):
    throttle = DiskThrottle(lab, disk.number())
    lab.daemon.prefix = throttle.prefix()
    disk.keep_little_in_memory(4 * MIB)
    enough = SLOW_KBIT * 1000 // 8 * 2  # two cameras
    return lambda: throttle.limit(None), lambda: throttle.limit(enough // 2)


def _late(lab, disk: Disk):
    tracers = []

    def begin() -> None:
        tracers.append(tracing.slow_down(lab.daemon.pid, "writev", 2, lab.work))

    return lambda: tracers[0].end(), begin


@fault(
    "B10",
    "the disk hangs for 8 s; takes half of the bitrate; hangs for 20 s; each write takes 2 s",
    f"memory <= {MEMORY_MIB} MiB for each camera; whole GOPs dropped; API answers; back <= 10 s",
    short=2,
    full=4,
    minutes=3,
)
def slow_disk(new_lab, out: Outcome, runs: int) -> None:
    parts = [
        lambda: _hangs(new_lab, out, 8),
        lambda: _is_slow(new_lab, out, "half of the bitrate", 20, _half_as_fast),
        lambda: _hangs(new_lab, out, 20),
        lambda: _is_slow(new_lab, out, "2 s for each write", 25, _late),
    ]
    for part in parts[:runs]:
        part()


def _bytes_in(folder) -> int:
    return sum(os.path.getsize(os.path.join(top, n)) for top, _, ns in os.walk(folder) for n in ns)


@fault(
    "B11", "the volume is not mounted, or is another", "0 bytes written there; alarm; back <= 5 s"
)
def wrong_volume(new_lab, out: Outcome, runs: int) -> None:
    lab, disk = _on_a_disk(new_lab)
    # The recorder was told the mount point itself.
    other = Disk(lab, "other", 100)
    (other.place / "recordings").mkdir()
    outage = lab.outage(mono_ns() - NS // 5, "restart", "stopped", "disk")
    lab.daemon.stop()
    disk.unmount()
    (disk.place / "recordings").mkdir()  # as a mount point of a careless administrator has it
    lab.daemon.start()
    wait_s(4)
    out.at_most("written below the mount point", _bytes_in(disk.place), 0, "bytes")
    out.expect("an alarm: not mounted", _alarmed(lab))
    lab.daemon.stop()
    for top, folders, names in os.walk(disk.place, topdown=False):
        for name in names:
            os.unlink(os.path.join(top, name))
        for name in folders:
            os.rmdir(os.path.join(top, name))
    other.unmount()
    disk.mount(other.image)
    lab.daemon.start()
    wait_s(4)
    used = _bytes_in(disk.place / "recordings")
    out.at_most("written to the other volume", used, 0, "bytes")
    out.expect("an alarm: another volume", _alarmed(lab))
    lab.daemon.stop()
    disk.unmount()
    disk.mount()
    outage.end_ns = lab.daemon.start()
    lab.until_recorded()
    report = out.add(lab.check(2))
    _resumed(out, report)


@fault("B21", "folders for temporary files and shared memory are full", "0 pictures lost")
def full_temp(new_lab, out: Outcome, runs: int) -> None:
    lab = new_lab()
    tiny = lab.work / "tiny"
    tiny.mkdir()
    script = (
        'for at in "$0" /dev/shm /var/tmp; do mount -t tmpfs -o size=4k none "$at"; '
        'head -c 4096 /dev/zero >"$at/full" || exit 1; done; exec "$@"'
    )
    lab.daemon.prefix = ["unshare", "-m", "sh", "-c", script, str(tiny)]
    lab.daemon.env = {"TMPDIR": str(tiny)}
    lab.add("short", 2)
    lab.record()
    lab.until_new_files(2)
    wait_s(1)
    report = out.add(lab.check())
    out.at_most("lost", report.lost, 0, "pictures")
    run("true")
