# SPDX-License-Identifier: MIT
"""Child processes whose lines are kept, and waiting for conditions with a deadline."""

import ctypes
import os
import pathlib
import signal
import subprocess
import threading
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("RONIN_BUILD_ROOT", SOURCE / "build"))
SLOT = "RONIN_FAULTS_SLOT"  # which of the faults that run side by side
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


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


def run(*command: str, check: bool = True, **more) -> subprocess.CompletedProcess:
    """Runs a tool to its end; Missing when it is not installed, Trouble when it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, **more)
    except FileNotFoundError as error:
        raise Missing(f"{command[0]} is not installed") from error
    if check and done.returncode != 0:
        raise Trouble(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return done


def end_with_parent(number: int = signal.SIGTERM) -> None:
    """In a child before it becomes another program."""
    LIBC.prctl(PR_SET_PDEATHSIG, number)


def _die_with_parent() -> None:
    end_with_parent(signal.SIGKILL)


class Program:
    """A child process; dies with the campaign. Its standard output is read line by line."""

    def __init__(self, command: list[str], log: pathlib.Path, env: dict | None = None):
        self.log = log
        self.lines: list[str] = []
        self._stderr = log.open("ab")
        self.started_ns = mono_ns()
        try:
            self.child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._stderr,
                env={**os.environ, **(env or {})},
                preexec_fn=_die_with_parent,
                text=True,
            )
        except FileNotFoundError as error:
            raise Missing(f"{command[0]} is not there") from error
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
                raise Trouble(f"{self.child.args[0]} ended early: {tail}")
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
