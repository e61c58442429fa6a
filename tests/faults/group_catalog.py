# SPDX-License-Identifier: MIT
"""B13 to B16 and B20: the databases are locked, damaged, slow to shrink, or in between versions."""

import pathlib
import random
import shutil
import sqlite3

import catalog_view
import tracing
from cases import Outcome, fault
from program import SOURCE, mono_ns, until, wait_s

NS = 1_000_000_000


@fault("B13", "catalog locked by another program for 20 s", "0 lost; consistent <= 2 s after")
def locked(new_lab, out: Outcome, runs: int) -> None:
    lab = new_lab()
    lab.add("short", 2)
    lab.record()
    lab.until_grows()
    other = sqlite3.connect(lab.daemon.data / "catalog.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    wait_s(20)
    other.execute("ROLLBACK")
    other.close()
    wait_s(2)
    rows = {row.rel_path for row in catalog_view.rows(lab.daemon.data)}
    files = {str(file.relative_to(lab.daemon.storage)) for file in lab.files()}
    out.at_most("files without a row after 2 s", len(files - rows), 0, "")
    report = out.add(lab.check())
    out.at_most("lost", report.lost, 0, "pictures")


def _damage(database: pathlib.Path, how: int) -> str:
    wal = database.with_name(database.name + "-wal")
    if how == 0:
        wal.unlink(missing_ok=True)
        database.with_name(database.name + "-shm").unlink(missing_ok=True)
        return "-wal and -shm deleted"
    if how == 1:
        with database.open("r+b") as file:
            file.truncate(max(database.stat().st_size // 2, 100))
        return "truncated"
    if how == 2:
        wal.unlink(missing_ok=True)
        database.unlink()
        return "deleted"
    pages = max(1, database.stat().st_size // 4096)
    wal.unlink(missing_ok=True)
    with database.open("r+b") as file:
        for page in random.sample(range(pages), max(1, pages // 3)):
            file.seek(page * 4096)
            file.write(random.randbytes(4096))
    return "pages overwritten"


@fault(
    "B14",
    "catalog damaged, truncated, deleted",
    "recorded <= 10 s after the start; all files catalogued again; no camera lost",
    short=4,
    full=100,
)
def damaged(new_lab, out: Outcome, runs: int) -> None:
    lab = new_lab()
    lab.add("short", 2)
    lab.record()
    lab.until_new_files(2)
    for i in range(runs):
        lab.until_grows()
        killed = lab.daemon.kill()
        how = _damage(lab.daemon.data / "catalog.db", (3 - i) % 4)
        outage = lab.outage(killed, "crash", "restart", "unknown")
        outage.end_ns = lab.daemon.start()
        lab.until_recorded()
        out.at_most(f"{how}: recorded after", (mono_ns() - outage.end_ns) / NS, 10)
        cameras = len(lab.daemon.get("/api/cameras")["items"])
        out.expect(f"{how}: the cameras are there", cameras == 2)
    out.add(lab.check())
    out.runs = runs


@fault(
    "B15",
    "a call of SQLite fails at the N-th time",
    "0 pictures lost; catalog whole after",
    short=2,
    full=40,
)
def sqlite_fails(new_lab, out: Outcome, runs: int) -> None:
    for i in range(runs):
        lab = new_lab()
        lab.add("short", 2)
        lab.record()
        at = mono_ns() - NS // 5
        lab.daemon.stop()
        database = lab.daemon.data / "catalog.db"
        paths = [database, database.with_name("catalog.db-wal")]
        calls, when = (("pwrite64", 4 + i), ("fdatasync", 2 + i // 2 % 8))[i % 2]
        kind = str(when) if i % 4 < 2 else f"{when}+1"  # once, or from then on
        lab.daemon.prefix = tracing.fail(calls, "EIO", kind, lab.work, paths)
        lab.outage(at, "restart", "stopped").end_ns = lab.daemon.start()
        lab.until_recorded()
        wait_s(14)
        crash = lab.daemon.crashed()
        out.expect(f"it lives on after {calls} failed", crash is None)
        out.expect(f"{calls} failed", tracing.injected(lab.work) > 0)
        at = mono_ns() - NS // 5
        # A catalog that takes nothing any more is a failure, and is said.
        if lab.daemon.stop((0, 1) if i % 4 >= 2 else (0,)) == 1:
            told = "the next start enters them" in lab.daemon.log_text()
            out.expect("it says what it could not enter", told)
        # What could not be entered is entered by the next start at the latest.
        lab.daemon.prefix = []
        lab.outage(at, "restart", "stopped").end_ns = lab.daemon.start()
        lab.until_recorded()
        out.add(lab.check())
        out.expect("the catalog is whole", catalog_view.integrity(database) == "ok")
    out.no_loss_in_files()


@fault("B16", "a long reader keeps the logs of the databases", "each -wal <= 64 MiB", full=10)
def long_reader(new_lab, out: Outcome, runs: int) -> None:
    lab = new_lab()
    lab.add("short", 2)
    lab.record()
    readers = []
    for name in ("catalog.db", "config.db"):
        reader = sqlite3.connect(lab.daemon.data / name, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_master").fetchall()
        readers.append(reader)
    camera = lab.cameras[0].ids[0]
    for i in range(200 * runs):
        lab.daemon.request("PATCH", f"/api/cameras/{camera}", {"name": f"Renamed {i}"})
    largest = max(
        (lab.daemon.data / f"{name}-wal").stat().st_size for name in ("catalog.db", "config.db")
    )
    for reader in readers:
        reader.close()
    out.at_most("largest -wal", largest / (1 << 20), 64, "MiB")
    out.add(lab.check())
    out.no_loss_in_files()


def _old(database: pathlib.Path, migrations: pathlib.Path) -> list[tuple]:
    """Rebuilds a database as the first version had it, with what fits; gives its main rows."""
    table = "segment" if database.name == "catalog.db" else "camera"
    old = database.with_suffix(".old")
    old.unlink(missing_ok=True)
    connection = sqlite3.connect(old)
    connection.executescript(next(iter(sorted(migrations.glob("0001-*.sql")))).read_text())
    connection.execute("PRAGMA user_version = 1")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("ATTACH ? AS new", (str(database),))
    tables = connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")
    for (name,) in tables.fetchall():
        if name.startswith("sqlite_"):
            continue
        columns = [row[1] for row in connection.execute(f"PRAGMA main.table_info({name})")]
        listed = ", ".join(columns)
        connection.execute(f"INSERT INTO main.{name} ({listed}) SELECT {listed} FROM new.{name}")
    connection.commit()
    rows = connection.execute(f"SELECT id FROM main.{table} ORDER BY id").fetchall()
    connection.close()
    return rows


def _put(database: pathlib.Path) -> None:
    for ending in ("-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    shutil.copy(database.with_suffix(".old"), database)


@fault(
    "B20",
    "killed at the N-th call of a migration; a newer schema",
    "old or new schema, never between; nothing lost; newer one refused",
    short=8,
    full=60,
)
def migration(new_lab, out: Outcome, runs: int) -> None:
    lab = new_lab()
    lab.add("short", 1)
    lab.record()
    lab.until_new_files(1)
    lab.daemon.stop()
    lab.cameras[0].end()
    newest = {}
    old_rows = {}
    for name in ("catalog", "config"):
        database = lab.daemon.data / f"{name}.db"
        newest[name] = catalog_view.query(database, "PRAGMA user_version")[0][0]
        old_rows[name] = _old(database, SOURCE / "data/migrations" / name)
    reached = 0
    for i in range(runs):
        name = ("catalog", "config")[i % 2]
        table = "segment" if name == "catalog" else "camera"
        database = lab.daemon.data / f"{name}.db"
        _put(database)
        paths = [database, database.with_name(f"{name}.db-wal")]
        prefix = tracing.kill_at("pwrite64,fdatasync,ftruncate", 1 + i // 2, lab.work, paths)
        lab.daemon.prefix = prefix
        program = lab.daemon.launch()
        until("killed or ready", lambda: not program.running() or program.lines, 20)
        if program.running():
            program.kill()
        else:
            reached += 1
        version = catalog_view.query(database, "PRAGMA user_version")[0][0]
        out.expect(f"{name}: version {version} is a whole one", 1 <= version <= newest[name])
        lab.daemon.prefix = []
        lab.daemon.start()
        lab.daemon.stop()
        after = catalog_view.query(database, f"SELECT id FROM {table} ORDER BY id")
        out.expect(f"{name}: the rows are there", set(old_rows[name]) <= set(after))
        out.expect(f"{name}: whole", catalog_view.integrity(database) == "ok")
        out.runs += 1
    out.say(f"{reached} of {runs} points were reached")
    out.expect("some points were reached", reached > 0)
    database = lab.daemon.data / "config.db"
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA user_version = 9999")
    connection.commit()
    connection.close()
    program = lab.daemon.launch()
    until("it refuses", lambda: not program.running(), 10)
    out.expect("a newer schema is refused", program.child.returncode not in (0, None))
    out.expect("with a sentence", "newer version" in program.log.read_text())
    out.ledger = True  # nothing was recorded that could be missing
