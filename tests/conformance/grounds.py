"""The grounds that API descriptions are tried on: engines with something in them."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from pinecone_local import LocalEngine, ServiceAccount
from pinecone_local.http import Call, Reply

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

SERVERLESS = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
POD = {"pod": {"environment": "e", "pod_type": "p1.x1"}}
SCHEMA = {"fields": {"content": {"type": "string", "full_text_search": {}}}}
VERSION = "X-Pinecone-Api-Version"
ACCOUNT = ServiceAccount("conformance-client", "conformance-secret")


class Recorder(LocalEngine):
    """An engine that counts what it is asked and how it answers."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.answers: list[tuple[str, str, int]] = []

    def handle(self, call: Call) -> Reply:
        reply = super().handle(call)
        self.answers.append((call.method, "/" + "/".join(call.segments), reply.status))
        return reply


def ask(engine: LocalEngine, method: str, target: str, body: Any, **headers: str) -> Any:
    data = json.dumps(body).encode()
    reply = engine.handle(Call.make(method, target, headers, data))
    text = reply.read()
    assert reply.status < 300, text
    return json.loads(text)


@dataclass
class Ground:
    """What an API description is tried on: an engine with something in it."""

    engine: Recorder
    #: The paths that the operations stand under, such as those of index hosts.
    bases: list[str] = field(default_factory=lambda: [""])
    headers: dict[str, str] = field(default_factory=dict)
    #: Values of parameters that lead somewhere.
    known: dict[str, list[str]] = field(default_factory=dict)
    #: What more the schemas of body fields say, that requests lead somewhere.
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)


def control(folder: Path, *, preview: bool = False) -> Ground:
    engine = Recorder()
    alpha = {VERSION: "2026-01.alpha"}
    for name in ("demo", "thing"):
        ask(engine, "POST", "/indexes", {"name": name, "dimension": 3, "spec": SERVERLESS})
    ask(engine, "POST", "/indexes", {"name": "pods", "dimension": 3, "spec": POD})
    if preview:
        ask(engine, "POST", "/indexes", {"name": "pages", "schema": SCHEMA}, **alpha)
    ask(engine, "POST", "/collections", {"name": "kept", "source": "pods"})
    backups = [ask(engine, "POST", "/indexes/demo/backups", {})["backup_id"] for _ in range(8)]
    restored = [
        ask(engine, "POST", f"/backups/{backups[0]}/create-index", {"name": f"again-{number}"})
        for number in range(2)
    ]
    return Ground(
        engine,
        known={
            "index_name": ["demo", "pods", "thing", "gone", *(["pages"] if preview else [])],
            "collection_name": ["kept", "other"],
            "backup_id": backups,
            "job_id": [job["restore_job_id"] for job in restored],
        },
        fields={
            "source": {"enum": ["pods", "demo"]},
            "name": {"pattern": "^[a-z0-9][a-z0-9-]{0,20}[a-z0-9]$"},
        },
    )


def data(folder: Path) -> Ground:
    engine = Recorder()
    dense = ask(
        engine,
        "POST",
        "/indexes",
        {"name": "demo", "dimension": 3, "metric": "dotproduct", "spec": SERVERLESS},
    )
    texts = ask(
        engine,
        "POST",
        "/indexes/create-for-model",
        {
            "name": "texts",
            "cloud": "aws",
            "region": "us-east-1",
            "embed": {"model": "pinecone-sparse-english-v0", "field_map": {"text": "content"}},
        },
    )
    bases = [urlsplit(index["host"]).path for index in (dense, texts)]
    vectors = {"id": ["i1"], "values": [[1.0, 2.0, 3.0]]}
    parquet.write_table(pyarrow.table(vectors), folder / "vectors.parquet")
    run = ask(engine, "POST", bases[0] + "/bulk/imports", {"uri": folder.as_uri()})
    for base in bases:
        ask(engine, "POST", base + "/namespaces", {"name": "example-namespace"})
    return Ground(
        engine,
        bases,
        known={"namespace": ["example-namespace", "other"], "id": [run["id"]]},
        fields={
            "uri": {"enum": [folder.as_uri()]},
            "id": {"pattern": "^[a-c]$"},
            "_id": {"pattern": "^[a-c]$"},
            "vectors": {"minItems": 1},
            "metadata": {"additionalProperties": {"type": "string"}},
        },
    )


def documents(folder: Path) -> Ground:
    ground = data(folder)
    pages = ask(
        ground.engine,
        "POST",
        "/indexes",
        {"name": "pages", "schema": SCHEMA},
        **{VERSION: "2026-01.alpha"},
    )
    ground.bases.append(urlsplit(pages["host"]).path)
    document = {"_id": "a", "content": "bees sleep"}
    for namespace in ground.known["namespace"]:
        target = f"{ground.bases[-1]}/namespaces/{namespace}/documents/upsert"
        ask(ground.engine, "POST", target, {"documents": [document]}, **{VERSION: "2026-01.alpha"})
    return ground


def inference(folder: Path) -> Ground:
    return Ground(
        Recorder(),
        known={"model_name": ["multilingual-e5-large", "bge-reranker-v2-m3", "none"]},
        fields={
            "model": {"enum": ["multilingual-e5-large", "pinecone-sparse-english-v0", "bge-reranker-v2-m3"]}
        },
    )


def assistants(folder: Path) -> Ground:
    engine = Recorder()
    ask(engine, "POST", "/assistant/assistants", {"name": "guide"})
    text = b"--x\r\ncontent-disposition: form-data; name=file; filename=a.txt\r\n\r\nBees sleep.\r\n--x--\r\n"
    call = Call.make(
        "POST", "/assistant/files/guide", {"content-type": "multipart/form-data; boundary=x"}, text
    )
    file = json.loads(engine.handle(call).read())["id"]
    return Ground(
        engine,
        ["/assistant"],
        known={
            "assistant_name": ["guide", "other"],
            "assistant_file_id": [file, str(uuid.uuid4())],
            "metadata": ['{"kind": "manual"}'],
        },
    )


def administration(folder: Path) -> Ground:
    engine = Recorder(account=ACCOUNT)
    asked = {
        "client_id": ACCOUNT.client_id,
        "client_secret": ACCOUNT.client_secret,
        "grant_type": "client_credentials",
        "audience": "https://api.pinecone.io/",
    }
    token = ask(engine, "POST", "/oauth/token", asked)["access_token"]
    headers = {"Authorization": f"Bearer {token}"}

    def ask_as(method: str, target: str, body: Any) -> Any:
        return ask(engine, method, target, body, **headers)

    organization = ask_as("GET", "/admin/organizations", None)["data"][0]["id"]
    projects = [ask_as("POST", "/admin/projects", {"name": f"p{n}"})["id"] for n in range(4)]
    keys = [
        ask_as("POST", f"/admin/projects/{projects[0]}/api-keys", {"name": f"k{n}"})["key"]["id"]
        for n in range(4)
    ]
    return Ground(
        engine,
        headers=headers,
        known={"organization_id": [organization], "project_id": projects, "api_key_id": keys},
        fields={
            "client_id": {"enum": [ACCOUNT.client_id]},
            "client_secret": {"enum": [ACCOUNT.client_secret]},
            "grant_type": {"enum": ["client_credentials"]},
        },
    )
