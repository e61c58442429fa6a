#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Relative links in Markdown lead to files that exist: check_links.py ROOT"""

import pathlib
import re
import sys
import urllib.parse

import tree

LINK = re.compile(r"\]\(\s*<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\s*\)")
REFERENCE = re.compile(r"^\s*\[[^\]]+\]:\s+<?(\S+?)>?\s*$", re.MULTILINE)
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def check(root: pathlib.Path) -> list[str]:
    out = []
    for name in tree.files(root):
        if not name.endswith(".md"):
            continue
        text = CODE.sub("", tree.text(root, name))
        for link in LINK.findall(text) + REFERENCE.findall(text):
            target = urllib.parse.unquote(link.split("#")[0])
            if not target or re.match(r"[a-z][a-z0-9+.-]*:", link):
                continue
            if not ((root / name).parent / target).exists():
                out.append(f"{name}: {link} leads nowhere")
    return out


if __name__ == "__main__":
    tree.finish(check(pathlib.Path(sys.argv[1])))
