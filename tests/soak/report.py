# SPDX-License-Identifier: MIT
"""What the samples say: slopes, curves, REPORT.md."""

import csv
import os
import pathlib
import platform
import subprocess
from dataclasses import dataclass, field

import fit
from program import BUILD

MOST_PER_DAY = 8.0  # MiB
LONG_ENOUGH_S = 3 * 3600  # after warm-up, for the bound to be held against that
MOST_RISE = 3  # of descriptors and threads: viewers come and go
LONG_ENOUGH_FOR_RISE_S = 3600  # of one piece, after warm-up: so few viewers make noise in less
# A camera that is cut off is in nobody's hand; the rest may not be.
ALLOWED_GAPS = {"camera", "network", "deleted"}


# What memory is made of besides code and stacks: told, to see what grows, and not judged.
PARTS = {
    "used_mib": "what the program has asked for",
    "holes_mib": "holes between it in the heaps",
}


@dataclass
class Verdict:
    slope: fit.Slope
    parts: dict[str, fit.Slope]
    judged: bool  # it was long enough for the bound
    warm_up_s: float
    longest_s: float
    peaks: dict[str, float]
    rises: dict[str, float | None]  # None: no piece is long enough to say
    misses: list[str] = field(default_factory=list)


def load(work: pathlib.Path) -> list[dict[str, float]]:
    with (work / "samples.csv").open() as file:
        return [
            {key: value if key == "utc" else float(value) for key, value in row.items()}
            for row in csv.DictReader(file)
        ]


def pieces_of(rows: list[dict], key: str, after_s: float) -> list[list[tuple[float, float]]]:
    out: dict[float, list[tuple[float, float]]] = {}
    for row in rows:
        if row["at_s"] >= after_s:
            out.setdefault(row["piece"], []).append((row["at_s"], row[key]))
    return list(out.values())


def _judge_piece(piece: dict, misses: list[str]) -> None:
    who = f"piece {piece['number']}"
    if piece["crashed"]:
        misses.append(f"{who}: the recorder {piece['crashed']}")
    for key, what in (
        ("errors", "errors in the log"),
        ("enospc", "times a full disk"),
        ("frames_lost", "frames lost"),
        ("lost_in_files", "pictures missing inside of files"),
        ("unplayable", "files do not play"),
    ):
        if piece.get(key):
            misses.append(f"{who}: {piece[key]} {what}")
    for reason, seconds in piece.get("gaps_s", {}).items():
        if reason not in ALLOWED_GAPS:
            misses.append(f"{who}: {seconds:.1f} s are missing ({reason})")


def judge(work: pathlib.Path, state: dict, warm_up_s: float) -> Verdict:
    rows = load(work)
    memory = pieces_of(rows, "rss_mib", warm_up_s)
    judged_s = sum(piece[-1][0] - piece[0][0] for piece in memory)
    long_pieces = {
        key: [
            piece
            for piece in pieces_of(rows, key, warm_up_s)
            if piece[-1][0] - piece[0][0] >= LONG_ENOUGH_FOR_RISE_S
        ]
        for key in ("fds", "threads")
    }
    rises = {
        key: max((fit.rise(one) for one in pieces), default=None)
        for key, pieces in long_pieces.items()
    }
    out = Verdict(
        slope=fit.slope(memory),
        parts={key: fit.slope(pieces_of(rows, key, warm_up_s)) for key in PARTS},
        judged=judged_s >= LONG_ENOUGH_S,
        warm_up_s=warm_up_s,
        longest_s=max(piece["seconds"] for piece in state["pieces"]),
        peaks={
            key: max((row[key] for row in rows), default=0.0)
            for key in ("rss_mib", "pss_mib", "fds", "threads", "wal_mib", "longest_turn_ms")
        },
        rises=rises,
    )
    slope = out.slope
    if out.judged and slope.bound > MOST_PER_DAY:
        out.misses.append(f"memory may grow by {slope.bound:.1f} MiB a day")
    # Too short for the bound: then it must not be sure that it grows.
    elif not out.judged and slope.known and 2 * slope.per_day - slope.bound > MOST_PER_DAY:
        out.misses.append(f"memory grows by {slope.per_day:.1f} MiB a day")
    for key, value in rises.items():
        if value is not None and value > MOST_RISE:
            out.misses.append(f"{value:g} more {key} at the end than at the beginning")
    for piece in state["pieces"]:
        _judge_piece(piece, out.misses)
    return out


def draw(work: pathlib.Path, file: pathlib.Path) -> None:
    try:
        import matplotlib
    except ImportError:
        print("python3-matplotlib is not installed, so no curves are drawn")
        return
    matplotlib.use("Agg")
    from matplotlib import pyplot

    rows = load(work)
    curves = [
        (("rss_mib", "pss_mib", *PARTS), "MiB"),
        (("fds", "threads"), "descriptors, threads"),
        (("wal_mib",), "WAL, MiB"),
        (("longest_turn_ms",), "longest turn, ms"),
        (("free_mib",), "free, MiB"),
    ]
    figure, axes = pyplot.subplots(len(curves), 1, sharex=True, figsize=(10, 11))
    hours, offset, last = [], 0.0, 0.0
    borders = []
    for before, row in zip([None, *rows], rows):
        if before is not None and row["piece"] != before["piece"]:
            offset += last
            borders.append(offset / 3600)
        last = row["at_s"]
        hours.append((offset + last) / 3600)
    for axis, (keys, unit) in zip(axes, curves):
        for key in keys:
            axis.plot(hours, [row[key] for row in rows], linewidth=0.8, label=key)
        for border in borders:
            axis.axvline(border, color="gray", linestyle=":")
        axis.set_ylabel(unit)
        axis.set_ylim(bottom=0)
        axis.legend(loc="lower right", fontsize=8)
    axes[-1].set_xlabel("hours; dotted: the recorder was started anew")
    figure.tight_layout()
    figure.savefig(file, dpi=80)
    pyplot.close(figure)


def _first_line(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    return (done.stdout.splitlines() or ["unknown"])[0]


def _shown(slope: fit.Slope) -> str:
    bound = f"95 % sure: below {slope.bound:.2f}" if slope.known else "nothing is sure"
    return f"{slope.per_day:.2f}, {bound}"


def markdown(state: dict, verdict: Verdict, arguments) -> str:
    pieces = state["pieces"]
    slope = verdict.slope
    total_h = sum(piece["seconds"] for piece in pieces) / 3600
    lines = [
        "# Soak",
        "",
        f"Written by `./test --soak`. It is a soak of {verdict.longest_s / 60:.0f} minutes, its "
        f"longest piece: in all {total_h:.2f} h, but the recorder was started anew with each of "
        f"the {len(pieces)} pieces, over the same data.",
        "",
        f"{_first_line(str(BUILD / 'ronin-nvr'), '--version')}, Linux {platform.release()}, "
        f"{os.cpu_count()} processors, {arguments.cameras} cameras at 500 kbit/s, files of 10 s, "
        f"a volume of {arguments.volume_mib} MiB. Each camera is cut off once a minute. Eight "
        "viewers come and go: HLS, events, files streamed and downloaded, timelines, snapshots. "
        "There are no exports yet; whole recordings are downloaded instead.",
        "",
        "| figure | measured | target |",
        "|---|---|---|",
        f"| memory (RSS) after {verdict.warm_up_s / 60:.0f} min, MiB per day | "
        f"{_shown(slope)} ({slope.blocks} means of 5 min) | below "
        f"{MOST_PER_DAY:g}{'' if verdict.judged else '; too short to say'} |",
    ]
    lines += [f"| of it {what} | {_shown(verdict.parts[key])} | |" for key, what in PARTS.items()]
    for key, value in verdict.rises.items():
        shown = "too short to say" if value is None else f"{value:+g}"
        lines.append(f"| {key}, last third against first | {shown} | at most +{MOST_RISE} |")
    names = {
        "rss_mib": "RSS, MiB",
        "pss_mib": "PSS, MiB",
        "fds": "file descriptors",
        "threads": "threads",
        "wal_mib": "WAL of both databases, MiB",
        "longest_turn_ms": "turn of the main loop, ms",
    }
    lines += [f"| most: {name} | {verdict.peaks[key]:g} | |" for key, name in names.items()]
    lines += ["", "| piece | minutes | reconnects | visits | refused | read, MiB | frames lost | "]
    lines[-1] += "missing in files | full disk | errors | warnings | missing time, s |"
    lines.append("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for one in pieces:
        gaps = ", ".join(f"{reason} {s:.0f}" for reason, s in one.get("gaps_s", {}).items())
        refused = ", ".join(f"{what}: {n}" for what, n in sorted(one["refused"].items()))
        cells = [one["number"], f"{one['seconds'] / 60:.0f}", one["reconnects"]]
        cells += [sum(one["visits"].values()), refused or 0, one["read_mib"], one["frames_lost"]]
        cells += [f"{one.get('lost_in_files', '?')} of {one.get('read_files', 0)} files"]
        cells += [one["enospc"], one["errors"], one["warnings"], gaps or 0]
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    lines += ["", "Passed." if not verdict.misses else "Not passed:"]
    lines += [f"- {miss}" for miss in verdict.misses]
    for piece in pieces:
        lines += [f"- log of piece {piece['number']}: `{line}`" for line in piece["first_errors"]]
    return "\n".join([*lines, "", "![curves](REPORT.png)", ""])
