# SPDX-License-Identifier: MIT
"""D: clocks are set, jump or are wrong. libfaketime moves the recorder's, and only its own."""

import pathlib
import time

from cases import Outcome, fault
from program import Missing, mono_ns, wait_s

NS = 1_000_000_000
FOLDERS = ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib")


class WallClock:
    """The clock on the wall of one process, which can be set while it runs."""

    def __init__(self, work: pathlib.Path, offset_s: float = 0):
        self.file = work / "faketime"
        self.steps: list[tuple[int, int]] = []  # (CLOCK_MONOTONIC, offset), both in ns
        self.set(offset_s)

    def set(self, offset_s: float) -> int:
        """Moves it away from the real one; gives the (true) monotonic time of the step."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{offset_s:+.3f}\n")
        fresh.replace(self.file)
        self.steps.append((mono_ns() if self.steps else 0, int(offset_s * NS)))
        return mono_ns()

    def environment(self) -> dict[str, str]:
        found = [
            file
            for folder in FOLDERS
            for file in pathlib.Path(folder).glob("faketime/libfaketimeMT.so.1")
        ]
        if not found:
            raise Missing("libfaketime is not installed (package faketime)")
        return {
            "LD_PRELOAD": str(found[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }


def _under_clock(new_lab, offset_s: float = 0):
    lab = new_lab()
    clock = WallClock(lab.work, offset_s)
    lab.daemon.env = clock.environment()
    lab.clock_steps = clock.steps
    lab.add("one", 2)
    lab.record()
    lab.until_grows()
    return lab, clock


def _right_times(out: Outcome, report, steps: int) -> None:
    """Pictures around a step may have the old clock's time for a moment."""
    wrong = max(one.wrong_times / one.fps for one in report.cameras)
    out.at_most("pictures with a wrong time", wrong, 2 * steps)


def _steps(new_lab, out: Outcome, steps: list[float], hold_s: float = 6) -> None:
    """Sets the clock to each of the offsets in turn, then back; all footage must stay."""
    lab, clock = _under_clock(new_lab)
    for offset in [*steps, 0.0]:
        wait_s(hold_s)
        lab.outage(clock.set(offset) - NS // 5, "clock").end_ns = mono_ns()
    wait_s(hold_s)
    before = set(lab.files())
    lab.until_recorded()
    report = out.add(lab.check())
    out.expect("no file was deleted", before <= set(lab.files()))
    out.no_loss_in_files()
    out.at_most("lost at the steps", out.lost_in_gap, 0, "pictures")
    _right_times(out, report, len(steps) + 1)


@fault(
    "D1", "clock is set 1 h ahead and back while recording", "0 lost; 0 files deleted; no overlap"
)
def one_hour(new_lab, out: Outcome, runs: int) -> None:
    _steps(new_lab, out, [3600.0])


@fault("D3", "start in 1970, corrected later", "0 lost; 0 files deleted; right after it")
def from_1970(new_lab, out: Outcome, runs: int) -> None:
    lab, clock = _under_clock(new_lab, -(time.time() - 1000))
    wait_s(5)
    lab.outage(clock.set(0) - NS // 5, "clock").end_ns = mono_ns()
    wait_s(12)
    lab.until_recorded()
    _right_times(out, out.add(lab.check()), 1)
    out.no_loss_in_files()
    late = [file for file in lab.files() if "/1970-" not in str(file)]
    out.expect("files after the correction have the right day", len(late) >= 2)


@fault("D5", "leap second: one second twice", "0 lost; no overlap")
def leap_second(new_lab, out: Outcome, runs: int) -> None:
    _steps(new_lab, out, [-1.0])


@fault(
    "D6",
    "camera's clock wrong by days and 500 ppm fast",
    "time error <= 0.2 s; 0 lost; its clock is kept as evidence",
)
def camera_clock(new_lab, out: Outcome, runs: int) -> None:
    lab = new_lab()
    odd = lab.add("odd")
    odd.tell(f"wall 1 {-5 * 86_400_000}")
    odd.tell("clock 1 500")
    lab.record()
    lab.until_new_files(1)
    wait_s(4)
    ended = [one for one in lab.daemon.get("/api/recordings")["items"] if one["camera_clock"]]
    off_s = ended[-1]["camera_clock"]["offset_us"] / 1e6 + 5 * 86_400 if ended else None
    report = out.add(lab.check())
    out.no_loss_in_files()
    out.at_most("time error", report.cameras[0].worst_time_error_s, 0.2)
    out.at_most("error of the camera's clock as kept", off_s and abs(off_s), 0.2)


@fault("D7", "the years 2039 and 2107", "records, plays, lists; 0 lost", full=2)
def far_years(new_lab, out: Outcome, runs: int) -> None:
    for year in (2039, 2107)[:runs]:
        away = (year - 1970) * 365.2425 * 86400 + 40 * 86400 - time.time()
        lab, _ = _under_clock(new_lab, away)
        wait_s(3)
        rows = lab.daemon.get("/api/recordings")["items"]
        out.expect(f"recordings of {year} are listed", bool(rows))
        out.expect("they have that year", all(str(year) in row["start"] for row in rows))
        _right_times(out, out.add(lab.check()), 0)
        out.no_loss_in_files()


@fault("D8", "machine sleeps: pause and clock step at once", "no overlap; 0 lost in files")
def sleeps(new_lab, out: Outcome, runs: int) -> None:
    lab, clock = _under_clock(new_lab)
    wait_s(2)
    outage = lab.outage(lab.daemon.pause() - NS // 5, "clock", "restart", "camera", "network")
    clock.set(600)
    wait_s(6)
    outage.end_ns = lab.daemon.resume()
    lab.until_recorded()
    wait_s(4)
    _right_times(out, out.add(lab.check()), 1)
    out.no_loss_in_files()
