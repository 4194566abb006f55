"""What the embedded engine lets nobody do: reach it from a page, leave its folder, run what is stored."""

from __future__ import annotations

import ast
import http.client
import json
from pathlib import Path
from typing import Any

import pytest

from pinecone import Pinecone, PineconeError, ServerlessSpec
from pinecone_local import EngineError, LocalEngine, LocalServer

PACKAGES = Path(__file__).parents[2] / "packages"
SPEC = ServerlessSpec(cloud="aws", region="us-east-1")


def status(server: LocalServer, method: str, target: str, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request(method, target, b"{}" if method == "POST" else None, headers)
    found = connection.getresponse().status
    connection.close()
    return found


def test_metrics_tell_no_key() -> None:
    with LocalEngine() as engine, LocalServer(engine, api_keys=["planted-key"]) as server:
        for key in ("planted-key", "planted-secret"):
            status(server, "GET", "/indexes", **{"Api-Key": key})
            status(server, "GET", f"/indexes/{key}?api_key={key}", **{"Api-Key": key})
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("GET", "/metrics", headers={"Api-Key": "planted-key"})
        shown = connection.getresponse().read().decode()
        connection.close()
    assert "# TYPE" in shown
    assert "planted" not in shown


@pytest.mark.parametrize(
    ("origin", "let_in"),
    [
        ("https://evil.example", False),
        ("null", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://localhost:3000", True),
        ("http://127.0.0.1:8888", True),
    ],
)
def test_pages_of_other_origins_are_kept_out(origin: str, let_in: bool) -> None:
    with LocalEngine() as engine, LocalServer(engine) as server:
        assert status(server, "GET", "/indexes", Origin=origin) == (200 if let_in else 403)
        made = status(server, "POST", "/indexes", Origin=origin, **{"Content-Type": "text/plain"})
        assert made == (400 if let_in else 403)
        assert status(server, "GET", "/indexes") == 200


def test_other_machines_need_a_key() -> None:
    with LocalEngine() as engine:
        with LocalServer(engine) as server:
            assert server.host == "127.0.0.1"
        with pytest.raises(EngineError, match="--api-key"):
            LocalServer(engine, host="0.0.0.0")


NAMES = ["../../outside", "..", "/etc/passwd", "a\x00b", "..\\..\\outside", "%2e%2e%2foutside", "C:outside"]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "engine"
    with LocalEngine(folder, approximate_from=2) as engine:
        pc = Pinecone(api_key="local", transport=engine.transport())
        pc.create_index(name="demo", dimension=2, spec=SPEC)

        refusals: list[str] = []

        def tried(call: Any) -> None:
            try:
                call()
            except PineconeError as error:
                refusals.append(str(error))

        index = pc.index("demo")
        tried(lambda: pc.create_index(name=name, dimension=2, spec=SPEC))
        tried(
            lambda: index.upsert(vectors=[(f"{name}{n}", [0.1, 0.2 + n]) for n in range(5)], namespace=name)
        )
        tried(lambda: index.query(vector=[0.1, 0.2], top_k=1, namespace=name))
        pc.assistants.create(name="guide")
        text: dict[str, Any] = {"file_stream": b"text", "file_name": f"{name}.txt"}
        tried(lambda: pc.assistants.upload_file(assistant_name="guide", **text))
        tried(lambda: index.start_import(f"s3://bucket/{name}"))
        engine.join()
    assert not any("INTERNAL" in refusal for refusal in refusals)
    files = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    allowed = ("deep/engine/pinecone.", "deep/engine/graphs/", "deep/engine/.", "deep/engine/lock")
    assert all(file.startswith(allowed) for file in files), files


def test_nothing_stored_is_run() -> None:
    banned = {"pickle", "marshal", "shelve", "dill", "cloudpickle"}
    for file in PACKAGES.glob("*/src/**/*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                assert not banned & {name.name for name in node.names}, file
            if isinstance(node, ast.ImportFrom):
                assert node.module not in banned, file
            if isinstance(node, ast.Call):
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                assert getattr(node.func, "id", "") not in ("eval", "exec"), file
                assert called != "unsafe_load", file
                pickled = [word for word in node.keywords if word.arg == "allow_pickle"]
                assert all(getattr(word.value, "value", True) is False for word in pickled), file


def test_of_keys_only_a_digest_is_kept(tmp_path: Path) -> None:
    from pinecone_admin import Admin
    from pinecone_local import ServiceAccount

    with LocalEngine(tmp_path, account=ServiceAccount("id", "planted-secret-91b2d4")) as engine:
        admin = Admin(client_id="id", client_secret="planted-secret-91b2d4", transport=engine.transport())
        project = admin.projects.list()[0]
        key = admin.api_keys.create(project_id=project.id, name="k").value
        token = json.dumps(sorted(engine.account._tokens)) if engine.account else ""
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert key.encode() not in stored
    assert b"planted-secret-91b2d4" not in stored
    assert token.strip('[]"').encode() not in stored
