# SPDX-License-Identifier: MIT
"""C9 to C14: what the camera sends is odd."""

from cases import Outcome, fault
from program import mono_ns, until, wait_s

NS = 1_000_000_000


def _running(new_lab, seconds: float = 2, **options):
    lab = new_lab()
    lab.add("odd", **options)
    lab.record()
    lab.until_grows()
    wait_s(seconds)
    return lab


def _all_recorded(out: Outcome, report) -> None:
    out.no_loss_in_files()
    out.at_most("lost in gaps", out.lost_in_gap, 0, "pictures")


@fault("C9", "resolution changes within the stream", "0 pictures lost; both files play")
def resolution(new_lab, out: Outcome, runs: int) -> None:
    lab = _running(new_lab)
    lab.cameras[0].tell("switch 1 1280x720")
    wait_s(4)
    lab.cameras[0].tell("switch 1 640x360")
    wait_s(3)
    report = out.add(lab.check())
    _all_recorded(out, report)
    widths = {lab.reader.read(file).width for file in lab.files()}
    out.expect("there are files of both sizes", widths == {640, 1280})


@fault("C10", "codec changes at reconnect; sound comes, stops and goes", "0 lost in files")
def codec(new_lab, out: Outcome, runs: int) -> None:
    lab = _running(new_lab, audio="aac")
    odd = lab.cameras[0]
    odd.tell("audio 1 off")
    wait_s(5)
    odd.tell("audio 1 on")
    wait_s(3)
    for changed in ({"video": "h265", "audio": "none"}, {"video": "h264", "audio": "pcmu"}):
        outage = lab.outage(odd.kill() - NS // 5, "camera", "network")
        outage.end_ns = odd.start(**changed)
        lab.until_recorded()
        lab.until_grows()
        wait_s(2)
    report = out.add(lab.check())
    out.no_loss_in_files()
    backs = report.cameras[0].back_after_s
    out.at_most("back after", None if None in backs else max(backs), 3)
    codecs = {lab.reader.read(file).codec for file in lab.files()}
    out.expect("there are files of both codecs", codecs == {"h264", "hevc"})


@fault("C11", "RTP timestamp and sequence wrap", "0 pictures lost; time error <= 0.1 s")
def wraps(new_lab, out: Outcome, runs: int) -> None:
    # Both wrap some seconds after the start of the connection.
    near = 2**32 - 90_000 * 8
    lab = _running(new_lab, 12, rtp_timestamp=near, rtp_sequence=65_200)
    report = out.add(lab.check())
    _all_recorded(out, report)
    out.at_most("time error", report.cameras[0].worst_time_error_s, 0.1)


@fault(
    "C12",
    "time stamps jump by 10 s both ways, stand still, run wrong",
    "0 lost in files; no overlap; time error <= 1 s",
    short=2,
    full=5,
)
def times(new_lab, out: Outcome, runs: int) -> None:
    faults = {
        "10 s forward": ["jump 1 10000"],
        "10 s back": ["jump 1 -10000"],
        "frozen for 3 s": ["freeze 1 on", "freeze 1 off"],
        "2 % too fast": ["clock 1 20000"],
        "2 % too slow": ["clock 1 -20000"],
    }
    for name, commands in list(faults.items())[:runs]:
        lab = _running(new_lab)
        for command in commands:
            lab.cameras[0].tell(command)
            wait_s(3)
        wait_s(4)
        report = out.add(lab.check())
        out.at_most(f"{name}: lost", report.lost, 0, "pictures")
        out.at_most("time error", report.cameras[0].worst_time_error_s, 1)


@fault(
    "C13",
    "no RTCP, or with a time that jumps; no marker bits; a minute without pictures",
    "0 lost in files; seen <= 5 s",
    short=2,
    full=3,
)
def sloppy(new_lab, out: Outcome, runs: int) -> None:
    lab = _running(new_lab, 5, no_rtcp=True)
    _all_recorded(out, out.add(lab.check()))
    if runs >= 2:
        lab = new_lab()
        odd = lab.add("odd")
        odd.tell("markers 1 off")
        lab.record()
        wait_s(5)
        odd.tell(f"wall 1 {3_600_000}")
        wait_s(6)
        odd.tell("reports 1 off")
        wait_s(2)
        _all_recorded(out, out.add(lab.check()))
    if runs >= 3:
        lab = _running(new_lab)
        at = mono_ns()
        lab.cameras[0].tell("stall 1")
        outage = lab.outage(at - NS // 5, "camera", "network")
        camera = lab.cameras[0].ids[0]
        until("seen", lambda: lab.daemon.camera(camera)["status"] != "recording", 12)
        out.at_most("stall seen after", (mono_ns() - at) / NS, 5)
        wait_s(55)
        lab.cameras[0].tell("resume 1")
        outage.end_ns = mono_ns()
        lab.until_recorded()
        report = out.add(lab.check(2))
        out.at_most("back after", report.cameras[0].back_after_s[0], 3)
        out.no_loss_in_files()


@fault(
    "C14",
    "GOP of 60 s; B-frames; keyframes of megabytes",
    "0 lost in files; a kill costs <= 0.5 s of each",
    short=0,
    full=2,
)
def long_gops(new_lab, out: Outcome, runs: int) -> None:
    lab = new_lab()
    lab.add("long", gop=60, kbit=300)
    lab.add("reordered", reordered=True)
    if runs > 1:
        lab.add("large", size="3840x2160", pattern="snow", kbit=40_000, gop=5, fps=10)
    lab.record(90)
    wait_s(12)
    lab.crash_and_restart(90)
    wait_s(3)
    report = out.add(lab.check())
    lost = [s for one in report.cameras for s in one.lost_before_s]
    out.losses(lost, 0.5, 0.25)
