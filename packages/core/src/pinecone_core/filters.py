"""Metadata filters written as Python expressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from .errors import PineconeTypeError, PineconeValueError

__all__ = ["Condition", "Field", "FilterBuilder", "as_filter"]

_OPPOSITES = {"$eq": "$ne", "$ne": "$eq", "$in": "$nin", "$nin": "$in"}


class Condition:
    """A filter that can be combined with ``&``, ``|`` and ``~`` and passed wherever a filter is.

    Args:
        filter_dict: The filter in the service's own notation.

    Example:
        >>> (Condition({"genre": {"$eq": "drama"}}) & Condition({"year": {"$gte": 2020}})).to_dict()
        {'$and': [{'genre': {'$eq': 'drama'}}, {'year': {'$gte': 2020}}]}
    """

    __slots__ = ("_filter",)

    def __init__(self, filter_dict: dict[str, Any]) -> None:
        if not isinstance(filter_dict, Mapping):
            raise PineconeTypeError(
                f"filter_dict must be a dict such as {{'genre': {{'$eq': 'drama'}}}}, "
                f"got {type(filter_dict).__name__}"
            )
        self._filter = dict(filter_dict)

    def _joined(self, operator: str, other: Condition) -> Condition:
        parts: list[dict[str, Any]] = []
        for side in (self._filter, other._filter):
            if not side:
                continue
            # Only a filter that is nothing but this operator is flattened; one with further keys
            # would lose them.
            inner = side.get(operator) if len(side) == 1 else None
            parts.extend(inner if isinstance(inner, list) else [side])
        if len(parts) == 1:
            return Condition(parts[0])
        return Condition({operator: parts} if parts else {})

    def __and__(self, other: Condition) -> Condition:
        if not isinstance(other, Condition):
            return NotImplemented
        return self._joined("$and", other)

    def __or__(self, other: Condition) -> Condition:
        if not isinstance(other, Condition):
            return NotImplemented
        # "Anything" or something is anything.
        if not self._filter or not other._filter:
            return Condition({})
        return self._joined("$or", other)

    def __invert__(self) -> Condition:
        """Return the opposite, by the rules of logic.

        The service has no "not", so only what has an exact opposite can be turned around: equality,
        membership, existence, and combinations of those. ``~(Field("n") > 3)`` has none, because a
        record without ``n`` satisfies neither side.
        """
        return Condition(_opposite(self._filter))

    def __bool__(self) -> NoReturn:
        raise PineconeTypeError(
            "A filter condition has no truth value. Combine conditions with & and | and negate with ~ "
            "(each comparison in parentheses) instead of 'and', 'or', 'not' or chained comparisons"
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Condition) and self._filter == other._filter

    __hash__ = None  # type: ignore[assignment]

    def to_dict(self) -> dict[str, Any]:
        """Return the filter in the service's own notation, as a new dict.

        Raises:
            PineconeValueError: The condition is empty.
        """
        if not self._filter:
            raise PineconeValueError("Cannot convert an empty condition to a filter dict")
        from copy import deepcopy

        return deepcopy(self._filter)

    def __repr__(self) -> str:
        return f"Condition({self._filter!r})"


def _opposite(node: Mapping[str, Any]) -> dict[str, Any]:
    if not node:
        raise PineconeValueError("Cannot negate an empty condition: no filter matches nothing")
    parts = [_opposite_of_key(key, value) for key, value in node.items()]
    return parts[0] if len(parts) == 1 else {"$or": parts}


def _opposite_of_key(key: str, value: Any) -> dict[str, Any]:
    if key == "$and":
        return {"$or": [_opposite(part) for part in value]}
    if key == "$or":
        return {"$and": [_opposite(part) for part in value]}
    if not isinstance(value, Mapping):
        return {key: {"$ne": value}}
    parts: list[dict[str, Any]] = []
    for operator, operand in value.items():
        if operator == "$exists":
            parts.append({key: {"$exists": not operand}})
        elif operator in _OPPOSITES:
            parts.append({key: {_OPPOSITES[operator]: operand}})
        else:
            raise PineconeValueError(
                f"~ cannot be expressed for {operator} on {key!r}: a record without the field matches "
                f"neither side. Write the opposite comparison, and add '| ~Field({key!r}).exists()' "
                "if records without the field should match"
            )
    return parts[0] if len(parts) == 1 else {"$or": parts}


def _number(operator: str, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        item = getattr(value, "item", None)
        plain = item() if callable(item) and getattr(value, "ndim", None) == 0 else value
        if isinstance(plain, bool) or not isinstance(plain, int | float):
            raise PineconeTypeError(
                f"{operator} requires a numeric value (int or float), got {type(value).__name__}"
            )
        value = plain
    if value != value:
        raise PineconeValueError(f"{operator} requires a number that can be compared, got NaN")
    return value


def _members(operator: str, values: Any) -> list[Any]:
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise PineconeTypeError(
            f"{operator} requires a list of values, got {type(values).__name__}; write [value] for one"
        )
    return list(values)


class Field:
    """A metadata field to build a filter from.

    Args:
        name: The field's name.

    Example:
        >>> ((Field("genre") == "drama") & (Field("year") >= 2020)).to_dict()
        {'$and': [{'genre': {'$eq': 'drama'}}, {'year': {'$gte': 2020}}]}
    """

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        if not isinstance(name, str) or not name:
            raise PineconeTypeError(f"Field takes the name of a metadata field, got {name!r}")
        self._name = name

    def _is(self, operator: str, value: Any) -> Condition:
        if isinstance(value, Field | Condition):
            raise PineconeTypeError(
                f"A filter compares a field with a value, not with a {type(value).__name__}"
            )
        return Condition({self._name: {operator: value}})

    def __eq__(self, value: object) -> Condition:  # type: ignore[override]
        return self._is("$eq", value)

    def __ne__(self, value: object) -> Condition:  # type: ignore[override]
        return self._is("$ne", value)

    __hash__ = None  # type: ignore[assignment]

    def __gt__(self, value: float) -> Condition:
        return self.gt(value)

    def __ge__(self, value: float) -> Condition:
        return self.gte(value)

    def __lt__(self, value: float) -> Condition:
        return self.lt(value)

    def __le__(self, value: float) -> Condition:
        return self.lte(value)

    def __bool__(self) -> NoReturn:
        raise PineconeTypeError("A Field has no truth value; compare it, or use .exists()")

    def gt(self, value: int | float) -> Condition:
        """Match records whose number is greater than ``value``."""
        return self._is("$gt", _number("gt", value))

    def gte(self, value: int | float) -> Condition:
        """Match records whose number is ``value`` or greater."""
        return self._is("$gte", _number("gte", value))

    def lt(self, value: int | float) -> Condition:
        """Match records whose number is less than ``value``."""
        return self._is("$lt", _number("lt", value))

    def lte(self, value: int | float) -> Condition:
        """Match records whose number is ``value`` or less."""
        return self._is("$lte", _number("lte", value))

    def is_in(self, values: Iterable[str | int | float | bool]) -> Condition:
        """Match records whose value, or one of whose values, is among ``values``."""
        return self._is("$in", _members("is_in", values))

    def not_in(self, values: Iterable[str | int | float | bool]) -> Condition:
        """Match records whose value is not among ``values``."""
        return self._is("$nin", _members("not_in", values))

    def exists(self) -> Condition:
        """Match records that have the field; ``~Field(name).exists()`` matches those that do not."""
        return self._is("$exists", True)

    def __repr__(self) -> str:
        return f"Field({self._name!r})"


FilterBuilder = Field


def as_filter(value: Condition | Mapping[str, Any] | None, name: str = "filter") -> dict[str, Any] | None:
    """Accept a filter in either spelling.

    Args:
        value: A ``Condition``, a mapping in the service's own notation, or None.
        name: The argument's name, for the error.

    Returns:
        A dict ready to encode, or None.

    Raises:
        PineconeTypeError: It is neither.
    """
    if value is None:
        return None
    if isinstance(value, Condition):
        return value.to_dict()
    if isinstance(value, Mapping):
        return dict(value)
    raise PineconeTypeError(
        f"{name} must be a Field(...) condition or a dict such as {{'genre': {{'$eq': 'drama'}}}}, "
        f"got {type(value).__name__}"
    )
