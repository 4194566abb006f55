"""Planted keys, secrets and proxy passwords turn up nowhere but in the header they are sent in."""

from __future__ import annotations

import contextlib
import logging
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal

from pinecone import Pinecone, RetryConfig
from pinecone_admin import Admin
from pinecone_core.errors import PineconeError
from pinecone_core.transport import Response

from ..core.conftest import FakeClock, FaultServer
from ..faults.calls import PLAIN, Ends, World
from ..faults.server import Proxy

KEY = "planted-key-5e0c7a"
SECRET = "planted-secret-91b2d4"
PASSWORD = "planted-password-3f8a"
PLANTED = (KEY, SECRET, PASSWORD)
FAULTS = ("401", "403", "500", "429 1", "reset", "cut_in_body", "garbage", "page", "nothing")


def search(text: str) -> None:
    for planted in PLANTED:
        assert planted not in text


def written(error: BaseException) -> str:
    """Return all that is ever written of an error, with the local variables of the packages' frames."""
    whole = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = [frame for frame in whole.stack if "/packages/" in frame.filename]
    assert frames
    told = "".join(str(frame.locals) for frame in frames)
    return "".join(traceback.format_exception(error)) + told + repr(error) + repr(vars(error))


@pytest.fixture
def world() -> Iterator[World]:
    made = World.plain()
    yield made
    made.engine.close()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("flavour", ["sync", "asyncio"])
def test_no_failure_tells_the_key(
    flavour: str, fault: str, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    targets: list[str] = []

    class Noter:
        def start(self, operation: Any, request: Any) -> None:
            targets.append(f"{request.origin}{request.target} {request!r} {operation!r}")

    options = {
        "api_key": KEY,
        "observers": (Noter(),),
        "retry_config": RetryConfig(max_retries=1, max_wait=0),
    }
    with Proxy(world.engine) as server, start_blocking_portal("asyncio") as portal:
        server.always = fault
        ends = Ends(flavour, server.origin, portal, world, **options)
        for trial in [PLAIN[0], PLAIN[2], PLAIN[17], PLAIN[19], PLAIN[35], PLAIN[48]]:
            try:
                ends.run(trial.call(ends))
            except PineconeError as error:
                search(str(error) + repr(error))
                search(pickle.dumps(error).decode("latin-1"))
                if flavour == "sync":
                    search(written(error))
        search(repr(ends.pc) + str(ends.pc) + repr(ends.index()) + repr(vars(ends.index())))
        assert any(seen.header("api-key") == KEY for seen in server.seen)  # it was sent, so it could leak
        ends.close()
    search(" ".join(targets) + caplog.text)


def test_no_failure_tells_an_administrators_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world = World.administered()
    with Proxy(world.engine) as server:
        admin = Admin(
            client_id="someone",
            client_secret=SECRET,
            host=server.origin,
            oauth_host=server.origin,
            clock=FakeClock(),
            retry_config=RetryConfig(max_retries=1),
        )
        for fault in (None, *FAULTS):
            server.always = fault
            with pytest.raises(PineconeError) as caught:
                admin.projects.list()
            search(written(caught.value) + pickle.dumps(caught.value).decode("latin-1"))
        search(repr(admin) + str(vars(admin)) + caplog.text)
        assert any(SECRET.encode() in seen.body for seen in server.seen)
        admin.close()
    world.engine.close()


def test_a_proxys_password_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    proxy = f"http://someone:{PASSWORD}@127.0.0.1:9"
    with Pinecone(api_key=KEY, proxy_url=proxy, retry_config=RetryConfig(max_retries=0)) as pc:
        with pytest.raises(PineconeError) as caught:
            pc.list_indexes()
        search(str(caught.value) + repr(caught.value) + repr(pc) + repr(pc.config) + caplog.text)


def test_no_key_follows_a_redirect() -> None:
    with FaultServer() as other, FaultServer() as server:
        for status in ("301", "302", "307", "308"):
            head = f"HTTP/1.1 {status} Moved\r\nLocation: {other.origin}/indexes\r\nContent-Length: 0\r\n\r\n"
            server.answers["/indexes"] = head.encode()
            with Pinecone(api_key=KEY, host=server.origin) as pc, pytest.raises(PineconeError):
                pc.list_indexes()
        assert len(server.seen) == 4
        assert not other.seen


@pytest.mark.parametrize("field", ["api_key", "source_tag", "additional_headers"])
@pytest.mark.parametrize("odd", ["a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\x00b"])
def test_nothing_is_slipped_into_a_header(field: str, odd: str) -> None:
    with FaultServer() as server:
        server.answers["/indexes"] = b'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"indexes":[]}'
        value: Any = {"X-Mine": odd} if field == "additional_headers" else odd
        try:
            with Pinecone(**{"api_key": KEY, field: value}, host=server.origin) as pc:
                pc.list_indexes()
        except (PineconeError, ValueError):
            pass
        for seen in server.seen:
            assert seen.header("x-evil") is None
            assert seen.target == "/indexes"


@pytest.mark.parametrize("name", ["../other", "a/../../x", "a b?x=1", "a#b", "a\r\nHost: evil", "%2e%2e"])
def test_nothing_is_slipped_into_a_path(name: str) -> None:
    with FaultServer() as server:
        with Pinecone(api_key=KEY, host=server.origin) as pc, pytest.raises((PineconeError, ValueError)):
            pc.describe_index(name)
        for seen in server.seen:
            assert seen.target.startswith("/indexes/")
            assert seen.target.count("/") == 2
            assert "?" not in seen.target
            assert ".." not in seen.target.split("/")


NAMED: dict[str, Callable[[Any, str], Any]] = {
    "describe_index": lambda pc, name: pc.describe_index(name),
    "configure_index": lambda pc, name: pc.configure_index(name, tags={"a": "b"}),
    "delete_index": lambda pc, name: pc.delete_index(name, timeout=-1),
    "describe_collection": lambda pc, name: pc.describe_collection(name),
    "delete_collection": lambda pc, name: pc.delete_collection(name),
    "create_backup": lambda pc, name: pc.create_backup(index_name=name, backup_name="b"),
    "list_backups": lambda pc, name: pc.list_backups(index_name=name),
    "describe_backup": lambda pc, name: pc.describe_backup(backup_id=name),
    "delete_backup": lambda pc, name: pc.delete_backup(backup_id=name),
    "restore": lambda pc, name: pc.create_index_from_backup(name="a", backup_id=name, timeout=-1),
    "describe_restore_job": lambda pc, name: pc.describe_restore_job(job_id=name),
    "describe_namespace": lambda pc, name: pc.index(host=HOST).describe_namespace(name=name),
    "delete_namespace": lambda pc, name: pc.index(host=HOST).delete_namespace(name=name),
    "describe_import": lambda pc, name: pc.index(host=HOST).describe_import(name),
    "cancel_import": lambda pc, name: pc.index(host=HOST).cancel_import(name),
    "upsert_records": lambda pc, name: pc.index(host=HOST).upsert_records(
        namespace=name, records=[{"_id": "1"}]
    ),
    "search": lambda pc, name: pc.index(host=HOST).search(namespace=name, top_k=1, id="1"),
    "describe_preview": lambda pc, name: pc.preview.indexes.describe(name),
    "documents": lambda pc, name: pc.preview.index(host=HOST).documents.fetch(namespace=name, ids=["1"]),
    "get_model": lambda pc, name: pc.inference.get_model(model=name),
    "describe_assistant": lambda pc, name: pc.assistants.describe(name=name),
    "update_assistant": lambda pc, name: pc.assistants.update(name=name, instructions="x"),
    "delete_assistant": lambda pc, name: pc.assistants.delete(name=name, timeout=-1),
    "list_files": lambda pc, name: pc.assistants.list_files_page(assistant_name=name),
    "describe_file": lambda pc, name: pc.assistants.describe_file(assistant_name="a", file_id=name),
    "delete_file": lambda pc, name: pc.assistants.delete_file(assistant_name="a", file_id=name, timeout=-1),
    "chat": lambda pc, name: pc.assistants.chat(assistant_name=name, messages="Hi"),
    "context": lambda pc, name: pc.assistants.context(assistant_name=name, query="Hi"),
}
HOST = "https://films.svc.pinecone.io"


@pytest.mark.parametrize("call", NAMED.values(), ids=NAMED)
def test_a_name_stays_one_part_of_every_path(call: Callable[[Any, str], Any]) -> None:
    targets: list[str] = []

    class Wire:
        def send(self, request: Any) -> Response:
            targets.append(request.target)
            found = b'{"name":"a","host":"https://a.example","status":"Ready"}'
            # Where an assistant's data is, is answered; all else is not found.
            is_look_up = request.method == "GET" and request.target.startswith("/assistant/assistants/")
            return Response(200 if is_look_up else 404, {}, found)

    def asked(name: str) -> list[str]:
        targets.clear()
        wire: Any = Wire()
        pc = Pinecone(api_key=KEY, transport=wire)
        with contextlib.suppress(PineconeError):
            call(pc, name)
        return [target.partition("?")[0] for target in targets]

    plain = asked("plain")
    assert any("plain" in target for target in plain)
    for name, written in (("../a/b?c#d", "..%2Fa%2Fb%3Fc%23d"), ("..", "%2E%2E")):
        assert asked(name) == [target.replace("plain", written) for target in plain]


def test_what_other_processes_print_is_looked_through() -> None:
    with pytest.raises(AssertionError, match="planted-key"):
        subprocess.run([sys.executable, "-c", "print('planted' + '-key')"], capture_output=True)
