# SPDX-License-Identifier: MIT
"""N: nothing breaks. What the faults are held against, and what users have on most days."""

import catalog_view
from cases import Outcome, fault
from program import wait_s

LIMIT_S = 900  # of a file, at the default settings


def _nothing_lost(out: Outcome, report) -> None:
    out.at_most("lost", report.lost, 0, "pictures")
    out.at_most("doubled", sum(c.doubled for c in report.cameras), 0, "pictures")
    out.at_most("time error", max(c.worst_time_error_s for c in report.cameras), 0.1)


@fault("N1", "borders of files, and nothing else", "0 lost, 0 doubled", full=50, minutes=9)
def borders(new_lab, out: Outcome, runs: int) -> None:
    lab = new_lab()
    lab.add("plain")
    lab.add("sound", audio="aac")
    lab.add("h265", video="h265")
    lab.add("long", gop=10)
    lab.record()
    for _ in range(runs + 1):
        lab.until_new_files(4)
    wait_s(1)
    report = out.add(lab.check())
    out.say(f"{report.files - lab.camera_count()} borders")
    _nothing_lost(out, report)


@fault(
    "N2",
    "46 minutes at the default settings",
    "3 complete files of each camera, at n x 900 s within a GOP, abutting",
    short=0,
    minutes=47,
)
def default_settings(new_lab, out: Outcome, runs: int) -> None:
    lab = new_lab()
    del lab.daemon.settings["segment_duration_s"]
    lab.add("short", 2)
    lab.add("sound", audio="aac")
    lab.add("long", gop=10)
    lab.record()
    wait_s(46 * 60)
    finished = [row for row in catalog_view.rows(lab.daemon.data) if row.state == "complete"]
    _nothing_lost(out, out.add(lab.check()))
    for group in lab.cameras:
        for camera_id in group.ids:
            rows = [row for row in finished if row.camera_id == camera_id]
            out.expect(f"{group.name}: 3 complete files, not {len(rows)}", len(rows) == 3)
            for n, row in enumerate(rows):
                late = (row.start_us - rows[0].start_us) / 1e6 - n * LIMIT_S
                out.expect(f"{row.rel_path} is in its place", 0 <= late <= group.gop_s)
            for before, row in zip(rows, rows[1:]):
                out.expect(f"{row.rel_path} abuts", row.start_us == before.end_us)
            out.say(f"{group.name}: {', '.join(str(row.frames) for row in rows)} pictures")
