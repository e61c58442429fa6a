# SPDX-License-Identifier: MIT
"""Runs phases and holds what they measure against the targets of this project."""

import figures
import phases
from recorders import Ffmpeg, Ours, StockGstreamer
from tables import Line, Section

RTSPSRC_CPU = 0.55  # % of a core for each of 16 cameras
LATE_MS = 40  # a picture
MIB = 4.0
LAG_S = 0.020
STOP_S = 5
COST_64_TO_4 = 0.9
WRITES = 5.0  # per second and camera: a fragment each 200 ms
BEYOND = {4000: 0.005, 256: 0.03}
QUERY_MS = 10.0
STOCK_MUX = "GStreamer's"  # as mux-bench calls it
PEER = "ffmpeg -c copy"


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def percent(share: float) -> str:
    return f"{100 * share:.2f} %"


def _disturbed(*loads: phases.Load | phases.Disk) -> str:
    """What says that the machine, or the network, was not as it should be."""
    worst = max(one.usage.strangers_cores for one in loads)
    late = max(one.late_ms for one in loads)
    notes = [f"under load: others used {worst:.1f} cores"] * any(
        one.usage.disturbed for one in loads
    )
    again = sum(one.again for one in loads)
    notes += [f"fleet late by {late:.0f} ms"] * (late > LATE_MS)
    return ", ".join([*notes, *[f"{again} connected again"] * (again > 0)])


def cpu(load: phases.Load, count: int) -> float:
    return 100 * load.usage.cores / count


def _loss_text(load: phases.Load) -> str:
    out = f"{load.loss.lost} of {load.loss.sent}"
    return out + (f", and {load.loss.refused} not read" if load.loss.refused else "")


def _threads(usage: figures.Usage) -> str:
    most = sorted(usage.by_thread.items(), key=lambda one: -one[1])[:5]
    return ", ".join(f"{kind} {100 * cores / usage.cores:.0f} %" for kind, cores in most)


def _cost_lines(head: str, count: int, ours: phases.Load, peer: phases.Load) -> list[Line]:
    mib = (ours.usage.mib - ours.empty_mib) / count
    processor = Line(
        f"{head}: processor, each, % of a core",
        f"{cpu(ours, count):.2f}",
        f"{cpu(peer, count):.2f}",
        note=_disturbed(ours, peer),
    )
    if count == 16:
        processor.target = f"<= {RTSPSRC_CPU}"
        processor.met = None if ours.usage.disturbed else cpu(ours, count) <= RTSPSRC_CPU
    return [
        processor,
        Line(f"{head}: threads that take most of it", _threads(ours.usage)),
        Line(
            f"{head}: memory (PSS), each",
            f"{mib:.2f} MiB + {ours.empty_mib:.1f} once",
            f"{peer.usage.mib / count:.2f} MiB",
            f"<= {MIB:g} MiB",
            mib <= MIB,
        ),
        Line(
            f"{head}: threads, each",
            f"{ours.usage.threads / count:.1f}",
            f"{peer.usage.threads / count:.1f}",
        ),
        Line(
            f"{head}: processes",
            str(ours.usage.processes),
            str(peer.usage.processes),
            *(("1", ours.usage.processes == 1) if count == 64 else ()),
        ),
        Line(
            f"{head}: write calls per second, of all kinds",
            f"{ours.usage.write_calls_per_s:.0f}",
            f"{peer.usage.write_calls_per_s:.0f}",
        ),
        Line(f"{head}: the cameras' own cost, % of a core", f"{100 * ours.usage.fleet_cores:.1f}"),
    ]


def _loss_line(head: str, ours: phases.Load, peer: phases.Load, seconds: float) -> Line:
    bad = ours.loss.lost + ours.loss.refused + ours.loss.doubled
    what = f"{head}: pictures lost in {seconds:.0f} s"
    return Line(what, _loss_text(ours), _loss_text(peer), "0", bad == 0)


def _lag_line(head: str, ours: phases.Load) -> Line:
    shown = " / ".join(f"<= {milliseconds(one)}" for one in ours.lag)
    what = f"{head}: turn of the main loop, p50 / p99 / longest"
    return Line(what, shown, "–", f"p99 <= {milliseconds(LAG_S)}", ours.lag[1] <= LAG_S)


def _stop_line(head: str, ours: phases.Load, peer: phases.Load, seconds: float) -> Line:
    shown = f"{ours.stop_s:.1f} s" + ("" if ours.in_order else ", with files left open")
    what = f"{head}: stopped in order after {seconds:.0f} s, from the signal to the end"
    met = ours.in_order and ours.stop_s <= STOP_S
    return Line(what, shown, f"{peer.stop_s:.1f} s", f"<= {STOP_S} s", met)


def loads(counts: list[int], seconds: float, long_seconds: float) -> Section:
    lines, costs = [], {}
    for count in counts:
        ours_s = long_seconds if count == 64 else seconds
        ours = phases.measure_load(Ours, count, ours_s)
        peer = phases.measure_load(Ffmpeg, count, seconds)
        head = f"{count} cameras"
        lines += _cost_lines(head, count, ours, peer)
        lines += [_loss_line(head, ours, peer, ours_s), _lag_line(head, ours)]
        lines += [_stop_line(head, ours, peer, ours_s)]
        costs[count] = (cpu(ours, count), cpu(peer, count))
        if count == 16:
            stock = phases.measure_load(StockGstreamer, count, seconds)
            what = f"{head}: processor and pictures lost with {StockGstreamer.name}"
            lines.append(Line(what, "–", f"{cpu(stock, count):.2f} %, {_loss_text(stock)}"))
    if 4 in costs and 64 in costs:
        ours, peer = (costs[64][i] / costs[4][i] for i in (0, 1))
        what = "processor of each camera, 64 against 4"
        target = f"<= {COST_64_TO_4} x"
        lines.append(Line(what, f"{ours:.2f} x", f"{peer:.2f} x", target, ours <= COST_64_TO_4))
    return Section("Cameras", PEER, lines)


def disk(count: int, seconds: float) -> Section:
    lines = []
    for kbit, beyond in BEYOND.items():
        ours = phases.measure_disk(Ours, count, kbit, seconds)
        peer = phases.measure_disk(Ffmpeg, count, kbit, seconds)
        head = f"{count} cameras at {kbit} kbit/s"
        most = WRITES * count
        met = ours.writes.media <= most * 1.01  # the edges of what was looked at
        note = _disturbed(ours, peer)
        if ours.dropped + peer.dropped > 0:
            met = None
            note += f", says nothing: {ours.dropped} and {peer.dropped} pictures were not read"
        lines += [
            Line(
                f"{head}: writes of media per second",
                f"{ours.writes.media:.0f}",
                f"{peer.writes.media:.0f}",
                f"<= {most:.0f}",
                met,
                note,
            ),
            Line(
                f"{head}: bytes in one of them",
                f"{ours.writes.media_bytes:.0f}",
                f"{peer.writes.media_bytes:.0f}",
            ),
            Line(
                f"{head}: other writes per second (databases / sockets and threads)",
                f"{ours.writes.databases:.1f} / {ours.writes.other:.0f}",
                f"{peer.writes.databases:.1f} / {peer.writes.other:.0f}",
            ),
            Line(
                f"{head}: syncs per second", f"{ours.writes.syncs:.1f}", f"{peer.writes.syncs:.1f}"
            ),
            Line(
                f"{head}: bytes beyond the pictures",
                percent(ours.beyond_payload),
                percent(peer.beyond_payload),
                f"<= {percent(beyond)}",
                ours.beyond_payload <= beyond,
            ),
        ]
    return Section("Disk", PEER, lines)


def calls(count: int, seconds: float) -> Section:
    ours = phases.measure_calls(Ours, count, seconds)
    peer = phases.measure_calls(Ffmpeg, count, seconds)
    names = sorted(set(ours) | set(peer), key=lambda name: -ours.get(name, 0.0))
    often = [name for name in names if max(ours.get(name, 0), peer.get(name, 0)) >= count]
    lines = [
        Line(name, f"{ours.get(name, 0) / count:.1f}", f"{peer.get(name, 0) / count:.1f}")
        for name in often
    ]
    return Section(
        f"System calls per second and camera, {count} cameras, slowed by strace", PEER, lines
    )


def starts(count: int, segments: int) -> Section:
    found = phases.measure_starts(Ffmpeg, count, segments)
    rows = f"{count} cameras, {segments} rows"
    lines = [
        Line(
            f"{rows}: start until each camera had its turn to connect", f"{found.first.ready:.2f} s"
        ),
        Line(
            f"{rows}: start until all are recorded",
            f"{found.first.all_write:.2f} s",
            f"{found.peer.all_write:.2f} s",
        ),
        Line(
            f"{rows}: after kill -9 until each camera had its turn",
            f"{found.after_kill.ready:.2f} s",
        ),
        Line(
            f"{rows}: after kill -9 until all are recorded", f"{found.after_kill.all_write:.2f} s"
        ),
    ]
    for path, took in found.answers_ms.items():
        shown = "no such answer" if took is None else f"{took:.1f} ms"
        bound = path.startswith(("/api/timeline", "/api/storage"))
        target = (f"<= {QUERY_MS:g} ms", None if took is None else took <= QUERY_MS)
        lines.append(
            Line(
                f"{rows}: GET {path.split('&start')[0].split('?start')[0]}",
                shown,
                "–",
                *(target if bound else ()),
            )
        )
    return Section("Start, and answers beside recording", PEER, lines)


def mux() -> Section:
    found = phases.measure_mux()
    what = "processor for each frame of 1080p at 4 Mbit/s"
    line = Line(what, f"{found['ours']:.1f} us", f"{found[STOCK_MUX]:.1f} us")
    return Section("Muxer and file, without cameras", "mp4mux fragment-duration=200", [line])


def hot(quick: bool) -> Section:
    lines = []
    for name, ns in phases.measure_hot(quick).items():
        shown = f"{ns / 1e6:.2f} ms" if ns >= 1e6 else f"{ns / 1e3:.2f} us"
        bound = name.startswith(("Totals/", "DayOfOneCamera/"))
        target = (f"<= {QUERY_MS:g} ms", ns <= QUERY_MS * 1e6) if bound else ()
        lines.append(Line(name, shown, "–", *target))
    return Section("Functions, for each call", "–", lines)
