# SPDX-License-Identifier: MIT
"""Reads the recorder's databases as they lie on the disk, through a copy."""

import pathlib
import shutil
import sqlite3
import tempfile
from dataclasses import dataclass


@dataclass
class Row:
    camera_id: int
    stream: str
    path: pathlib.Path  # absolute
    rel_path: str
    start_us: int
    end_us: int | None
    size_bytes: int
    state: str
    frames: int | None
    suspect: bool = False


class DamagedDatabase(Exception):
    """What SQLite says about it."""


def _copy(database: pathlib.Path, folder: str) -> sqlite3.Connection:
    # -shm is left behind: SQLite makes it anew, and then looks into all of the -wal.
    for ending in ("", "-wal"):
        source = database.with_name(database.name + ending)
        if source.exists():
            shutil.copy(source, folder)
    return sqlite3.connect(pathlib.Path(folder) / database.name)


def query(database: pathlib.Path, sql: str) -> list[tuple]:
    with tempfile.TemporaryDirectory() as folder:
        connection = _copy(database, folder)
        try:
            return connection.execute(sql).fetchall()
        except sqlite3.DatabaseError as error:
            raise DamagedDatabase(f"{database.name}: {error}") from error
        finally:
            connection.close()


def integrity(database: pathlib.Path) -> str:
    """ "ok", or what is wrong."""
    try:
        return "; ".join(str(row[0]) for row in query(database, "PRAGMA integrity_check"))
    except DamagedDatabase as error:
        return str(error)


def rows(data: pathlib.Path) -> list[Row]:
    sql = """SELECT camera_id, stream, volume.path, rel_path, start_us, end_us, size_bytes, state,
                    frames, suspect
               FROM segment JOIN volume ON volume.id = volume_id
              ORDER BY camera_id, stream, start_us"""
    out = []
    for camera, stream, root, rel, start, end, size, state, frames, suspect in query(
        data / "catalog.db", sql
    ):
        path = pathlib.Path(root) / rel
        out.append(Row(camera, stream, path, rel, start, end, size, state, frames, suspect == 1))
    return out
