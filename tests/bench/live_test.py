#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What judges the live view, and the long cable, are judged by what is wrong on purpose."""

import os
import random
import unittest

import live_sections
import long_cable
from live_script import Found, percentile, spread, stalls_text
from tables import Line


def viewers(**more) -> dict:
    """What viewers.mjs says when all is well."""
    late = {"browser": [100, 120, 140], "clients": [2, 3, 5]}
    return {
        "seconds": 120,
        "viewers": 16,
        "alone_cores": 0.04,
        "cores": 0.09,
        "own_turn_ms": 30,
        "begin": late,
        "end": late,
        "browser": {"pictures": 9000, "stalls": [], "blank": 0},
        "clients": {"pictures": 180_000, "missing": 0, "uneven": 0, "stalls": [], "dropped": 0},
        "recorded": {"pictures": 12_000, "lost": 0},
        **more,
    }


def missed(lines: list[Line]) -> list[str]:
    return [line.ours for line in lines if line.met is False]


class FiguresTest(unittest.TestCase):
    def test_a_percentile_is_one_of_the_values(self):
        self.assertEqual(percentile([3, 1, 2], 0.5), 2)
        self.assertEqual(percentile(list(range(10)), 0.95), 9)
        self.assertEqual(spread([200, 100, 300]), (0.2, 0.3))

    def test_stalls_are_counted_and_the_longest_is_said(self):
        self.assertEqual(stalls_text([]), "0")
        self.assertEqual(stalls_text([300, 1250]), "2, the longest 1.25 s")


class LinesTest(unittest.TestCase):
    def test_both_percentiles_must_meet_their_target(self):
        found = Found({"good": {"ms": [90, 100]}, "late": {"ms": [90] * 18 + [300] * 2}}, 0)

        self.assertTrue(found.spread("it", "good", "ms", (0.12, 0.2)).met)
        self.assertFalse(found.spread("it", "late", "ms", (0.12, 0.2)).met)
        self.assertIsNone(found.spread("it", "late", "ms").met)

    def test_what_failed_or_was_not_measured_says_so_and_is_not_met(self):
        found = Found({"it": {"failed": "no camera"}, "none": {"ms": []}}, 0)

        line = found.spread("it", "it", "ms", (1, 1))
        self.assertEqual((line.ours, line.met, line.note), ("not measured", None, "no camera"))
        self.assertEqual(found.spread("it", "other", "ms", (1, 1)).ours, "not measured")
        self.assertEqual(found.spread("it", "none", "ms", (1, 1)).ours, "nothing was seen")

    def test_a_busy_machine_is_named(self):
        steps = {"it": {"ms": [90], "way": "websocket sub"}}

        self.assertEqual(Found(steps, 0.05).spread("it", "it", "ms").note, "of 1, websocket sub")
        self.assertIn("under load: others used 1.4", Found(steps, 1.4).spread("it", "it", "ms").note)

    def test_hls_may_never_be_over_its_limit(self):
        self.assertTrue(live_sections._most({"ms": [4000, 4900]}).met)
        self.assertFalse(live_sections._most({"ms": [4000, 5100]}).met)


class ViewersTest(unittest.TestCase):
    def test_nothing_is_missed_when_all_is_well(self):
        self.assertEqual(missed(live_sections.viewers_lines(viewers(), "")), [])

    def test_each_fault_is_missed(self):
        clients = viewers()["clients"]
        faults = [
            {"browser": {"pictures": 1, "stalls": [300], "blank": 0}},
            {"clients": {**clients, "stalls": [300]}},
            {"clients": {**clients, "missing": 1}},
            {"clients": {**clients, "uneven": 1}},
            {"end": {"browser": [150, 160, 170], "clients": [2, 3, 5]}},
            {"end": {"browser": [100, 120, 140], "clients": [2, 3, 50]}},
            {"cores": 0.11},
            {"recorded": {"pictures": 1, "lost": 1}},
        ]
        for fault in faults:
            with self.subTest(fault):
                lines = live_sections.viewers_lines(viewers(**fault), "")
                self.assertEqual(len(missed(lines)), 1)


class NetworkTest(unittest.TestCase):
    def lines(self, ms: list[float], stalls: list[float]) -> list[Line]:
        one = {"ms": ms, "stalls": stalls, "tiles": 4, "seconds": 300, "way": "websocket sub"}
        return live_sections.far_lines(Found({"four": one}, 0), "4 tiles", "four")

    def test_stalls_are_those_of_a_tile_in_ten_minutes(self):
        self.assertEqual(missed(self.lines([500], [300, 300])), [])
        self.assertEqual(missed(self.lines([500], [300] * 3)), ["1.5 (3, the longest 0.30 s)"])

    def test_the_95th_of_100_counts(self):
        self.assertEqual(missed(self.lines([100] * 18 + [700] * 2, [])), ["0.10 / 0.70 s"])


class CableTest(unittest.TestCase):
    def way(self, loss: float) -> tuple[long_cable.Way, int, int]:
        """A way between two pipes; gives what to write to and what to read from."""
        source, write = os.pipe2(os.O_NONBLOCK)
        read, target = os.pipe2(os.O_NONBLOCK)
        for fd in (source, write, read, target):
            self.addCleanup(os.close, fd)
        return long_cable.Way(source, target, random.Random(1), loss), write, read

    def test_a_packet_takes_its_time(self):
        way, write, read = self.way(0)
        os.write(write, b"packet")

        way.take(10.0)
        way.give(10.0 + long_cable.ONE_WAY_S / 2)
        self.assertRaises(BlockingIOError, os.read, read, 100)
        way.give(10.0 + long_cable.ONE_WAY_S)

        self.assertEqual(os.read(read, 100), b"packet")

    def test_what_is_lost_does_not_arrive_and_is_counted(self):
        way, write, read = self.way(1)
        os.write(write, b"packet")

        way.take(10.0)
        way.give(11.0)

        self.assertRaises(BlockingIOError, os.read, read, 100)
        self.assertEqual((way.lost, way.sent), (1, 1))


if __name__ == "__main__":
    unittest.main()
