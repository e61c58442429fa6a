# SPDX-License-Identifier: MIT
"""What was measured as lines with our figure, the peer's, and the target; as text and Markdown."""

import datetime
import os
import pathlib
import platform
import subprocess
from dataclasses import asdict, dataclass

from fleet import BUILD


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


def markdown(sections: list[Section], how: str) -> str:
    def row(cells: list[str]) -> str:
        return "| " + " | ".join(one.replace("|", "/").replace("\n", " ") for one in cells) + " |"

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
    out += ["says little. [NOTES.md](NOTES.md) has the reasons; what grows over hours is in the report"]
    out += ["of [the soak](../soak/REPORT.md)."]
    for section in sections:
        out += ["", f"## {section.title}", "", f"Measured {section.when}.", ""]
        out += [row(["", "RoninNVR", section.peer, "target", "", ""]), "|---|---|---|---|---|---|"]
        for one in section.lines:
            out.append(row([one.what, one.ours, one.peer, one.target, one.verdict, one.note]))
    return "\n".join(out) + "\n"
