"""The admin API: tokens that end, keys that open one project as far as their roles go, projects apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from pinecone_local import LocalEngine, LocalServer, ServiceAccount
from pinecone_local.account.rights import ROLES
from pinecone_local.cli import main
from pinecone_local.http import Call

from .conftest import SERVERLESS, Clock, Contract

ACCOUNT = ServiceAccount("the-account", "the-secret")
ASKED = {
    "client_id": "the-account",
    "client_secret": "the-secret",
    "grant_type": "client_credentials",
    "audience": "https://api.pinecone.io/",
}


@cache
def contract() -> Contract:
    return Contract("2025-10", ("admin", "oauth", "db_control", "db_data", "inference"))


class Desk:
    """Speak the admin API, and with its keys the others; answers are held to the descriptions."""

    def __init__(self, engine: LocalEngine) -> None:
        self.engine = engine
        self.token = self.ask("POST", "/oauth/token", ASKED)["access_token"]

    def ask(self, method: str, target: str, body: Any = None, *, status: int = 200, key: str = "") -> Any:
        headers = {"api-key": key} if key else {"authorization": f"Bearer {getattr(self, 'token', '')}"}
        data = b"" if body is None else json.dumps(body).encode()
        reply = self.engine.handle(Call.make(method, target, headers, data))
        text = reply.read()
        assert reply.status == status, f"{method} {target}: {reply.status} {text!r}"
        shown = json.loads(text) if text else None
        contract().check(method, target, reply.status, shown)
        return shown

    def project(self, name: str = "films", **more: Any) -> str:
        return str(self.ask("POST", "/admin/projects", {"name": name, **more})["id"])

    def key(self, project: str, *roles: str) -> str:
        body = {"name": "ci", **({"roles": roles} if roles else {})}
        return str(self.ask("POST", f"/admin/projects/{project}/api-keys", body, status=201)["value"])

    def index(self, key: str, name: str = "demo") -> str:
        body = {"name": name, "spec": SERVERLESS, "dimension": 2}
        host = self.ask("POST", "/indexes", body, key=key, status=201)["host"]
        return str(host).removeprefix("http://localhost")


@pytest.fixture
def desk(clock: Clock) -> Iterator[Desk]:
    with LocalEngine(account=ACCOUNT, clock=clock) as engine:
        yield Desk(engine)


def test_tokens_end(desk: Desk, clock: Clock) -> None:
    desk.ask("GET", "/admin/organizations")
    clock.now += 1799
    desk.ask("GET", "/admin/organizations")
    clock.now += 1
    assert desk.ask("GET", "/admin/organizations", status=401)["error"]["code"] == "UNAUTHENTICATED"
    desk.token = desk.ask("POST", "/oauth/token", ASKED)["access_token"]
    desk.ask("GET", "/admin/organizations")


def test_a_form_gets_a_token_too(desk: Desk) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    reply = desk.engine.handle(Call.make("POST", "/oauth/token", headers, urlencode(ASKED).encode()))
    desk.token = json.loads(reply.read())["access_token"]
    desk.ask("GET", "/admin/projects")


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "the-secrets"}, 401, "access_denied"),
        ({"client_id": "another"}, 401, "access_denied"),
        ({"client_secret": "ä"}, 401, "access_denied"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_id": 5}, 400, "invalid_request"),
    ],
)
def test_wrong_credentials(desk: Desk, change: dict[str, Any], status: int, error: str) -> None:
    shown = desk.ask("POST", "/oauth/token", {**ASKED, **change}, status=status)
    assert shown["error"] == error
    assert "the-secret" not in json.dumps(shown)


def test_the_admin_api_needs_a_token(desk: Desk) -> None:
    key = desk.key(desk.project())
    for token in ("", "wrong", key):
        desk.token = token
        desk.ask("GET", "/admin/projects", status=401)
    desk.ask("GET", "/admin/projects", key=key, status=401)


def test_projects(desk: Desk) -> None:
    made = desk.project(max_pods=3)
    shown = desk.ask("GET", f"/admin/projects/{made}")
    (organization,) = desk.ask("GET", "/admin/organizations")["data"]
    assert (shown["name"], shown["max_pods"], shown["force_encryption_with_cmek"]) == ("films", 3, False)
    assert shown["organization_id"] == organization["id"]
    assert [one["name"] for one in desk.ask("GET", "/admin/projects")["data"]] == ["default", "films"]
    changed = {"name": "books", "max_pods": 0, "force_encryption_with_cmek": True}
    assert desk.ask("PATCH", f"/admin/projects/{made}", changed)["name"] == "books"
    again = desk.ask("GET", f"/admin/projects/{made}")
    assert {name: again[name] for name in changed} == changed
    off = {"force_encryption_with_cmek": False}
    assert "cannot be disabled" in str(desk.ask("PATCH", f"/admin/projects/{made}", off, status=400))
    for wrong in ({"name": ""}, {"name": "x" * 513}, {"name": "x", "max_pods": -1}, {}):
        desk.ask("POST", "/admin/projects", wrong, status=400)
    desk.ask("DELETE", f"/admin/projects/{made}", status=202)
    for method in ("GET", "DELETE"):
        desk.ask(method, f"/admin/projects/{made}", status=404)


def test_an_organization(desk: Desk) -> None:
    (shown,) = desk.ask("GET", "/admin/organizations")["data"]
    where = f"/admin/organizations/{shown['id']}"
    assert desk.ask("GET", where) == shown
    assert desk.ask("PATCH", where, {"name": "studio"})["name"] == "studio"
    assert desk.ask("GET", where)["name"] == "studio"
    assert "default" in desk.ask("DELETE", where, status=412)["error"]["message"]
    (project,) = desk.ask("GET", "/admin/projects")["data"]
    desk.ask("DELETE", f"/admin/projects/{project['id']}", status=202)
    desk.ask("DELETE", where, status=202)
    desk.ask("GET", where, status=404)
    desk.ask("POST", "/admin/projects", {"name": "x"}, status=404)


def test_keys(desk: Desk) -> None:
    project = desk.project()
    secret = desk.key(project)
    (key,) = desk.ask("GET", f"/admin/projects/{project}/api-keys")["data"]
    assert (key["name"], key["roles"], key["project_id"]) == ("ci", ["ProjectEditor"], project)
    assert secret not in json.dumps(key)
    assert secret.startswith("pckey_")
    where = f"/admin/api-keys/{key['id']}"
    assert desk.ask("GET", where) == key
    desk.ask("GET", "/indexes", key=secret)
    assert desk.ask("PATCH", where, {"name": "cd"})["roles"] == ["ProjectEditor"]
    desk.ask("PATCH", where, {"roles": ["DataPlaneViewer"]})
    assert "may not read the control plane" in str(desk.ask("GET", "/indexes", key=secret, status=403))
    assert desk.ask("GET", where)["name"] == "cd"
    for wrong in ({"name": "x" * 81}, {"name": "x", "roles": ["King"]}):
        desk.ask("POST", f"/admin/projects/{project}/api-keys", wrong, status=400)
    desk.ask("DELETE", where, status=202)
    desk.ask("GET", where, status=404)
    desk.ask("GET", "/indexes", key=secret, status=401)


def test_projects_are_apart(desk: Desk) -> None:
    first, second = (desk.key(desk.project(name)) for name in ("films", "books"))
    prefix = desk.index(first)
    vectors = {"vectors": [{"id": "a", "values": [1, 2]}]}
    desk.ask("POST", f"{prefix}/vectors/upsert", vectors, key=first)
    desk.index(second)  # the same name again
    assert len(desk.ask("GET", "/indexes", key=second)["indexes"]) == 1
    query = {"topK": 1, "vector": [1, 2]}
    assert desk.ask("POST", f"{prefix}/query", query, key=first)["matches"]
    assert "no index" in desk.ask("POST", f"{prefix}/query", query, key=second, status=404)["message"]
    assert desk.ask("POST", f"{prefix}/query", query, key="unknown", status=401)["code"] == 16


@pytest.mark.parametrize("role", ROLES)
def test_roles_reach_as_far_as_they_say(desk: Desk, role: str) -> None:
    project = desk.project()
    editor, key = desk.key(project), desk.key(project, role)
    prefix = desk.index(editor)
    query = {"topK": 1, "vector": [1, 2]}
    calls: list[tuple[str, str, str, Any, int]] = [
        ("control:read", "GET", "/indexes", None, 200),
        ("control:read", "GET", "/assistant/assistants", None, 200),
        ("control:write", "PATCH", "/indexes/demo", {"tags": {"a": "b"}}, 202),
        ("control:write", "POST", "/indexes/demo/backups", {}, 201),
        ("data:read", "POST", f"{prefix}/query", query, 200),
        ("data:read", "POST", f"{prefix}/describe_index_stats", {}, 200),
        ("data:read", "GET", f"{prefix}/vectors/list", None, 200),
        ("data:write", "POST", f"{prefix}/vectors/upsert", {"vectors": [{"id": "a", "values": [1, 2]}]}, 200),
        ("data:write", "POST", f"{prefix}/vectors/delete", {"deleteAll": True}, 200),
        ("data:write", "POST", f"{prefix}/namespaces", {"name": "n"}, 200),
    ]
    for right, method, target, body, status in calls:
        desk.ask(method, target, body, key=key, status=status if right in ROLES[role] else 403)
    desk.ask("GET", "/models", key=key)


def test_a_project_holds_the_pods_it_has(desk: Desk) -> None:
    project = desk.project(max_pods=1)
    key = desk.key(project)
    pod = {"pod": {"environment": "us-east1-gcp", "pod_type": "p1.x1"}}
    desk.ask("POST", "/indexes", {"name": "a", "dimension": 2, "spec": pod}, key=key, status=201)
    more = {"name": "b", "dimension": 2, "spec": pod}
    assert "Increase your quota" in str(desk.ask("POST", "/indexes", more, key=key, status=403))
    desk.ask("PATCH", f"/admin/projects/{project}", {"max_pods": 2})
    desk.ask("POST", "/indexes", more, key=key, status=201)


def test_a_project_must_be_empty_before_it_goes(desk: Desk) -> None:
    project = desk.project()
    key = desk.key(project)
    desk.index(key)
    desk.ask("POST", "/assistant/assistants", {"name": "a"}, key=key)
    refused = desk.ask("DELETE", f"/admin/projects/{project}", status=412)["error"]
    assert (
        refused["message"]
        == "The project 'films' still holds indexes (1), assistants (1); delete them first."
    )
    desk.ask("DELETE", "/indexes/demo", key=key, status=202)
    desk.ask("DELETE", "/assistant/assistants/a", key=key)
    desk.ask("DELETE", f"/admin/projects/{project}", status=202)
    desk.ask("GET", "/indexes", key=key, status=401)


def test_everything_but_tokens_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with LocalEngine(tmp_path) as engine:
        engine.handle(Call.make("POST", "/indexes", {}, b'{"name":"old","dimension":2,"spec":' + SPEC + b"}"))
    with LocalEngine(tmp_path, account=ACCOUNT) as engine:
        desk = Desk(engine)
        (default,) = desk.ask("GET", "/admin/projects")["data"]
        old = desk.key(default["id"])
        assert [one["name"] for one in desk.ask("GET", "/indexes", key=old)["indexes"]] == ["old"]
        films = desk.project()
        key = desk.key(films)
        prefix = desk.index(key)
        desk.ask("POST", f"{prefix}/vectors/upsert", {"vectors": [{"id": "a", "values": [1, 2]}]}, key=key)
        token = desk.token
    assert main(["stats", str(tmp_path)]) == 0
    assert f"project {films}\ndemo  (dense, 2, cosine)  1 records" in capsys.readouterr().out
    assert main(["verify", str(tmp_path)]) == 0
    stored = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert not any(secret.encode() in stored for secret in (key, old, token, ACCOUNT.client_secret))
    with LocalEngine(tmp_path, account=ACCOUNT) as engine:
        again = Desk(engine)
        assert again.token != token
        assert again.ask("POST", f"{prefix}/query", {"topK": 1, "vector": [1, 2]}, key=key)["matches"]
        again.token = token
        again.ask("GET", "/admin/projects", status=401)
        again = Desk(engine)
        again.ask("DELETE", "/indexes/demo", key=key, status=202)
        again.ask("DELETE", f"/admin/projects/{films}", status=202)
    assert not (tmp_path / "projects" / films).exists()
    with LocalEngine(tmp_path, account=ACCOUNT) as engine:
        assert len(Desk(engine).ask("GET", "/admin/projects")["data"]) == 1


SPEC = json.dumps(SERVERLESS).encode()


def test_an_engine_without_an_account_says_so(engine: LocalEngine) -> None:
    for method, target in (("POST", "/oauth/token"), ("GET", "/admin/projects")):
        reply = engine.handle(Call.make(method, target, {}, b"{}"))
        assert reply.status == 501
        assert "ServiceAccount" in json.loads(reply.read())["error"]["message"]
    assert engine.handle(Call.make("GET", "/indexes", {"api-key": "any"})).status == 200


def test_an_account_keeps_its_secret_and_must_have_one() -> None:
    assert "the-secret" not in repr(ACCOUNT)
    for wrong in (("", "s"), ("i", "")):
        with pytest.raises(ValueError, match="must be a non-empty string"):
            ServiceAccount(*wrong)
    with pytest.raises(ValueError, match="token_lifetime"):
        ServiceAccount("i", "s", token_lifetime=0)


def test_a_server_with_an_account_may_listen_anywhere_and_guards_its_figures() -> None:
    import httpx

    with LocalEngine(account=ACCOUNT) as engine, LocalServer(engine, host="0.0.0.0") as server:
        url = f"http://127.0.0.1:{server.port}"
        assert httpx.get(f"{url}/metrics").status_code == 401
        token = httpx.post(f"{url}/oauth/token", json=ASKED).json()["access_token"]
        assert httpx.get(f"{url}/metrics", headers={"Authorization": f"Bearer {token}"}).status_code == 200
        assert httpx.get(f"{url}/indexes").status_code == 401
        assert httpx.get(f"{url}/health").status_code == 200


def test_every_described_operation_was_asked(desk: Desk) -> None:
    described = Contract("2025-10", ("admin", "oauth"))
    if not described.operations:
        pytest.skip("the API descriptions are not beside the checkout")
    contract().seen.clear()
    test_an_organization(desk)
    for story in (test_projects, test_keys):
        with LocalEngine(account=ACCOUNT) as engine:
            story(Desk(engine))
    asked = {(verb, pattern.pattern) for verb, pattern, _, _ in described.operations}
    assert asked <= contract().seen, sorted(asked - contract().seen)
