# SPDX-License-Identifier: MIT
"""The cameras of the soak: one program, whose connections are closed again and again."""

import pathlib
import threading

from camera import free_ports
from program import BUILD, Program


class Fleet:
    def __init__(self, work: pathlib.Path, count: int, port: int = 0):
        self.work, self.count, self.port = work, count, port or free_ports(count)
        self.reconnects = 0
        self.program: Program | None = None
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> int:
        """Gives the first of their ports, which they keep over pieces."""
        command = [str(BUILD / "tests/support/ronin-fake-camera"), f"--count={self.count}"]
        # Noise, since the bitrate is kept to only where there is enough to say.
        command += [f"--port={self.port}", f"--cache={BUILD / 'test-clips'}", "--pattern=snow"]
        self.program = Program(command, self.work / "cameras.log")
        self.program.line("ready", 240)
        return self.port

    def urls(self) -> list[str]:
        return [f"rtsp://127.0.0.1:{self.port + i}/stream" for i in range(self.count)]

    def reconnect_each(self, seconds: float) -> None:
        """From now on each camera is cut off once in so many seconds, one after the other."""

        def cut() -> None:
            number = 0
            while not self._end.wait(seconds / self.count):
                self.program.say(f"close {number % self.count + 1}")
                self.program.lines.clear()  # its answers
                self.reconnects += 1
                number += 1

        self._thread = threading.Thread(target=cut, daemon=True)
        self._thread.start()

    def stop_reconnecting(self) -> None:
        self._end.set()
        self._thread.join(10)

    def end(self) -> None:
        if self.program is not None and self.program.running():
            self.program.kill()
