# SPDX-License-Identifier: MIT
"""B1 and B3: what lies on the disk after the power was cut, or after a torn write."""

import random
import statistics

import media
from cases import Outcome, fault
from checker import check, files_below
from disks import Snapshots
from program import utc_minus_mono_ns, wait_s

NS = 1_000_000_000


def _cut_often(new_lab, out: Outcome, cuts: int, sync_s: int, most_s: float) -> None:
    """One run, photographed `cuts` times; each picture is then recovered as if power came back."""
    lab = new_lab()
    snapshots = Snapshots(lab)
    disk = snapshots.disk
    lab.daemon.data = disk.place / "data"
    lab.daemon.data.mkdir()
    lab.daemon.storage = lab.daemon.data / "recordings"
    lab.daemon.settings["sync_interval_s"] = sync_s
    lab.add("short", 3)
    lab.add("long", 1, gop=10)
    lab.record()
    lab.until_grows()
    wait_s(sync_s + 2)
    for _ in range(cuts):
        snapshots.take()
        wait_s(random.uniform(0.4, 2.8))
    lab.daemon.kill()
    for group in lab.cameras:
        group.end()
    disk.unmount()
    losses = []
    for at, image in snapshots.taken:
        disk.mount(image)
        lab.daemon.start()
        lab.daemon.until_checked()
        lab.daemon.stop()
        report = check(
            lab.daemon.data,
            [lab.daemon.storage],
            lab.cameras,
            [],
            at,
            # Nothing was recorded after it, so there is no hole that could be explained.
            {camera_id: [] for group in lab.cameras for camera_id in group.ids},
            utc_minus_mono_ns(),
            lab.reader,
        )
        # Nothing was recorded after the cut, so what is missing until then is what it cost.
        for one in report.cameras:
            last = max((p.mono_ns for p in one.archived if p.mono_ns <= at), default=None)
            losses.append(None if last is None else (at - last) / NS)
            one.lost_in_file.clear()
        empty = [f for f in files_below(lab.daemon.storage) if f.stat().st_size == 0]
        report.breaks += [f"I3: {file.name} is empty" for file in empty]
        out.add(report)
        disk.unmount()
    known = [loss for loss in losses if loss is not None]
    worst = None if None in losses or not known else max(known)
    out.at_most(f"lost, sync_interval_s={sync_s}, worst", worst, most_s)
    if known:
        out.say(f"median {statistics.median(known):.2f} s")


@fault(
    "B1",
    "power cut, as the disk was at an instant",
    "lost <= 5 s, <= 2 s with sync_interval_s=1; 100 % play; catalog whole",
    short=8,
    full=200,
    minutes=10,
)
def power_cut(new_lab, out: Outcome, runs: int) -> None:
    _cut_often(new_lab, out, runs // 2, 3, 5)
    _cut_often(new_lab, out, runs - runs // 2, 1, 2)


def fragments_end(data: bytes, limit: int) -> int:
    """Where the last whole fragment (moof and mdat) before `limit` ends; 0: there is none."""
    at, end, after_moof = 0, 0, False
    while at + 8 <= limit:
        size = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size < 8 or at + size > limit:
            break
        at += size
        if kind == b"mdat" and after_moof:
            end = at
        after_moof = kind == b"moof"
    return end


@fault("B3", "files with a torn end", "all pictures of whole fragments are kept", full=20)
def torn(new_lab, out: Outcome, runs: int) -> None:
    for _ in range(runs):
        lab = new_lab()
        lab.add("short", 2)
        lab.record()
        lab.until_new_files(2)
        wait_s(4)
        lab.outage(lab.daemon.kill() - 20 * NS, "crash", "restart")
        lab.cameras[0].end()
        wanted = {}
        newest = sorted(lab.files(), key=lambda file: file.stat().st_mtime)[-2:]
        for file in newest:
            data = file.read_bytes()
            cut = random.randint(len(data) // 2, len(data) - 1) // 4096 * 4096
            end = fragments_end(data, cut)
            whole = lab.work / f"whole-{len(wanted)}.mp4"
            whole.write_bytes(data[:end])
            wanted[file] = [p.mono_ns for p in media.read(whole).pictures]
            # Blocks that never got there are zero, or absent.
            file.write_bytes(data[:cut] + (bytes(len(data) - cut) if len(wanted) == 1 else b""))
        # First, or the ledger rightly says that there was none for a second.
        lab.cameras[0].start()
        lab.daemon.start()
        lab.until_recorded()
        lab.until_grows()
        for file, expected in wanted.items():
            found = {p.mono_ns for p in media.read(file).pictures} if file.exists() else set()
            out.at_most("whole pictures lost", len(set(expected) - found), 0, "")
            out.expect("there was something to keep", len(expected) > 0)
        out.add(lab.check())
