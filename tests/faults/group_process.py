# SPDX-License-Identifier: MIT
"""A: the recorder is killed, stopped, paused, starved or started twice."""

import queue
import random
import resource
import socket
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor

import tracing
from cases import Outcome, fault
from cgroup import MemoryGroup
from program import Trouble, mono_ns, until, wait_s

NS = 1_000_000_000


def _four_cameras(lab) -> None:
    lab.add("short", 2)
    lab.add("long", 2, gop=10)


BATCH = 20  # kills of one folder; then a fresh one, so that reading stays quick
LANES = 6  # folders side by side: most of the time they wait


def _kill_often(lab, kills: int) -> None:
    _four_cameras(lab)
    lab.record()
    for i in range(kills):
        lab.until_grows()
        if i % 2:
            lab.until_new_files(1)
            wait_s(random.uniform(0, 0.6))
        else:
            wait_s(random.uniform(1, 6))
        lab.crash_and_restart()


@fault(
    "A1",
    "killed at random moments, half of them at a file border",
    "0 unplayable; lost in file <= 0.5 s, median <= 0.25 s, GOP 1 s and 10 s",
    short=2,
    full=3000,
    minutes=90,
)
def killed(new_lab, out: Outcome, runs: int) -> None:
    lost: dict[str, list[float]] = {"GOP 1 s": [], "GOP 10 s": []}
    lock = threading.Lock()
    lanes: queue.Queue = queue.Queue()
    for lane in range(LANES):
        lanes.put(lane)

    def batch(kills: int) -> None:
        lane = lanes.get()
        lab = new_lab(lane)
        try:
            _kill_often(lab, kills)
            report = lab.check()
        except Trouble as trouble:  # the other batches go on
            lab.keep = True
            out.misses.append(f"{lab.work.name}: {trouble}")
            return
        finally:
            lanes.put(lane)
        with lock:
            out.add(report)
            for which, name in ((0, "GOP 1 s"), (1, "GOP 10 s")):
                for camera_id in lab.cameras[which].ids:
                    lost[name] += report.camera(camera_id).lost_before_s

    kills = [BATCH] * (runs // BATCH) + [runs % BATCH] * (runs % BATCH > 0)
    with ThreadPoolExecutor(LANES) as pool:
        list(pool.map(batch, kills))
    for name, values in lost.items():
        out.losses(values, 0.5, 0.25, f", {name}")
    out.at_most(
        "other pictures lost", out.lost_in_file - round(sum(map(sum, lost.values())) * 25), 0, ""
    )
    out.runs = runs


POINTS = {
    "open": "openat,mkdir",
    "write": "write,writev,pwrite64",
    "sync": "fdatasync,fsync,syncfs",
    "cut": "ftruncate,unlink,rename",
}


@fault(
    "A3",
    "killed at the N-th system call of a file's life (sampled)",
    "every point recovers: 0 unplayable, catalog = disk",
    short=4,
    full=80,
    minutes=25,
)
def killed_at_call(new_lab, out: Outcome, runs: int) -> None:
    hit = 0
    for i in range(runs):
        name = list(POINTS)[i % len(POINTS)]
        nth = random.randint(1, {"open": 200, "write": 40, "sync": 5, "cut": 2}[name])
        lab = new_lab()
        lab.add("one")
        lab.record()
        lab.daemon.stop()
        # Only what concerns recordings and databases: traced from a second start on.
        lab.daemon.prefix = tracing.kill_at(POINTS[name], nth, lab.work)
        program = lab.daemon.launch()
        limit = mono_ns() + 14 * NS
        while program.running() and mono_ns() < limit:
            wait_s(0.05)
        at = mono_ns()
        if program.running():
            program.kill()
        else:
            hit += 1
        lab.daemon.prefix = []
        lab.outage(lab.cameras[0].program.started_ns, "crash", "restart", "stopped").end_ns = at
        lab.daemon.start()
        lab.until_recorded()
        out.add(lab.check())
    out.say(f"{hit} of {runs} points were reached")
    out.expect("some point was reached", hit > 0)


@fault(
    "A4",
    "orderly stop and restart, 16 cameras",
    "exit 0; first picture of all <= 3 s after the start; 0 lost in files",
    alone=True,
)
def restarted(new_lab, out: Outcome, runs: int) -> None:
    lab = new_lab()
    lab.add("many", 16)
    lab.record()
    lab.until_grows()
    wait_s(2)
    before = mono_ns()
    lab.daemon.stop()
    took = (mono_ns() - before) / NS
    outage = lab.outage(before - int(0.2 * NS), "restart", "stopped")
    outage.end_ns = lab.daemon.start()
    lab.until_recorded()
    report = out.add(lab.check(2.5))
    backs = [back for one in report.cameras for back in one.back_after_s]
    out.at_most("SIGTERM to exit", took, 5)
    worst = None if None in backs else max(backs)
    out.at_most("start to the first picture of the last camera", worst, 3)
    out.no_loss_in_files()


@fault(
    "A5",
    "killed while it recovers, three times in a row",
    "as A1; recovery is idempotent",
    full=20,
)
def killed_in_recovery(new_lab, out: Outcome, runs: int) -> None:
    for _ in range(runs):
        lab = new_lab()
        lab.add("short", 4)
        lab.record()
        lab.until_grows()
        wait_s(1)
        killed_at = lab.daemon.kill()
        for _ in range(3):
            program = lab.daemon.launch()
            wait_s(random.uniform(0.02, 0.25))
            program.kill()
        outage = lab.outage(killed_at, "crash", "restart")
        outage.end_ns = lab.daemon.start()
        lab.until_recorded()
        report = out.add(lab.check())
        out.losses([s for one in report.cameras for s in one.lost_before_s], 0.5, 0.25)


@fault("A6", "killed by the kernel: out of memory", "as A1", full=5)
def out_of_memory(new_lab, out: Outcome, runs: int) -> None:
    for _ in range(runs):
        lab = new_lab()
        lab.add("short", 2)
        group = MemoryGroup(lab)
        lab.daemon.prefix = group.prefix()
        lab.record()
        wait_s(3)
        lab.daemon.prefix = []
        group.starve(lab.daemon.pid)
        until("the kernel kills it", lambda: not lab.daemon.program.running(), 30, 0.001)
        outage = lab.outage(mono_ns(), "crash", "restart")
        outage.end_ns = lab.daemon.start()
        lab.until_recorded()
        report = out.add(lab.check())
        out.losses([s for one in report.cameras for s in one.lost_before_s], 0.5, 0.25)


@fault(
    "A7",
    "paused (SIGSTOP) and woken",
    "time error after it <= 0.1 s; 0 lost in files; no overlap",
    full=3,
    minutes=12,
)
def paused(new_lab, out: Outcome, runs: int) -> None:
    for pause_s in (5, 60, 600)[:runs]:
        lab = new_lab()
        lab.add("short", 2)
        lab.record()
        lab.until_grows()
        wait_s(2)
        outage = lab.outage(
            lab.daemon.pause() - int(0.2 * NS),
            "restart",
            "overload",
            "network",
            "camera",
            "clock",
            "crash",
        )
        wait_s(pause_s)
        outage.end_ns = lab.daemon.resume()
        lab.until_recorded()
        wait_s(3)
        report = out.add(lab.check())
        worst = max(one.worst_time_error_s for one in report.cameras)
        out.at_most(f"time error after {pause_s} s", worst, 0.1)
        out.no_loss_in_files()


@fault(
    "A8",
    "one camera's streaming thread hangs",
    "seen <= 5 s; the others lose 0 pictures",
)
def one_hangs(new_lab, out: Outcome, runs: int) -> None:
    lab = new_lab()
    lab.add("hangs")
    lab.add("others", 3)
    lab.daemon.start()
    lab.enter(lab.cameras[1])
    lab.until_recorded()
    # Last, and told by their names, too: a thread that has nothing to do is given to whoever comes.
    known = lab.daemon.threads()
    lab.enter(lab.cameras[0])
    lab.until_recorded()
    lab.until_grows()
    wait_s(1)
    mine = {t: n for t, n in lab.daemon.threads().items() if known.get(t) != n}
    tracer = tracing.hang_threads(mine, 30, lab.work)
    at = mono_ns()
    outage = lab.outage(
        at - int(0.2 * NS), "camera", "disk", "overload", "network", cameras=[lab.cameras[0]]
    )
    camera_id = lab.cameras[0].ids[0]
    try:
        until("it is seen", lambda: lab.daemon.camera(camera_id)["status"] != "recording", 12)
        out.at_most("seen after", (mono_ns() - at) / NS, 5)
    except Exception:
        out.at_most("seen after", None, 5)
    finally:
        tracer.end()
        outage.end_ns = mono_ns()
    lab.until_recorded(60)
    report = out.add(lab.check())
    others = sum(len(report.camera(i).lost_in_file) for i in lab.cameras[1].ids)
    out.at_most("others lost", others, 0, "pictures")


@fault("A10", "no more file descriptors", "0 pictures lost; the web refuses first")
def no_descriptors(new_lab, out: Outcome, runs: int) -> None:
    lab = new_lab()
    lab.add("short", 3)
    lab.record()
    lab.until_grows()
    used = lab.daemon.open_files()
    _, hard = resource.prlimit(lab.daemon.pid, resource.RLIMIT_NOFILE)
    before = resource.prlimit(lab.daemon.pid, resource.RLIMIT_NOFILE, (used + 6, hard))
    held = []
    for _ in range(40):
        one = socket.create_connection((lab.daemon.url.hostname, lab.daemon.url.port), 5)
        held.append(one)
    # Over a border: new files are what needs descriptors.
    try:
        lab.until_new_files(3, 25)
    finally:
        for one in held:
            one.close()
    resource.prlimit(lab.daemon.pid, resource.RLIMIT_NOFILE, before)
    wait_s(1)
    lab.until_recorded()
    out.add(lab.check())
    out.no_loss_in_files()


@fault("A11", "started twice on one folder", "refused <= 1 s with a sentence; nothing written")
def started_twice(new_lab, out: Outcome, runs: int) -> None:
    lab = new_lab()
    lab.add("short")
    lab.record()
    lab.until_grows()
    began = mono_ns()
    done = subprocess.run(
        lab.daemon.command(), capture_output=True, text=True, timeout=20, check=False
    )
    out.at_most("refused after", (mono_ns() - began) / NS, 1)
    out.expect("the second ends with an error", done.returncode not in (0, None))
    out.expect("it says why", str(lab.daemon.data) in done.stderr or "already" in done.stderr)
    out.add(lab.check())
    out.no_loss_in_files()
