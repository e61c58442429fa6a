# SPDX-License-Identifier: MIT
"""Small disks in files: full, gone, read-only, frozen, or as they were at an instant."""

import fcntl
import os
import pathlib
import shutil
import signal
import struct

from program import Missing, Program, Trouble, mono_ns, run, until

EXT4_IOC_SHUTDOWN = 0x8004587D
SHUTDOWN_WITHOUT_LOG = 2  # what is not on the disk yet, never gets there


def _need(*tools: str) -> None:
    for tool in tools:
        if shutil.which(tool) is None:
            raise Missing(f"{tool} is not installed")


class Disk:
    """A file with a file system in it, mounted at `place`."""

    def __init__(
        self, lab, name: str, mib: int, kind: str = "ext4", options: str = "", make: tuple = ()
    ):
        """`make`: more for mkfs."""
        _need(f"mkfs.{kind}")
        self.image = lab.work / f"{name}.img"
        self.place = lab.work / name
        self.options = options
        self.place.mkdir()
        with self.image.open("wb") as file:
            file.truncate(mib << 20)
        quiet = {"ext4": ("-q", "-F"), "xfs": ("-q", "-m", "reflink=1")}[kind]
        run(f"mkfs.{kind}", *quiet, *make, str(self.image))
        self.mount()
        lab.later(self.unmount)

    @classmethod
    def again(cls, lab, name: str) -> "Disk":
        """One that an earlier run has made."""
        out = cls.__new__(cls)
        out.image, out.place, out.options = lab.work / f"{name}.img", lab.work / name, ""
        out.place.mkdir(exist_ok=True)
        out.mount()
        lab.later(out.unmount)
        return out

    def mount(self, image: pathlib.Path | None = None) -> None:
        options = ",".join(part for part in ("loop", self.options) if part)
        done = run("mount", "-o", options, str(image or self.image), str(self.place), check=False)
        if done.returncode != 0:
            raise Missing(f"no disk in a file can be mounted: {done.stderr.strip()}")

    def mounted(self) -> bool:
        return os.path.ismount(self.place)

    def unmount(self) -> None:
        """Also while files are open there; then the disk lives on until they are closed."""
        while self.mounted():
            if run("umount", str(self.place), check=False).returncode != 0:
                run("umount", "-l", str(self.place))

    def device(self) -> str:
        return run("findmnt", "-no", "SOURCE", str(self.place)).stdout.strip()

    def number(self) -> str:
        """Of its device, such as "7:0"."""
        return (
            pathlib.Path(f"/sys/block/{pathlib.Path(self.device()).name}/dev").read_text().strip()
        )

    def keep_little_in_memory(self, most: int) -> None:
        """At most so many bytes wait in memory to be written; beyond that who writes waits."""
        folder = pathlib.Path(f"/sys/class/bdi/{self.number()}")
        try:
            (folder / "strict_limit").write_text("1")
            (folder / "max_bytes").write_text(str(most))
        except OSError:  # Linux before 6.2: nothing waits in memory
            run("mount", "-o", "remount,sync", str(self.place))

    def cut_power(self) -> int:
        """What was not synced is lost, and each access fails from now on."""
        folder = os.open(self.place, os.O_RDONLY)
        try:
            at = mono_ns()
            fcntl.ioctl(folder, EXT4_IOC_SHUTDOWN, struct.pack("I", SHUTDOWN_WITHOUT_LOG))
        except OSError as error:
            raise Missing(f"the file system knows no shutdown: {error.strerror}") from error
        finally:
            os.close(folder)
        return at

    def break_read_only(self) -> int:
        """An error of the file system, which then turns itself read-only (errors=remount-ro)."""
        name = pathlib.Path(self.device()).name
        trigger = pathlib.Path(f"/sys/fs/ext4/{name}/trigger_fs_error")
        if not trigger.exists():
            raise Missing("this kernel cannot make an error of ext4")
        at = mono_ns()
        trigger.write_text("fault campaign\n")
        return at

    def repair_and_mount(self) -> int:
        self.unmount()
        run("e2fsck", "-fy", str(self.image), check=False)
        self.mount()
        return mono_ns()


class Snapshots:
    """A disk that lies in a file on a file system which copies files in no time: each copy is the
    disk as a power cut at that moment would have left it."""

    def __init__(self, lab, mib: int = 400):
        self.host = Disk(lab, "host", mib * 3, "xfs")
        self.disk = Disk.__new__(Disk)
        self.disk.image = self.host.place / "disk.img"
        self.disk.place = lab.work / "disk"
        self.disk.place.mkdir()
        self.disk.options = ""
        with self.disk.image.open("wb") as file:
            file.truncate(mib << 20)
        run("mkfs.ext4", "-q", "-F", str(self.disk.image))
        self.disk.mount()
        lab.later(self.disk.unmount)
        self.taken: list[tuple[int, pathlib.Path]] = []

    def take(self) -> None:
        copy = self.host.place / f"cut-{len(self.taken)}.img"
        at = mono_ns()
        run("cp", "--reflink=always", str(self.disk.image), str(copy))
        self.taken.append((at, copy))


class SlowFolder:
    """A folder through a program (bindfs), which can be stopped: then the disk hangs."""

    def __init__(self, lab):
        _need("bindfs")
        self.real = lab.work / "real"
        self.place = lab.work / "slow"
        self.real.mkdir()
        self.place.mkdir()
        command = ["bindfs", "-f", "-o", "allow_other", str(self.real), str(self.place)]
        self.program = Program(command, lab.work / "bindfs.log")
        lab.later(self.close)
        try:
            until("bindfs", lambda: os.path.ismount(self.place), 5)
        except Trouble as error:
            raise Missing("bindfs cannot mount (FUSE)") from error

    def hang(self) -> int:
        return self.program.signal(signal.SIGSTOP)

    def go_on(self) -> int:
        self.program.signal(signal.SIGCONT)
        return mono_ns()

    def close(self) -> None:
        self.program.signal(signal.SIGCONT)
        run("umount", "-l", str(self.place), check=False)
        self.program.end()
