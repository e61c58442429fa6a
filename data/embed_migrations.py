#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a C++ header that holds migration scripts: embed_migrations.py NAME OUTPUT SCRIPT..."""

import pathlib
import re
import sys

DELIMITER = "ronin-sql"


def check(scripts: list[pathlib.Path]) -> None:
    """Stops the build when the numbers have a hole or a script was forgotten in meson.build."""
    for number, script in enumerate(scripts, start=1):
        if not re.fullmatch(rf"{number:04d}-[a-z0-9-]+\.sql", script.name):
            sys.exit(f"{script}: migration {number} must be named {number:04d}-some-words.sql")
    folder = scripts[0].parent
    forgotten = {p.name for p in folder.glob("*.sql")} - {s.name for s in scripts}
    if forgotten:
        sys.exit(f"{folder}: not listed in data/meson.build: {', '.join(sorted(forgotten))}")


def main() -> None:
    name, output, *paths = sys.argv[1:]
    scripts = [pathlib.Path(p) for p in paths]
    check(scripts)
    lines = ["// Made by data/embed_migrations.py.", "#pragma once", '#include "sqlite/migration.h"']
    lines += ["namespace ronin {", f"inline constexpr Migration {name}[] = {{"]
    for number, script in enumerate(scripts, start=1):
        text = script.read_text(encoding="utf-8")
        if f'){DELIMITER}"' in text:
            sys.exit(f"{script}: holds the delimiter of the C++ text")
        lines.append(f'    {{{number}, "{script.name}", R"{DELIMITER}({text}){DELIMITER}"}},')
    lines += ["};", "}  // namespace ronin", ""]
    pathlib.Path(output).write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
