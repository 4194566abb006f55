"""Arguments that several operations of the control plane take: tags, schema, read capacity, waiting time."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from pinecone_core.checks import at_least, enum_value, one_of
from pinecone_core.errors import PineconeTypeError, PineconeValueError

__all__ = ["as_mapping", "deletion_protection", "metadata_schema", "read_capacity", "tags", "waiting_time"]

_TAG_KEY = re.compile(r"[A-Za-z0-9_-]{1,80}")
_DONT_WAIT = -1


def as_mapping(name: str, value: Any) -> dict[str, Any]:
    """Return a mapping as a new dict; refuse everything else."""
    if not isinstance(value, Mapping):
        raise PineconeTypeError(f"{name} must be a dict, got {type(value).__name__}")
    return dict(value)


def deletion_protection(value: Any) -> str:
    """Return how deletion protection is set."""
    return one_of("deletion_protection", value, ("disabled", "enabled"))


def tags(value: Any, *, most: int | None = None) -> dict[str, str] | None:
    """Check tags. An empty value takes a tag away.

    Args:
        value: A mapping of strings, or None.
        most: How many are allowed; None for any number.
    """
    if value is None:
        return None
    given = as_mapping("tags", value)
    if most is not None and len(given) > most:
        raise PineconeValueError(f"tags must not be more than {most}, got {len(given)}")
    checked: dict[str, str] = {}
    for key, item in given.items():
        plain = enum_value(item)
        if not isinstance(key, str) or not isinstance(plain, str):
            raise PineconeTypeError(
                f"tags[{key!r}] must be a string under a string, got {type(item).__name__} under "
                f"{type(key).__name__}"
            )
        if not _TAG_KEY.fullmatch(key):
            raise PineconeValueError(
                f"tags key {key!r} must be 1 to 80 characters of letters, digits, '_' and '-'"
            )
        if len(plain) > 120 or not plain.isascii() or not (plain.isprintable()):
            raise PineconeValueError(f"tags[{key!r}] must be at most 120 printable ASCII characters")
        checked[key] = plain
    return checked


def metadata_schema(value: Any, name: str = "schema") -> dict[str, Any]:
    """Put a metadata schema into the form ``{"fields": {name: {"filterable": True}}}``.

    Both that form and the bare mapping of fields are accepted. A mapping whose one key is
    ``fields`` is the bare form, of a metadata field with that name, only when what stands under it is
    itself the description of a field.
    """
    given = as_mapping(name, value)
    inner = given.get("fields")
    if isinstance(inner, Mapping) and not _describes_field(inner):
        # The whole form. Whatever stands beside the fields is the service's to judge.
        return {**given, "fields": dict(inner)}
    return {"fields": given}


def _describes_field(value: Mapping[str, Any]) -> bool:
    return bool(value) and all(not isinstance(item, Mapping) for item in value.values())


def read_capacity(name: str, value: Any) -> dict[str, Any]:
    """Check a read capacity: ``{"mode": "OnDemand"}`` or ``{"mode": "Dedicated", "dedicated": {...}}``."""
    given = as_mapping(name, value)
    mode = enum_value(given.get("mode"))
    if not isinstance(mode, str) or not mode:
        raise PineconeValueError(f"{name} must contain a 'mode' key: 'OnDemand' or 'Dedicated'")
    if mode == "OnDemand" and given.get("dedicated") is not None:
        raise PineconeValueError(f"{name} must not contain 'dedicated' when its mode is 'OnDemand'")
    if mode == "Dedicated":
        dedicated = given.get("dedicated")
        if not isinstance(dedicated, Mapping):
            raise PineconeValueError(
                f"{name} must contain a 'dedicated' dict when its mode is 'Dedicated', such as "
                "{'node_type': 'b1', 'scaling': 'Manual', 'manual': {'replicas': 1, 'shards': 1}}"
            )
        _dedicated(f"{name}.dedicated", dedicated)
    return given


def _dedicated(name: str, given: Mapping[str, Any]) -> None:
    for key in ("node_type", "scaling"):
        if not isinstance(enum_value(given.get(key)), str):
            raise PineconeValueError(f"{name} must contain a '{key}' string")
    manual = given.get("manual")
    if manual is None:
        return
    if not isinstance(manual, Mapping):
        raise PineconeValueError(f"{name}.manual must be a dict, got {type(manual).__name__}")
    for key, least in (("replicas", 0), ("shards", 1)):
        if key in manual:
            at_least(f"{name}.manual.{key}", manual[key], least)


def waiting_time(value: Any, name: str = "timeout") -> float | None:
    """Check how long to wait: None for as long as it takes, -1 for not at all, else seconds."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PineconeTypeError(f"{name} must be a number of seconds, -1 or None, got {type(value).__name__}")
    if math.isnan(value) or (value < 0 and value != _DONT_WAIT):
        raise PineconeValueError(
            f"{name} must be None (wait as long as it takes), -1 (do not wait) or seconds from 0, "
            f"got {value!r}"
        )
    return float(value)
