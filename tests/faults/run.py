#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The fault campaign: breaks the recorder in every way of the list and counts what is missing.

run.py [--full] [--only A1,C2] [--runs N] [--jobs N] [--keep] [--write-results] [--list]
"""

import argparse
import itertools
import os
import pathlib
import queue
import signal
import subprocess
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

import table
from cases import FAULTS, Fault, Outcome
from lab import Lab
from program import BUILD, SLOT, Missing, Trouble, ending_with_parent

import group_camera  # noqa: F401  each enters its faults
import group_catalog  # noqa: F401
import group_control  # noqa: F401
import group_disk  # noqa: F401
import group_power  # noqa: F401
import group_process  # noqa: F401
import group_retention  # noqa: F401
import group_stream  # noqa: F401
import group_time  # noqa: F401
import group_web  # noqa: F401


STORE = BUILD / "faults" / "results"


def run_one(one: Fault, runs: int, keep: bool) -> Outcome:
    out = Outcome()
    labs: dict[int, Lab] = {}
    names = (f"{one.id}-{i}" for i in itertools.count(1))

    def new_lab(lane: int = 0) -> Lab:
        """One at a time in each lane; lanes are for faults that have several side by side."""
        if lane in labs:
            out.misses += [f"left behind: {text}" for text in labs[lane].close(keep)]
        labs[lane] = Lab(next(names))
        return labs[lane]

    try:
        one.run(new_lab, out, runs)
    except Missing as error:
        out.skipped = str(error)
    except Trouble as error:
        out.misses.append(str(error))
    except Exception as error:  # a fault must not end the campaign
        traceback.print_exc()
        out.misses.append(f"{type(error).__name__}: {error}")
    finally:  # also when it is told to end: no mount, network or daemon stays
        keep = keep or bool(out.misses or out.breaks)
        for lab in labs.values():
            out.misses += [f"left behind: {text}" for text in lab.close(keep)]
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


def run_here(one: Fault, arguments) -> None:
    """One fault in this process; its result goes to the store."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    runs = runs_of(one, arguments)
    began = time.monotonic()
    outcome = run_one(one, runs, arguments.keep)
    table.Store(STORE).put(one, outcome, time.monotonic() - began)
    print(f"== {one.id} {one.title} ({runs})\n{table.details(outcome)}", flush=True)


def runs_of(one: Fault, arguments) -> int:
    return arguments.runs or (one.full if arguments.full else max(one.short, 1))


def run_beside(one: Fault, arguments, slots: queue.Queue) -> None:
    """One fault in a process of its own, as soon as a slot is free."""
    slot = slots.get()
    command = ending_with_parent("TERM")
    command += [sys.executable, __file__, "--only", one.id, "--here"]
    command += ["--runs", str(runs_of(one, arguments))] + ["--keep"] * arguments.keep
    try:
        env = {**os.environ, SLOT: str(slot)}
        subprocess.run(command, env=env, check=False)
    finally:
        slots.put(slot)


def run_all(faults: list[Fault], arguments) -> None:
    """Most faults wait most of the time; those that do not, run alone and first. Of the others,
    those that take longest begin."""
    slots: queue.Queue = queue.Queue()
    for slot in range(arguments.jobs):
        slots.put(slot)
    for one in [fault for fault in faults if fault.alone]:
        run_beside(one, arguments, slots)
    with ThreadPoolExecutor(arguments.jobs) as pool:
        beside = [fault for fault in faults if not fault.alone]
        beside.sort(key=lambda one: -one.minutes)
        list(pool.map(lambda one: run_beside(one, arguments, slots), beside))


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="every fault, as often as it should")
    parser.add_argument("--only", default="", metavar="IDS", help="such as A1,C2")
    parser.add_argument("--runs", type=int, help="how often each, instead of what the tier says")
    parser.add_argument("--jobs", type=int, default=4, help="how many side by side (4)")
    parser.add_argument("--keep", action="store_true", help="keep build/faults/*")
    parser.add_argument("--write-results", action="store_true", help="writes RESULTS.md")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> int:
    arguments = parse()
    FAULTS.sort(key=lambda one: (one.id[0], int(one.id[1:])))
    if arguments.list:
        for one in FAULTS:
            print(f"{one.id:4} {'short' if one.short else 'full ':5} {one.title}: {one.target}")
        return 0
    if os.geteuid() != 0:
        sys.exit("The campaign mounts disks and makes networks: run it as root.")
    faults = chosen(arguments)
    if arguments.here:
        for one in faults:
            run_here(one, arguments)
        return 0
    store = table.Store(STORE)
    for one in faults:
        store.forget(one.id)  # a fault that dies must not show an older result
    run_all(faults, arguments)
    store.load()
    ids = [one.id for one in faults]
    print(table.text(store, ids), flush=True)
    if arguments.write_results:
        results = pathlib.Path(__file__).parent / "RESULTS.md"
        results.write_text(table.markdown(store, ids, results.read_text()))
    return 0 if all(store.result(fault_id) == "pass" for fault_id in ids) else 1


if __name__ == "__main__":
    sys.exit(main())
