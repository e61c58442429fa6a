# SPDX-License-Identifier: MIT
"""Child processes whose lines are kept, and waiting for conditions with a deadline."""

import os
import pathlib
import shutil
import signal
import subprocess
import threading
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("RONIN_BUILD_ROOT", SOURCE / "build"))
SLOT = "RONIN_FAULTS_SLOT"  # which of the faults that run side by side


class Trouble(Exception):
    """The campaign itself cannot go on: a sentence that says why."""


class Missing(Exception):
    """This machine lacks what the fault needs: said aloud, and not passed."""


def mono_ns() -> int:
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


def utc_minus_mono_ns() -> int:
    return time.clock_gettime_ns(time.CLOCK_REALTIME) - mono_ns()


def until(what: str, probe, limit_s: float = 30.0, every_s: float = 0.05):
    """Asks `probe` until it gives something true, and gives that back."""
    end = time.monotonic() + limit_s
    while True:
        found = probe()
        if found:
            return found
        if time.monotonic() > end:
            raise Trouble(f"still waiting after {limit_s:g} s: {what}")
        time.sleep(every_s)


def wait_s(seconds: float) -> None:
    """Lets time pass that the fault itself needs, such as how long an outage lasts."""
    time.sleep(seconds)


def run(
    *command: str, check: bool = True, limit_s: float = 120, **more
) -> subprocess.CompletedProcess:
    """Runs a tool to its end; Missing when it is not installed, Trouble when it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit_s, **more)
    except FileNotFoundError as error:
        raise Missing(f"{command[0]} is not installed") from error
    if check and done.returncode != 0:
        raise Trouble(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return done


def ending_with_parent(signal_name: str) -> list[str]:
    """A prefix: the program gets this signal when the thread that started it ends. (No preexec_fn:
    that may hang in a process with threads.)"""
    return ["setpriv", "--pdeathsig", signal_name]


class Program:
    """A child process; dies with the campaign. Its standard output is read line by line."""

    def __init__(self, command: list[str], log: pathlib.Path, env: dict | None = None):
        self.log = log
        self.lines: list[str] = []
        self._stderr = log.open("ab")
        self.name = pathlib.Path(command[0]).name
        if shutil.which(command[0]) is None:
            raise Missing(f"{command[0]} is not there")
        self.started_ns = mono_ns()
        self.child = subprocess.Popen(
            [*ending_with_parent("KILL"), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            env={**os.environ, **(env or {})},
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.child.stdout:
            self.lines.append(line.rstrip("\n"))

    @property
    def pid(self) -> int:
        return self.child.pid

    def running(self) -> bool:
        return self.child.poll() is None

    def line(self, start: str, limit_s: float = 60.0, after: int = 0) -> str:
        """The first line from `after` on that starts like this."""

        def find() -> str | None:
            found = [one for one in self.lines[after:] if one.startswith(start)]
            if not found and not self.running():
                tail = self.log.read_text(errors="replace")[-800:]
                raise Trouble(f"{self.name} ended early: {tail}")
            return found[0] if found else None

        return until(f"a line that starts with {start!r}", find, limit_s, 0.005)

    def say(self, text: str) -> None:
        self.child.stdin.write(text + "\n")
        self.child.stdin.flush()

    def signal(self, number: int) -> int:
        """Sends a signal; gives the monotonic time at which it was sent."""
        at = mono_ns()
        if self.running():
            self.child.send_signal(number)
        return at

    def kill(self) -> int:
        at = self.signal(signal.SIGKILL)
        self.child.wait(30)
        return at

    def end(self, limit_s: float = 10.0) -> int | None:
        """SIGTERM, then its exit code; None when it had to be killed."""
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        try:
            return self.child.wait(limit_s)
        except subprocess.TimeoutExpired:
            self.kill()
            return None
