"""The engine's server, asked what the API descriptions allow and forbid, never answers beside them.

Schemathesis makes the requests: the descriptions' own examples, every boundary of every parameter,
random right and wrong ones, and chains in which one answer's ids are used by the next request.
"""

from __future__ import annotations

import copy
import functools
import json
import os
import re
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from pinecone_local import LocalEngine, LocalServer, ServiceAccount
from pinecone_local.http import Call, Reply

from ..db.openapi import VERBS, described

# Both are in the environment of: hatch run conformance:check
pytest.importorskip("schemathesis")
pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

SERVERLESS = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
POD = {"pod": {"environment": "e", "pod_type": "p1.x1"}}
SCHEMA = {"fields": {"content": {"type": "string", "full_text_search": {}}}}
VERSION = "X-Pinecone-Api-Version"
ACCOUNT = ServiceAccount("conformance-client", "conformance-secret")

#: Refusals that the descriptions leave out where they are plain: what is not there, what is no request.
PLAIN = ("400", "401", "403", "404", "409", "412", "413", "415", "422", "429", "501")
#: What the engine always refuses: to delete the organization of its default project; what has another shape.
REFUSED = {
    ("admin_2025-10", "DELETE", "/admin/organizations/{organization_id}"): 412,
    ("db_control_2026-01.alpha", "POST", "/indexes/create-for-model"): 501,
}
#: Whose answers tell more than this version describes, such as a file's size.
OPEN = ("assistant_control_2025-10", "assistant_data_2025-10")
CONFIG = """
[checks.not_a_server_error]
expected-statuses = ["2xx", "4xx", 501]
"""
CHECKS = ",".join(
    (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "response_headers_conformance",
    )
)


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


def prepared(document: dict[str, Any], ground: Ground) -> dict[str, Any]:
    """Return a description that says what it means, and whose requests lead somewhere on this ground."""
    document = copy.deepcopy(document)
    asked_apart(document, ground)
    for schema in document["components"]["schemas"].values():
        tell_apart(document["components"]["schemas"], schema)
    known = {operation["operationId"] for _, _, operation in operations(document)}
    for _, _, operation in operations(document):
        responses = operation["responses"]
        refusal = next(answer for status, answer in responses.items() if str(status)[0] in "45")
        for status in () if "4XX" in responses else PLAIN:
            responses.setdefault(status, refusal)
        for answer in responses.values():
            links = answer.get("links", {})
            for name in [name for name, link in links.items() if link.get("operationId") not in known]:
                del links[name]
        parameters = operation.get("parameters", [])
        # Sent with every request: without it, a request is one of the stable version.
        parameters[:] = [one for one in parameters if one["name"] != VERSION]
        for parameter in parameters:
            if parameter["name"] in ground.known:
                parameter["schema"]["enum"] = ground.known[parameter["name"]]
    return document


def asked_apart(document: dict[str, Any], ground: Ground) -> None:
    """Give requests schemas of their own, that may be narrowed while those of answers stay."""
    where, apart = "#/components/schemas/", "#/components/schemas/Asked"
    schemas = document["components"]["schemas"]
    asked = json.loads(json.dumps(schemas).replace(where, apart))
    narrowed(asked, ground.fields)
    schemas.update({f"Asked{name}": schema for name, schema in asked.items()})
    for _, _, operation in operations(document):
        if "requestBody" in operation:
            text = json.dumps(operation["requestBody"]).replace(where, apart)
            operation["requestBody"] = json.loads(text)


def tell_apart(schemas: dict[str, Any], schema: dict[str, Any]) -> None:
    """Have the variants of a union say which they are, as its discriminator does."""
    discriminator = schema.get("discriminator", {})
    for value, target in discriminator.get("mapping", {}).items():
        variant = schemas[target.rpartition("/")[2]]
        variant["properties"][discriminator["propertyName"]]["enum"] = [value]


def narrowed(schemas: dict[str, Any], fields: dict[str, dict[str, Any]]) -> None:
    """Have vectors fit the index that is there, and fields name what is there."""
    for node in list(objects(schemas)):
        found = node.get("properties")
        if not isinstance(found, dict):
            continue
        size, names = (2, ("indices", "values")) if "indices" in found else (3, ("values", "vector"))
        for name in names:
            if found.get(name, {}).get("type") == "array":
                found[name].update(minItems=size, maxItems=size, uniqueItems=name == "indices")
                found[name]["items"].update(minimum=1, maximum=1000)
        if "delete_all" in found:
            node.update(minProperties=1, maxProperties=1)  # exactly one way to say what goes
        if "_id" in found:
            found["content"] = {"type": "string", "pattern": "^[a-z]{1,9}$"}
            node.update(required=["_id", "content"], additionalProperties=False)
        for name in fields.keys() & found:
            found[name].update(fields[name])


def objects(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every object inside a JSON value."""
    if isinstance(node, dict):
        yield node
    for item in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from objects(item)


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (verb.upper(), path, operation)
        for path, item in document["paths"].items()
        for verb, operation in item.items()
        if verb in VERBS
    ]


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


#: What each description is tried on, and how many requests at least are made of it.
AREAS: dict[str, tuple[Callable[[Path], Ground], int]] = {
    "db_control_2025-10": (control, 1000),
    "db_data_2025-10": (data, 2000),
    "inference_2025-10": (inference, 200),
    "assistant_control_2025-10": (assistants, 200),
    "assistant_data_2025-10": (assistants, 400),
    "assistant_evaluation_2025-10": (assistants, 50),
    "admin_2025-10": (administration, 500),
    "oauth_2025-10": (administration, 50),
    "db_control_2026-01.alpha": (functools.partial(control, preview=True), 1000),
    "db_data_2026-01.alpha": (documents, 2000),
}


def test_the_floors_together() -> None:
    assert sum(floor for _, floor in AREAS.values()) >= 5000


@pytest.mark.parametrize("name", AREAS)
def test_no_answer_beside_the_description(name: str, tmp_path: Path) -> None:
    make, floor = AREAS[name]
    ground = make(tmp_path)
    document = prepared(described(f"{name}.oas.yaml", closed=name not in OPEN).document, ground)
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    (tmp_path / "schemathesis.toml").write_text(CONFIG)
    ground.engine.answers.clear()
    sent = {VERSION: document["info"]["version"], **ground.headers}
    headers = [part for pair in sent.items() for part in ("-H", ":".join(pair))]
    hooks = {"SCHEMATHESIS_HOOKS": "serializers", "PYTHONPATH": str(Path(__file__).parent)}
    with ground.engine, LocalServer(ground.engine) as server:
        for base in ground.bases:
            command = [sys.executable, "-m", "schemathesis.cli", "run", "openapi.json"]
            command += ["--url", server.url + base, "--checks", CHECKS, "--seed", "1", *headers]
            command += ["--max-examples", "25", "--no-shrink", "--continue-on-failure"]
            command += ["--suppress-health-check", "all", "--warnings", "off"]
            done = subprocess.run(
                command, cwd=tmp_path, env={**os.environ, **hooks}, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stdout + done.stderr
    answers = ground.engine.answers
    print(f"{name}: {len(answers)} requests")
    assert len(answers) >= floor
    for verb, path, _ in operations(document):
        pattern = re.compile("(/assistant)?" + re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))
        got = Counter(
            status
            for method, asked, status in answers
            if method == verb and pattern.fullmatch(re.sub(r"^/_index/[^/]+", "", asked))
        )
        good = REFUSED.get((name, verb, path))
        assert good in got if good else any(status < 300 for status in got), f"{verb} {path}: {dict(got)}"
