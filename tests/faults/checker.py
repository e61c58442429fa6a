# SPDX-License-Identifier: MIT
"""Holds what lies on the disk against what the cameras sent. Shares no code with the recorder.

The invariants are numbered as everywhere in this campaign:
I1 every file is in the catalog; I2 every finished row has its file, of that size;
I3 every file plays elsewhere; I4 times of one camera do not overlap;
I5 no picture is missing outside of an outage, and none is there twice or out of order;
I6 the ledger explains the missing time with the reason of the fault.
"""

import os
import pathlib
from dataclasses import dataclass, field

import catalog_view
import media
from camera import FakeCameras, Sent

NS = 1_000_000_000
FINISHED = ("complete", "recovered")
EDGE_S = 0.25  # of a hole's ends: the way from the camera to the recorder, and a frame
GAP_FRAMES = 2.5  # a longer hole is a gap


@dataclass
class Outage:
    """While it lasts, pictures cannot arrive. It ends with the first picture that does."""

    start_ns: int  # CLOCK_MONOTONIC
    reasons: tuple[str, ...]  # what the ledger may say
    end_ns: int | None = None  # at the earliest, when it is known
    cameras: tuple[int, ...] | None = None  # ids; None: all

    def of(self, camera_id: int) -> bool:
        return self.cameras is None or camera_id in self.cameras


@dataclass
class CameraReport:
    camera_id: int
    fps: int
    archived: list[media.Picture] = field(default_factory=list)  # in the order of the archive
    lost_in_file: list[Sent] = field(default_factory=list)
    lost_in_gap: list[Sent] = field(default_factory=list)
    doubled: int = 0
    reordered: int = 0
    # For each outage: pictures lost before it, which had arrived and are in no file, in seconds.
    lost_before_s: list[float] = field(default_factory=list)
    # For each outage: from its (earliest) end to the first picture after it, seconds.
    back_after_s: list[float | None] = field(default_factory=list)
    worst_time_error_s: float = 0.0
    wrong_times: int = 0  # pictures whose time is wrong by more than a second


@dataclass
class Report:
    files: int = 0
    unplayable: list[str] = field(default_factory=list)
    breaks: list[str] = field(default_factory=list)
    cameras: list[CameraReport] = field(default_factory=list)
    missing_s: float = 0.0
    explained_s: float = 0.0
    has_ledger: bool = True
    states: set[str] = field(default_factory=set)

    def camera(self, camera_id: int) -> CameraReport:
        return next(one for one in self.cameras if one.camera_id == camera_id)

    @property
    def lost(self) -> int:
        """Pictures, wherever they are missing."""
        return sum(len(one.lost_in_file) + len(one.lost_in_gap) for one in self.cameras)

    @property
    def explained(self) -> float | None:
        """Share of the missing time with the right reason; None: there is no ledger."""
        if not self.has_ledger:
            return None
        return 1.0 if self.missing_s <= 0 else self.explained_s / self.missing_s


def files_below(storage: pathlib.Path) -> list[pathlib.Path]:
    out = []
    for folder, _, names in os.walk(storage):
        out += [pathlib.Path(folder) / name for name in names if name.endswith(".mp4")]
    return sorted(out)


def check_catalog(rows, files, report: Report, running: bool) -> None:
    """I1 and I2. Frames and sizes of finished rows are held against the files."""
    by_path = {str(row.path): row for row in rows}
    for file in files:
        if str(file) not in by_path:
            report.breaks.append(f"I1: {file.name} has no row in the catalog")
    for row in rows:
        report.states.add(row.state)
        there = row.path.exists()
        if row.state == "recording" and not running:
            report.breaks.append(f"I2: {row.rel_path} is still open in the catalog")
        if row.state not in FINISHED:
            continue
        if not there:
            report.breaks.append(f"I2: {row.rel_path} is {row.state} and has no file")
        elif row.path.stat().st_size != row.size_bytes:
            sizes = f"{row.path.stat().st_size} bytes, not {row.size_bytes}"
            report.breaks.append(f"I2: {row.rel_path} has {sizes}")


def check_times(rows, report: Report) -> None:
    """I4. Rows come sorted by camera, stream and start."""
    for before, row in zip(rows, rows[1:]):
        if (before.camera_id, before.stream) != (row.camera_id, row.stream):
            continue
        if before.end_us is not None and row.start_us < before.end_us:
            overlap = (before.end_us - row.start_us) / 1e6
            report.breaks.append(
                f"I4: {row.rel_path} begins {overlap:.3f} s before {before.rel_path} ends"
            )
        if row.start_us == before.start_us:
            report.breaks.append(f"I4: {row.rel_path} and {before.rel_path} begin at once")


def account(sent: list[Sent], out: CameraReport, outages: list[Outage], end_ns: int) -> None:
    """I5: which pictures are missing, doubled or out of order."""
    stamps = [one.mono_ns for one in out.archived]
    out.doubled = len(stamps) - len(set(stamps))
    out.reordered = sum(1 for a, b in zip(stamps, stamps[1:]) if b < a)
    there = set(stamps)
    ordered = sorted(there)
    first = ordered[0] if ordered else end_ns
    windows = []
    for outage in outages:
        begin = max(outage.start_ns, outage.end_ns or 0)
        back = next((one for one in ordered if one > begin), None)
        windows.append((outage.start_ns, back if back is not None else end_ns))
        last = max((one for one in ordered if one <= outage.start_ns), default=None)
        lost = [
            one
            for one in sent
            if one.players > 0
            and last is not None
            and last < one.mono_ns
            and one.sent_ns <= outage.start_ns
        ]
        out.lost_before_s.append(len(lost) / out.fps)
        out.back_after_s.append(None if back is None else (back - begin) / NS)
    for one in sent:
        if one.players == 0 or one.mono_ns in there:
            continue
        if one.mono_ns < first or one.sent_ns > end_ns:
            continue
        hidden = any(begin < one.sent_ns and one.mono_ns < end for begin, end in windows)
        (out.lost_in_gap if hidden else out.lost_in_file).append(one)


def holes(stamps: list[int], fps: int) -> list[tuple[int, int]]:
    """Where no picture is in the archive for more than 2.5 frames."""
    longest = int(GAP_FRAMES * NS / fps)
    ordered = sorted(set(stamps))
    return [(a, b) for a, b in zip(ordered, ordered[1:]) if b - a > longest]


def overlap(a_start: int, a_end: int, b_start: int, b_end: int) -> int:
    return max(0, min(a_end, b_end) - max(a_start, b_start))


def reasons_for(outages: list[Outage], begin: int, end: int) -> set[str]:
    """What the ledger may say about a hole: the reasons of the outages around it."""
    out: set[str] = set()
    for outage in outages:
        if outage.start_ns - 2 * NS < end and (outage.end_ns or outage.start_ns) + 60 * NS > begin:
            out.update(outage.reasons)
    return out


def explain(out: CameraReport, outages, gaps, to_utc_ns: int, report: Report) -> None:
    """I6: `gaps` are the ledger's, in microseconds UTC: (start, end, reason)."""
    known = [(a * 1000 - to_utc_ns, b * 1000 - to_utc_ns, reason) for a, b, reason in gaps]
    for begin, end in holes([one.mono_ns for one in out.archived], out.fps):
        report.missing_s += (end - begin) / NS
        # Its ends are not known to the millisecond: what lies between them must be explained, or,
        # where nothing would be left, as much time within reach of them.
        edge = int(EDGE_S * NS)
        is_long = end - begin > 5 * edge // 2
        left, right = (begin + edge, end - edge) if is_long else (begin - edge, end + edge)
        length = right - left if is_long else end - begin - 2 * NS // out.fps
        allowed = reasons_for([one for one in outages if one.of(out.camera_id)], begin, end)
        right_ones = sum(overlap(left, right, a, b) for a, b, reason in known if reason in allowed)
        any_ones = sum(overlap(left, right, a, b) for a, b, _ in known)
        report.explained_s += (end - begin) / NS * min(1.0, right_ones / length)
        if any_ones == 0:
            silent = f"{(end - begin) / NS:.2f} s"
            report.breaks.append(f"I5: camera {out.camera_id}: {silent} are missing in silence")


def time_errors(start_us: int, read: media.MediaFile, to_utc, out: CameraReport) -> None:
    """`to_utc`: what the recorder's clock showed at a CLOCK_MONOTONIC time, both in ns."""
    for picture in read.pictures:
        archived_ns = start_us * 1000 + int((picture.pts_s - read.pictures[0].pts_s) * NS)
        error = abs(archived_ns - to_utc(picture.mono_ns)) / NS
        out.worst_time_error_s = max(out.worst_time_error_s, error)
        out.wrong_times += error > 1


def folder_owners(cameras: list[FakeCameras]) -> dict[str, int]:
    """Folders of cameras, for files that are not in the catalog."""
    return {
        f"{group.name} {i + 1}": camera_id
        for group in cameras
        for i, camera_id in enumerate(group.ids)
    }


def check(
    data: pathlib.Path,
    storages: list[pathlib.Path],
    cameras: list[FakeCameras],
    outages: list[Outage],
    end_ns: int,
    timelines: dict[int, list | None],
    to_utc_ns: int,
    reader: media.Reader,
    running: bool = False,
    damaged: bool = False,
    clock_steps: list[tuple[int, int]] | None = None,
) -> Report:
    """All invariants. `end_ns`: pictures sent later are not asked for. `timelines`: the ledger's
    gaps for each camera, (start_us, end_us, reason), or None when there is no ledger. `damaged`:
    the network lost parts of pictures, so files need only play, not be flawless. `clock_steps`: how
    far the recorder's clock was set away from the true one, (from CLOCK_MONOTONIC, offset), both in
    ns."""
    report = Report()
    files = [file for storage in storages for file in files_below(storage)]
    report.files = len(files)
    try:
        rows = catalog_view.rows(data)
    except catalog_view.DamagedDatabase as error:
        report.breaks.append(f"I1: {error}")
        rows = []
    check_catalog(rows, files, report, running)
    check_times(rows, report)
    row_of = {str(row.path): row for row in rows}
    open_now = {str(row.path) for row in rows if row.state == "recording"}
    owners = folder_owners(cameras)

    def to_utc(mono_ns: int) -> int:
        past = [offset for begin, offset in clock_steps or [] if begin <= mono_ns]
        return mono_ns + to_utc_ns + (past[-1] if past else 0)

    in_camera: dict[int, list] = {}
    for file in files:
        if running and str(file) in open_now:
            continue
        read = reader.read(file)
        if read.fatal or not (read.playable or damaged):
            report.unplayable.append(f"{file.name}: {'; '.join(read.complaints)}")
            report.breaks.append(f"I3: {file.name}: {'; '.join(read.complaints)}")
        row = row_of.get(str(file))
        if row is None:
            owner = owners.get(file.parents[1].name)
            if owner is not None and read.pictures:
                start_us = (read.pictures[0].mono_ns + to_utc_ns) // 1000
                in_camera.setdefault(owner, []).append((start_us, None, read))
            continue
        if not damaged and row.frames is not None and row.frames != len(read.pictures):
            counted = f"{len(read.pictures)} pictures, not {row.frames}"
            report.breaks.append(f"I2: {row.rel_path} has {counted}")
        in_camera.setdefault(row.camera_id, []).append((row.start_us, row, read))
    for group in cameras:
        for which, camera_id in enumerate(group.ids):
            one = CameraReport(camera_id, group.fps)
            report.cameras.append(one)
            mine = sorted(in_camera.get(camera_id, []), key=lambda one: one[0])
            if clock_steps:  # then the catalog's order is that of a clock that was set back
                mine.sort(key=lambda one: one[2].pictures[0].mono_ns if one[2].pictures else 0)
            for _, row, read in mine:
                one.archived += read.pictures
                if row is not None:
                    time_errors(row.start_us, read, to_utc, one)
            its = [outage for outage in outages if outage.of(camera_id)]
            account(group.sent(which), one, its, end_ns)
            if one.doubled:
                report.breaks.append(f"I5: camera {camera_id}: {one.doubled} pictures twice")
            if one.reordered:
                report.breaks.append(f"I5: camera {camera_id}: {one.reordered} out of order")
            if not one.archived:
                report.breaks.append(f"I5: camera {camera_id}: no picture is in the archive")
            gaps = timelines.get(camera_id)
            if gaps is None:
                report.has_ledger = False
            else:
                explain(one, outages, gaps, to_utc_ns, report)
    return report
