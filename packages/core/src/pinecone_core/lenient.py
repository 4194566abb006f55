"""How an answer that does not quite fit its model is read: what can be kept, is.

``null`` where there is a default means the default; an element of a list or a dict that cannot be read is
left out, with a warning in the log; what is of a kind that a tagged union does not know is kept as an
``UnknownItem``. Pure but for the log.
"""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from .logs import Log
from .unknown import UnknownItem

__all__ = ["UNREADABLE", "read_leniently"]

UNREADABLE = (msgspec.ValidationError, ValueError, TypeError)
"""What says that a value does not fit. A model's own check may raise the last two."""

_log = Log("pinecone.codec")


def read_leniently(value: Any, kind: Any, path: str = "$") -> Any:
    """Make a value of ``kind`` from decoded JSON.

    Args:
        value: Dicts, lists and scalars.
        kind: A model class, or any type the JSON library can read into.
        path: Where the value stands, for errors and warnings.

    Raises:
        msgspec.ValidationError: It does not fit even so. A model's own check may raise others of
            ``UNREADABLE``.
    """
    if kind is msgspec.Raw:
        return msgspec.Raw(msgspec.json.encode(value))
    arms = _arms(kind)
    if tagged := _tagged(arms):
        return None if value is None and _accepts_none(kind) else _read_tagged(value, tagged, path)
    if len(arms) == 1 and value is not None:
        kind = arms[0]
    origin = typing.get_origin(kind) or kind
    args = typing.get_args(kind)
    if isinstance(value, dict):
        if isinstance(origin, type) and issubclass(origin, msgspec.Struct):
            return _read_struct(value, kind, path)
        if origin is dict and len(args) == 2:
            return dict(_readable(value.items(), args[1], path))
    if isinstance(value, list) and origin in (list, Sequence) and args:
        return [item for _, item in _readable(enumerate(value), args[0], path)]
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        raise msgspec.ValidationError(f"{error} - at `{path}`") from None


def _read_struct(value: dict[str, Any], kind: Any, path: str) -> Any:
    config = kind.__struct_config__
    if config.tag_field is not None and value.get(config.tag_field, config.tag) != config.tag:
        raise msgspec.ValidationError(f"Expected {config.tag_field} {config.tag!r} - at `{path}`")
    given: dict[str, Any] = {}
    for name, wire, field_kind, required in _fields_of(kind):
        item = value.get(wire, msgspec.UNSET)
        if item is msgspec.UNSET or (item is None and not required and not _accepts_none(field_kind)):
            if required:
                raise msgspec.ValidationError(f"Object missing required field `{wire}` - at `{path}`")
            continue
        given[name] = read_leniently(item, field_kind, f"{path}.{wire}")
    return kind(**given)


def _read_tagged(value: Any, arms: list[Any], path: str) -> Any:
    """Read a value as the arm that its tag names, or keep it as it is."""
    tag_field = str(arms[0].__struct_config__.tag_field)
    found = UnknownItem.keep(value, tag_field)
    for arm in arms:
        if isinstance(value, dict) and value.get(tag_field) == arm.__struct_config__.tag:
            try:
                return _read_struct(value, arm, path)
            except UNREADABLE as error:
                _log.warning("Kept as an UnknownItem what does not fit its kind, at %s: %s", path, error)
                return found
    _log.debug("Kept as an UnknownItem what is of the unknown kind %r, at %s", found.type, path)
    return found


def _readable(items: Iterable[tuple[Any, Any]], kind: Any, path: str) -> Iterable[tuple[Any, Any]]:
    for key, item in items:
        try:
            yield key, read_leniently(item, kind, f"{path}[{key!r}]")
        except UNREADABLE as error:
            _log.warning("Left out an element that cannot be read: %s", error)


@functools.lru_cache(maxsize=512)
def _fields_of(kind: Any) -> list[tuple[str, str, Any, bool]]:
    """Return name, wire name, type, and whether it is required, of each field of a struct class."""
    return [
        (field.name, field.encode_name, field.type, field.required) for field in msgspec.structs.fields(kind)
    ]


def _arms(kind: Any) -> list[Any]:
    """Return the arms of a union but for None; of another type, itself."""
    if typing.get_origin(kind) not in (typing.Union, types.UnionType):
        return [kind]
    return [arm for arm in typing.get_args(kind) if arm is not type(None)]


def _tagged(arms: list[Any]) -> list[Any]:
    """Return the arms of a union that name their kind on the wire."""
    if len(arms) < 2:
        return []
    structs = (arm for arm in arms if isinstance(arm, type) and issubclass(arm, msgspec.Struct))
    return [arm for arm in structs if arm.__struct_config__.tag_field is not None]


def _accepts_none(kind: Any) -> bool:
    return kind in (Any, object, type(None)) or any(arm is type(None) for arm in typing.get_args(kind))
