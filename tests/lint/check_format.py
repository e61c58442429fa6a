#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""C++ is laid out as clang-format lays it out: check_format.py ROOT"""

import pathlib
import subprocess
import sys

import tree


def check(root: pathlib.Path) -> list[str]:
    names = [n for n in tree.files(root) if n.endswith((".cpp", ".h"))]
    if not names:
        return []
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", *names], cwd=root,
                          capture_output=True, text=True)
    wrong = {line.split(":")[0] for line in done.stderr.splitlines() if ": error:" in line}
    if done.returncode != 0 and not wrong:
        return [done.stderr]
    return [f"{name}: run clang-format -i on it" for name in sorted(wrong)]


if __name__ == "__main__":
    tree.finish(check(pathlib.Path(sys.argv[1])))
