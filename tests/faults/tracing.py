# SPDX-License-Identifier: MIT
"""strace as the hand that makes system calls fail, wait, or be the last."""

import pathlib
import shutil

from program import Missing, Program, until


def _strace(work: pathlib.Path, *more: str) -> list[str]:
    if shutil.which("strace") is None:
        raise Missing("strace is not installed")
    # -D: the daemon stays our child, and the tracer stands beside it.
    quiet = ["-qqq", "-o", str(work / "strace.log")]
    return ["strace", "-D", "-f", *quiet, *more]


def _of(paths) -> list[str]:
    """Only calls on these files."""
    return [word for path in paths for word in ("-P", str(path))]


def kill_at(calls: str, nth: int, work: pathlib.Path, paths=()) -> list[str]:
    """A prefix: the process is killed at the N-th of these calls (of one of its threads)."""
    inject = f"inject={calls}:signal=SIGKILL:when={nth}"
    # Not with --seccomp-bpf, under which strace 6.1 sends no signal.
    return _strace(work, *_of(paths), "-e", f"trace={calls}", "-e", inject)


def fail(calls: str, error: str, when: str, work: pathlib.Path, paths=()) -> list[str]:
    """A prefix: these calls fail with `error`; `when` as strace has it ("3", "5+7", "4..6")."""
    inject = f"inject={calls}:error={error}:when={when}"
    return _strace(work, "--seccomp-bpf", *_of(paths), "-e", f"trace={calls}", "-e", inject)


def injected(work: pathlib.Path) -> int:
    """How many calls were made to fail: a fault that never happened proves nothing."""
    log = work / "strace.log"
    return log.read_text(errors="replace").count("(INJECTED)") if log.exists() else 0


def slow_down(pid: int, calls: str, seconds: int, work: pathlib.Path) -> Program:
    """Each of these calls takes so much longer, in all threads, until the tracer is ended."""
    log = work / "slow.log"
    _strace(work)
    command = ["strace", "-qqq", "-f", "-o", str(log), "-p", str(pid), "-e", f"trace={calls}"]
    out = Program([*command, "-e", f"inject={calls}:delay_enter={seconds}s"], work / "strace.err")
    until("a call is slow", lambda: log.exists() and log.stat().st_size > 0, 20)
    return out


def hang_threads(threads: dict[int, str], seconds: int, work: pathlib.Path) -> Program:
    """Holds each of the threads in its next system call for so long."""
    if shutil.which("strace") is None:
        raise Missing("strace is not installed")
    command = ["strace", "-qqq", "-o", str(work / "hang.log")]
    for thread in threads:
        command += ["-p", str(thread)]
    return Program([*command, "-e", f"inject=all:delay_enter={seconds}s"], work / "strace.err")
