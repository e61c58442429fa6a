# SPDX-License-Identifier: MIT
"""Reads the newest files of a soak with other people's tools."""

import pathlib

import catalog_view
import media

FRAME_NS = 40_000_000  # of the soak's cameras


def lost_in_newest_files(data: pathlib.Path, most: int) -> tuple[int, int, int]:
    """Files read, pictures that are missing between the first and the last of a file, and files
    that do not play."""
    rows = [row for row in catalog_view.rows(data) if row.state == "complete"]
    rows.sort(key=lambda row: -row.start_us)
    read = lost = unplayable = 0
    for row in rows[:most]:
        if not row.path.exists():
            continue
        file = media.read(row.path)
        read += 1
        unplayable += not file.playable
        times = [picture.mono_ns for picture in file.pictures]
        for before, after in zip(times, times[1:]):
            lost += max(0, round((after - before) / FRAME_NS) - 1)
    return read, lost, unplayable
