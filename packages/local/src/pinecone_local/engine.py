"""The embedded engine: a project's indexes and assistants, and the one door through which calls come."""

from __future__ import annotations

import dataclasses
import importlib.util
import logging
import os
import shutil
import threading
import time
import uuid
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from .errors import ConnectionCutError, EngineClosedError, EngineError, StoreDamagedError
from .http import ApiFault, Call, Reply, not_found
from .quotas import Quotas
from .state.dataset import DatasetGoneError
from .state.project import Project
from .store.memory import MemoryStore

if TYPE_CHECKING:
    from .account.account import Account, ServiceAccount
    from .account.rows import ProjectRow
    from .assistant.answers import Writer
    from .assistant.library import Library
    from .faults import Faults
    from .state.graphs import Graphs
    from .state.resources import Index
    from .store.rows import Store
    from .transport import LocalTransport

__all__ = ["LocalEngine"]

_log = logging.getLogger("pinecone_local")


class LocalEngine:
    """Hold a project and answer the Pinecone API, in this process, without any network.

    An engine may be used from many threads and by many clients at once. Engines know nothing of each
    other. On a folder, a write that was answered is on the disk.

    Without an account, any API key opens the one project there is. With one, the engine serves the admin
    API too: several projects, each apart from the others, and keys that open one of them.

    Args:
        path: The folder to keep everything in, made if need be; None keeps it in memory only.
        clock: Gives the time, in seconds since the epoch.
        ready_after: Seconds that new indexes, collections, backups and restored indexes stay
            ``Initializing``, and deleted indexes ``Terminating``.
        visible_after: Seconds until reads see a write, as with a service that is eventually consistent;
            ``math.inf`` waits for ``advance``. Zero lets reads see every write at once.
        writer: Writes an assistant's answer to a question, instead of the extractive one.
        faults: Faults to make on purpose, or None.
        buckets: Folders that stand for object-store buckets in imports, by the bucket's name.
        account: The credentials that administer the engine, or None for an engine without keys.
        quotas: How much each project may hold; without, as much as there is room for.
        approximate_from: How many records a namespace must hold for its dense vectors to be searched by an
            approximate index instead of by looking at each; None never does. Needs the extra
            ``pinecone-local[approximate]``.

    Raises:
        FolderInUseError: Another engine has the folder open.
        StoreDamagedError: The folder's store is cut off or is no store.
        StoreVersionError: The folder was written by a newer version.

    Example:
        >>> from pinecone_local import LocalEngine
        >>> with LocalEngine() as engine:
        ...     transport = engine.transport()  # Pinecone(api_key="local", transport=transport)
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        clock: Callable[[], float] = time.time,
        ready_after: float = 0.0,
        visible_after: float = 0.0,
        writer: Writer | None = None,
        faults: Faults | None = None,
        buckets: Mapping[str, str | os.PathLike[str]] | None = None,
        account: ServiceAccount | None = None,
        quotas: Quotas = Quotas(),  # noqa: B008 - it cannot be changed
        approximate_from: int | None = None,
    ) -> None:
        if approximate_from is not None:
            _check_approximate(approximate_from)
        for name, seconds in (("ready_after", ready_after), ("visible_after", visible_after)):
            if not seconds >= 0:
                raise ValueError(f"{name} must be a number of seconds that is not negative, got {seconds!r}")
        self.path = None if path is None else Path(path)
        self.clock = clock
        self.writer = writer
        self.faults = faults
        self.buckets = {name: Path(folder) for name, folder in (buckets or {}).items()}
        #: Called with every call before it is routed; raises ``ApiFault`` to refuse it.
        self.gate: Callable[[Call], None] | None = None
        self._store = _open_store(self.path)
        # An engine that is dropped, or open when the program ends, lets its folder go all the same.
        weakref.finalize(self, self._store.close)
        try:
            self.project = Project(self._store, clock, ready_after, visible_after, quotas)
        except BaseException:
            self._store.close()
            raise
        self._assistants: Library | None = None
        self._lock = threading.Lock()
        self._workers: list[threading.Thread] = []
        self._closed = False
        self.graphs = None if approximate_from is None else self._make_graphs(approximate_from)
        self.account: Account | None = None
        self._projects: dict[str, LocalEngine] = {}
        if account is not None:
            self._administer(account)

    def _make_graphs(self, from_rows: int) -> Graphs:
        from .state.graphs import Graphs

        graphs = Graphs(from_rows, self.background, lambda: self._closed, self.path)
        graphs.tidy({row.number for row in self._store.namespaces()})
        return graphs

    def _administer(self, credentials: ServiceAccount) -> None:
        from .account.account import Account

        try:
            self.account = Account(credentials, self._store, self.clock)
            for row in self.account.projects.values():
                self.engine_of(row)
        except BaseException:
            self.close()
            raise

    # ---- ways in

    def transport(self) -> LocalTransport:
        """Return a transport for any client of this SDK, blocking or asynchronous.

        Closing a client, or the transport, leaves the engine open.

        Example:
            >>> with LocalEngine() as engine:
            ...     transport = engine.transport()
        """
        from .transport import LocalTransport

        return LocalTransport(self)

    def handle(self, call: Call) -> Reply:
        """Answer one call. Every refusal is an answer too; only a closed engine raises.

        Args:
            call: The request.

        Raises:
            EngineClosedError: The engine was closed.
        """
        if self._closed:
            raise EngineClosedError("The embedded engine is closed. Make a new LocalEngine.")
        data_plane = False
        try:
            data_plane = self._aim(call)
            if self.gate is not None:
                self.gate(call)
            reply = self._admit(call, data_plane)._answer(call, data_plane)
        except ApiFault as fault:
            reply = fault.reply(rpc=data_plane)
        except ConnectionCutError:
            raise
        except Exception as error:
            if self._closed:
                raise EngineClosedError("The embedded engine was closed during the call.") from error
            reply = _failure(call, error).reply(rpc=data_plane)
        reply.headers["x-pinecone-request-id"] = uuid.uuid4().hex
        reply.headers["x-pinecone-api-version"] = call.headers.get("x-pinecone-api-version", "2025-10")
        return reply

    def _answer(self, call: Call, data_plane: bool) -> Reply:
        from .api.routes import control_router, data_router

        router = data_router() if data_plane else control_router()
        try:
            handler, params = router.find(call.method, call.segments)
        except ApiFault as fault:
            if fault.status == 404 and not data_plane and data_router().knows(call.segments):
                raise not_found(
                    f"{call.method} {call.path} is an operation of an index, and {call.host!r} is not the "
                    "host of one; describe the index to learn its host."
                ) from None
            raise
        self.project.sweep()
        # Faults never hit the operation that sets them.
        faults = None if call.segments[:1] == ("_local",) else self.faults
        if faults is not None:
            faults.before(call)
        reply = handler(self, call, **params)
        return reply if faults is None else faults.after(call, reply)

    def _aim(self, call: Call) -> bool:
        """Say whether the call is for an index's host, and note which."""
        segments = call.segments
        if len(segments) >= 2 and segments[0] == "_index":
            call.label, call.segments = segments[1], segments[2:]
            return True
        label = call.host.partition(".")[0]
        if self.knows_label(label):
            call.label = label
            return True
        return False

    def _admit(self, call: Call, data_plane: bool) -> LocalEngine:
        """Return the engine of the project that a call is let into, or this one's for the admin API."""
        if self.account is None:
            return self
        first = call.segments[0] if call.segments and not data_plane else ""
        if first == "oauth":
            return self
        if first == "admin":
            self.account.check_token(call)
            return self
        return self.engine_of(self.account.project_for(call, data_plane))

    def knows_label(self, label: str) -> bool:
        """Say whether a host label is that of an index, of whatever project."""
        return any(label in engine.project.by_label for engine in (self, *self._projects.copy().values()))

    def advance(self) -> None:
        """Let reads see every write made so far, whatever ``visible_after`` says."""
        for engine in (self, *self._projects.copy().values()):
            for index in engine.project.indexes.copy().values():
                if index.data.lag is not None:
                    index.data.lag.advance()

    # ---- projects of an account

    def engine_of(self, project: ProjectRow) -> LocalEngine:
        """Return the engine that holds a project's data. It may hold the pods that the project has."""
        if project.at_root:
            return self
        with self._lock:
            engine = self._projects.get(project.uid)
            if engine is None:
                engine = self._projects[project.uid] = LocalEngine(
                    None if self.path is None else self._folder_of(project),
                    clock=self.clock,
                    ready_after=self.project.ready_after,
                    visible_after=self.project.visible_after,
                    writer=self.writer,
                    faults=self.faults,
                    buckets=self.buckets,
                    quotas=self.project.quotas,
                    approximate_from=None if self.graphs is None else self.graphs.from_rows,
                )
            engine.project.quotas = dataclasses.replace(self.project.quotas, pods=project.max_pods)
            return engine

    def _folder_of(self, project: ProjectRow) -> Path:
        assert self.path is not None
        return self.path / "projects" / project.uid

    def forget(self, project: ProjectRow) -> None:
        """Let go of a project that was deleted, and of its folder."""
        with self._lock:
            engine = self._projects.pop(project.uid, None)
        if engine is not None:
            engine.close()
            if self.path is not None:
                shutil.rmtree(self._folder_of(project), ignore_errors=True)

    def held(self) -> list[str]:
        """Return a phrase for each kind of thing that the project holds, such as ``indexes (2)``."""
        counts = {
            "indexes": len(self.project.indexes),
            "collections": len(self.project.collections),
            "backups": len(self.project.backups),
            "assistants": len(self.assistants.assistants()),
        }
        return [f"{kind} ({count})" for kind, count in counts.items() if count]

    # ---- what handlers use

    def index_of(self, call: Call, *, documents: bool | None = False) -> Index:
        """Return the index a data-plane call is addressed to.

        Args:
            call: The call.
            documents: Whether the operation is for indexes of documents; None when it is for all.

        Raises:
            ApiFault: 404 when there is none, 503 while it is not ready, 501 when it is of the other kind.
        """
        index = self.project.by_label.get(call.label or "")
        state = None if index is None else index.row.state(self.clock())
        if index is None or state == "Terminating":
            raise not_found(f"There is no index at the host {call.label!r}.")
        if state != "Ready":
            raise ApiFault(
                503, "UNAVAILABLE", f"The index {index.row.name!r} is not ready yet; wait until it is."
            )
        if documents is not None and documents != (index.row.fields is not None):
            held = "vectors" if documents else "documents"
            raise ApiFault(
                501,
                "UNIMPLEMENTED",
                f"The index {index.row.name!r} holds {held}; use the operations for {held}.",
            )
        return index

    @property
    def assistants(self) -> Library:
        """The assistants and their files."""
        with self._lock:
            if self._assistants is None:
                from .assistant.library import Library

                self._assistants = Library(self._store, self.clock)
            return self._assistants

    def background(self, work: Callable[[], None]) -> None:
        """Run work in a thread that ends with the engine."""
        worker = threading.Thread(target=work, name="pinecone-local", daemon=True)
        with self._lock:
            self._workers = [known for known in self._workers if known.is_alive()] + [worker]
        worker.start()

    def join(self) -> None:
        """Wait until all background work is done."""
        for engine in self._projects.copy().values():
            engine.join()
        for worker in self._workers:
            worker.join()

    @property
    def store(self) -> Store:
        """Where everything is kept."""
        return self._store

    @property
    def durable(self) -> bool:
        """Whether what is written outlives the engine."""
        return self.path is not None

    # ---- the end

    @property
    def closed(self) -> bool:
        """Whether the engine was closed."""
        return self._closed

    def close(self) -> None:
        """Finish running writes, close the store and let the folder go. May be called twice."""
        self._closed = True
        for engine in self._projects.copy().values():
            engine.close()
        self.join()  # what still writes into the folder, before that goes to somebody else
        self._store.close()

    def __enter__(self) -> LocalEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        where = "in memory" if self.path is None else repr(str(self.path))
        return f"LocalEngine({where}{', closed' if self._closed else ''})"


def _check_approximate(rows: int) -> None:
    if rows < 1:
        raise ValueError(f"approximate_from must be a number of records from 1, got {rows!r}")
    if importlib.util.find_spec("faiss") is None:
        raise EngineError(
            "approximate_from needs faiss: pip install 'pinecone-local[approximate]'. Without it, searches "
            "look at every record."
        )


def _open_store(path: Path | None) -> Store:
    if path is None:
        return MemoryStore()
    from .store.sqlite import SqliteStore

    return SqliteStore(path)


def _failure(call: Call, error: Exception) -> ApiFault:
    """Turn what went wrong inside into an answer."""
    if isinstance(error, DatasetGoneError):
        return not_found("The index was deleted.")
    if isinstance(error, StoreDamagedError):
        return ApiFault(500, "DATA_LOSS", str(error))
    if isinstance(error, EngineError):
        return ApiFault(500, "INTERNAL", str(error))
    _log.error("%s %s failed", call.method, call.path, exc_info=error)
    return ApiFault(
        500, "INTERNAL", f"The embedded engine failed at {call.method} {call.path}: {type(error).__name__}."
    )
