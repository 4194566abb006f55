"""A small validator for the API descriptions beside the checkout: requests in, examples out."""

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
TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "object": dict,
    "array": list,
}


class Contract:
    """One API description."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.version = document["info"]["version"]

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
            value: Any = int(text) if schema.get("type") == "integer" else unquote(text)
            if schema.get("type") not in ("array", "boolean"):
                self.check(value, schema, name)

    def check(self, value: Any, schema: dict[str, Any], where: str) -> None:
        """Fail when a value does not fit a schema."""
        schema = self.resolve(schema)
        kind = schema.get("type")
        if kind:
            fits = isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
            assert fits, f"{where} must be {kind}, got {value!r}"
        for part in schema.get("allOf", []):
            self.check(value, part, where)
        for word in ("oneOf", "anyOf"):
            if word in schema:
                self.check_arms(value, schema, word, where)
        if "enum" in schema:
            assert value in schema["enum"], f"{where}: {value!r} is not in {schema['enum']}"
        if "x-enum" in schema and isinstance(value, str):
            assert value in schema["x-enum"], f"{where}: {value!r} is not in {schema['x-enum']}"
        self.check_size(value, schema, where)
        if isinstance(value, dict):
            self.check_object(value, schema, where)
        if isinstance(value, list) and "items" in schema:
            for position, item in enumerate(value):
                self.check(item, schema["items"], f"{where}[{position}]")

    def check_arms(self, value: Any, schema: dict[str, Any], word: str, where: str) -> None:
        arms = schema[word]
        discriminator = schema.get("discriminator")
        if discriminator and isinstance(value, dict):
            tag = value.get(discriminator["propertyName"])
            mapping = discriminator.get("mapping", {})
            assert tag in mapping, f"{where}: {tag!r} is not in {sorted(mapping)}"
            self.check(value, {"$ref": mapping[tag]}, where)
            return
        problems = []
        for arm in arms:
            try:
                self.check(value, arm, where)
            except AssertionError as problem:
                problems.append(str(problem))
        fitting = len(arms) - len(problems)
        assert fitting >= 1, f"{where} fits none: {problems}"

    def check_size(self, value: Any, schema: dict[str, Any], where: str) -> None:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            assert value >= schema.get("minimum", value), f"{where}: {value} is too small"
            assert value <= schema.get("maximum", value), f"{where}: {value} is too large"
        if isinstance(value, str):
            assert schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)), where
            assert re.search(schema.get("pattern", ""), value), f"{where}: {value!r} has not the form"
        if isinstance(value, list):
            assert schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)), where

    def check_object(self, value: dict[str, Any], schema: dict[str, Any], where: str) -> None:
        properties = schema.get("properties", {})
        for name in schema.get("required", []):
            assert name in value, f"{where}.{name} is missing"
        extra = schema.get("additionalProperties", not properties or "oneOf" in schema)
        for name, item in value.items():
            if name in properties:
                self.check(item, properties[name], f"{where}.{name}")
            elif isinstance(extra, dict):
                self.check(item, extra, f"{where}.{name}")
            else:
                # Stricter than JSON Schema's default: the client must not send what is not described.
                assert extra, f"{where}.{name} is not described"

    def response_examples(self) -> Iterator[tuple[str, str, str, Any]]:
        """Yield operation id, verb, path and body of every documented successful answer."""
        for path, item in self.document["paths"].items():
            for verb in VERBS:
                operation = item.get(verb)
                for status, answer in (operation or {}).get("responses", {}).items():
                    if not str(status).startswith("2"):
                        continue
                    for media in self.resolve(answer).get("content", {}).values():
                        for example in examples_of(media):
                            yield operation["operationId"], verb.upper(), path, example


def examples_of(media: dict[str, Any]) -> list[Any]:
    found = [media["example"]] if "example" in media else []
    return found + [example["value"] for example in media.get("examples", {}).values() if "value" in example]


def described(name: str) -> Contract:
    """Return an API description, or skip the test when it is not there."""
    if not (FOLDER / name).exists():
        pytest.skip(f"the API description {name} is not beside this checkout")
    return _load(name)


@functools.cache
def _load(name: str) -> Contract:
    yaml = pytest.importorskip("yaml")
    fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    # Times stay the text that they are on the wire.
    resolvers = {
        first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
        for first, found in fast.yaml_implicit_resolvers.items()
    }
    loader = type("Loader", (fast,), {"yaml_implicit_resolvers": resolvers})
    with (FOLDER / name).open(encoding="utf-8") as file:
        return Contract(yaml.load(file, loader))
