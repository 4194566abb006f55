"""Deadlines, renewals that fail, plain http, answers that are nobody's business, cancelled clean-ups."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from pinecone_admin import Admin, AsyncAdmin
from pinecone_core._sync.concurrency import Clock
from pinecone_core.errors import PineconeTimeoutError, ServiceError
from pinecone_core.operation import Operation
from pinecone_core.transport import Request, Response

SECRET = "client-secret-0123456789"


class ControlledClock(Clock):
    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


def answer(status: int, body: Any = None) -> Response:
    return Response(status, {"x-request-id": "r-1"}, b"" if body is None else json.dumps(body).encode())


class Service:
    """Tokens that last 1800 seconds, and projects; every answer takes a while."""

    def __init__(self, clock: ControlledClock | None = None, takes: float = 0.0) -> None:
        self.clock = clock or ControlledClock()
        self.takes = takes
        self.requests: list[Request] = []
        self.token_status = 200
        self.good: set[str] = set()

    def send(self, request: Request) -> Response:
        self.requests.append(request)
        self.clock.time += self.takes
        where = urlsplit(request.target).path
        if where == "/oauth/token":
            self.good = {f"Bearer t{len(self.requests)}"}
            token = {"access_token": f"t{len(self.requests)}", "expires_in": 1800}
            return answer(self.token_status, token if self.token_status == 200 else {"error": "down"})
        headers = dict(request.headers)
        if "Api-Key" not in headers and headers.get("Authorization") not in self.good:
            return answer(401, {"error": {"message": "no"}})
        if request.method == "POST":
            key = {"id": "k1", "name": "t", "project_id": "p1", "roles": []}
            return answer(201, {"key": key, "value": "pcsk-temporary"})
        return answer(202) if request.method == "DELETE" else answer(200, {"data": []})

    def stream(self, request: Request) -> Any:
        return Stream(self.send(request))

    def close(self) -> None: ...

    async def aclose(self) -> None: ...

    def targets(self) -> list[str]:
        return [request.target for request in self.requests]


class Stream:
    def __init__(self, response: Response) -> None:
        self.status, self.headers, self.reason = response.status, response.headers, response.reason
        self._body = response.body

    def chunks(self) -> Any:
        yield self._body

    def close(self) -> None: ...


def admin(service: Service, **options: Any) -> Admin:
    return Admin(client_id="id", client_secret=SECRET, transport=service, clock=service.clock, **options)


def test_one_deadline_for_token_call_refresh_and_repeat() -> None:
    service = Service(takes=3)
    client = admin(service, timeout=10)
    client.projects.list()
    assert [request.deadline for request in service.requests] == [10, 10]
    service.good.clear()
    start = service.clock.time
    client.projects.list()
    assert [request.deadline for request in service.requests[2:]] == [start + 10] * 3
    service.takes = 6
    service.good.clear()
    with pytest.raises(PineconeTimeoutError, match="10 seconds"):
        client.projects.list()
    assert service.targets()[-1] == "/oauth/token"


def test_the_limit_of_one_call_counts_for_its_token() -> None:
    service = Service()
    admin(service, timeout=10).request("GET", "/admin/projects", timeout=2)
    assert [request.deadline for request in service.requests] == [2, 2]


def test_a_failed_early_renewal_keeps_the_good_token() -> None:
    service = Service()
    client = admin(service, timeout=10)
    client.projects.list()
    service.token_status = 503
    kept = set(service.good)
    service.clock.time = 1600
    original = service.send

    def send(request: Request) -> Response:
        made = original(request)
        service.good = kept
        return made

    service.send = send  # type: ignore[method-assign]
    client.projects.list()
    assert service.clock.time <= 1610
    tries = len(service.requests)
    client.projects.list()
    assert len(service.requests) == tries + 1  # not asked for again at once
    service.clock.time = 1800
    with pytest.raises(ServiceError):
        client.projects.list()


def test_on_response_does_not_see_the_token() -> None:
    seen: list[bytes] = []
    service = Service()
    admin(service).with_options(on_response=lambda response: seen.append(response.body)).projects.list()
    assert seen == [b'{"data": []}']


def test_streams_are_signed_too() -> None:
    service = Service()
    stream = admin(service)._executor.stream(Operation("x", "GET", "/admin/projects"))
    assert b"".join(stream.chunks()) == b'{"data": []}'
    assert dict(service.requests[-1].headers)["Authorization"] == "Bearer t1"
    service.good.clear()
    client = admin(service)
    client.projects.list()
    service.good.clear()
    assert client._executor.stream(Operation("x", "GET", "/admin/projects")).status == 200


@pytest.mark.parametrize("where", ["host", "oauth_host"])
def test_credentials_over_plain_http_warn(where: str) -> None:
    given: dict[str, Any] = {where: "http://pinecone.example"}
    with pytest.warns(RuntimeWarning, match="unencrypted to http://pinecone.example"):
        Admin(client_id="id", client_secret=SECRET, **given)
    Admin(client_id="id", client_secret=SECRET, **{where: "http://localhost:5080"})  # type: ignore[arg-type]


@pytest.mark.anyio
async def test_a_cancelled_cleanup_deletes_its_key(anyio_backend: Any) -> None:
    import anyio
    import anyio.lowlevel

    service = Service()
    begun = anyio.Event()

    class Hanging:
        async def asend(self, request: Request) -> Response:
            if request.target == "/indexes":
                begun.set()
                await anyio.sleep_forever()
            await anyio.lowlevel.checkpoint()
            return service.send(request)

        async def astream(self, request: Request) -> Any:
            raise NotImplementedError

        async def aclose(self) -> None: ...

    client = AsyncAdmin(client_id="id", client_secret=SECRET, transport=Hanging())

    async def work() -> None:
        await client.projects.delete_with_cleanup(project_id="p1")

    async with anyio.create_task_group() as group:
        group.start_soon(work)
        await begun.wait()
        group.cancel_scope.cancel()
    assert service.targets()[-1] == "/admin/api-keys/k1"
