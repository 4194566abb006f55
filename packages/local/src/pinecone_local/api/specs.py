"""How an index is deployed: the ``spec`` of requests, checked, and as answers show it."""

from __future__ import annotations

import re
from typing import Any

from ..http import bad_request, not_found

__all__ = ["changed_spec", "checked_schema", "checked_spec", "place_of", "source_collection_of"]

_CLOUDS = ("aws", "gcp", "azure")
_POD_TYPE = re.compile(r"(s1|p1|p2)(?:\.(x1|x2|x4|x8))?")
_KINDS = ("serverless", "pod", "byoc")


def _only(spec: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if len(spec) != 1 or next(iter(spec)) not in _KINDS:
        raise bad_request(
            f"spec must have exactly one of {', '.join(_KINDS)}, got {', '.join(spec) or '{}'}."
        )
    [(kind, inner)] = spec.items()
    if not isinstance(inner, dict):
        raise bad_request(f"spec.{kind} must be an object.")
    return kind, {key: value for key, value in inner.items() if value is not None}


def _text(inner: dict[str, Any], key: str, path: str) -> str:
    value = inner.get(key)
    if not isinstance(value, str) or not value:
        raise bad_request(f"{path}.{key} is required and must be a string.")
    return value


def checked_spec(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a new index's spec as answers show it.

    Raises:
        ApiFault: 400 when it does not fit, 404 for an unknown cloud.
    """
    kind, inner = _only(spec)
    if kind == "serverless":
        cloud = _text(inner, "cloud", "spec.serverless")
        region = _text(inner, "region", "spec.serverless")
        if cloud not in _CLOUDS:
            raise not_found(f"Resource cloud: {cloud} region: {region} not found.")
        shown: dict[str, Any] = {"cloud": cloud, "region": region}
        if "source_collection" in inner:
            shown["source_collection"] = _text(inner, "source_collection", "spec.serverless")
    elif kind == "byoc":
        shown = {"environment": _text(inner, "environment", "spec.byoc")}
    else:
        return {"pod": _pod(inner)}
    shown["read_capacity"] = _read_capacity(inner.get("read_capacity"), f"spec.{kind}.read_capacity")
    if "schema" in inner:
        shown["schema"] = checked_schema(inner["schema"])
    return {kind: shown}


def _pod(inner: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "environment": _text(inner, "environment", "spec.pod"),
        "pod_type": _pod_type(inner.get("pod_type", "p1.x1")),
        "replicas": _count(inner.get("replicas", 1), "spec.pod.replicas"),
        "shards": _count(inner.get("shards", 1), "spec.pod.shards"),
    }
    pods = _count(inner.get("pods", shown["replicas"] * shown["shards"]), "spec.pod.pods")
    if pods == 1 and shown["replicas"] * shown["shards"] != 1:
        pods = shown["replicas"] * shown["shards"]
    if pods != shown["replicas"] * shown["shards"]:
        raise bad_request(
            f"spec.pod.pods must be replicas times shards, {shown['replicas'] * shown['shards']}, got {pods}."
        )
    shown["pods"] = pods
    if (config := inner.get("metadata_config")) is not None:
        indexed = config.get("indexed") if isinstance(config, dict) else 0
        if indexed is not None and not (
            isinstance(indexed, list) and all(isinstance(name, str) for name in indexed)
        ):
            raise bad_request("spec.pod.metadata_config must be an object with a list of names, 'indexed'.")
        shown["metadata_config"] = {} if indexed is None else {"indexed": indexed}
    if "source_collection" in inner:
        shown["source_collection"] = _text(inner, "source_collection", "spec.pod")
    return shown


def _pod_type(value: Any) -> str:
    match = _POD_TYPE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise bad_request(f"pod_type must be s1, p1 or p2 followed by .x1, .x2, .x4 or .x8, got {value!r}.")
    return f"{match[1]}.{match[2] or 'x1'}"


def _count(value: Any, path: str, least: int = 1) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise bad_request(f"{path} must be a whole number of at least {least}, got {value!r}.")
    return value


def _read_capacity(value: Any, path: str) -> dict[str, Any]:
    if value is None:
        return {"mode": "OnDemand", "status": {"state": "Ready"}}
    if not isinstance(value, dict):
        raise bad_request(f"{path} must be an object.")
    mode = value.get("mode")
    if mode == "OnDemand":
        return {"mode": "OnDemand", "status": {"state": "Ready"}}
    if mode != "Dedicated":
        raise bad_request(f"{path}.mode must be 'OnDemand' or 'Dedicated', got {mode!r}.")
    given = value.get("dedicated") or {}
    if not isinstance(given, dict):
        raise bad_request(f"{path}.dedicated must be an object.")
    manual = given.get("manual") or {}
    if not isinstance(manual, dict):
        raise bad_request(f"{path}.dedicated.manual must be an object.")
    node_type, scaling = given.get("node_type", "b1"), given.get("scaling", "Manual")
    if node_type not in ("b1", "t1"):
        raise bad_request(f"{path}.dedicated.node_type must be 'b1' or 't1', got {node_type!r}.")
    if scaling != "Manual":
        raise bad_request(f"{path}.dedicated.scaling must be 'Manual', got {scaling!r}.")
    replicas = _count(manual.get("replicas", 1), f"{path}.dedicated.manual.replicas", 0)
    shards = _count(manual.get("shards", 1), f"{path}.dedicated.manual.shards")
    return {
        "mode": "Dedicated",
        "dedicated": {
            "node_type": node_type,
            "scaling": scaling,
            "manual": {"replicas": replicas, "shards": shards},
        },
        "status": {"state": "Ready", "current_replicas": replicas, "current_shards": shards},
    }


def checked_schema(schema: Any) -> dict[str, Any]:
    """Return a metadata schema that fits.

    Raises:
        ApiFault: 400 when it does not.
    """
    fields = schema.get("fields") if isinstance(schema, dict) else None
    if not isinstance(fields, dict):
        raise bad_request("schema must be an object such as {'fields': {'genre': {'filterable': true}}}.")
    for name, field in fields.items():
        if not isinstance(field, dict) or field.get("filterable") is not True:
            raise bad_request(
                f"schema.fields[{name!r}] must be {{'filterable': true}}; leave other fields out."
            )
    return {"fields": {name: {"filterable": True} for name in fields}}


def source_collection_of(spec: dict[str, Any]) -> str | None:
    """Return the collection that an index is made from, or None."""
    for inner in spec.values():
        name = inner.get("source_collection")
        return None if name is None else str(name)
    return None


def place_of(spec: dict[str, Any]) -> tuple[str, str]:
    """Return the cloud and the region of an index that is not made of pods."""
    for inner in spec.values():
        return inner.get("cloud", "aws"), inner.get("region", inner.get("environment", "us-east-1"))
    return "aws", "us-east-1"


def changed_spec(old: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """Return an index's spec with what a configure request changes.

    Raises:
        ApiFault: 400 when the index cannot be changed so.
    """
    kind, inner = _only(change)
    if kind not in old:
        raise bad_request(f"The index is {next(iter(old))}, so spec.{kind} cannot be configured.")
    new = dict(old[kind])
    if kind != "pod":
        if "read_capacity" in inner:
            new["read_capacity"] = _read_capacity(inner["read_capacity"], f"spec.{kind}.read_capacity")
        return {kind: new}
    if "replicas" in inner:
        new["replicas"] = _count(inner["replicas"], "spec.pod.replicas")
        new["pods"] = new["replicas"] * new["shards"]
    if "pod_type" in inner:
        new["pod_type"] = _larger_pod(old["pod"]["pod_type"], _pod_type(inner["pod_type"]))
    return {kind: new}


def _larger_pod(old: str, new: str) -> str:
    if old[:2] != new[:2]:
        raise bad_request(f"The pod type can be scaled only within a family: {old} cannot become {new}.")
    if int(new[4:]) < int(old[4:]):
        raise bad_request(f"Pods can only be scaled up: {old} cannot become {new}.")
    return new
