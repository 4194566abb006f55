from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pinecone_local import LocalEngine
from pinecone_local.http import Call

SERVERLESS = {"serverless": {"cloud": "aws", "region": "us-east-1"}}


SPECIFICATIONS = Path(__file__).resolve().parents[3] / "shared" / "openapi"
#: What the engine may answer to any operation though the descriptions do not list it.
UNLISTED = {400, 403, 404, 405, 409, 412, 413, 501, 503}


class Contract:
    """The API descriptions, where they are at hand: holds answers to their schemas."""

    def __init__(
        self, version: str = "2025-10", names: tuple[str, ...] = ("db_control", "db_data", "inference")
    ) -> None:
        self.operations: list[tuple[str, re.Pattern[str], dict[str, Any], dict[str, Any]]] = []
        self.seen: set[tuple[str, str]] = set()
        if not SPECIFICATIONS.is_dir():
            return
        yaml = pytest.importorskip("yaml")
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        for name in names:
            text = (SPECIFICATIONS / f"{name}_{version}.oas.yaml").read_text()
            document = yaml.load(text, Loader=loader)
            for path, verbs in document["paths"].items():
                pattern = re.compile(re.sub(r"\\{[a-z_]+\\}", "[^/]+", re.escape(path)))
                for verb, operation in verbs.items():
                    if verb != "parameters":
                        self.operations.append((verb.upper(), pattern, operation, document))
        # Fixed paths first, as the engine takes them.
        self.operations.sort(key=lambda one: "[^/]+" in one[1].pattern)

    def check(self, method: str, target: str, status: int, body: Any) -> None:
        path = target.partition("?")[0]
        on_index = path.startswith("/_index/")
        path = re.sub(r"^/_index/[^/]+", "", path)
        for verb, pattern, operation, document in self.operations:
            of_index = document["info"]["title"] == "Pinecone Data Plane API"
            if verb == method and of_index == on_index and pattern.fullmatch(path):
                self.seen.add((verb, pattern.pattern))
                self._check_operation(operation, document, status, body)
                return

    def _check_operation(self, operation: Any, document: Any, status: int, body: Any) -> None:
        responses = operation["responses"]
        response = responses.get(str(status)) or responses.get(f"{status // 100}XX")
        if response is None:
            assert status in UNLISTED, f"{operation['operationId']} may not answer {status}"
            response = next(r for s, r in responses.items() if str(s)[0] in "45")
        for media in response.get("content", {}).values():
            problems = list(misfits(media["schema"], body, document))
            assert not problems, f"{operation['operationId']} {status}: {problems}"


def misfits(schema: Any, value: Any, document: Any, where: str = "$") -> Iterator[str]:
    """Yield what in a value does not fit a schema."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for part in schema.get("allOf", ()):
        yield from misfits(part, value, document, where)
    if "oneOf" in schema:
        fitting = sum(not list(misfits(part, value, document, where)) for part in schema["oneOf"])
        if fitting != 1:
            yield f"{where} fits {fitting} of the alternatives"
    kind = schema.get("type")
    if kind is None:
        return
    if not isinstance(value, KINDS[kind]) or (isinstance(value, bool) and kind != "boolean"):
        yield f"{where} is {value!r}, not of type {kind}"
        return
    choices = schema.get("enum") or schema.get("x-enum")
    if choices and value not in choices:
        yield f"{where} is {value!r}, not one of {choices}"
    yield from MISFITS.get(kind, nothing)(schema, value, document, where)


def nothing(schema: Any, value: Any, document: Any, where: str) -> Iterator[str]:
    yield from ()


def misfits_of_number(schema: Any, value: Any, document: Any, where: str) -> Iterator[str]:
    if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{where} is {value!r}, out of range"


def misfits_of_text(schema: Any, value: Any, document: Any, where: str) -> Iterator[str]:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"{where} has a length of {len(value)}"


def misfits_of_list(schema: Any, value: Any, document: Any, where: str) -> Iterator[str]:
    for number, item in enumerate(value):
        yield from misfits(schema.get("items", {}), item, document, f"{where}[{number}]")


def misfits_of_object(schema: Any, value: dict[str, Any], document: Any, where: str) -> Iterator[str]:
    known = schema.get("properties", {})
    others = schema.get("additionalProperties")
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{where}.{name} is missing"
    for name, item in value.items():
        if name in known:
            yield from misfits(known[name], item, document, f"{where}.{name}")
        elif others is False or (known and others is None):
            yield f"{where}.{name} is not described"
        elif isinstance(others, dict):
            yield from misfits(others, item, document, f"{where}.{name}")


KINDS: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}
MISFITS: dict[str, Callable[[Any, Any, Any, str], Iterator[str]]] = {
    "object": misfits_of_object,
    "array": misfits_of_list,
    "string": misfits_of_text,
    "integer": misfits_of_number,
    "number": misfits_of_number,
}


@cache
def contract() -> Contract:
    return Contract()


class Wire:
    """Speak the API to an engine, without any client; every answer is held to the API description."""

    def __init__(self, engine: LocalEngine) -> None:
        self.engine = engine
        self.headers: dict[str, str] = {}

    def ask(self, method: str, target: str, body: Any = None, *, status: int = 200) -> Any:
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        reply = self.engine.handle(Call.make(method, target, {}, data))
        text = reply.read()
        assert reply.status == status, f"{method} {target}: {reply.status} {text!r}"
        self.headers = reply.headers
        shown = json.loads(text) if text else None
        contract().check(method, target, reply.status, shown)
        return shown

    def index(self, name: str = "demo", **options: Any) -> IndexWire:
        request = {"name": name, "spec": SERVERLESS, **options}
        if options.get("vector_type") != "sparse":
            request.setdefault("dimension", 3)
        return IndexWire(self, self.ask("POST", "/indexes", request, status=201))

    def model_index(
        self, model: str = "multilingual-e5-large", name: str = "texts", **embed: Any
    ) -> IndexWire:
        request = {
            "name": name,
            "cloud": "aws",
            "region": "us-east-1",
            "embed": {"model": model, "field_map": {"text": "text"}, **embed},
        }
        return IndexWire(self, self.ask("POST", "/indexes/create-for-model", request, status=201))


class IndexWire:
    """Speak the API to one index's host."""

    def __init__(self, wire: Wire, described: dict[str, Any]) -> None:
        self.wire = wire
        self.name = described["name"]
        self.described = described
        self.prefix = described["host"].removeprefix("http://localhost")

    def ask(self, method: str, target: str, body: Any = None, *, status: int = 200) -> Any:
        return self.wire.ask(method, self.prefix + target, body, status=status)

    def upsert(self, *vectors: dict[str, Any], namespace: str = "", status: int = 200) -> Any:
        return self.ask(
            "POST", "/vectors/upsert", {"vectors": vectors, "namespace": namespace}, status=status
        )

    def query(self, *, status: int = 200, **body: Any) -> Any:
        return self.ask("POST", "/query", {"topK": 10, **body}, status=status)

    def ids(self, **body: Any) -> list[str]:
        return [match["id"] for match in self.query(**body)["matches"]]

    def stats(self) -> Any:
        return self.ask("POST", "/describe_index_stats", {})


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def engine() -> Iterator[LocalEngine]:
    with LocalEngine() as opened:
        yield opened


@pytest.fixture
def wire(engine: LocalEngine) -> Wire:
    return Wire(engine)


@pytest.fixture
def api_contract() -> Contract:
    if not contract().operations:
        pytest.skip("the API descriptions are not beside the checkout")
    return contract()


@cache
def alpha_contract() -> Contract:
    return Contract("2026-01.alpha", ("db_control", "db_data"))


class AlphaWire(Wire):
    """Speak the preview version of the API, in which indexes hold documents."""

    def ask(self, method: str, target: str, body: Any = None, *, status: int = 200) -> Any:
        data = b"" if body is None else json.dumps(body).encode()
        headers = {"X-Pinecone-Api-Version": "2026-01.alpha"}
        reply = self.engine.handle(Call.make(method, target, headers, data))
        text = reply.read()
        assert reply.status == status, f"{method} {target}: {reply.status} {text!r}"
        self.headers = reply.headers
        shown = json.loads(text) if text else None
        alpha_contract().check(method, target, reply.status, shown)
        return shown


@pytest.fixture
def alpha(engine: LocalEngine) -> AlphaWire:
    return AlphaWire(engine)


@pytest.fixture
def preview_contract() -> Contract:
    if not alpha_contract().operations:
        pytest.skip("the API descriptions are not beside the checkout")
    return alpha_contract()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def wire_of() -> Callable[[LocalEngine], Wire]:
    return Wire
