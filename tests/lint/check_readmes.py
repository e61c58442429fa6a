#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every folder explains itself in a README.md of 10 to 30 lines: check_readmes.py ROOT"""

import pathlib
import sys

import tree

TOPS = ("src", "plugins", "ui", "data", "tests", "subprojects")
# Folders of folders: one step below them counts, too.
PARENTS = ("src", "plugins", "data", "tests")


def folders(names: list[str]) -> set[str]:
    out = set()
    for name in names:
        parts = name.split("/")
        if parts[0] not in TOPS or len(parts) == 1:
            continue
        if not (parts[0] == "ui" and parts[1:] == ["meson.build"]):
            out.add(parts[0])
        if parts[0] in PARENTS and len(parts) > 2:
            out.add("/".join(parts[:2]))
    return out


def check(root: pathlib.Path) -> list[str]:
    names = tree.files(root)
    out = []
    for folder in sorted(folders(names)):
        readme = f"{folder}/README.md"
        if readme not in names:
            out.append(f"{folder}: has no README.md")
            continue
        lines = len(tree.text(root, readme).splitlines())
        if not 10 <= lines <= 30:
            out.append(f"{readme}: has {lines} lines, not 10 to 30")
    return out


if __name__ == "__main__":
    tree.finish(check(pathlib.Path(sys.argv[1])))
