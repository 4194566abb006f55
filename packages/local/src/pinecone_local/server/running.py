"""A server that runs: in this thread until it is told to stop, or in a thread of its own."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Collection, Iterator
from types import FrameType, TracebackType

import uvicorn

from pinecone_core.hosts import is_loopback_name

from ..engine import LocalEngine
from ..errors import EngineError
from .app import App

__all__ = ["LocalServer"]


class LocalServer:
    """Serve an engine over HTTP/1.1 on one port. The port is taken at once.

    Args:
        engine: The engine; it stays open when the server stops.
        host: The address to listen at.
        port: The port; 0 takes a free one.
        api_keys: The keys that are let in; needed when ``host`` is not this machine only. An engine with
            a service account knows its keys itself.
        allowed_hosts: Further names that the ``Host`` header may have. On loopback only names of this
            machine are taken otherwise, on other addresses any name is.
        public_url: The URL under which clients reach the server, if it is behind a proxy.
        host_format: How index hosts are reported: ``url``, ``bare`` or ``virtual``.
        tls_cert: A certificate file; serves HTTPS.
        tls_key: The certificate's key file.

    Raises:
        EngineError: The port cannot be taken, or a key is missing.

    Example:
        >>> from pinecone_local import LocalEngine, LocalServer
        >>> with LocalEngine() as engine, LocalServer(engine) as server:
        ...     server.url.startswith("http://127.0.0.1:")
        True
    """

    def __init__(
        self,
        engine: LocalEngine,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        api_keys: Collection[str] = (),
        allowed_hosts: Collection[str] = (),
        public_url: str | None = None,
        host_format: str = "url",
        tls_cert: str | None = None,
        tls_key: str | None = None,
    ) -> None:
        loopback = is_loopback_name(host)
        if not loopback and not api_keys and engine.account is None:
            raise EngineError(
                f"Listening at {host} lets other machines in: name at least one key with --api-key, "
                "or listen at 127.0.0.1."
            )
        names = {host, "localhost", *allowed_hosts} if loopback or allowed_hosts else None
        self.engine = engine
        self.app = App(
            engine,
            api_keys=api_keys,
            allowed_hosts=names,
            public_url=public_url,
            host_format=host_format,
        )
        self._socket = _listen(host, port)
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        self._scheme = "http" if tls_cert is None else "https"
        self._server = _Server(
            uvicorn.Config(
                self.app,
                lifespan="off",
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=10,
                ssl_certfile=tls_cert,
                ssl_keyfile=tls_key,
            )
        )
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The URL of the control plane: what clients get as host."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self._scheme}://{shown}:{self.port}"

    # ---- in a thread

    def start(self) -> LocalServer:
        """Serve from a thread of its own; return once requests are answered."""
        ready = threading.Event()
        self._server.on_started = ready.set

        def run() -> None:
            try:
                self._server.run(sockets=[self._socket])
            finally:
                ready.set()

        self._thread = threading.Thread(target=run, name="pinecone-local-server", daemon=True)
        self._thread.start()
        ready.wait()
        if not self._server.started:
            raise EngineError(f"The server at {self.url} did not start.")
        return self

    def stop(self) -> None:
        """Finish running requests and stop. May be called twice."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._socket.close()

    def __enter__(self) -> LocalServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # ---- in this thread

    def run(self, announce: Callable[[], None] | None = None) -> None:
        """Serve until SIGINT or SIGTERM, then finish running requests and return.

        Args:
            announce: Called once requests are answered and signals are obeyed.
        """
        self._server.on_started = announce
        numbers = (signal.SIGINT, signal.SIGTERM)
        previous = [signal.signal(number, self._stop_soon) for number in numbers]
        try:
            self._server.run(sockets=[self._socket])
        finally:
            for number, handler in zip(numbers, previous, strict=True):
                signal.signal(number, handler)
            self._socket.close()

    def _stop_soon(self, number: int, frame: FrameType | None) -> None:
        # The second time is meant: leave at once.
        self._server.force_exit = self._server.should_exit
        self._server.should_exit = True

    def __repr__(self) -> str:
        return f"LocalServer({self.url!r}, {self.engine!r})"


class _Server(uvicorn.Server):
    """uvicorn's server without its signal handlers, telling when it has started."""

    on_started: Callable[[], None] | None = None

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to whoever runs the server."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell."""
        await super().startup(sockets)
        if self.on_started is not None:
            self.on_started()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio turns Nagle's algorithm off only for sockets that name it;
    # with it on, every answer would wait 40 ms.
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(1024)
    except OSError as error:
        taken.close()
        raise EngineError(f"Cannot listen at {host}:{port}: {error.strerror or error}.") from error
    return taken
