# SPDX-License-Identifier: MIT
"""install_folder.py SOURCE TARGET: copies a built folder below the prefix at install time."""
import os
import pathlib
import shutil
import sys

prefix = pathlib.Path(os.environ["MESON_INSTALL_DESTDIR_PREFIX"])
shutil.copytree(sys.argv[1], prefix / sys.argv[2], dirs_exist_ok=True)
