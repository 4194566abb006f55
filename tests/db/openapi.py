"""What the API descriptions beside the checkout say of requests and answers, by an OpenAPI validator."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "openapi"
VERBS = ("get", "post", "put", "patch", "delete")


class Contract:
    """One API description.

    Args:
        document: The description.
        closed: Whether what it does not name is refused, be it in requests or in answers.
    """

    def __init__(self, document: dict[str, Any], *, closed: bool = True) -> None:
        self.document = document
        self.version = document["info"]["version"]
        self._validators: dict[int, Any] = {}
        record = document.get("components", {}).get("schemas", {}).get("UpsertRecord", {})
        record.setdefault("additionalProperties", True)  # whatever the index holds
        if closed:
            strict(document)

    def resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            target: Any = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def operation(self, verb: str, path: str) -> dict[str, Any]:
        """Find what a request line names; concrete segments win over parameters."""
        found = []
        for template, item in self.document["paths"].items():
            pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
            if re.fullmatch(pattern, path) and verb.lower() in item:
                shared = item.get("parameters", [])
                operation = item[verb.lower()]
                found.append((template.count("{"), {**operation, "shared": shared}))
        assert found, f"{verb} {path} is not in the API description"
        return min(found, key=lambda pair: pair[0])[1]

    def check_request(self, verb: str, target: str, headers: dict[str, str], body: Any) -> None:
        """Fail when a request is not one that the service accepts."""
        path, _, query = target.partition("?")
        operation = self.operation(verb, path)
        parameters = [self.resolve(item) for item in [*operation["shared"], *operation.get("parameters", [])]]
        self.check_query(parameters, parse_qsl(query, keep_blank_values=True))
        for parameter in parameters:
            if parameter["in"] == "header" and parameter.get("required"):
                assert parameter["name"].lower() in headers, f"{parameter['name']} is missing"
        request = operation.get("requestBody")
        if request is None:
            assert body is None, f"{verb} {path} takes no body, got {body!r}"
            return
        content = self.resolve(request)["content"]
        assert headers.get("content-type") in content
        self.check(body, content[headers["content-type"]]["schema"], "body")

    def check_query(self, parameters: list[dict[str, Any]], pairs: list[tuple[str, str]]) -> None:
        known = {item["name"]: item["schema"] for item in parameters if item["in"] == "query"}
        for name, text in pairs:
            assert name in known, f"unknown query parameter {name}"
            schema = self.resolve(known[name])
            kind = schema.get("type")
            if kind == "array":
                schema, kind = schema["items"], self.resolve(schema["items"]).get("type")
            values: dict[str, Any] = {"true": True, "false": False} if kind == "boolean" else {}
            value = int(text) if kind == "integer" else values.get(text, unquote(text))
            self.check(value, schema, name)

    def check(self, value: Any, schema: dict[str, Any], where: str) -> None:
        """Fail when a value does not fit a schema."""
        validator = self._validators.get(id(schema))
        if validator is None:
            library = pytest.importorskip("openapi_schema_validator")
            whole = {**schema, "components": self.document.get("components", {})}
            validator = self._validators[id(schema)] = library.OAS30Validator(whole)
        problems = [
            f"{where}{problem.json_path[1:]}: {problem.message}" for problem in validator.iter_errors(value)
        ]
        assert not problems, "\n".join(problems)

    def answers(self) -> Iterator[tuple[str, Any]]:
        """Yield operation id and each example of every successful answer with a body.

        The last of each is composed of the examples that stand at the parts of its schema.
        """
        for item in self.document["paths"].values():
            for verb in VERBS:
                operation = item.get(verb)
                for status, answer in (operation or {}).get("responses", {}).items():
                    if str(status).startswith("2"):
                        for media in self.resolve(answer).get("content", {}).values():
                            for example in [*examples_of(media), self.composed(media["schema"])]:
                                yield operation["operationId"], example

    def composed(self, schema: dict[str, Any]) -> Any:
        """Make an answer with everything described in it, of the examples that stand at its parts."""
        schema = self.resolve(schema)
        if "example" in schema:
            return schema["example"]
        for word in ("oneOf", "anyOf"):
            if word in schema:
                return self.composed(schema[word][0])
        parts = [self.composed(part) for part in schema.get("allOf", [])]
        if parts and not all(isinstance(part, dict) for part in parts):
            return parts[0]
        kind = schema.get("type", "object")
        if kind == "object":
            own = {name: self.composed(item) for name, item in schema.get("properties", {}).items()}
            return {key: value for part in [*parts, own] for key, value in part.items()}
        if kind == "array":
            return [self.composed(schema["items"])]
        plain: dict[str, Any] = {"string": "text", "integer": 1, "number": 0.5, "boolean": True}
        return next(iter(schema.get("enum", [schema.get("default", plain[kind])])))


def strict(node: Any) -> None:
    """Have a description refuse what it does not name: the client must not send it."""
    if isinstance(node, list):
        for item in node:
            strict(item)
    if not isinstance(node, dict):
        return
    for item in node.values():
        strict(item)
    if isinstance(node.get("x-enum"), list) and node.get("type") == "string":
        node.setdefault("enum", node["x-enum"])
    if isinstance(node.get("properties"), dict) and not {"oneOf", "anyOf", "allOf"} & set(node):
        node.setdefault("additionalProperties", False)


def examples_of(media: dict[str, Any]) -> list[Any]:
    found = [media["example"]] if "example" in media else []
    return found + [example["value"] for example in media.get("examples", {}).values() if "value" in example]


def described(name: str, *, closed: bool = True) -> Contract:
    """Return an API description, or skip the test when it is not there."""
    if not (FOLDER / name).exists():
        pytest.skip(f"the API description {name} is not beside this checkout")
    return _load(name, closed)


@functools.cache
def _load(name: str, closed: bool) -> Contract:
    yaml = pytest.importorskip("yaml")
    fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    # Times stay the text that they are on the wire.
    resolvers = {
        first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
        for first, found in fast.yaml_implicit_resolvers.items()
    }
    loader = type("Loader", (fast,), {"yaml_implicit_resolvers": resolvers})
    with (FOLDER / name).open(encoding="utf-8") as file:
        return Contract(yaml.load(file, loader), closed=closed)
