#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The fleet is judged by a client of its own, and the judges by what is wrong on purpose."""

import pathlib
import re
import socket
import tempfile
import unittest

import frames
import prometheus
import syscalls
import tables
from fleet import Connection, Fleet, until
from media import MARK, unescape


class Client:
    """Asks a camera for its stream and takes interleaved packets apart."""

    def __init__(self, url: str):
        self.url = url
        port = int(re.search(r":(\d+)/", url)[1])
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.data = self.socket.makefile("rb")
        self.sequence = 0

    def ask(self, method: str, url: str = "", **headers: str) -> tuple[int, dict[str, str], str]:
        self.sequence += 1
        lines = [f"{method} {url or self.url} RTSP/1.0", f"CSeq: {self.sequence}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        status = int(self.data.readline().split()[1])
        found = {}
        while line := self.data.readline().strip():
            name, value = line.decode().split(":", 1)
            found[name.lower()] = value.strip()
        body = self.data.read(int(found.get("content-length", 0))).decode()
        return status, found, body

    def play(self) -> None:
        transport = "RTP/AVP/TCP;unicast;interleaved=4-5"
        assert self.ask("SETUP", self.url + "/track1", Transport=transport)[0] == 200
        assert self.ask("PLAY")[0] == 200

    def packet(self) -> tuple[int, bytes]:
        head = self.data.read(4)
        assert head[:1] == b"$", head
        return head[1], self.data.read(int.from_bytes(head[2:4], "big"))

    def close(self) -> None:
        self.data.close()
        self.socket.close()


def number_of(packet: bytes) -> int | None:
    """Of the picture whose SEI this RTP packet is."""
    at = packet.find(MARK)
    begin = at + len(MARK)
    return None if at < 0 else int.from_bytes(unescape(packet[begin : begin + 16])[:8], "big")


class FleetTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.fleet = Fleet(pathlib.Path(cls.folder.name), 2, 500)
        cls.fleet.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.fleet.__exit__()
        cls.folder.cleanup()

    def client(self, camera: int) -> Client:
        out = Client(self.fleet.urls()[camera])
        self.addCleanup(out.close)
        return out

    def test_describes_what_it_sends(self):
        status, headers, sdp = self.client(0).ask("DESCRIBE", Accept="application/sdp")

        self.assertEqual(status, 200)
        self.assertEqual(headers["content-type"], "application/sdp")
        self.assertIn("sprop-parameter-sets=", sdp)

    def test_refuses_udp_and_what_it_does_not_know(self):
        client = self.client(0)

        self.assertEqual(client.ask("SETUP", Transport="RTP/AVP;unicast;client_port=1-2")[0], 461)
        self.assertEqual(client.ask("RECORD")[0], 501)

    def test_sends_each_picture_once_in_order_and_says_so(self):
        client = self.client(0)
        client.play()
        sequences, numbers, reports = [], [], 0
        while len(numbers) < 30:
            channel, packet = client.packet()
            self.assertIn(channel, (4, 5))
            if channel == 5:
                reports += packet[1] == 200
                continue
            sequences.append(int.from_bytes(packet[2:4], "big"))
            number = number_of(packet)
            numbers += [] if number is None else [number]
        client.close()

        steps = {(b - a) % 65536 for a, b in zip(sequences, sequences[1:])}
        self.assertEqual(steps, {1})
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 30)))
        self.assertGreaterEqual(reports, 1)

        def over() -> Connection | None:
            found = self.fleet.report().connections.get(0, [])
            return next((one for one in found if one.first == numbers[0] and not one.open), None)

        one = until("the end of the connection", over, 10)
        self.assertGreaterEqual(one.last, numbers[-1])
        self.assertEqual(one.pictures + one.dropped, one.last - one.first + 1)

    def test_who_does_not_read_holds_up_nobody(self):
        slow = self.client(1)
        slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.play()
        quick = self.client(1)
        quick.play()
        numbers = []
        while len(numbers) < 50:
            number = number_of(quick.packet()[1])
            numbers += [] if number is None else [number]

        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 50)))
        self.assertLess(self.fleet.report().late_ms, 1000)

    def test_says_that_it_does_not_know_a_command(self):
        before = len(self.fleet.program.lines)
        self.fleet.program.say("dance")

        answer = until("an answer", lambda: self.fleet.program.lines[before:], 10)
        self.assertIn("there is no command", answer[0])


class LossTest(unittest.TestCase):
    sent = [Connection(10, 19, 10, 0, 0, False), Connection(30, 49, 18, 2, 0, True)]

    def test_nothing_is_lost_when_all_are_there(self):
        there = [*range(10, 20), *range(30, 40)]
        sent = [self.sent[0], Connection(30, 49, 20, 0, 0, True)]

        self.assertEqual(frames.loss(there, sent, 39), frames.Loss(20, 0, 0, 0))

    def test_finds_what_is_lost_and_what_is_there_twice(self):
        there = [10, 11, 11, 13, *range(14, 20)]

        found = frames.loss(there, self.sent[:1], 19)

        self.assertEqual((found.lost, found.doubled), (1, 1))

    def test_does_not_count_as_lost_what_was_never_sent(self):
        found = frames.loss([*range(30, 48)], self.sent[1:], 49)

        self.assertEqual((found.lost, found.refused), (0, 2))

    def test_does_not_ask_for_what_came_after_the_end(self):
        self.assertEqual(frames.loss([], self.sent[1:], 29).sent, 0)


class ParserTest(unittest.TestCase):
    def test_histograms_give_the_limit_below_which_a_share_lies(self):
        name = "turn"
        text = 'turn_bucket{le="0.001"} 90\nturn_bucket{le="0.02"} 99\nturn_bucket{le="+Inf"} 100\n'

        found = prometheus.Histogram.read(text, name)

        self.assertEqual(found.at_most(0.5), 0.001)
        self.assertEqual(found.at_most(0.99), 0.02)
        self.assertEqual(found.since(found).counts, [0, 0, 0])

    def test_writes_are_sorted_by_what_they_go_to(self):
        lines = [
            "7 100.1 writev(3</a/b.mp4>, ..., 3) = 1000",
            "7 100.2 writev(3</a/b.mp4>, ..., 3 <unfinished ...>",
            "8 100.3 write(5<anon_inode:[eventfd]>, ..., 8) = 8",
            "7 100.4 <... writev resumed>) = 3000",
            "9 100.5 pwrite64(6</a/catalog.db-wal>, ..., 4096, 0) = 4096",
            "9 100.6 fdatasync(6</a/catalog.db-wal>) = 0",
            "7 102.1 writev(3</a/b.mp4>, ..., 3) = 1000",
        ]
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder) / "log"
            log.write_text("\n".join(lines) + "\n")

            found = syscalls.writes_in(log, 100, 102)

        self.assertEqual(found, syscalls.Writes(1.0, 2000.0, 0.5, 0.5, 0.5))

    def test_summaries_of_strace_are_read_with_and_without_errors(self):
        text = (
            " 60.00    0.001   3   400        20 futex\n 40.00    0.001   3   100           read\n"
            "100.00    0.002   3   500        20 total\n"
        )

        found = syscalls.parse_summary(text, 10)

        self.assertEqual(found, {"futex": 40, "read": 10, "total": 50})

    def test_a_missed_target_is_said_aloud(self):
        section = tables.Section("Cameras", "peer", [tables.Line("cost", "2", "1", "<= 1", False)])

        self.assertIn("MISSED", tables.text(section))
        self.assertIn("MISSED", tables.markdown([section], "./test --bench"))
        self.assertEqual(tables.Section.of(section.as_dict()), section)

    def test_what_is_not_measured_now_stays_as_it_was_and_the_reasons_come_last(self):
        def of(title, ours):
            return tables.Section(title, "peer", [tables.Line("a", ours)], when="today")

        first = tables.markdown([of("Disk", "1"), of("Mux", "2")], "all", reasons="- old")
        second = tables.markdown([of("Disk", "3"), of("Live", "4")], "some", first, "- new")
        parts = tables.parts_of(second)
        self.assertEqual(list(parts), ["Disk", "Mux", "Live", tables.REASONS])
        self.assertIn("| a | 3 |", parts["Disk"])
        self.assertEqual(parts["Mux"], tables.parts_of(first)["Mux"])
        self.assertEqual(parts[tables.REASONS], "- new")


if __name__ == "__main__":
    unittest.main()
