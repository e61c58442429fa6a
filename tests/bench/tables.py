# SPDX-License-Identifier: MIT
"""What was measured as lines with our figure, the peer's, and the target; as text and Markdown."""

import datetime
import os
import pathlib
import platform
import subprocess
from dataclasses import asdict, dataclass

from fleet import BUILD


REASONS = "Why the figures are what they are"


@dataclass
class Line:
    what: str
    ours: str
    peer: str = "–"
    target: str = "–"
    met: bool | None = None  # nothing: there is no target
    note: str = ""

    @property
    def verdict(self) -> str:
        return {True: "met", False: "MISSED", None: ""}[self.met]


@dataclass
class Section:
    title: str
    peer: str  # who it is
    lines: list[Line]
    when: str = ""

    def as_dict(self) -> dict:
        return asdict(self)

    @staticmethod
    def of(stored: dict) -> "Section":
        return Section(**{**stored, "lines": [Line(**one) for one in stored["lines"]]})


def text(section: Section) -> str:
    rows = [(section.title, "RoninNVR", section.peer, "target", "")]
    rows += [(one.what, one.ours, one.peer, one.target, one.verdict) for one in section.lines]
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    notes = [""] + [one.note for one in section.lines]
    out = []
    for row, note in zip(rows, notes):
        cells = [cell.ljust(width) for cell, width in zip(row, widths)]
        out.append("  ".join([*cells, note]).rstrip())
    return "\n".join(out)


def _first_line(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except OSError:
        return "not installed"
    return (done.stdout.splitlines() or ["unknown"])[0]


def now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")


def processor() -> str:
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def versions() -> list[str]:
    return [
        _first_line(str(BUILD / "ronin-nvr"), "--version"),
        _first_line("gst-launch-1.0", "--version"),
        _first_line("ffmpeg", "-version").split(" Copyright")[0],
        _first_line("chromium", "--version").split(" built on")[0],
        f"Linux {platform.release()}",
        f"{os.cpu_count()} processors ({processor()})",
    ]


def table(section: Section) -> str:
    """Below its heading."""

    def row(cells: list[str]) -> str:
        return "| " + " | ".join(one.replace("|", "/").replace("\n", " ") for one in cells) + " |"

    out = [f"Measured {section.when}.", ""]
    out += [row(["", "RoninNVR", section.peer, "target", "", ""]), "|---|---|---|---|---|---|"]
    for one in section.lines:
        out.append(row([one.what, one.ours, one.peer, one.target, one.verdict, one.note]))
    return "\n".join(out)


def parts_of(written: str) -> dict[str, str]:
    """What stands below each heading, in order."""
    parts = [one.split("\n", 1) for one in written.split("\n## ")[1:]]
    return {one[0]: one[-1].strip() for one in parts}


def markdown(sections: list[Section], how: str, before: str = "", reasons: str = "") -> str:
    """`before`: what was written the last time, of which stays what is not measured now."""
    out = ["# Results of the benchmarks", "", f"Written by `{how}`.", ""]
    out += [f"- {one}" for one in versions()]
    out += [
        "",
        "Cameras: H.264, 25 pictures a second; 1080p at 4 Mbit/s unless another rate is named",
    ]
    out += [
        "(640x360 at 256 kbit/s), over RTSP on TCP, from `ronin-fleet` on the same machine, whose"
    ]
    out += ["own cost is not in the figures. Each peer recorded the same cameras in the same run."]
    out += ["Those of the live view are others, with a sub stream of 640x360 at 500 kbit/s; what is"]
    out += ["*measured elsewhere* is not of this run, and not of this machine."]
    out += [
        "*Under load*: other programs used more than a tenth of a core meanwhile, so the figure"
    ]
    out += [f"says little. What is below a target, and why, is under \"{REASONS}\"; what grows over hours"]
    out += ["is in the report of [the soak](../soak/REPORT.md)."]
    parts = parts_of(before)
    parts.pop(REASONS, None)
    parts.update({section.title: table(section) for section in sections})
    if reasons:
        parts[REASONS] = reasons
    for title, part in parts.items():
        out += ["", f"## {title}", "", part]
    return "\n".join(out) + "\n"
