# SPDX-License-Identifier: MIT
"""Reads recordings with other people's tools: which pictures are in a file, and does it play?

Nothing here comes from the recorder: ffprobe counts the pictures, ffmpeg copies the byte stream,
and the marks that the camera put in are looked for in that.
"""

import json
import pathlib
import subprocess
from dataclasses import dataclass, field

MARK = bytes.fromhex("524f4e494e4e56529d1e4c7ab358e621")
START_CODE = b"\x00\x00\x01"


@dataclass
class Picture:
    mono_ns: int  # the camera's CLOCK_MONOTONIC when it was due; names the picture
    number: int
    keyframe: bool
    pts_s: float = 0.0  # in the file


@dataclass
class MediaFile:
    path: pathlib.Path
    pictures: list[Picture] = field(default_factory=list)
    width: int = 0
    codec: str = ""
    complaints: list[str] = field(default_factory=list)  # none: it plays, and is whole
    fatal: bool = False  # it does not play at all

    @property
    def playable(self) -> bool:
        return not self.complaints


def unescape(data: bytes) -> bytes:
    """Takes out the 3 that stands between two zeros and a small byte inside a NAL unit."""
    out = bytearray()
    zeros = 0
    for byte in data:
        if zeros >= 2 and byte == 3:
            zeros = 0
            continue
        out.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(out)


def is_key_unit(first_byte: int, codec: str) -> bool | None:
    """Whether the NAL unit is a slice of a keyframe; None when it is no slice."""
    if codec == "h264":
        kind = first_byte & 0x1F
        return kind == 5 if kind in (1, 5) else None
    kind = (first_byte >> 1) & 0x3F
    return 16 <= kind <= 21 if kind <= 21 else None


def scan_marks(stream: bytes, codec: str) -> list[Picture]:
    """The marked pictures of an Annex B byte stream, in its order."""
    out = []
    at = stream.find(MARK)
    while at >= 0:
        begin = at + len(MARK)
        plain = unescape(stream[begin : begin + 40])
        number = int.from_bytes(plain[0:8], "big")
        mono = int.from_bytes(plain[8:16], "big")
        after = stream.find(MARK, begin)
        key = False
        unit = stream.find(START_CODE, begin)
        while unit >= 0 and unit + 3 < len(stream) and (after < 0 or unit < after):
            slice_of_key = is_key_unit(stream[unit + 3], codec)
            if slice_of_key is not None:
                key = slice_of_key
                break
            unit = stream.find(START_CODE, unit + 3)
        out.append(Picture(mono, number, key))
        at = after
    return out


def _tool(*command: str) -> subprocess.CompletedProcess:
    return subprocess.run(command, capture_output=True, timeout=120)


def read(path: pathlib.Path) -> MediaFile:
    """All about one file. It never raises for a bad file: that is what it is asked."""
    out = MediaFile(path)
    entries = "stream=codec_name,width,nb_read_frames:packet=pts_time"
    probe = ["ffprobe", "-v", "warning", "-select_streams", "v:0", "-count_frames"]
    done = _tool(*probe, "-show_entries", entries, "-of", "json", str(path))
    said = done.stderr.decode(errors="replace").strip()
    if done.returncode != 0:
        out.complaints.append(f"ffprobe exits with {done.returncode}: {said[-200:]}")
        out.fatal = True
        return out
    if said:
        out.complaints.append(f"ffprobe says: {said[-200:]}")
    facts = json.loads(done.stdout)
    if not facts.get("streams"):
        out.complaints.append("there is no video in it")
        out.fatal = True
        return out
    stream = facts["streams"][0]
    out.codec, out.width = stream.get("codec_name", ""), int(stream.get("width", 0))
    raw = "hevc" if out.codec == "hevc" else "h264"
    copy = ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:v:0", "-c", "copy"]
    copied = _tool(*copy, "-f", raw, "pipe:1")
    out.pictures = scan_marks(copied.stdout, raw)
    times = [float(one.get("pts_time", "nan")) for one in facts.get("packets", [])]
    counted = int(stream.get("nb_read_frames", 0))
    if not counted == len(out.pictures) == len(times):
        numbers = f"{counted} decoded, {len(times)} packets, {len(out.pictures)} marked"
        out.complaints.append(f"pictures do not agree: {numbers}")
    for picture, pts in zip(out.pictures, times):
        picture.pts_s = pts
    if out.pictures and not out.pictures[0].keyframe:
        out.complaints.append("the first picture is no keyframe")
    if not out.pictures:
        out.complaints.append("there are no pictures in it")
        out.fatal = True
    return out


class Reader:
    """Reads each file once; a file that has changed since is read again."""

    def __init__(self):
        self._known: dict[tuple, MediaFile] = {}

    def read(self, path: pathlib.Path) -> MediaFile:
        facts = path.stat()
        key = (str(path), facts.st_size, facts.st_mtime_ns)
        if key not in self._known:
            self._known[key] = read(path)
        return self._known[key]
