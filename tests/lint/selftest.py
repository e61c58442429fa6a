#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Proves that each check fails on a bad sample, and passes on a good one."""

import pathlib
import tempfile
import unittest

import check_config_docs
import check_format
import check_headers
import check_layers
import check_links
import check_readmes

LAYERS = "base | 0 | | glib unistd\nsql | 1 | base | sqlite3\napp | 2 | * | sys/\nmp4 | 0 | |\nplugins | 1 | mp4 | gst/\n"
SPDX = "// SPDX-License-Identifier: MIT\n"
README = "line\n" * 10


class Checks(unittest.TestCase):
    def run_on(self, check, files: dict[str, str]) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
            return check(root)

    def layers(self, name: str, text: str, table: str = LAYERS) -> list[str]:
        return self.run_on(check_layers.check, {"src/layers.txt": table, name: text})

    def test_layers(self) -> None:
        good = '#include <vector>\n#include <glib.h>\n#include <stdint.h>\n#include "base/a.h"\n'
        self.assertEqual(self.layers("src/base/a.cpp", good), [])
        self.assertEqual(self.layers("src/app/a.cpp", '#include "sql/a.h"\n#include <sys/a.h>'), [])
        self.assertEqual(self.layers("src/base/a.cpp", '#include "made_by_the_build.h"\n'), [])
        self.assertEqual(self.layers("plugins/a.cpp", '#include "mp4/a.h"\n'), [])
        for name, include in [("plugins/mp4/a.h", "<gst/gst.h>"), ("src/base/a.h", '"sql/a.h"'), ("src/base/a.cpp", "<sqlite3.h>"),
                              ("src/sql/a.cpp", '"app/a.h"'), ("src/base/a.cpp", '"../sql/a.h"'),
                              ("src/base/a.h", '"a.h"'), ("src/base/a.cpp", "<gst/gst.h>"),
                              ("plugins/a.cpp", '"base/a.h"'), ("src/base/a.cpp", '"none/a.h"')]:
            self.assertEqual(len(self.layers(name, f"#  include {include}\n")), 1, include)
        self.assertEqual(len(self.layers("src/new/a.cpp", "")), 1)
        upward = LAYERS.replace("base | 0 | |", "base | 0 | sql |")
        self.assertEqual(len(self.layers("src/base/a.cpp", "", upward)), 1)

    def test_headers(self) -> None:
        good = {"a.cpp": SPDX, "b.py": "#!/usr/bin/env python3\n# SPDX-License-Identifier: MIT\n",
                "c.sql": "-- SPDX-License-Identifier: MIT\n", "d.h": SPDX + "#pragma once\n",
                "e.html": "<!doctype html>\n<!-- SPDX-License-Identifier: MIT -->\n",
                "f.css": "/* SPDX-License-Identifier: MIT */\n", "notes.md": "", "g.json": "{}"}
        self.assertEqual(self.run_on(check_headers.check, good), [])
        for name in ["a.cpp", "a.py", "a.ts", "a.tsx", "a.sh", "a.sql", "x/meson.build", "run", ".ci/run",
                     "a.mjs", "a.js", "a.css", "a.html", "a.conf", "a.txt", "a.wrap", ".npmrc"]:
            self.assertEqual(len(self.run_on(check_headers.check, {name: "x\n"})), 1, name)
        self.assertEqual(len(self.run_on(check_headers.check, {"a.h": SPDX})), 1)
        self.assertEqual(len(self.run_on(check_headers.check, {"a.js": "x = 1;  " + SPDX})), 1)

    def test_format(self) -> None:
        style = {".clang-format": "BasedOnStyle: Google\n"}
        self.assertEqual(self.run_on(check_format.check, style | {"a.cpp": "int a;\n"}), [])
        self.assertEqual(len(self.run_on(check_format.check, style | {"a.cpp": "int  a ;\n"})), 1)

    def test_links(self) -> None:
        good = "[a](b.md) [c](b.md#d) [e](https://example.com/) [f](#g) `[h](i)`\n[j]: b.md\n"
        self.assertEqual(self.run_on(check_links.check, {"a.md": good, "b.md": ""}), [])
        for bad in ["[a](none.md)", "[a](/b.md)", "[a]: none.md", "![a](none.png)"]:
            self.assertEqual(len(self.run_on(check_links.check, {"a.md": bad, "b.md": ""})), 1, bad)

    def test_readmes(self) -> None:
        good = {"src/README.md": README, "src/base/README.md": README, "src/base/a.h": ""}
        self.assertEqual(self.run_on(check_readmes.check, good), [])
        for change in [{"src/base/README.md": "x\n" * 9}, {"src/base/README.md": "x\n" * 31},
                       {"plugins/a.cpp": ""}, {"src/sql/a.h": ""}, {"tests/README.md": README, "tests/unit/a/b.cpp": ""},
                       {"subprojects/a.wrap": ""}]:
            self.assertEqual(len(self.run_on(check_readmes.check, good | change)), 1, change)

    def test_config_docs(self) -> None:
        table = "a_s\tseconds\t5\t1\t9\tHow long.\n"
        good = "# How long.\n# Seconds, 1 to 9.\n#a_s=5\n"
        self.assertEqual(check_config_docs.check(good, table), [])
        for bad in ["", good.replace("=5", "=6"), good.replace("Seconds", "Days"),
                    good.replace("1 to 9", "1 to 8"), good.replace("How", "So"),
                    good + "# More.\n#b=1\n"]:
            self.assertEqual(len(check_config_docs.check(bad, table)), 1, bad)


if __name__ == "__main__":
    unittest.main()
