# SPDX-License-Identifier: MIT
"""What the checks share: the files of the project, and how a check ends."""

import os
import pathlib
import subprocess
import sys

SKIPPED = {".git", "node_modules", "var", "dist", ".cache", "__pycache__"}


def _walk(root: pathlib.Path) -> list[str]:
    out = []
    for folder, folders, files in os.walk(root):
        folders[:] = [f for f in folders if f not in SKIPPED and not f.startswith("build")]
        if pathlib.Path(folder) == root / "subprojects":
            folders[:] = [f for f in folders if f == "packagefiles"]  # the others are fetched
        out += [os.path.relpath(os.path.join(folder, f), root) for f in files]
    return out


def _git(root: pathlib.Path) -> list[str]:
    """Tracked files, and new ones that are not ignored; nothing when it is no checkout."""
    if not (root / ".git").exists():
        return []
    command = ["git", "-c", f"safe.directory={root}", "-C", str(root), "ls-files", "-z",
               "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return [name for name in done.stdout.split("\0") if name]


def files(root: pathlib.Path) -> list[str]:
    """Paths below root, with '/', sorted."""
    names = _git(root) or _walk(root)
    return sorted(n.replace(os.sep, "/") for n in set(names) if (root / n).is_file())


def text(root: pathlib.Path, name: str) -> str:
    return (root / name).read_text(encoding="utf-8", errors="replace")


def finish(complaints: list[str]) -> None:
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)
