# SPDX-License-Identifier: MIT
"""Many cameras that cost little, as a child process, and what they sent."""

import pathlib
import sys
from dataclasses import dataclass

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "faults"))
from camera import free_ports
from program import BUILD, Program, Trouble, until


@dataclass(frozen=True)
class Connection:
    """What one client of a camera was sent; numbers of pictures, both ends included."""

    first: int
    last: int
    pictures: int
    dropped: int  # by the fleet, since the client did not read
    payload_bytes: int
    open: bool


@dataclass(frozen=True)
class Report:
    connections: dict[int, list[Connection]]  # by camera, from 0
    late_ms: float  # the worst since the report before: more than a few ms measure the machine

    @property
    def again(self) -> int:
        """Connections beyond the first of each camera."""
        return sum(len(one) - 1 for one in self.connections.values())

    @property
    def dropped(self) -> int:
        return sum(one.dropped for camera in self.connections.values() for one in camera)


def parse(lines: list[str]) -> Report:
    connections: dict[int, list[Connection]] = {}
    late_ms = 0.0
    for line in lines:
        kind, *words = line.split()
        if kind == "late":
            late_ms = int(words[0]) / 1000
        elif kind == "connection":
            camera, first, last, pictures, dropped, payload = map(int, words[:6])
            one = Connection(first, last, pictures, dropped, payload, words[6] == "open")
            connections.setdefault(camera - 1, []).append(one)
        else:
            raise Trouble(f"the fleet says {line!r}")
    return Report(connections, late_ms)


class Fleet:
    """`count` cameras of 25 pictures a second: 1080p, or 640x360 when it is under 2 Mbit/s."""

    def __init__(self, work: pathlib.Path, count: int, kbit: int = 4000):
        self.count = count
        self.kbit = kbit
        self.port = free_ports(count)
        self.log = work / f"fleet-{count}-{kbit}.log"
        self.program: Program | None = None

    def __enter__(self) -> "Fleet":
        command = [str(BUILD / "tests/bench/ronin-fleet"), f"--cache={BUILD / 'test-clips'}"]
        command += [f"--count={self.count}", f"--port={self.port}", f"--kbit={self.kbit}"]
        command.append(f"--size={'1920x1080' if self.kbit >= 2000 else '640x360'}")
        self.program = Program(command, self.log)
        try:
            self.program.line("ready", 300)  # the first time, it encodes
        except Trouble:
            self.program.kill()
            raise
        return self

    def __exit__(self, *_) -> None:
        self.program.kill()

    @property
    def pid(self) -> int:
        return self.program.pid

    def urls(self) -> list[str]:
        return [f"rtsp://127.0.0.1:{self.port + i}/stream" for i in range(self.count)]

    def report(self) -> Report:
        before = len(self.program.lines)
        self.program.say("report")

        def answer() -> list[str] | None:
            lines = self.program.lines[before:]
            return lines[: lines.index("end")] if "end" in lines else None

        # An answer without a line is no list that counts as false: there is always "late".
        return parse(until("a report of the fleet", answer, 10, 0.005))
