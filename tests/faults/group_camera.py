# SPDX-License-Identifier: MIT
"""C1 to C8 and C20: the camera or the way to it fails."""

import signal

from cases import Outcome, fault
from network import CAMERA_ADDRESS, CameraNetwork
from program import mono_ns, until, wait_s

NS = 1_000_000_000
LEAD = NS // 5  # what was under way to the recorder when the camera failed
AWAY = ("camera", "network")


def _seen(lab, out: Outcome, camera_id: int, at_ns: int, most_s: float = 5) -> None:
    """How long until the camera's status says that nothing comes."""
    try:
        until(
            "the stall is seen",
            lambda: lab.daemon.camera(camera_id)["status"] != "recording",
            12,
            0.02,
        )
        out.at_most("seen after", (mono_ns() - at_ns) / NS, most_s)
    except Exception:
        out.at_most("seen after", None, most_s)


def _back(out: Outcome, report, camera_ids, most_s: float, what="first picture after") -> None:
    """`most_s` without the GOP."""
    backs = [back for i in camera_ids for back in report.camera(i).back_after_s]
    out.at_most(what, None if not backs or None in backs else max(backs), most_s)


def _camera_and_others(new_lab, gop: int = 1):
    lab = new_lab()
    lab.add("fails", gop=gop)
    lab.add("others", 2)
    return lab


def _others_lost_nothing(lab, out: Outcome, report) -> None:
    lost = sum(len(report.camera(i).lost_in_file) for i in lab.cameras[1].ids)
    out.at_most("others lost", lost, 0, "pictures")


@fault("C1", "camera dies and comes back", "back <= 2 s + GOP; others lose 0 pictures", full=5)
def dies(new_lab, out: Outcome, runs: int) -> None:
    for away_s in (3, 10, 1, 30, 60)[:runs]:
        lab = _camera_and_others(new_lab)
        lab.record()
        lab.until_grows()
        wait_s(2)
        fails = lab.cameras[0]
        outage = lab.outage(fails.kill() - LEAD, *AWAY, cameras=[fails])
        wait_s(away_s)
        outage.end_ns = fails.start()
        lab.until_recorded_again()
        report = out.add(lab.check(2))
        _back(out, report, fails.ids, 2 + fails.gop_s)
        out.no_loss_in_files()
        _others_lost_nothing(lab, out, report)


@fault("C2", "camera freezes, connection stays", "seen <= 5 s; back <= 2 s + GOP", full=3)
def freezes(new_lab, out: Outcome, runs: int) -> None:
    for frozen_s in (3, 20, 60)[:runs]:
        lab = _camera_and_others(new_lab)
        lab.record()
        lab.until_grows()
        wait_s(2)
        fails = lab.cameras[0]
        at = fails.program.signal(signal.SIGSTOP)
        outage = lab.outage(at - LEAD, *AWAY, cameras=[fails])
        _seen(lab, out, fails.ids[0], at)
        wait_s(frozen_s)
        fails.program.signal(signal.SIGCONT)
        outage.end_ns = mono_ns()
        lab.until_recorded_again()
        report = out.add(lab.check(2))
        _back(out, report, fails.ids, 2 + fails.gop_s)
        out.no_loss_in_files()
        _others_lost_nothing(lab, out, report)


def _in_a_network(new_lab, **options):
    lab = new_lab()
    network = CameraNetwork()
    lab.later(network.close)
    lab.daemon.namespace = network.recorder
    lab.add("far", 2, namespace=network.camera, address=CAMERA_ADDRESS, **options)
    return lab, network


@fault("C3", "half-open connection: packets vanish both ways", "seen <= 5 s; back <= 2 s + GOP")
def half_open(new_lab, out: Outcome, runs: int) -> None:
    lab, network = _in_a_network(new_lab)
    lab.record()
    lab.until_grows()
    wait_s(2)
    at = mono_ns()
    network.rules("drop")
    outage = lab.outage(at - LEAD, *AWAY)
    far = lab.cameras[0]
    _seen(lab, out, far.ids[0], at)
    wait_s(4)
    network.rules()
    outage.end_ns = mono_ns()
    lab.until_recorded_again()
    report = out.add(lab.check(2))
    _back(out, report, far.ids, 2 + far.gop_s)
    out.no_loss_in_files()


@fault("C4", "cable in and out, each second", "back <= 3 s; no more threads or memory", full=10)
def flapping(new_lab, out: Outcome, runs: int) -> None:
    lab, network = _in_a_network(new_lab)
    lab.record()
    lab.until_grows()
    threads, memory = len(lab.daemon.threads()), lab.daemon.memory_kib()
    outage = lab.outage(mono_ns() - LEAD, *AWAY)
    for _ in range(8 * runs):
        network.cable(False)
        wait_s(1)
        network.cable(True)
        wait_s(1)
    outage.end_ns = mono_ns()
    lab.until_recorded()
    wait_s(3)
    out.at_most("threads more", len(lab.daemon.threads()) - threads, 4, "")
    out.at_most("memory more", (lab.daemon.memory_kib() - memory) / 1024, 16, "MiB")
    report = out.add(lab.check())
    # TCP itself may repair a cut of a second, so pictures may come at any time within.
    _back(out, report, lab.cameras[0].ids, 3)
    out.no_loss_in_files()


def _packet_loss(network, percent: int) -> None:
    network.rules(f"meta l4proto {{ tcp, udp }} numgen random mod 100 < {percent} drop")


@fault("C5", "5 % of the packets lost, TCP", "0 pictures lost in files; all files play")
def packet_loss(new_lab, out: Outcome, runs: int) -> None:
    lab, network = _in_a_network(new_lab)
    lab.record(transport="tcp")
    lab.until_grows()
    _packet_loss(network, 5)
    at = mono_ns()
    wait_s(12)
    network.rules()
    lab.outage(at - LEAD, *AWAY).end_ns = mono_ns()
    lab.until_recorded()
    out.add(lab.check(2))
    out.no_loss_in_files()


@fault("C6", "UDP, 1 % of the packets lost", "all files play; 0 doubled; 0 out of order")
def udp_loss(new_lab, out: Outcome, runs: int) -> None:
    lab, network = _in_a_network(new_lab)
    lab.record(transport="udp")
    lab.until_grows()
    _packet_loss(network, 1)
    at = mono_ns()
    wait_s(12)
    network.rules()
    lab.outage(at - LEAD, *AWAY).end_ns = mono_ns()
    lab.until_recorded()
    out.add(lab.check(2, damaged=True))
    out.say(f"{out.lost_in_gap} pictures lost with 1 % of the packets")


@fault("C7", "bandwidth below the bitrate for 15 s", "0 lost in files outside of it; back <= 3 s")
def narrow(new_lab, out: Outcome, runs: int) -> None:
    lab, network = _in_a_network(new_lab)
    lab.record()
    lab.until_grows()
    at = mono_ns()
    network.rate(400)
    wait_s(15)
    network.rate(None)
    outage = lab.outage(at - LEAD, *AWAY, "overload")
    outage.end_ns = mono_ns()
    lab.until_recorded_again()
    report = out.add(lab.check(4))
    _back(out, report, lab.cameras[0].ids, 3)
    out.no_loss_in_files()


@fault(
    "C8",
    "camera reboots in the middle of a GOP, with other pictures and times",
    "back <= 2 s + GOP; old file plays; no overlap",
)
def reboots(new_lab, out: Outcome, runs: int) -> None:
    lab = _camera_and_others(new_lab)
    lab.record()
    lab.until_grows()
    wait_s(1.5)
    fails = lab.cameras[0]
    outage = lab.outage(fails.kill() - LEAD, *AWAY, cameras=[fails])
    outage.end_ns = fails.start(size="1280x720", rtp_timestamp=123456)
    lab.until_recorded_again()
    report = out.add(lab.check(2))
    _back(out, report, fails.ids, 2 + fails.gop_s)
    out.no_loss_in_files()
    _others_lost_nothing(lab, out, report)


@fault(
    "C20",
    "power returns: 64 cameras at once",
    "all recorded <= 15 s; 0 lost in files",
    short=0,
    alone=True,
)
def all_at_once(new_lab, out: Outcome, runs: int) -> None:
    lab = new_lab()
    many = lab.add("many", 64)
    lab.record(90)
    lab.until_grows()
    outage = lab.outage(many.kill() - LEAD, *AWAY)
    wait_s(5)
    outage.end_ns = many.start()
    lab.until_recorded(90)
    report = out.add(lab.check(3))
    _back(out, report, many.ids, 15, "all recorded after")
    out.no_loss_in_files()
