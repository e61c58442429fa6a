# SPDX-License-Identifier: MIT
"""The table at the end, and RESULTS.md."""

import datetime
import json
import os
import pathlib
import platform
import re
import subprocess

from cases import Fault, Outcome
from program import BUILD

MOST_SHOWN = 6


def details(out: Outcome) -> str:
    lines = [f"   skipped, so not passed: {out.skipped}"] if out.skipped else []
    lines += [f"   broken: {text}" for text in out.breaks[:MOST_SHOWN]]
    if len(out.breaks) > MOST_SHOWN:
        lines.append(f"   and {len(out.breaks) - MOST_SHOWN} more")
    lines += [f"   missed: {text}" for text in out.misses[:MOST_SHOWN]]
    lines.append(f"   {'passed' if out.passed else 'NOT PASSED'}: {out.measured}")
    return "\n".join(lines)


class Store:
    """The newest result of each fault, kept over runs, so that a campaign can be run in parts."""

    def __init__(self, path: pathlib.Path):
        path.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.rows: dict[str, dict] = {}
        self.load()

    def load(self) -> None:
        """Also what other processes have put there."""
        for file in self.path.glob("*.json"):
            self.rows[file.stem] = json.loads(file.read_text())

    def put(self, one: Fault, out: Outcome, seconds: float) -> None:
        self.rows[one.id] = {
            "title": one.title,
            "target": one.target,
            "runs": out.runs,
            "lost_in_file": out.lost_in_file,
            "lost_in_gap": out.lost_in_gap,
            "unplayable": f"{out.unplayable}/{out.files}",
            "breaks": len(out.breaks),
            "measured": out.measured,
            "misses": out.misses[:MOST_SHOWN],
            "result": out.result,
            "reason": out.skipped or "; ".join((out.misses + out.breaks)[:2]),
            "seconds": round(seconds, 1),
            "load": round(os.getloadavg()[0], 1),
            "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M"),
        }
        (self.path / f"{one.id}.json").write_text(json.dumps(self.rows[one.id], indent=1))

    def forget(self, fault_id: str) -> None:
        self.rows.pop(fault_id, None)
        (self.path / f"{fault_id}.json").unlink(missing_ok=True)

    def result(self, fault_id: str) -> str:
        return self.rows[fault_id]["result"] if fault_id in self.rows else "died"


HEADINGS = ["fault", "runs", "lost in file", "lost in gap", "unplayable", "breaks", "result"]


def _cells(fault_id: str, row: dict) -> list[str]:
    keys = ("runs", "lost_in_file", "lost_in_gap", "unplayable", "breaks", "result")
    return [fault_id, *(str(row[key]) for key in keys)]


def text(store: Store, ids: list[str]) -> str:
    lines = ["", "  ".join(f"{name:>12}" for name in HEADINGS) + "  target | measured"]
    for fault_id in ids:
        if fault_id not in store.rows:
            lines.append(f"{fault_id:>12}  died: it left no result")
            continue
        row = store.rows[fault_id]
        cells = "  ".join(f"{cell:>12}" for cell in _cells(fault_id, row))
        lines.append(f"{cells}  {row['title']}: {row['target']} | {row['measured']}")
        if row["reason"]:
            lines.append(f"{'':>14}{row['reason']}")
    passed = sum(1 for fault_id in ids if store.result(fault_id) == "pass")
    lines.append(f"{passed} of {len(ids)} passed; load average {os.getloadavg()[0]:.1f}")
    return "\n".join(lines)


def _first_line(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except OSError:
        return "not installed"
    return (done.stdout.splitlines() or ["unknown"])[0]


def _row(fault_id: str, row: dict) -> str:
    def cell(value: object) -> str:
        return str(value).replace("|", "/").replace("\n", " ")

    result = row["result"] if not row["reason"] else f"{row['result']}: {row['reason']}"
    cells = [f"{fault_id} {row['title']}", *_cells(fault_id, row)[1:6]]
    cells += [row["target"], row["measured"], row["load"], row["date"], result]
    return "| " + " | ".join(cell(one) for one in cells) + " |"


def _order(line: str) -> tuple[str, int]:
    fault_id = line.split()[1]
    return fault_id[0], int(fault_id[1:])


def markdown(store: Store, ids: list[str], before: str) -> str:
    """The faults that were run now, and the rows that `before` has of all others."""
    now = [_row(fault_id, store.rows[fault_id]) for fault_id in ids if fault_id in store.rows]
    old = [line for line in before.splitlines() if re.match(r"\| [A-Z][0-9]+ ", line)]
    others = [line for line in old if line.split()[1] not in ids]
    rows = sorted(others + now, key=_order)
    passed = sum(1 for line in rows if line.endswith("| pass |"))
    versions = [
        _first_line(str(BUILD / "ronin-nvr"), "--version"),
        _first_line("gst-launch-1.0", "--version"),
        _first_line("ffprobe", "-version").split(" Copyright")[0],
        f"Linux {platform.release()}",
        f"{os.cpu_count()} processors",
    ]
    out = [
        "# Results of the fault campaign",
        "",
        f"Written by `./test --faults --write-results`, {passed} of {len(rows)} passed.",
        f"With {', '.join(versions)}.",
        "Each row is the newest run of that fault that was kept, of several runs the worst figure.",
        "A time with a high load average says little about the recorder.",
        "",
        "| fault | runs | lost in file | lost in gap | unplayable | breaks | target | measured "
        "| load | date (UTC) | result |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*out, *rows]) + "\n"
