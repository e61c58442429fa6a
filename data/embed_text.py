#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a C++ header that holds a text: embed_text.py NAME OUTPUT FILE"""

import pathlib
import sys

DELIMITER = "ronin-text"


def main() -> None:
    name, output, path = sys.argv[1:]
    text = pathlib.Path(path).read_text(encoding="utf-8")
    if f'){DELIMITER}"' in text:
        sys.exit(f"{path}: holds the delimiter of the C++ text")
    lines = ["// Made by data/embed_text.py.", "#pragma once", "namespace ronin {"]
    lines += [f'inline constexpr char {name}[] = R"{DELIMITER}({text}){DELIMITER}";']
    lines += ["}  // namespace ronin", ""]
    pathlib.Path(output).write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
