# SPDX-License-Identifier: MIT
"""Which pictures are in recordings, and how much of a file is no picture. Reads files as they are,
without the recorder's code."""

import mmap
import pathlib
import subprocess
from dataclasses import dataclass

from fleet import Connection  # first: it finds the next one
from media import MARK, unescape


def numbers_in(file: pathlib.Path) -> list[int]:
    """The numbers of the pictures, in the order of the file."""
    if file.stat().st_size == 0:
        return []
    out = []
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = data.find(MARK)
        while at >= 0:
            begin = at + len(MARK)
            out.append(int.from_bytes(unescape(data[begin : begin + 16])[:8], "big"))
            at = data.find(MARK, begin)
    return out


@dataclass(frozen=True)
class Loss:
    sent: int
    lost: int  # sent, and in no file
    refused: int  # not sent, since the recorder did not read
    doubled: int


def loss(recorded: list[int], sent: list[Connection], until: int) -> Loss:
    """Of one camera: `recorded` is what its files hold, `until` the last number asked for."""
    wanted, refused = 0, 0
    there = set(recorded)
    found = 0
    for one in sent:
        last = min(one.last, until)
        if last < one.first:
            continue
        wanted += last - one.first + 1 - one.dropped
        refused += one.dropped
        found += sum(1 for number in there if one.first <= number <= last)
    return Loss(wanted, max(0, wanted - found), refused, len(recorded) - len(there))


def total(parts: list[Loss]) -> Loss:
    def of(name: str) -> int:
        return sum(getattr(one, name) for one in parts)

    return Loss(of("sent"), of("lost"), of("refused"), of("doubled"))


def packet_bytes(file: pathlib.Path) -> int:
    """Of all pictures, as ffprobe finds them."""
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "packet=size"]
    done = subprocess.run(
        [*command, "-of", "csv=p=0", str(file)], capture_output=True, text=True, check=True
    )
    return sum(int(word) for word in done.stdout.replace(",", " ").split())


def beyond_payload(files: list[pathlib.Path]) -> float:
    """The share of boxes and indexes, of what the pictures have."""
    payload = sum(packet_bytes(file) for file in files)
    return (sum(file.stat().st_size for file in files) - payload) / payload
