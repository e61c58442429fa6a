#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What recording costs, beside what others need for the same cameras in the same run; what a person
sees of the live view.

run.py [--quick] [--only cameras,disk,calls,starts,mux,functions,live,viewers,network]
       [--write-results]
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys

import figures
import live_sections
import sections
from fleet import BUILD, Trouble
from phases import WORK
from program import Missing
from tables import Section, markdown, now, text

STORE = BUILD / "bench-results"
RESULTS = pathlib.Path(__file__).with_name("RESULTS.md")
NOTES = pathlib.Path(__file__).with_name("NOTES.md")  # written by hand


def plan(quick: bool) -> dict:
    """In the order of the table."""
    if quick:
        return {
            "cameras": lambda: sections.loads([4, 16], 10, 10),
            "disk": lambda: sections.disk(4, 8),
            "calls": lambda: sections.calls(4, 3),
            "starts": lambda: sections.starts(16, 100_000),
            "mux": sections.mux,
            "functions": lambda: sections.hot(True),
            "live": lambda: live_sections.live(True),
            "viewers": lambda: live_sections.viewers(True),
            "network": lambda: live_sections.network(True),
        }
    return {
        "cameras": lambda: sections.loads([4, 16, 64], 60, 600),
        "disk": lambda: sections.disk(64, 20),
        "calls": lambda: sections.calls(4, 5),
        "starts": lambda: sections.starts(64, 2_200_000),
        "mux": sections.mux,
        "functions": lambda: sections.hot(False),
        "live": lambda: live_sections.live(False),
        "viewers": lambda: live_sections.viewers(False),
        "network": lambda: live_sections.network(False),
    }


def reasons() -> str:
    """What NOTES.md has below its first lines."""
    return NOTES.read_text().split("\n\n", 2)[-1].strip()


def stored(names) -> list[Section]:
    """The newest of each, also of runs before."""
    files = [STORE / f"{name}.json" for name in names]
    return [Section.of(json.loads(file.read_text())) for file in files if file.exists()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="some minutes, with fewer cameras")
    parser.add_argument("--only", default="", help="phases, by commas")
    parser.add_argument("--write-results", action="store_true", help="RESULTS.md beside this file")
    arguments = parser.parse_args()
    phases = plan(arguments.quick)
    names = [name for name in arguments.only.split(",") if name] or list(phases)
    if unknown := set(names) - set(phases):
        parser.error(f"there is no phase {', '.join(sorted(unknown))}: {', '.join(phases)}")
    STORE.mkdir(parents=True, exist_ok=True)
    failed = False
    for name in names:
        print(f"… {name}", file=sys.stderr, flush=True)
        strangers = figures.busy_cores(2)
        try:
            section = phases[name]()
        except (Trouble, Missing, OSError, subprocess.SubprocessError) as error:
            print(f"{name} was not measured: {error}", flush=True)
            failed = True
            continue
        section.when = now() + (", quickly" if arguments.quick else "")
        if strangers > figures.BUSY:
            section.when += f", UNDER LOAD: others used {strangers:.1f} cores before it began"
        (STORE / f"{name}.json").write_text(json.dumps(section.as_dict(), indent=1))
        print(f"{text(section)}\n({section.when})\n", flush=True)
    shutil.rmtree(WORK, ignore_errors=True)
    if arguments.write_results:
        how = f"./test --bench{'=quick' if arguments.quick else ''} --write-results"
        before = RESULTS.read_text() if RESULTS.exists() else ""
        RESULTS.write_text(markdown(stored(phases), how, before, reasons()))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
