# SPDX-License-Identifier: MIT
"""What a person sees of the live view, held against the targets of this project."""

from fleet import BUILD  # first: it finds the next one
from live_script import Found, cable, script, shown, spread, stalls_text
from program import SOURCE, run
from tables import Line, Section

PEER = "others, measured elsewhere"
SHOWN, FOUR, ONE, SIXTEEN = (0.25, 0.4), (0.5, 0.9), (0.3, 0.5), (2, 3)
MSE = (0.12, 0.2)
WAYS = [
    ("tile", "WebSocket and MSE, a tile", MSE, "–"),
    ("main", "WebSocket and MSE, main stream", MSE, "0.96 / 0.97 s (go2rtc)"),
    ("enlarged", "enlarged, low-latency mode", (0.06, 0.10), "0.06 / 0.10 s (MediaMTX, WebRTC)"),
    ("ll", "LL-HLS", (0.4, 0.5), "0.68 / 0.71 s (MediaMTX)"),
    ("hls", "HLS", (3.5, 4.5), "5 to 10 s"),
]
HLS_S = 5
ENLARGE_S = 0.7
SAID_S, BACK_S = 5, 3
LIVE_KB, LOGIN_KB = 160, 90
CORE_SHARE = 10.0  # % of a core
GROWTH_S = 0.02
FAR_S = 0.6
FAR_STALLS = 1.0  # of a tile, in ten minutes


def _start_lines(found: Found) -> list[Line]:
    lines = []
    for who, says in (("new", "a new viewer"), ("again", "the second time")):
        for first, looks in ((" first", "nobody else looks"), ("", "others look")):
            step, head = f"four {who}{first}", f"4 tiles, {says}, {looks}: page opened"
            lines += [
                found.spread(f"{head} → a picture in each", step, "shown", SHOWN),
                found.spread(f"{head} → all move", step, "moving", FOUR, "2 to 5 s"),
            ]
        head = f"one camera, {says}: page opened → first moving picture"
        lines.append(found.spread(head, f"one {who}", "moving", ONE, "0.65 to 1.0 s"))
    for step, says in (("first", "a new viewer, nobody else looks"), ("again", "the second time")):
        head = f"16 tiles, {says}: page opened → all move"
        lines.append(found.spread(head, f"sixteen {step}", "moving", SIXTEEN))
    return lines


def _latency_lines(found: Found) -> list[Line]:
    lines = []
    for by, says, target, peer in WAYS:
        step, head = f"latency {by}", f"latency, {says}"
        lines.append(found.spread(head, step, "ms", target, peer))
        what = f"{head}: stalls, and pictures without a number"
        lines.append(
            found.line(
                what,
                step,
                lambda one, what=what: Line(
                    what, f"{stalls_text(one['stalls'])}; {one['blank']}", note=found.load
                ),
            )
        )
    lines.append(found.line("latency, HLS: the most", "latency hls", _most))
    return lines


def _most(one: dict) -> Line:
    most = max(one["ms"]) / 1000
    return Line("latency, HLS: the most", f"{most:.2f} s", "–", f"<= {HLS_S} s", most <= HLS_S)


def _gop_lines(found: Found) -> list[Line]:
    lines = []
    for gop in (1, 2, 4, 10):
        head = f"GOP of {gop} s, WebSocket and MSE"
        lines += [
            found.spread(f"{head}: latency", f"gop {gop} latency", "ms", MSE),
            found.spread(f"{head}: first moving picture", f"gop {gop} start", "moving", ONE),
        ]
    return lines


def _change_lines(found: Found) -> list[Line]:
    blank = "enlarged and back: pictures without a number"
    lines = [
        found.spread("enlarged → main stream", "enlarge", "ms", (ENLARGE_S, ENLARGE_S)),
        found.line(
            blank,
            "enlarge",
            lambda one: Line(blank, f"{one['blank']}", "–", "0", one["blank"] == 0, found.load),
        ),
    ]
    for kind, says in (("silent", "cable pulled"), ("off", "camera without power")):
        step = f"outage {kind}"
        lines += [
            found.spread(f"{says} → the tile says so", step, "said", (SAID_S, SAID_S)),
            found.spread(f"{says}, back after 15 s → it moves", step, "moving", (BACK_S, BACK_S)),
        ]
    return lines


def _size_lines() -> list[Line]:
    """As the UI's own check counts it."""
    what, check = "JavaScript of the live page, gzip", str(SOURCE / "ui/scripts/check-size.mjs")
    words = run("node", check, str(BUILD / "ui/dist"), check=False).stdout.split()
    line = Line(what, "not measured", "–", f"<= {LIVE_KB} kB")
    if words[-1:] == [str(LIVE_KB)]:  # "161.6 kB of 160"
        line.ours, line.met = f"{words[-4]} kB", float(words[-4]) <= LIVE_KB
    none = Line("JavaScript of the sign-in page, gzip", "none yet", "–", f"<= {LOGIN_KB} kB")
    return [line, none]


def live(quick: bool) -> Section:
    found = script("live.mjs", quick)
    lines = [*_start_lines(found), *_latency_lines(found), *_gop_lines(found)]
    lines += [*_change_lines(found), *_size_lines()]
    return Section("Live view, read from the pixels in Chromium", PEER, lines)


def _growth_line(what: str, begin: list[float], end: list[float], note: str) -> Line:
    first, last = spread(begin), spread(end)
    grown = max(b - a for a, b in zip(first, last))
    shows = f"{shown(first)}, then {shown(last)}"
    target = f"grows by <= {GROWTH_S:g} s"
    return Line(f"{what}, p50 / p95", shows, "–", target, grown <= GROWTH_S, note)


def viewers_lines(one: dict, load: str) -> list[Line]:
    minutes, clients = one["seconds"] / 60, one["clients"]
    head = f"{one['viewers']} viewers of 4 cameras for {minutes:.0f} min"
    stalls, missing = clients["stalls"], clients["missing"]
    total, alone = 100 * one["cores"], 100 * one["alone_cores"]
    lines = [
        Line(
            f"{head}: stalls of the browser's 4 tiles",
            stalls_text(one["browser"]["stalls"]),
            "–",
            "0",
            not one["browser"]["stalls"],
            load,
        ),
        Line(
            f"{head}: stalls of the 60 streams of the others",
            stalls_text(stalls),
            "–",
            "0",
            not stalls,
            load,
        ),
        Line(
            f"{head}: pictures missing there, and with the wrong time",
            f"{missing} and {clients['uneven']} of {clients['pictures']}",
            "–",
            "0 and 0",
            missing + clients["uneven"] == 0,
            load,
        ),
    ]
    lines.append(
        Line(
            f"{head}: longest turn of the program that these others are",
            f"{one['own_turn_ms'] / 1000:.2f} s",
            note=load,
        )
    )
    for who, says in (("browser", "latency in the browser"), ("clients", "arrival at the others")):
        what = f"{head}: {says} at the beginning, at the end"
        lines.append(_growth_line(what, one["begin"][who], one["end"][who], load))
    lost = one["recorded"]["lost"]
    lines += [
        Line(
            f"{head}: processor of the recorder, % of a core",
            f"{total:.1f}",
            "–",
            f"<= {CORE_SHARE:g}",
            total <= CORE_SHARE,
            load,
        ),
        Line(f"{head}: of that without viewers", f"{alone:.1f}", note=load),
        Line(
            f"{head}: so the viewers cost, together and each",
            f"{total - alone:.1f}, {(total - alone) / one['viewers']:.2f}",
            note=load,
        ),
        Line(
            f"{head}: pictures that the recordings lack",
            f"{lost} of {one['recorded']['pictures']}",
            "–",
            "0",
            lost == 0,
        ),
    ]
    return lines


def viewers(quick: bool) -> Section:
    found = script("viewers.mjs", quick)
    return Section("Live view with many viewers", "–", viewers_lines(found.steps, found.load))


def far_lines(found: Found, what: str, step: str) -> list[Line]:
    def late(one: dict) -> Line:
        pair = spread(one["ms"])
        note = found.note(f"of {len(one['ms'])}", one["way"])
        line = Line(f"{what}: latency, p50 / p95", shown(pair), "–", f"p95 <= {FAR_S:g} s")
        line.met, line.note = pair[1] <= FAR_S, note
        return line

    def stalls(one: dict) -> Line:
        each = len(one["stalls"]) / one["tiles"] * 600 / one["seconds"]
        text = f"{each:.1f} ({stalls_text(one['stalls'])})"
        said = f"{what}: stalls of a tile in 10 min"
        return Line(said, text, "–", f"<= {FAR_STALLS:g}", each <= FAR_STALLS, found.load)

    return [found.line(f"{what}: latency", step, late), found.line(f"{what}: stalls", step, stalls)]


def network(quick: bool) -> Section:
    with cable() as between:
        found = script("network.mjs", quick, between.far, namespace=between.near)
        lost, sent = between.lost_and_sent()
    lines = [*far_lines(found, "4 tiles", "four"), *far_lines(found, "one tile", "one")]
    head = "4 tiles, a new viewer: page opened → all move"
    lines.append(found.spread(head, "start", "moving"))
    lines.append(Line("packets lost on the way", f"{lost} of {sent}"))
    return Section("Live view over 50 ms of round trip and 1 % of loss each way", "–", lines)
