"""API descriptions made to say what they mean, with requests that lead somewhere."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from ..db.openapi import VERBS
from .grounds import VERSION, Ground

#: Refusals that the descriptions leave out where they are plain: what is not there, what is no request.
PLAIN = ("400", "401", "403", "404", "409", "412", "413", "415", "422", "429", "501")


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
