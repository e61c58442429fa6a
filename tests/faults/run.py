#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The fault campaign: breaks the recorder in every way of the list and counts what is missing.

run.py [--full] [--only A1,C2] [--runs N] [--keep] [--write-results] [--list]
"""

import argparse
import json
import os
import pathlib
import sys
import time
import traceback

import table
from cases import FAULTS, Fault, Outcome
from lab import Lab
from media import Reader
from program import BUILD, Missing, Trouble

import group_camera  # noqa: F401  each enters its faults
import group_catalog  # noqa: F401
import group_disk  # noqa: F401
import group_power  # noqa: F401
import group_process  # noqa: F401
import group_stream  # noqa: F401
import group_time  # noqa: F401


def run_one(one: Fault, runs: int, keep: bool) -> Outcome:
    out = Outcome()
    labs: list[Lab] = []
    reader = Reader()

    def new_lab() -> Lab:
        if labs:
            out.misses += [f"left behind: {text}" for text in labs[-1].close(keep)]
        labs.append(Lab(f"{one.id}-{len(labs) + 1}", reader))
        return labs[-1]

    try:
        one.run(new_lab, out, runs)
    except Missing as error:
        out.skipped = str(error)
    except Trouble as error:
        out.misses.append(str(error))
    except Exception as error:  # a fault must not end the campaign
        traceback.print_exc()
        out.misses.append(f"{type(error).__name__}: {error}")
    if labs:
        keep = keep or bool(out.misses or out.breaks)
        out.misses += [f"left behind: {text}" for text in labs[-1].close(keep)]
    out.judge()
    return out


def chosen(arguments) -> list[Fault]:
    if arguments.only:
        wanted = arguments.only.upper().split(",")
        unknown = set(wanted) - {one.id for one in FAULTS}
        if unknown:
            sys.exit(f"There is no fault {', '.join(sorted(unknown))}; see --list")
        return [one for one in FAULTS if one.id in wanted]
    return [one for one in FAULTS if arguments.full or one.short > 0]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="every fault, as often as it should")
    parser.add_argument("--only", default="", metavar="IDS", help="such as A1,C2")
    parser.add_argument("--runs", type=int, help="how often each, instead of what the tier says")
    parser.add_argument("--keep", action="store_true", help="keep build/faults/*")
    parser.add_argument("--write-results", action="store_true", help="writes RESULTS.md")
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    FAULTS.sort(key=lambda one: (one.id[0], int(one.id[1:])))
    if arguments.list:
        for one in FAULTS:
            print(f"{one.id:4} {'short' if one.short else 'full ':5} {one.title}: {one.target}")
        return 0
    if os.geteuid() != 0:
        sys.exit("The campaign mounts disks and makes networks: run it as root.")
    (BUILD / "faults").mkdir(exist_ok=True)
    good = True
    store = table.Store(BUILD / "faults" / "results.json")
    ran = []
    for one in chosen(arguments):
        runs = arguments.runs or (one.full if arguments.full else max(one.short, 1))
        began = time.monotonic()
        print(f"== {one.id} {one.title} ({runs})", flush=True)
        outcome = run_one(one, runs, arguments.keep)
        good = good and outcome.passed
        store.put(one, outcome, time.monotonic() - began)
        ran.append(one.id)
        print(table.details(outcome), flush=True)
    print(table.text(store, ran))
    if arguments.write_results:
        (pathlib.Path(__file__).parent / "RESULTS.md").write_text(table.markdown(store))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
