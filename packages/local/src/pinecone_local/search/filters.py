"""The metadata filter language: read once into conditions, then asked of columns.

Rules, as the service has them: a condition on a list holds when any element meets it; ``$ne`` and
``$nin`` are the exact opposites of ``$eq`` and ``$in``, so they also hold where the field is
missing; values of different kinds (text, number, truth value) never match; keys side by side are
joined by "and".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt

__all__ = [
    "Compare",
    "Condition",
    "Everything",
    "Exists",
    "FieldColumn",
    "FilterError",
    "Group",
    "Matches",
    "OneOf",
    "TextFieldColumn",
    "evaluate",
    "fields_of",
    "read_filter",
    "text_fields_of",
]

Mask = npt.NDArray[np.bool_]

_MAX_DEPTH = 64
_MAX_CHOICES = 10_000
_ORDERED = {"$gt": "gt", "$gte": "gte", "$lt": "lt", "$lte": "lte"}
_MATCHES = {"$match_phrase": "phrase", "$match_all": "all", "$match_any": "any"}
_OPERATORS = ["$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$exists"]


class FilterError(ValueError):
    """A filter the service would refuse, said in a sentence."""


@dataclass(frozen=True, slots=True)
class Everything:
    """Holds for every record: the empty filter."""


@dataclass(frozen=True, slots=True)
class Compare:
    """A field compared with a number: ``gt``, ``gte``, ``lt`` or ``lte``."""

    field: str
    how: str
    operand: float


@dataclass(frozen=True, slots=True)
class OneOf:
    """A field that has (or, negated, has not) one of some values."""

    field: str
    choices: tuple[str | float | bool, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Exists:
    """A field that is there, or is not."""

    field: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions joined by "and" (``every`` is True) or "or"."""

    every: bool
    members: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """A text that has a phrase, ``all`` or ``any`` of the terms of another text."""

    field: str
    how: str
    text: str


Condition = Everything | Compare | OneOf | Exists | Matches | Group


class FieldColumn(Protocol):
    """What is known of one metadata field, over all rows."""

    def having(self, value: str | float | bool, into: Mask) -> None:
        """Set the rows that have this value."""
        ...

    def comparing(self, test: Callable[[Any, float], Any], operand: float, into: Mask) -> None:
        """Set the rows with a number that passes the test."""
        ...

    def present(self, into: Mask) -> None:
        """Set the rows that have the field."""
        ...


class TextFieldColumn(Protocol):
    """What is known of a text field beyond its values."""

    def matching(self, how: str, text: str, into: Mask) -> None:
        """Set the rows whose text has the phrase, every term or any term of a text."""
        ...


def read_filter(filter_: Any, *, text: bool = False) -> Condition:
    """Turn a filter's JSON into conditions.

    Args:
        filter_: The decoded JSON of a filter.
        text: Whether ``$match_phrase``, ``$match_all`` and ``$match_any`` may be asked.

    Returns:
        The condition it states; ``Everything`` for ``{}``.

    Raises:
        FilterError: It is not a filter.
    """
    condition = _read_object(filter_, "filter", 0)
    if not text and (fields := text_fields_of(condition)):
        raise FilterError(
            f"The operators {', '.join(_MATCHES)} on {min(fields)!r} are not offered here; "
            f"use one of {', '.join(_OPERATORS)}."
        )
    return condition


def _read_object(value: Any, path: str, depth: int) -> Condition:
    if not isinstance(value, dict):
        raise FilterError(f"{path} must be an object such as {{'field': {{'$eq': 1}}}}, got {_shown(value)}.")
    if depth > _MAX_DEPTH:
        raise FilterError(f"The filter is nested more than {_MAX_DEPTH} deep; flatten it.")
    members: list[Condition] = []
    for key, operand in value.items():
        if key in {"$and", "$or"}:
            members.append(_read_group(key, operand, path, depth))
        elif key.startswith("$"):
            raise FilterError(
                f"{path} has the operator {key!r} where a field name, $and or $or belongs; "
                f"write {{'field': {{{key!r}: ...}}}}."
            )
        else:
            members.extend(_read_field(key, operand))
    if not members:
        return Everything()
    return members[0] if len(members) == 1 else Group(True, tuple(members))


def _read_group(key: str, operand: Any, path: str, depth: int) -> Condition:
    if not isinstance(operand, list) or not operand:
        raise FilterError(f"{path}.{key} must be a non-empty list of filters, got {_shown(operand)}.")
    members = [_read_object(item, f"{path}.{key}[{i}]", depth + 1) for i, item in enumerate(operand)]
    return Group(key == "$and", tuple(members))


def _read_field(field: str, operand: Any) -> list[Condition]:
    if not isinstance(operand, dict):
        return [OneOf(field, (_scalar(operand, field, "$eq"),), False)]
    if not operand:
        raise FilterError(f"The field {field!r} has an empty condition; use one of {', '.join(_OPERATORS)}.")
    return [_read_operator(field, name, value) for name, value in operand.items()]


def _read_operator(field: str, name: str, value: Any) -> Condition:
    if name in {"$eq", "$ne"}:
        return OneOf(field, (_scalar(value, field, name),), name == "$ne")
    if name in {"$in", "$nin"}:
        return OneOf(field, _choices(value, field, name), name == "$nin")
    if name in _ORDERED:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise FilterError(
                f"The {name} operator on {field!r} must be followed by a number, got {_shown(value)}."
            )
        return Compare(field, _ORDERED[name], _number(value, field, name))
    if name in _MATCHES:
        if not isinstance(value, str):
            raise FilterError(
                f"The {name} operator on {field!r} must be followed by a text, got {_shown(value)}."
            )
        return Matches(field, _MATCHES[name], value)
    if name == "$exists":
        if not isinstance(value, bool):
            raise FilterError(
                f"The $exists operator on {field!r} must be followed by true or false, got {_shown(value)}."
            )
        return Exists(field, value)
    raise FilterError(f"{name!r} on {field!r} is not a valid operator; use one of {', '.join(_OPERATORS)}.")


def _scalar(value: Any, field: str, name: str) -> str | float | bool:
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return _number(value, field, name)
    raise FilterError(
        f"The {name} operator on {field!r} must be followed by a string, number or boolean, "
        f"got {_shown(value)}."
    )


def _number(value: float, field: str, name: str) -> float:
    try:
        return float(value)
    except OverflowError:
        raise FilterError(f"The number after {name} on {field!r} is too large.") from None


def _choices(value: Any, field: str, name: str) -> tuple[str | float | bool, ...]:
    if not isinstance(value, list):
        raise FilterError(
            f"The {name} operator on {field!r} must be followed by a list of values, got {_shown(value)}."
        )
    if len(value) > _MAX_CHOICES:
        raise FilterError(
            f"The {name} operator on {field!r} has {len(value)} values; at most {_MAX_CHOICES} are allowed."
        )
    return tuple(_scalar(item, field, name) for item in value)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def fields_of(condition: Condition) -> set[str]:
    """Return the names of all fields a condition asks about."""
    if isinstance(condition, Group):
        return set().union(*(fields_of(member) for member in condition.members))
    return set() if isinstance(condition, Everything) else {condition.field}


def text_fields_of(condition: Condition) -> set[str]:
    """Return the names of all fields whose terms a condition asks about."""
    if isinstance(condition, Group):
        return set().union(*(text_fields_of(member) for member in condition.members))
    return {condition.field} if isinstance(condition, Matches) else set()


_TESTS: dict[str, Callable[[Any, float], Any]] = {
    "gt": np.greater,
    "gte": np.greater_equal,
    "lt": np.less,
    "lte": np.less_equal,
}


def evaluate(condition: Condition, column: Callable[[str], FieldColumn], rows: int) -> Mask:
    """Find the rows for which a condition holds.

    Args:
        condition: What ``read_filter`` returned.
        column: Gives the column of a field.
        rows: How many rows there are.

    Returns:
        One truth value a row.
    """
    if isinstance(condition, Everything):
        return np.ones(rows, np.bool_)
    if isinstance(condition, Group):
        masks = [evaluate(member, column, rows) for member in condition.members]
        joined = masks[0]
        for mask in masks[1:]:
            joined = np.logical_and(joined, mask) if condition.every else np.logical_or(joined, mask)
        return joined
    found = np.zeros(rows, np.bool_)
    asked = column(condition.field)
    if isinstance(condition, Compare):
        asked.comparing(_TESTS[condition.how], condition.operand, found)
        return found
    if isinstance(condition, Exists):
        asked.present(found)
        return found if condition.wanted else ~found
    if isinstance(condition, Matches):
        # Who lets a filter ask for terms has columns that know them.
        cast(TextFieldColumn, asked).matching(condition.how, condition.text, found)
        return found
    for value in condition.choices:
        asked.having(value, found)
    return ~found if condition.negated else found
