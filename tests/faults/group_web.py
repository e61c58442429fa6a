# SPDX-License-Identifier: MIT
"""E: clients that ask for too much."""

import http.client
import random
import statistics
import time

from cases import Outcome, fault
from program import BUILD, Missing, mono_ns, run, wait_s

NS = 1_000_000_000
ROWS = 10_000_000
YEARS_US = 10 * 365 * 86_400_000_000


def _seconds(ask) -> float:
    before = mono_ns()
    ask()
    return (mono_ns() - before) / NS


def _hang_up_on(url, path: str) -> None:
    """Asks, and is gone before there is an answer."""
    link = http.client.HTTPConnection(url.hostname, url.port, timeout=5)
    link.request("GET", path)
    link.close()


def _p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


@fault(
    "E12",
    "timelines of ten years over 10 million files; clients that do not wait for them",
    "p99 <= 0.2 s; who has gone is not worked for; 0 pictures lost",
    short=0,
    minutes=6,
)
def long_timelines(new_lab, out: Outcome, runs: int) -> None:
    maker = BUILD / "tests/bench/make-big-catalog"
    if not maker.exists():
        raise Missing("tests/bench/make-big-catalog is not built")
    lab = new_lab()
    lab.daemon.data.mkdir()
    run(str(maker), str(lab.daemon.data / "catalog.db"), str(ROWS), limit_s=1200)
    lab.daemon.start(120)
    # The catalog's cameras have the numbers 1 to 64; two of them record.
    lab.add("two", 2)
    for group in lab.cameras:
        lab.enter(group)
    lab.until_recorded()
    now_ms = int(time.time() * 1000)
    begin_ms = now_ms - YEARS_US // 1000
    timeline = f"/api/timeline?start={begin_ms}&end={now_ms}&resolution_s=86400&camera_id="
    dice = random.Random(12)
    took = []
    for _ in range(200):
        took.append(
            _seconds(lambda: lab.daemon.get(timeline + str(dice.choice(lab.cameras[0].ids))))
        )
    out.at_most("ten years of a camera, p99", _p99(took), 0.2)
    out.say(f"median {statistics.median(took) * 1000:.1f} ms")
    listed = f"/api/recordings?camera_id=1&start={begin_ms}&end={now_ms}&limit=1000"
    out.at_most("a page of its files", _seconds(lambda: lab.daemon.get(listed)), 0.2)
    # All spans, without a resolution that makes them few.
    heavy = f"/api/timeline?start={begin_ms}&end={now_ms}&camera_id=1&camera_id=2"
    alone = _seconds(lambda: lab.daemon.get(heavy))
    for _ in range(100):
        _hang_up_on(lab.daemon.url, heavy)
    one = lab.cameras[0].ids[0]
    out.at_most("the next timeline", _seconds(lambda: lab.daemon.get(timeline + str(one))), 1)
    out.say(f"one that nobody hangs up on takes {alone:.2f} s")
    out.at_most("the next answer", _seconds(lambda: lab.daemon.get("/health")), 0.25)
    wait_s(1)
    # The catalog's rows are of files that are on no disk here: only what was recorded is looked at.
    lost = [lab.daemon.get(f"/api/cameras/{i}/recording/status") for i in lab.cameras[0].ids]
    out.at_most("lost", sum(status["frames_lost"] for status in lost), 0, "pictures")
    out.runs += 1
