# SPDX-License-Identifier: MIT
"""Prints the files that the web UI is built from, relative to the folder given, one on a line."""
import pathlib
import sys

root = pathlib.Path(sys.argv[1])
for folder in ("src", "public", "scripts"):
    for path in sorted((root / folder).rglob("*")):
        if path.is_file() and ".test." not in path.name:
            print(path.relative_to(root))
