#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every file that can hold a comment names its licence in its first lines: check_headers.py ROOT"""

import pathlib
import re
import sys

import tree

# Prose, pictures, and files whose format has no comments or whose text is made by a program.
EXEMPT = re.compile(r"LICENSE|.*\.(md|json|png|svg|jpg|mp4|webm|ico|woff2)")
LINE = re.compile(r"(//|#|--|/\*|<!--) SPDX-License-Identifier: MIT( \*/| -->)?")


def check(root: pathlib.Path) -> list[str]:
    out = []
    for name in tree.files(root):
        if EXEMPT.fullmatch(name):
            continue
        first = tree.text(root, name).splitlines()[:2]  # the second, behind #!
        if not any(LINE.fullmatch(line) for line in first):
            out.append(f"{name}: begins without SPDX-License-Identifier: MIT")
        if name.endswith(".h") and "#pragma once" not in tree.text(root, name):
            out.append(f"{name}: lacks #pragma once")
    return out


if __name__ == "__main__":
    tree.finish(check(pathlib.Path(sys.argv[1])))
