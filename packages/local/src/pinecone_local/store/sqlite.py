"""The durable store: one SQLite file, in WAL mode, fully synced before a write is acknowledged.

Layout: a record's rowid is its namespace's number in the upper bits and its position in the lower
ones, so that one namespace is one range of the table, in write order, without any second index.
The engine never searches in SQL; it reads a namespace as a whole, once, and appends to it.
"""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from ..errors import EngineClosedError, EngineError, StoreDamagedError, StoreVersionError
from .folder_lock import FolderLock
from .graph_files import graph_faults
from .rows import NamespaceRow, ResourceRow, VectorRow, WriteBatch

__all__ = ["FORMAT_VERSION", "SqliteStore"]

FORMAT_VERSION = 1
FILE_NAME = "pinecone.sqlite3"

_APPLICATION_ID = 0x50434C31  # "PCL1"
_MAGIC = b"SQLite format 3\x00"
_PAGE_SIZE = 16384
_SHIFT = 40
_BLOCK_ROWS = 4096

_TABLES = """
CREATE TABLE resources (
    kind TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE TABLE namespaces (
    number INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, name TEXT NOT NULL, schema BLOB,
    created REAL NOT NULL, count INTEGER NOT NULL DEFAULT 0, size INTEGER NOT NULL DEFAULT 0,
    UNIQUE (owner, name)
);
CREATE TABLE lsns (owner TEXT PRIMARY KEY, lsn INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE vectors (
    place INTEGER PRIMARY KEY, crc INTEGER NOT NULL, id TEXT NOT NULL,
    dense BLOB, sparse BLOB, metadata BLOB
);
"""

#: From a format version to the function that brings a file from it to the next one.
MIGRATIONS: dict[int, Callable[[sqlite3.Connection], None]] = {}


def _checksum(id_: str, dense: bytes | None, sparse: bytes | None, metadata: bytes | None) -> int:
    crc = zlib.crc32(id_.encode())
    for part in (dense, sparse, metadata):
        crc = zlib.crc32(part, crc) if part is not None else zlib.crc32(b"\xff", crc)
    return crc


class _SqliteBatch:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put_resource(self, row: ResourceRow) -> None:
        self._connection.execute("INSERT OR REPLACE INTO resources VALUES (?, ?, ?)", row)

    def drop_resource(self, kind: str, key: str) -> None:
        self._connection.execute("DELETE FROM resources WHERE kind = ? AND key = ?", (kind, key))

    def add_namespace(self, owner: str, name: str, schema: bytes | None, created: float) -> int:
        cursor = self._connection.execute(
            "INSERT INTO namespaces (owner, name, schema, created) VALUES (?, ?, ?, ?)",
            (owner, name, schema, created),
        )
        return int(cursor.lastrowid or 0)

    def size_namespace(self, number: int, count: int, size: int) -> None:
        self._connection.execute(
            "UPDATE namespaces SET count = ?, size = ? WHERE number = ?", (count, size, number)
        )

    def drop_namespace(self, number: int) -> None:
        self.clear_namespace(number)
        self._connection.execute("DELETE FROM namespaces WHERE number = ?", (number,))

    def clear_namespace(self, number: int) -> None:
        self._connection.execute(
            "DELETE FROM vectors WHERE place >= ? AND place < ?", (number << _SHIFT, (number + 1) << _SHIFT)
        )

    def append(self, number: int, rows: Iterable[VectorRow]) -> None:
        base = number << _SHIFT
        self._connection.executemany(
            "INSERT INTO vectors VALUES (?, ?, ?, ?, ?, ?)",
            (
                (base | row.position, _checksum(*row[1:]), row.id, row.dense, row.sparse, row.metadata)
                for row in rows
            ),
        )

    def remove(self, number: int, positions: Iterable[int]) -> None:
        base = number << _SHIFT
        self._connection.executemany(
            "DELETE FROM vectors WHERE place = ?", ((base | position,) for position in positions)
        )

    def set_lsn(self, owner: str, lsn: int) -> None:
        self._connection.execute("INSERT OR REPLACE INTO lsns VALUES (?, ?)", (owner, lsn))


class SqliteStore:
    """Open or create the store in a folder.

    Args:
        folder: The folder; it is made when it does not exist.

    Raises:
        FolderInUseError: Another engine has it open.
        StoreDamagedError: The file is cut off or is no store.
        StoreVersionError: The file was written by a newer version.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.path = folder / FILE_NAME
        self._lock = threading.RLock()
        self._folder_lock = FolderLock(folder)
        self._connection: sqlite3.Connection | None = None
        try:
            _check_magic(self.path)
            self._connection = sqlite3.connect(
                self.path, isolation_level=None, check_same_thread=False, timeout=30
            )
            _configure(self._connection)
            self._prepare(self._connection)
        except sqlite3.DatabaseError as error:
            self.close()
            raise self._damaged(error) from error
        except BaseException:
            self.close()
            raise

    def _prepare(self, connection: sqlite3.Connection) -> None:
        # Bring what a killed writer left in the log into the file, so that its size can be judged.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = _pragma(connection, "page_count")
        expected = pages * _pragma(connection, "page_size")
        actual = self.path.stat().st_size
        if actual < expected:
            raise StoreDamagedError(
                f"The store {str(self.path)!r} is damaged: it should be {expected} bytes long and has "
                f"{actual}. Restore the file from a copy, or move it away to start with an empty store."
            )
        version = _pragma(connection, "user_version")
        if version == 0:
            if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise StoreDamagedError(
                    f"{str(self.path)!r} is an SQLite file but not a store of this engine; "
                    "choose another folder."
                )
            connection.executescript(
                f"BEGIN IMMEDIATE; {_TABLES} PRAGMA application_id = {_APPLICATION_ID}; "
                f"PRAGMA user_version = {FORMAT_VERSION}; COMMIT;"
            )
            return
        if _pragma(connection, "application_id") != _APPLICATION_ID:
            raise StoreDamagedError(
                f"{str(self.path)!r} is an SQLite file but not a store of this engine; choose another folder."
            )
        if version > FORMAT_VERSION:
            raise StoreVersionError(
                f"The store {str(self.path)!r} has format {version}, this version of pinecone-local reads "
                f"up to {FORMAT_VERSION}; upgrade pinecone-local."
            )
        migrate(connection, version)

    def _damaged(self, error: Exception) -> StoreDamagedError:
        return StoreDamagedError(
            f"The store {str(self.path)!r} cannot be read: {error}. Run `pinecone-local verify` on the "
            "folder; restore the file from a copy, or move it away to start with an empty store."
        )

    def _open_connection(self) -> sqlite3.Connection:
        if self._connection is None:
            raise EngineClosedError(f"The engine on {str(self.folder)!r} is closed.")
        return self._connection

    @contextmanager
    def batch(self) -> Iterator[WriteBatch]:
        """Open a batch; when it is left normally its changes are on the disk."""
        with self._lock:
            connection = self._open_connection()
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield _SqliteBatch(connection)
                connection.execute("COMMIT")
            except BaseException as error:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise EngineError(
                        f"The store {str(self.path)!r} refused the write ({error}); nothing was changed."
                    ) from error
                raise

    def _read(self, query: str) -> list[Any]:
        with self._lock:
            try:
                return self._open_connection().execute(query).fetchall()
            except sqlite3.DatabaseError as error:
                raise self._damaged(error) from error

    def resources(self) -> list[ResourceRow]:
        """Read every resource."""
        return [ResourceRow(*row) for row in self._read("SELECT kind, key, body FROM resources")]

    def namespaces(self) -> list[NamespaceRow]:
        """Read every namespace's row."""
        query = "SELECT number, owner, name, schema, created, count, size FROM namespaces ORDER BY number"
        return [NamespaceRow(*row) for row in self._read(query)]

    def lsns(self) -> dict[str, int]:
        """Read the last write's number of every index."""
        return dict(self._read("SELECT owner, lsn FROM lsns"))

    def load(self, number: int) -> Iterator[list[VectorRow]]:
        """Read a namespace's records in position order, each checked against its checksum."""
        with self._lock:
            self._open_connection()
        # A connection of its own, so that writes to other namespaces go on meanwhile.
        with closing(sqlite3.connect(self.path, isolation_level=None, timeout=30)) as reader:
            try:
                yield from self._load_blocks(reader, number)
            except sqlite3.DatabaseError as error:
                raise self._damaged(error) from error

    def _load_blocks(self, reader: sqlite3.Connection, number: int) -> Iterator[list[VectorRow]]:
        cursor = reader.execute(
            "SELECT place, crc, id, dense, sparse, metadata FROM vectors "
            "WHERE place >= ? AND place < ? ORDER BY place",
            (number << _SHIFT, (number + 1) << _SHIFT),
        )
        mask = (1 << _SHIFT) - 1
        while rows := cursor.fetchmany(_BLOCK_ROWS):
            block = []
            for place, crc, id_, dense, sparse, metadata in rows:
                if _checksum(id_, dense, sparse, metadata) != crc:
                    raise StoreDamagedError(
                        f"The store {str(self.path)!r} is damaged: the record {id_!r} is not what was "
                        "written. Run `pinecone-local verify` on the folder; restore the file from a copy."
                    )
                block.append(VectorRow(place & mask, id_, dense, sparse, metadata))
            yield block

    def verify(self) -> list[str]:
        """Check the file's structure, every record's checksum and every namespace's count."""
        faults = [row[0] for row in self._read("PRAGMA integrity_check") if row[0] != "ok"]
        if faults:
            return faults
        for row in self.namespaces():
            seen: set[str] = set()
            label = f"namespace {row.name!r} of {row.owner}"
            count = 0
            try:
                for block in self.load(row.number):
                    count += len(block)
                    twice = [r.id for r in block if r.id in seen]
                    seen.update(r.id for r in block)
                    faults.extend(f"{label}: the id {id_!r} is stored twice." for id_ in twice)
            except StoreDamagedError as error:
                faults.append(f"{label}: {error}")
                continue
            if count != row.count:
                faults.append(f"{label}: {row.count} records were counted but {count} are stored.")
        stray = self._read(
            f"SELECT count(*) FROM vectors WHERE place >> {_SHIFT} NOT IN (SELECT number FROM namespaces)"
        )[0][0]
        if stray:
            faults.append(f"{stray} records belong to no namespace.")
        return faults + graph_faults(self.folder)

    def close(self) -> None:
        """Bring the log into the file and let the folder go. May be called twice."""
        with self._lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.close()  # the last connection checkpoints and removes the log
            self._folder_lock.release()


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Bring a store from an older format to this one, a step and a transaction at a time."""
    while version < FORMAT_VERSION:
        step = MIGRATIONS.get(version)
        if step is None:
            raise StoreVersionError(f"There is no way from store format {version} to {FORMAT_VERSION}.")
        connection.execute("BEGIN IMMEDIATE")
        try:
            step(connection)
            version += 1
            connection.execute(f"PRAGMA user_version = {version}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def _check_magic(path: Path) -> None:
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
    except FileNotFoundError:
        return
    if start and start != _MAGIC:
        raise StoreDamagedError(
            f"The store {str(path)!r} is damaged or not a store: it does not begin as one. Restore the "
            "file from a copy, or move it away to start with an empty store."
        )


def _configure(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA page_size = {_PAGE_SIZE}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    # Without these two macOS only promises that the data left the process.
    connection.execute("PRAGMA fullfsync = ON")
    connection.execute("PRAGMA checkpoint_fullfsync = ON")
    connection.execute("PRAGMA journal_size_limit = 67108864")
    connection.execute("PRAGMA temp_store = MEMORY")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
