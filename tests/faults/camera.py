# SPDX-License-Identifier: MIT
"""Numbered cameras as a child process, and the log of what they delivered."""

import itertools
import os
import pathlib
import socket
import threading
from typing import NamedTuple

from program import BUILD, SLOT, Program, Trouble, mono_ns, until


class Sent(NamedTuple):
    """One picture that left a camera. mono_ns names it: numbers begin again with each start."""

    mono_ns: int  # when it was due
    number: int
    keyframe: bool
    players: int
    sent_ns: int  # when it left: later, when the machine had too much to do


_SLOT = int(os.environ.get(SLOT, 0))
_ports = itertools.cycle(range(14000 + _SLOT * 2000, 16000 + _SLOT * 2000))
_ports_lock = threading.Lock()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> int:
    """The first of `count` free ports in a row, below those that the system gives away. Each is
    given once before any is given again, since a camera that was killed comes back to its own.
    Faults that run side by side look in different places."""
    row: list[int] = []
    with _ports_lock:
        for _ in range(2000):
            port = next(_ports)
            row = [*row, port] if _is_free(port) and (not row or port == row[-1] + 1) else []
            if len(row) == count:
                return row[0]
    raise Trouble("there are no free ports")


class FakeCameras:
    """`count` cameras of one kind in one process; they keep their ports over restarts."""

    def __init__(self, work: pathlib.Path, name: str, count: int = 1, namespace=None, **options):
        self.folder = work / name
        self.folder.mkdir(parents=True)
        self.name = name
        self.count = count
        self.namespace = namespace
        self.options = options
        self.port = free_ports(count)
        self.address = options.get("address", "127.0.0.1")
        self.ids: list[int] = []  # in the recorder, once they were added
        self.env: dict[str, str] = {}
        self.program: Program | None = None

    @property
    def fps(self) -> int:
        return int(self.options.get("fps", 25))

    @property
    def gop_s(self) -> int:
        return int(self.options.get("gop", 1))

    def urls(self) -> list[str]:
        return [f"rtsp://{self.address}:{self.port + i}/stream" for i in range(self.count)]

    def start(self, **changed) -> int:
        """Starts them, with changed options; gives the monotonic time at which they listen."""
        self.options.update(changed)
        command = [str(BUILD / "tests/support/ronin-fake-camera")]
        command += [f"--count={self.count}", f"--port={self.port}", f"--log={self.folder}"]
        command += [f"--cache={BUILD / 'test-clips'}"]
        for key, value in self.options.items():
            name = key.replace("_", "-")
            command.append(f"--{name}" if value is True else f"--{name}={value}")
        if self.namespace:
            command = ["ip", "netns", "exec", self.namespace, *command]
        self.program = Program(command, self.folder / "stderr.log", self.env)
        self.program.line("ready", 240)

        return mono_ns()

    def tell(self, line: str) -> None:
        """One command of the program, obeyed when this returns."""
        before = len(self.program.lines)
        self.program.say(line)

        until(f"an answer to {line!r}", lambda: len(self.program.lines) > before, 30, 0.002)
        answer = self.program.lines[before]
        if not answer.startswith("ok"):
            raise Trouble(f"camera {self.name}, {line!r}: {answer}")

    def tell_all(self, verb: str, value: str = "") -> None:
        for number in range(1, self.count + 1):
            self.tell(f"{verb} {number} {value}".strip())

    def kill(self) -> int:
        return self.program.kill()

    def end(self) -> None:
        if self.program is not None and self.program.running():
            self.program.kill()

    def sent(self, which: int) -> list[Sent]:
        """What camera `which` (from 0) delivered or tried to, over all its starts."""
        file = self.folder / f"camera-{which + 1}.log"
        out = []
        for line in file.read_text().splitlines() if file.exists() else []:
            words = line.split()
            if len(words) == 6:  # the last line may be torn by a kill
                number, _, due, left, key, players = words
                out.append(Sent(int(due), int(number), key == "1", int(players), int(left)))
        return out
