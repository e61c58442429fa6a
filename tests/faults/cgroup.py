# SPDX-License-Identifier: MIT
"""Control groups: a limit of memory, and of what is written to a disk; version 1 or 2, whatever the
system has."""

import os
import pathlib
import subprocess
import sys

from program import Missing

ROOT = pathlib.Path("/sys/fs/cgroup")


class MemoryGroup:
    def __init__(self, lab):
        name = f"ronin-faults-{os.getpid()}-{lab.work.name}"
        first = (ROOT / "memory").is_dir()
        if first:
            self.folder, self.limit_file = ROOT / "memory" / name, "memory.limit_in_bytes"
        elif "memory" in self._controllers():
            self.folder, self.limit_file = ROOT / name, "memory.max"
        else:
            raise Missing("there is no control group for memory")
        try:
            self.folder.mkdir()
        except OSError as error:
            raise Missing(f"no control group can be made: {error.strerror}") from error
        lab.later(self.folder.rmdir)

    @staticmethod
    def _controllers() -> list[str]:
        try:
            return (ROOT / "cgroup.subtree_control").read_text().split()
        except OSError:
            return []

    def prefix(self) -> list[str]:
        """Starts a program in the group, so that all of its memory counts."""
        script = f'echo $$ >"{self.folder}/cgroup.procs" && exec "$@"'
        return ["sh", "-c", script, "sh"]

    def starve(self, victim: int) -> None:
        """A neighbour takes what there is, until the kernel kills the victim."""
        pathlib.Path(f"/proc/{victim}/oom_score_adj").write_text("1000")
        (self.folder / self.limit_file).write_text(str(96 << 20))
        greedy = "held = [bytearray(b'x') * (1 << 20) for _ in range(200)]"
        command = [*self.prefix(), sys.executable, "-c", greedy]
        subprocess.run(command, stderr=subprocess.DEVNULL, timeout=60, check=False)


class DiskThrottle:
    """A limit on what is written to one disk. Version 1 has it for all programs; with version 2 the
    recorder must run in the group, see prefix()."""

    def __init__(self, lab, device: str):
        self.device = device  # "7:0"
        first = ROOT / "blkio"
        self.group: pathlib.Path | None = None
        if first.is_dir():
            self.file = first / "blkio.throttle.write_bps_device"
        elif "io" in MemoryGroup._controllers():
            self.group = ROOT / f"ronin-faults-{os.getpid()}-{lab.work.name}-io"
            self.group.mkdir()
            lab.later(self.group.rmdir)
            self.file = self.group / "io.max"
        else:
            raise Missing("there is no control group for disks")
        lab.later(lambda: self.limit(None))

    def prefix(self) -> list[str]:
        if self.group is None:
            return []
        return ["sh", "-c", f'echo $$ >"{self.group}/cgroup.procs" && exec "$@"', "sh"]

    def limit(self, bytes_per_s: int | None) -> None:
        if self.group is None:
            self.file.write_text(f"{self.device} {bytes_per_s or 0}")
        else:
            self.file.write_text(f"{self.device} wbps={bytes_per_s or 'max'}")
