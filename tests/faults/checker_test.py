#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The judge of the campaign finds what is wrong, so that no fault passes by accident."""

import pathlib
import sqlite3
import subprocess
import tempfile
import unittest

import catalog_view
import checker
import group_power
import media
from camera import Sent
from cases import Outcome
from checker import NS, CameraReport, Outage, Report

FRAME = NS // 25


def sent(first: int, last: int) -> list[Sent]:
    return [Sent(i * FRAME, i, i % 25 == 0, 1, i * FRAME) for i in range(first, last)]


def archived(*numbers: int) -> list[media.Picture]:
    return [media.Picture(i * FRAME, i, i % 25 == 0) for i in numbers]


def mark(number: int, mono_ns: int) -> bytes:
    """An SEI as the camera writes it, with emulation prevention."""
    payload = media.MARK + b"".join(v.to_bytes(8, "big") for v in (number, mono_ns, 0)) + b"\x80"
    out, zeros = bytearray(), 0
    for byte in payload:
        if zeros >= 2 and byte <= 3:
            out.append(3)
            zeros = 0
        out.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return b"\x00\x00\x00\x01\x06\x05\x28" + bytes(out)


class MarksTest(unittest.TestCase):
    def test_numbers_with_zeros_in_them_are_read(self):
        stream = (
            mark(0, 0x0100_0003) + b"\x00\x00\x01\x65slice" + mark(256, 3) + b"\x00\x00\x01\x41"
        )
        found = media.scan_marks(stream + b"slice", "h264")
        self.assertEqual([(p.number, p.mono_ns) for p in found], [(0, 0x0100_0003), (256, 3)])
        self.assertEqual([p.keyframe for p in found], [True, False])

    def test_a_keyframe_of_h265_is_seen(self):
        stream = mark(1, 1) + b"\x00\x00\x01" + bytes([19 << 1, 1]) + b"slice"
        self.assertTrue(media.scan_marks(stream, "hevc")[0].keyframe)


class AccountTest(unittest.TestCase):
    def account(self, out: CameraReport, frames, *outages: Outage, end: int = 1000) -> CameraReport:
        checker.account(frames, out, list(outages), end * FRAME)
        return out

    def test_a_picture_missing_without_an_outage_is_lost_in_file(self):
        out = CameraReport(1, 25, archived(*range(10), *range(11, 30)))
        self.account(out, sent(0, 30), end=30)
        self.assertEqual([one.number for one in out.lost_in_file], [10])

    def test_pictures_before_the_kill_are_lost_in_file_and_those_after_it_in_the_gap(self):
        out = CameraReport(1, 25, archived(*range(100), *range(150, 200)))
        kill = Outage(110 * FRAME, ("crash",), end_ns=130 * FRAME)
        self.account(out, sent(0, 200), kill, end=200)
        self.assertEqual(len(out.lost_in_file), 11)
        self.assertEqual(len(out.lost_in_gap), 39)
        self.assertEqual(out.lost_before_s, [11 / 25])
        self.assertEqual(out.back_after_s, [20 / 25])

    def test_a_picture_that_was_due_before_the_kill_and_left_after_it_is_lost_in_the_gap(self):
        late = [one._replace(sent_ns=one.mono_ns + 3 * FRAME) for one in sent(0, 200)]
        out = CameraReport(1, 25, archived(*range(108), *range(150, 200)))
        self.account(out, late, Outage(110 * FRAME, ("crash",)), end=300)
        self.assertEqual((len(out.lost_in_file), len(out.lost_in_gap)), (0, 42))

    def test_a_camera_that_does_not_come_back_has_no_time(self):
        out = CameraReport(1, 25, archived(*range(100)))
        self.account(out, sent(0, 100), Outage(100 * FRAME, ("camera",)))
        self.assertEqual(out.back_after_s, [None])

    def test_doubled_and_reordered_pictures_are_counted(self):
        out = CameraReport(1, 25, archived(0, 1, 2, 2, 5, 4, 6))
        self.account(out, sent(0, 7), end=7)
        self.assertEqual((out.doubled, out.reordered), (1, 1))

    def test_pictures_without_a_player_are_not_asked_for(self):
        frames = sent(0, 5) + [Sent(5 * FRAME, 5, False, 0, 5 * FRAME)] + sent(6, 9)
        out = self.account(CameraReport(1, 25, archived(*range(5), 6, 7, 8)), frames, end=9)
        self.assertEqual(out.lost_in_file, [])


class LedgerTest(unittest.TestCase):
    def share(self, *gaps: tuple[float, float, str]) -> float:
        """The camera is away from 4 s to 14 s."""
        out = CameraReport(1, 25, archived(*range(101), *range(350, 400)))
        report = Report(cameras=[out])
        ledger = [(int(a * 1e6), int(b * 1e6), reason) for a, b, reason in gaps]
        outage = Outage(4 * NS, ("camera",), 13 * NS)
        checker.explain(out, [outage], ledger, 0, report)
        self.assertAlmostEqual(report.missing_s, 10, delta=0.1)
        return report.explained

    def test_a_gap_with_the_right_reason_explains(self):
        self.assertAlmostEqual(self.share((4, 14, "camera")), 1)

    def test_another_reason_does_not(self):
        self.assertEqual(self.share((4, 14, "disk")), 0)

    def test_half_a_gap_explains_half(self):
        self.assertAlmostEqual(self.share((4, 9, "camera")), 0.5, delta=0.05)

    def test_no_gap_at_all_does_not(self):
        self.assertEqual(self.share(), 0)

    def test_three_pictures_left_out_in_silence_are_found(self):
        report = Report()
        out = CameraReport(1, 25, archived(*range(50), *range(53, 90)))
        checker.explain(out, [], [], 0, report)
        self.assertEqual([text[:2] for text in report.breaks], ["I5"])

    def test_a_short_hole_is_explained_by_a_gap_close_by_and_by_no_other(self):
        out = CameraReport(1, 25, archived(*range(50), *range(52, 90)))  # 1.96 s to 2.08 s
        for start_s, breaks in ((2.15, 0), (1.75, 0), (2.5, 1), (1.4, 1)):
            report = Report()
            gap = (int(start_s * 1e6), int(start_s * 1e6) + 80_000, "network")
            checker.explain(out, [Outage(1 * NS, ("network",))], [gap], 0, report)
            self.assertEqual(len(report.breaks), breaks, start_s)
            self.assertAlmostEqual(report.explained, 1 - breaks)

    def test_a_fault_without_a_ledger_does_not_pass(self):
        out = Outcome()
        out.add(Report(has_ledger=False))
        out.judge()
        self.assertFalse(out.passed)
        self.assertEqual(out.result, "no ledger")


class OutcomeTest(unittest.TestCase):
    def test_of_several_runs_the_worst_is_told(self):
        out = Outcome()
        for value in (0.5, 2.25, 1):
            out.at_most("back after", value, 3)
        out.say("new files")
        self.assertEqual(out.measured, "back after 2.25 s (worst of 3), new files")
        self.assertTrue(out.passed)

    def test_what_never_happened_is_a_miss(self):
        out = Outcome()
        out.at_most("back after", None, 3)
        self.assertEqual(out.measured, "back after never")
        self.assertFalse(out.passed)


class CatalogTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = pathlib.Path(folder.name)
        self.files = []

    def row(self, name: str, start: int, end: int | None, size: int = 3, state: str = "complete"):
        file = self.data / name
        file.write_bytes(b"abc")
        self.files.append(file)
        return catalog_view.Row(1, "main", file, name, start, end, size, state, None)

    def breaks(self, rows, files=None) -> list[str]:
        report = Report()
        checker.check_catalog(rows, self.files if files is None else files, report, running=False)
        checker.check_times(rows, report)
        return [text[:2] for text in report.breaks]

    def test_a_good_catalog_has_no_breaks(self):
        self.assertEqual(self.breaks([self.row("a", 0, 10), self.row("b", 10, 20)]), [])

    def test_a_file_without_a_row_is_found(self):
        row = self.row("a", 0, 10)
        self.assertEqual(self.breaks([row], [row.path, self.data / "unknown.mp4"]), ["I1"])

    def test_a_wrong_size_a_lost_file_and_an_open_row_are_found(self):
        lost = self.row("b", 10, 20)
        lost.path.unlink()
        rows = [self.row("a", 0, 10, 4), lost, self.row("c", 20, None, 0, "recording")]
        self.assertEqual(self.breaks(rows), ["I2", "I2", "I2"])

    def test_overlapping_times_are_found(self):
        self.assertEqual(self.breaks([self.row("a", 0, 11), self.row("b", 10, 20)]), ["I4"])

    def test_a_database_that_is_none_is_reported(self):
        (self.data / "catalog.db").write_bytes(b"x" * 8192)
        with self.assertRaises(catalog_view.DamagedDatabase):
            catalog_view.rows(self.data)
        self.assertNotEqual(catalog_view.integrity(self.data / "catalog.db"), "ok")

    def test_a_whole_database_is_whole_with_its_log(self):
        connection = sqlite3.connect(self.data / "catalog.db")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t (a)")
        connection.execute("INSERT INTO t VALUES (7)")
        connection.commit()
        self.assertEqual(catalog_view.query(self.data / "catalog.db", "SELECT a FROM t"), [(7,)])
        connection.close()


class FilesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name) / "clip.mp4"
        source = ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25", "-t", "2"]
        coded = ["-c:v", "libx264", "-g", "25", "-movflags", "frag_keyframe+empty_moov"]
        subprocess.run(["ffmpeg", "-v", "error", *source, *coded, str(self.file)], check=True)

    def test_pictures_without_marks_are_a_complaint(self):
        self.assertIn("pictures do not agree", "; ".join(media.read(self.file).complaints))

    def test_a_file_that_is_torn_in_its_header_does_not_play(self):
        self.file.write_bytes(self.file.read_bytes()[:500])
        self.assertFalse(media.read(self.file).playable)

    def test_the_last_whole_fragment_is_found(self):
        data = self.file.read_bytes()
        whole = group_power.fragments_end(data, len(data) - 1)
        self.assertGreater(whole, 0)
        self.assertEqual(data[whole + 4 : whole + 8], b"mfra")
        half = group_power.fragments_end(data, whole - 1)
        self.assertEqual(data[half + 4 : half + 8], b"moof")


if __name__ == "__main__":
    unittest.main()
