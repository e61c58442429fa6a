#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""data/config.example.conf documents every key, and no other: check_config_docs.py ROOT PROGRAM

PROGRAM (print_settings) prints the table of keys: key, unit, default, least, most, sentence."""

import pathlib
import re
import subprocess
import sys

EXAMPLE = "data/config.example.conf"
KEY = re.compile(r"#?([a-z][a-z0-9_]*)=(.*)")


def documented(text: str) -> dict[str, tuple[str, str]]:
    """Key to its default and the comment above it."""
    out = {}
    comment: list[str] = []
    for line in text.splitlines():
        match = KEY.fullmatch(line)
        if match:
            out[match[1]] = (match[2], " ".join(comment))
            comment = []
        elif line.startswith("# "):
            comment.append(line[2:].strip())
        else:
            comment = []
    return out


def check(text: str, table: str) -> list[str]:
    found = documented(text)
    out = []
    for row in table.splitlines():
        key, unit, default, least, most, sentence = row.split("\t")
        if key not in found:
            out.append(f"{EXAMPLE}: {key} is missing")
            continue
        shown, comment = found.pop(key)
        if shown != default:
            out.append(f"{EXAMPLE}: the default of {key} is {default}, not {shown}")
        wanted = [sentence, unit] + ([f"{least} to {most}"] if least != most else [])
        for part in wanted:
            if part.lower() not in comment.lower():
                out.append(f"{EXAMPLE}: the comment of {key} lacks: {part}")
    out += [f"{EXAMPLE}: there is no key {key}" for key in found]
    return out


def main() -> None:
    root, program = sys.argv[1:]
    table = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    text = (pathlib.Path(root) / EXAMPLE).read_text(encoding="utf-8")
    complaints = check(text, table)
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
