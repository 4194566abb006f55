"""The admin client against a scripted service, blocking and on both event loops."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
import threading
from typing import Any
from urllib.parse import urlsplit

import pytest

from pinecone_admin import Admin, APIKeyModel, APIKeyRole, APIKeyWithSecret, AsyncAdmin
from pinecone_core._sync.concurrency import Clock
from pinecone_core.errors import (
    ApiError,
    ForbiddenError,
    NotFoundError,
    PineconeError,
    PineconeTypeError,
    PineconeValueError,
    ServiceError,
    UnauthorizedError,
)
from pinecone_core.transport import Request, Response

SECRET = "client-secret-0123456789"
PROJECT = {
    "id": "p1",
    "name": "films",
    "max_pods": 0,
    "force_encryption_with_cmek": False,
    "organization_id": "o1",
}


class ControlledClock(Clock):
    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


class Service:
    """Tokens, and answers by verb and path. Records every request."""

    def __init__(self, answers: dict[str, Any] | None = None, expires_in: float | None = 1800) -> None:
        self.answers = answers or {}
        self.requests: list[Request] = []
        self.expires_in = expires_in
        self.tokens = 0
        self.good: set[str] = set()
        self.lock = threading.Lock()

    def send(self, request: Request) -> Response:
        with self.lock:
            self.requests.append(request)
            where = urlsplit(request.target).path
            if where == "/oauth/token":
                return self._token()
            headers = {name.lower(): value for name, value in request.headers}
            if "api-key" not in headers and headers.get("authorization", "")[7:] not in self.good:
                return answer(401, {"status": 401, "error": {"code": "UNAUTHENTICATED", "message": "no"}})
            found: Any = self.answers[f"{request.method} {where}"]
            made: Response = found(request) if callable(found) else found
            return made

    def _token(self) -> Response:
        self.tokens += 1
        self.good = {f"token-{self.tokens}"}
        body: dict[str, Any] = {"access_token": f"token-{self.tokens}", "token_type": "Bearer"}
        if self.expires_in is not None:
            body["expires_in"] = self.expires_in
        return answer(200, body)

    async def asend(self, request: Request) -> Response:
        return self.send(request)

    def stream(self, request: Request) -> Any:
        raise NotImplementedError

    astream = stream

    def close(self) -> None: ...

    async def aclose(self) -> None: ...

    def lines(self) -> list[str]:
        return [f"{request.method} {request.target}" for request in self.requests]


def answer(status: int, body: Any = None) -> Response:
    return Response(status, {"x-request-id": "r-1"}, b"" if body is None else json.dumps(body).encode())


def admin(service: Service, **options: Any) -> Admin:
    return Admin(client_id="id", client_secret=SECRET, transport=service, **options)


def test_token_request_is_lazy_and_bare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINECONE_API_KEY", "pcsk-from-the-environment")
    service = Service({"GET /admin/projects": answer(200, {"data": [PROJECT]})})
    client = admin(service, additional_headers={"X-Team": "a"})
    assert service.requests == []
    assert client.projects.list().names() == ["films"]
    token, call = service.requests
    assert token.url == "https://login.pinecone.io/oauth/token"
    assert json.loads(token.body) == {  # type: ignore[arg-type]
        "client_id": "id",
        "client_secret": SECRET,
        "grant_type": "client_credentials",
        "audience": "https://api.pinecone.io/",
    }
    assert not {"X-Team", "Api-Key", "Authorization"} & {name for name, _ in token.headers}
    sent = dict(call.headers)
    assert sent["Authorization"] == "Bearer token-1"
    assert sent["X-Team"] == "a"
    assert "Api-Key" not in sent


def test_token_is_renewed_in_time_and_once_when_refused() -> None:
    service = Service({"GET /admin/projects": answer(200, {"data": []})}, expires_in=1800)
    clock = ControlledClock()
    client = admin(service, clock=clock)
    client.projects.list()
    clock.time = 1499
    client.projects.list()
    assert service.tokens == 1
    clock.time = 1500
    client.projects.list()
    assert service.tokens == 2
    service.good.clear()
    client.projects.list()
    assert service.tokens == 3
    service.answers["GET /admin/projects"] = answer(401, {"error": {"message": "never"}})
    before = len(service.requests)
    with pytest.raises(UnauthorizedError):
        client.projects.list()
    assert len(service.requests) - before == 3  # refused, a new token, refused again


def test_threads_share_one_token() -> None:
    service = Service({"GET /admin/projects": answer(200, {"data": []})})
    client = admin(service)
    barrier = threading.Barrier(8)

    def work() -> None:
        barrier.wait()
        client.projects.list()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert service.tokens == 1
    assert len(service.requests) == 9


@pytest.mark.anyio
async def test_tasks_share_one_token(anyio_backend: Any) -> None:
    import anyio

    service = Service({"GET /admin/projects": answer(200, {"data": [PROJECT]})})
    client = AsyncAdmin(client_id="id", client_secret=SECRET, transport=service)
    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(client.projects.list)
    assert service.tokens == 1
    assert await client.projects.exists(name="films")


@pytest.mark.parametrize("kind", ["client_id", "client_secret"])
def test_missing_credentials(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(f"PINECONE_{kind.upper()}", raising=False)
    given: dict[str, Any] = {"client_id": "a", "client_secret": "b", kind: " "}
    with pytest.raises(PineconeValueError, match=f"No {kind} provided.*PINECONE_{kind.upper()}"):
        Admin(**given)


def test_refused_credentials_and_empty_token() -> None:
    service = Service()
    service._token = lambda: answer(401, {"error": "access_denied", "error_description": "Wrong"})  # type: ignore[method-assign]
    with pytest.raises(UnauthorizedError, match="Wrong") as caught:
        admin(service).projects.list()
    assert SECRET not in str(caught.value)
    assert caught.value.request_id == "r-1"
    service._token = lambda: answer(200, {})  # type: ignore[method-assign]
    with pytest.raises(ApiError, match="missing access_token"):
        admin(service).projects.list()


def test_nothing_shows_a_secret_and_copies_work() -> None:
    service = Service({"GET /admin/projects": answer(200, {"data": []})})
    client = admin(service)
    client.projects.list()
    for thing in (client, client.config, client._executor, client._executor._tokens, client.projects):
        assert SECRET not in repr(thing)
        assert "token-1" not in repr(thing)
    twin = copy.deepcopy(client)
    twin.projects.list()
    assert service.tokens == 2
    pickle.loads(pickle.dumps(Admin(client_id="a", client_secret="b")))
    made = APIKeyWithSecret(
        key=APIKeyModel(id="k", project_id="p", roles=[APIKeyRole.PROJECT_EDITOR]), value="abcd"
    )
    assert "abcd" not in repr(made)
    assert made.to_dict()["value"] == "abcd"


def test_unknown_roles_and_plans_are_kept() -> None:
    key = {"id": "k1", "name": None, "project_id": "p1", "roles": ["ProjectEditor", "Gardener"]}
    service = Service({"GET /admin/projects/p1/api-keys": answer(200, {"data": [key]})})
    (found,) = admin(service).api_keys.list(project_id="p1")
    assert found.roles == ["ProjectEditor", "Gardener"]
    assert isinstance(found.roles[0], APIKeyRole)


def test_paths_cannot_leave_their_place() -> None:
    service = Service({"DELETE /admin/projects/..%2Fapi-keys%2Fk": answer(202)})
    admin(service).projects.delete(project_id="../api-keys/k")
    assert service.lines()[-1] == "DELETE /admin/projects/..%2Fapi-keys%2Fk"


def test_creation_is_never_repeated_blindly() -> None:
    service = Service({"POST /admin/projects/p1/api-keys": answer(500, {"error": {"message": "broken"}})})
    with pytest.raises(ServiceError):
        admin(service, clock=ControlledClock()).api_keys.create(project_id="p1", name="ci")
    assert len(service.requests) == 2


def test_names_and_existence() -> None:
    service = Service({"GET /admin/projects": answer(200, {"data": [PROJECT, {**PROJECT, "id": "p2"}]})})
    client = admin(service, clock=ControlledClock())
    with pytest.raises(PineconeError, match=r"Multiple projects found with name 'films' \(p1, p2\)"):
        client.projects.describe_by_name(name="films")
    with pytest.raises(NotFoundError, match="No project found with name 'books'"):
        client.projects.describe_by_name(name="books")
    assert client.projects.exists(name="films")
    assert not client.projects.exists(name="books")
    service.answers["GET /admin/projects/p9"] = answer(404, {"error": {"message": "none"}})
    assert not client.projects.exists(project_id="p9")
    service.answers["GET /admin/projects/p9"] = answer(403, {"error": {"message": "no"}})
    with pytest.raises(ForbiddenError):
        client.projects.exists(project_id="p9")
    with pytest.raises(PineconeValueError, match="Exactly one"):
        client.projects.exists()


def test_bad_arguments_send_nothing() -> None:
    service = Service()
    client = admin(service)
    with pytest.raises(PineconeTypeError, match="roles must be a list"):
        client.api_keys.create(project_id="p", name="n", roles="ProjectEditor")
    with pytest.raises(PineconeValueError, match=r"Invalid role 'Gardener' at roles\[1\]"):
        client.api_keys.create(project_id="p", name="n", roles=["ProjectEditor", "Gardener"])
    with pytest.raises(PineconeValueError, match="longer than 80"):
        client.api_keys.update(api_key_id="k", name="n" * 81)
    with pytest.raises(PineconeValueError, match="Nothing to change"):
        client.projects.update(project_id="p")
    with pytest.raises(PineconeValueError, match="max_attempts"):
        client.projects.delete_with_cleanup(project_id="p", max_attempts=0)
    assert service.requests == []


class Project(Service):
    """A project with things in it; an index needs a while to go."""

    def __init__(self) -> None:
        super().__init__()
        self.held = {"indexes": ["i"], "collections": ["c"], "assistants": ["a"]}
        self.backups = ["b1", "b2"]
        key = {"id": "k1", "name": "t", "project_id": "p1", "roles": ["ProjectEditor"]}
        self.answers = {
            "POST /admin/projects/p1/api-keys": answer(201, {"key": key, "value": "pcsk-temporary"}),
            "DELETE /admin/api-keys/k1": answer(202),
            "DELETE /admin/projects/p1": answer(202),
            "GET /backups": self._backups,
        }
        for name in ("b1", "b2"):
            self.answers[f"DELETE /backups/{name}"] = lambda _, name=name: self._drop(self.backups, name)
        for kind, names in self.held.items():
            where = "/assistant/assistants" if kind == "assistants" else f"/{kind}"
            self.answers[f"GET {where}"] = lambda _, kind=kind: answer(
                200, {kind: [{"name": name} for name in self.held[kind]]}
            )
            self.answers[f"DELETE {where}/{names[0]}"] = lambda _, names=names: self._drop(names, names[0])

    @staticmethod
    def _drop(names: list[str], name: str) -> Response:
        names.remove(name)
        return answer(202)

    def _backups(self, request: Request) -> Response:
        second = "paginationToken=2" in request.target
        shown = self.backups[1:] if second else self.backups[:1]
        more = {"next": "2"} if len(self.backups) > 1 and not second else None
        return answer(200, {"data": [{"backup_id": name} for name in shown], "pagination": more})


def test_cleanup_deletes_all_pages_then_the_project() -> None:
    service = Project()
    seen: list[tuple[str, str]] = []
    client = admin(service, clock=ControlledClock())
    report = client.projects.delete_with_cleanup(
        project_id="p1", on_progress=lambda kind, name: seen.append((kind, name))
    )
    assert report.backups == ["b1", "b2"]
    assert seen == [
        ("indexes", "i"),
        ("collections", "c"),
        ("backups", "b1"),
        ("backups", "b2"),
        ("assistants", "a"),
    ]
    assert service.lines()[-2:] == ["DELETE /admin/api-keys/k1", "DELETE /admin/projects/p1"]
    listed = next(request for request in service.requests if request.target == "/indexes")
    assert dict(listed.headers)["Api-Key"] == "pcsk-temporary"
    assert "Authorization" not in dict(listed.headers)


def test_cleanup_dry_run_deletes_nothing() -> None:
    service = Project()
    report = admin(service).projects.delete_with_cleanup(project_id="p1", dry_run=True)
    assert (report.indexes, report.backups, report.assistants) == (["i"], ["b1", "b2"], ["a"])
    deleted = [line for line in service.lines() if line.startswith("DELETE")]
    assert deleted == ["DELETE /admin/api-keys/k1"]


def test_cleanup_that_fails_keeps_the_project_and_can_go_on() -> None:
    service = Project()
    delete = service.answers["DELETE /indexes/i"]
    service.answers["DELETE /indexes/i"] = answer(403, {"error": {"message": "deletion protection"}})
    client = admin(service, clock=ControlledClock())
    with pytest.raises(ForbiddenError, match="deletion protection"):
        client.projects.delete_with_cleanup(project_id="p1", max_attempts=2)
    assert service.lines()[-1] == "DELETE /admin/api-keys/k1"
    assert service.held["collections"] == []
    service.answers["DELETE /indexes/i"] = delete
    assert client.projects.delete_with_cleanup(project_id="p1").indexes == ["i"]


def test_cleanup_without_a_key_says_so() -> None:
    service = Project()
    service.answers["POST /admin/projects/p1/api-keys"] = answer(403, {"error": {"message": "quota"}})
    with pytest.raises(ForbiddenError, match=r"quota.*nothing was deleted"):
        admin(service).projects.delete_with_cleanup(project_id="p1")


@pytest.mark.parametrize("resource", ["organizations", "projects", "api_keys"])
def test_both_flavours_have_the_same_methods(resource: str) -> None:
    blocking = getattr(Admin(client_id="a", client_secret="b"), resource)
    tasks = getattr(AsyncAdmin(client_id="a", client_secret="b"), resource)
    names = [name for name in dir(blocking) if not name.startswith("_")]
    assert names == [name for name in dir(tasks) if not name.startswith("_")]
    for name in names:
        ours = inspect.signature(getattr(blocking, name)).parameters
        theirs = inspect.signature(getattr(tasks, name)).parameters
        assert list(ours.values()) == list(theirs.values())
