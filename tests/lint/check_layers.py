#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds every #include of src/ and plugins/ against src/layers.txt: check_layers.py ROOT"""

import dataclasses
import pathlib
import re
import sys

import tree

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
# Headers of C that the language's own ones replace or complete.
C_STANDARD = {"assert.h", "errno.h", "inttypes.h", "limits.h", "math.h", "signal.h", "stdarg.h",
              "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h", "time.h"}


@dataclasses.dataclass
class Row:
    folder: str
    level: str
    folders: list[str]
    headers: list[str]

    def may_include(self, folder: str) -> bool:
        return folder == self.folder or folder in self.folders or self.folders == ["*"]

    def may_see(self, header: str) -> bool:
        if "/" not in header and (not header.endswith(".h") or header in C_STANDARD):
            return True  # the C++ standard library
        return any(header.startswith(prefix) for prefix in self.headers)


def read_rows(text: str) -> dict[str, Row]:
    rows = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split("|")] + ["", "", ""]
        rows[parts[0]] = Row(parts[0], parts[1], parts[2].split(), parts[3].split())
    return rows


def check_rows(rows: dict[str, Row]) -> list[str]:
    """Folders may include only lower levels, so the table cannot have a cycle."""
    out = []
    for row in rows.values():
        for other in row.folders:
            if other == "*":
                continue
            if other not in rows:
                out.append(f"src/layers.txt: {row.folder} lists {other}, which has no row")
            elif int(rows[other].level) >= int(row.level):
                out.append(f"src/layers.txt: {row.folder} (level {row.level}) may not include "
                           f"{other} (level {rows[other].level})")
    return out


def check_include(row: Row, rows: dict[str, Row], kind: str, header: str, names: list[str],
                  beside: str) -> bool:
    if kind == "<":
        return row.may_see(header)
    folder = header.split("/")[0]
    if "/" not in header:
        if row.folder == "plugins" and f"{beside}/{header}" in names:
            return True
        # No file of ours has that name: the build makes it (version.h, config_migrations.h).
        return not any(name.endswith("/" + header) for name in names)
    return folder in rows and row.may_include(folder)


def check(root: pathlib.Path) -> list[str]:
    rows = read_rows(tree.text(root, "src/layers.txt"))
    out = check_rows(rows)
    names = [n for n in tree.files(root) if re.match(r"(src|plugins)/.*\.(h|cpp|c|cc|hpp)$", n)]
    for name in names:
        parts = name.split("/")
        folder = "plugins" if parts[0] == "plugins" and len(parts) == 2 else parts[1]
        if parts[0] == "src" and len(parts) == 2:
            folder = "app"  # main.cpp
        if folder not in rows:
            out.append(f"{name}: folder {folder} has no row in src/layers.txt")
            continue
        beside = name.rsplit("/", 1)[0]
        for kind, header in INCLUDE.findall(tree.text(root, name)):
            if not check_include(rows[folder], rows, kind, header, names, beside):
                out.append(f"{name}: {folder} may not include {header}; see src/layers.txt")
    return out


if __name__ == "__main__":
    tree.finish(check(pathlib.Path(sys.argv[1])))
