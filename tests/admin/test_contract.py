"""Every request against the API descriptions, and the names and signatures of old."""

from __future__ import annotations

import importlib.util
import inspect
import json
import sys
from pathlib import Path
from typing import Any

import pytest

import pinecone_admin
from pinecone_admin import Admin
from pinecone_core.transport import Request, Response

ROOT = Path(__file__).resolve().parents[2]
SURFACE = ROOT.parent / "shared" / "api" / "surface-9.0.json"
ORGANIZATION = {
    "id": "o",
    "name": "n",
    "plan": "P",
    "payment_status": "A",
    "created_at": "t",
    "support_tier": "F",
}
PROJECT = {
    "id": "p",
    "name": "n",
    "max_pods": 0,
    "force_encryption_with_cmek": False,
    "organization_id": "o",
    "created_at": "t",
}
KEY = {"id": "k", "name": "n", "project_id": "p", "roles": ["ProjectEditor"]}

CALLS: list[tuple[str, str, dict[str, Any], Any]] = [
    ("organizations", "list", {}, {"data": [ORGANIZATION]}),
    ("organizations", "describe", {"organization_id": "o"}, ORGANIZATION),
    ("organizations", "update", {"organization_id": "o", "name": "m"}, ORGANIZATION),
    ("organizations", "delete", {"organization_id": "o"}, None),
    ("projects", "list", {}, {"data": [PROJECT]}),
    ("projects", "create", {"name": "n", "max_pods": 0, "force_encryption_with_cmek": False}, PROJECT),
    ("projects", "describe", {"project_id": "p"}, PROJECT),
    ("projects", "update", {"project_id": "p", "name": "m"}, PROJECT),
    ("projects", "delete", {"project_id": "p"}, None),
    ("api_keys", "list", {"project_id": "p"}, {"data": [KEY]}),
    ("api_keys", "create", {"project_id": "p", "name": "n"}, {"key": KEY, "value": "pcsk-123456"}),
    (
        "api_keys",
        "create",
        {"project_id": "p", "name": "n", "roles": ["ProjectViewer"]},
        {"key": KEY, "value": "v"},
    ),
    ("api_keys", "describe", {"api_key_id": "k"}, KEY),
    ("api_keys", "update", {"api_key_id": "k", "roles": ["ProjectViewer"]}, KEY),
    ("api_keys", "delete", {"api_key_id": "k"}, None),
]


def described(name: str) -> Any:
    path = ROOT / "tests/db/openapi.py"
    spec = importlib.util.spec_from_file_location("admin_openapi", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["admin_openapi"] = module
    spec.loader.exec_module(module)
    return module.described(name)


class Wire:
    def __init__(self, body: Any) -> None:
        self.body = body
        self.requests: list[Request] = []

    def send(self, request: Request) -> Response:
        self.requests.append(request)
        token = {"access_token": "t", "token_type": "Bearer", "expires_in": 1800}
        body = token if request.target == "/oauth/token" else self.body
        return Response(200, {}, b"" if body is None else json.dumps(body).encode())

    def stream(self, request: Request) -> Any:
        raise AssertionError(f"{request} is not to be streamed")

    def close(self) -> None: ...


@pytest.mark.parametrize(("resource", "method", "arguments", "body"), CALLS)
def test_requests_are_as_described(resource: str, method: str, arguments: dict[str, Any], body: Any) -> None:
    wire = Wire(body)
    client = Admin(client_id="id", client_secret="secret", transport=wire)
    result = getattr(getattr(client, resource), method)(**arguments)
    if body is None:
        assert result is None
    else:
        assert result.to_dict() == body
    assert len(wire.requests) == 2
    for name, request in zip(("oauth", "admin"), wire.requests, strict=True):
        api = described(f"{name}_2025-10.oas.yaml")
        headers = {key.lower(): value for key, value in request.headers}
        content = json.loads(request.body) if isinstance(request.body, bytes) and request.body else None
        api.check_request(request.method, request.target, headers, content)


def test_names_and_signatures_of_old() -> None:
    if not SURFACE.exists():
        pytest.skip(f"{SURFACE.name} is not beside this checkout")
    definitions = json.loads(SURFACE.read_text())["definitions"]
    checked = 0
    for home, old in definitions.items():
        if ".admin" not in home or "Enum" in old["bases"]:
            continue
        ours = getattr(pinecone_admin, home.partition(":")[2])
        for name, spec in [("", {"parameters": old["init"]}), *old["methods"].items()]:
            found = inspect.signature(getattr(ours, name) if name else ours).parameters
            for wanted in spec["parameters"]:
                parameter = found[wanted["name"]]
                assert parameter.kind.name == wanted["kind"], (home, name)
                if "value" in wanted:
                    assert parameter.default == wanted["value"], (home, name)
                checked += 1
        assert list(old.get("fields", ())) == list(getattr(ours, "__struct_fields__", ()))
        assert all(hasattr(ours, name) for name in old["properties"])
    assert checked > 50
