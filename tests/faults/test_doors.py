"""Every operation where the way to the service is shut: nobody there, certificates, proxies, HTTP/2's end.

No request comes through, so none may have been carried out: what is worth another try is tried again, and
what would fail in the same way is not. A slice of it runs always, all of it with ``hatch run torture``.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from h2.connection import H2Connection

from pinecone_core.errors import PineconeConnectionError
from pinecone_local.http import Call

from ..core.conftest import TLS, AsyncFakeClock, FakeClock, FaultServer, answer
from ..core.http2_server import Http2Server
from .calls import ADMINISTERED, PLAIN, Ends, Trial, World, canned
from .test_matrix import RETRIES, Noter, flavour, nothing_left, place, portal, trials

__all__ = ["flavour", "portal"]

#: The certificate that is shown, and those that are trusted.
CERTIFICATES = {
    "another_name": ("client-both.pem", "ca.pem"),
    "self_signed": ("self-signed.pem", "ca.pem"),
    "expired": ("expired.pem", "expired.pem"),
}
SAID = {"another_name": "not valid for '127.0.0.1'", "self_signed": "self-signed", "expired": "expired"}
SHUT = ("nobody", *CERTIFICATES, "proxy_login", "proxy_down")


@dataclass
class Door:
    """Where the client knocks.

    Attributes:
        origin: The address it was given.
        options: What it was told besides.
        knocks: How often somebody came.
        permanent: Whether coming again is of no use.
        said: What must be in the error, so that a person can act on it.
    """

    origin: str
    options: dict[str, Any] = field(default_factory=dict)
    server: Any = None
    permanent: bool = True
    said: str = "certificate"

    @property
    def knocks(self) -> int | None:
        return None if self.server is None else self.server.connections


class Gatekeeper(FaultServer):
    """A proxy that wants to know who asks."""

    def behave(self, link: Any, seen: Any, reader: Any) -> bool:
        link.sendall(answer(b"", "407 Proxy Authentication Required", "Proxy-Authenticate: Basic"))
        return False


@contextmanager
def under(certificate: str) -> Iterator[FaultServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / certificate)
    with FaultServer(context) as server:
        yield server


@contextmanager
def door(name: str) -> Iterator[Door]:
    if name in ("nobody", "proxy_down"):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        if name == "nobody":
            yield Door(address, permanent=False, said="127.0.0.1")
        else:
            yield Door("https://api.example.com", {"proxy_url": address}, permanent=False, said="proxy")
    elif name == "proxy_login":
        with Gatekeeper() as server:
            proxy = f"http://127.0.0.1:{server.port}"
            yield Door("https://api.example.com", {"proxy_url": proxy}, server, said="407")
    else:
        certificate = {"another_name": "client-both", "self_signed": "self-signed", "expired": "expired"}[
            name
        ]
        trusted = {"another_name": "ca.pem", "self_signed": "ca.pem", "expired": "expired.pem"}[name]
        with under(f"{certificate}.pem") as server:
            yield Door(server.origin, {"ssl_ca_certs": TLS / trusted}, server)


@pytest.fixture(scope="module")
def worlds() -> Iterator[tuple[World, World]]:
    """Give the worlds that the calls are meant for; nothing comes to them."""
    made = World.plain(), World.administered()
    yield made
    for world in made:
        world.engine.close()


def check_shut(
    trial: Trial, name: str, flavour: str, portal: BlockingPortal, worlds: tuple[World, World]
) -> None:
    clock: Any = FakeClock() if flavour == "sync" else AsyncFakeClock()
    noter = Noter()
    with nothing_left(portal), door(name) as shut:
        options = {"clock": clock, "observers": (noter,), **shut.options}
        ends = Ends(flavour, shut.origin, portal, worlds[trial in ADMINISTERED], **options)
        try:
            with pytest.raises(PineconeConnectionError) as caught:
                ends.run(trial.call(ends))
        finally:
            ends.close()
        error = caught.value
        assert (error.sent, error.permanent) == (False, shut.permanent)
        assert shut.said in str(error)
        assert "\n" not in str(error)
        # An operation that needs another first, such as a token, does not come to its own.
        assert error.operation == noter.operations[-1].name
        assert error.host is not None
        assert error.host.startswith(shut.origin)
        tries = 1 if shut.permanent else 1 + RETRIES
        assert len(clock.slept) == tries - 1
        if shut.knocks is not None:
            assert shut.knocks == tries


class Leaving(Http2Server):
    """Hands requests to an engine, and goes away at those that the script says.

    Attributes:
        script: For each of the next requests, whether to go away.
        always: Whether to go away at those after.
    """

    def __init__(self, context: ssl.SSLContext, world: World, script: list[bool], always: bool) -> None:
        self.engine = world.engine
        self.script, self.always = script, always
        super().__init__(context)
        self.origin = self.origin.replace("localhost", "127.0.0.1")

    def behave(self, state: H2Connection, stream: int, path: str, waiting: list[int]) -> None:
        head, body = self.seen[-1]
        if self.script.pop(0) if self.script else self.always:
            state.close_connection()
            return
        status, text = 200, canned(head[":method"], path)
        if text is None:
            given = {name: value for name, value in head.items() if name[0] != ":"}
            reply = self.engine.handle(Call.make(head[":method"], path, given, body, base_url=self.origin))
            status, text = reply.status, reply.read()
        state.send_headers(stream, [(":status", str(status)), ("content-length", str(len(text)))])
        state.send_data(stream, text, end_stream=True)


def check_leaving(
    trial: Trial,
    flavour: str,
    portal: BlockingPortal,
    found: tuple[int, int, Any],
    *,
    always: bool,
) -> None:
    before, after, _ = found
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "self-signed.pem")
    clock: Any = FakeClock() if flavour == "sync" else AsyncFakeClock()
    world = World.administered() if trial in ADMINISTERED else World.plain()
    error = None
    with nothing_left(portal):
        server = Leaving(context, world, [False] * before + [True], always)
        trust = {"http2": True, "ssl_ca_certs": TLS / "self-signed.pem"}
        ends = Ends(flavour, server.origin, portal, world, clock=clock, **trust)
        try:
            ends.run(trial.call(ends))
        except PineconeConnectionError as caught:
            error = caught
        finally:
            ends.close()
            server.stop()
            world.engine.close()
    if trial.safe and not always:
        assert error is None
        assert len(server.seen) == before + 1 + 1 + after
        return
    assert error is not None
    assert (error.operation, error.sent) == (trial.name, True)
    assert len(server.seen) == before + (1 + RETRIES if trial.safe else 1)


@trials
def test_a_slice(trial: Trial, flavour: str, portal: BlockingPortal, worlds: tuple[World, World]) -> None:
    number = [*PLAIN, *ADMINISTERED].index(trial)
    check_shut(trial, SHUT[number % len(SHUT)], flavour, portal, worlds)


@pytest.mark.parametrize("number", [0, 2, 17, 22])
def test_a_slice_of_leaving(number: int, flavour: str, portal: BlockingPortal) -> None:
    trial = PLAIN[number]
    found = place(trial, flavour, portal)
    for always in (False, True):
        check_leaving(trial, flavour, portal, found, always=always)


@pytest.mark.torture
@trials
def test_every_door(trial: Trial, flavour: str, portal: BlockingPortal, worlds: tuple[World, World]) -> None:
    for name in SHUT:
        check_shut(trial, name, flavour, portal, worlds)
    found = place(trial, flavour, portal)
    for always in (False, True):
        check_leaving(trial, flavour, portal, found, always=always)
