"""A server that speaks HTTP/2 over TLS and nothing else."""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import threading

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, StreamEnded
from h2.exceptions import ProtocolError

TOGETHER = 4


class Http2Server:
    """Answers by path over HTTP/2; everything it was sent is in `seen`."""

    def __init__(self, context: ssl.SSLContext) -> None:
        context.set_alpn_protocols(["h2"])
        self.context = context
        self.seen: list[tuple[dict[str, str], bytes]] = []
        self.connections = 0
        self.links: list[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.origin = f"https://localhost:{self.listener.getsockname()[1]}"
        self.threads = [threading.Thread(target=self.accept, daemon=True)]
        self.threads[0].start()

    def accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                link, _ = self.listener.accept()
                self.connections += 1
                self.threads.append(threading.Thread(target=self.serve, args=(link,), daemon=True))
                self.threads[-1].start()

    def serve(self, plain: socket.socket) -> None:
        with (
            contextlib.suppress(OSError, ProtocolError),
            plain,
            self.context.wrap_socket(plain, server_side=True) as link,
        ):
            self.links.append(link)
            state = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
            state.initiate_connection()
            link.sendall(state.data_to_send())
            heads: dict[int, dict[str, str]] = {}
            bodies: dict[int, bytes] = {}
            waiting: list[int] = []
            while data := link.recv(65536):
                for event in state.receive_data(data):
                    if isinstance(event, RequestReceived):
                        heads[event.stream_id] = {str(name): str(value) for name, value in event.headers}
                        bodies[event.stream_id] = b""
                    elif isinstance(event, DataReceived):
                        bodies[event.stream_id] += event.data
                        state.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                    elif isinstance(event, StreamEnded):
                        self.seen.append((heads[event.stream_id], bodies[event.stream_id]))
                        self.behave(state, event.stream_id, heads[event.stream_id][":path"], waiting)
                link.sendall(state.data_to_send())

    def behave(self, state: H2Connection, stream: int, path: str, waiting: list[int]) -> None:
        if path == "/hang":
            return
        if path == "/reset":
            state.reset_stream(stream)
        elif path == "/go-away":
            state.close_connection()
        elif path == "/unavailable":
            answer(state, stream, b'{"message":"down"}', status="503")
        elif path == "/gzip":
            answer(state, stream, gzip.compress(b'{"ok":true}'), encoding="gzip")
        elif path == "/together":
            waiting.append(stream)
            if len(waiting) == TOGETHER:
                for each in reversed(waiting):
                    answer(state, each, b'{"stream":%d}' % each)
        else:
            answer(state, stream, b'{"ok":true}')

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for link in self.links:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(5)


def answer(
    state: H2Connection, stream: int, body: bytes, *, status: str = "200", encoding: str = "identity"
) -> None:
    head = [(":status", status), ("x-pinecone-request-id", "r-2"), ("content-length", str(len(body)))]
    state.send_headers(stream, head if encoding == "identity" else [*head, ("content-encoding", encoding)])
    state.send_data(stream, body, end_stream=True)
