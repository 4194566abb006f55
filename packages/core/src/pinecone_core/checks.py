"""Checks of arguments, all with the same words. Each returns the value it was given, or its form to send."""

from __future__ import annotations

import pinecone_core as core

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "at_least",
    "between",
    "enum_value",
    "exactly_one",
    "header_value",
    "integer",
    "non_empty_string",
    "one_of",
    "positive_integer",
    "resource_name",
    "seconds",
]

_RESOURCE_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def enum_value(value: Any) -> Any:
    """Return an enum member's value, and anything else as it is."""
    from enum import Enum

    return value.value if isinstance(value, Enum) else value


def non_empty_string(name: str, value: Any) -> str:
    """Refuse what is not a string, or has nothing but blanks."""
    value = enum_value(value)
    if value is None:
        raise core.errors.PineconeValueError(f"{name} must be a non-empty string, got None")
    if not isinstance(value, str):
        raise core.errors.PineconeTypeError(f"{name} must be a string, got {type(value).__name__}")
    if not value.strip():
        raise core.errors.PineconeValueError(f"{name} must be a non-empty string")
    return value


def integer(name: str, value: Any) -> int:
    """Refuse what is not a whole number; numeric libraries' integers are accepted."""
    if isinstance(value, bool):
        raise core.errors.PineconeTypeError(f"{name} must be an integer, got bool")
    if isinstance(value, int):
        return int(value)
    index = getattr(value, "__index__", None)
    if index is None:
        raise core.errors.PineconeTypeError(f"{name} must be an integer, got {type(value).__name__}")
    return int(index())


def positive_integer(name: str, value: Any) -> int:
    """Refuse what is not a whole number of 1 or more."""
    number = integer(name, value)
    if number < 1:
        raise core.errors.PineconeValueError(f"{name} must be a positive integer, got {number}")
    return number


def at_least(name: str, value: Any, low: int) -> int:
    """Refuse what is not a whole number of ``low`` or more."""
    number = integer(name, value)
    if number < low:
        raise core.errors.PineconeValueError(f"{name} must be >= {low}, got {number}")
    return number


def between(name: str, value: Any, low: int, high: int) -> int:
    """Refuse what is not a whole number from ``low`` to ``high``."""
    number = integer(name, value)
    if not low <= number <= high:
        raise core.errors.PineconeValueError(f"{name} must be between {low} and {high}, got {number}")
    return number


def one_of(name: str, value: Any, allowed: tuple[str, ...]) -> str:
    """Refuse what is not among the allowed strings; enum members count by value."""
    plain = enum_value(value)
    if plain not in allowed:
        listed = ", ".join(repr(item) for item in allowed)
        raise core.errors.PineconeValueError(f"{name} must be one of {listed}, got {plain!r}")
    return str(plain)


def exactly_one(**given: bool) -> str:
    """Return the one name that was given; refuse none and several."""
    names = [name for name, is_given in given.items() if is_given]
    listed = ", ".join(given)
    if not names:
        raise core.errors.PineconeValueError(f"Exactly one of {listed} must be given, got none")
    if len(names) > 1:
        raise core.errors.PineconeValueError(
            f"Exactly one of {listed} must be given, got {' and '.join(names)}"
        )
    return names[0]


def seconds(name: str, value: Any) -> float:
    """Refuse what is not a finite number of seconds above 0."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise core.errors.PineconeTypeError(f"{name} must be a number of seconds, got {type(value).__name__}")
    if not 0 < value < float("inf"):
        raise core.errors.PineconeValueError(
            f"{name} must be a finite number of seconds above 0, got {value!r}"
        )
    return float(value)


def header_value(name: str, value: Any) -> str:
    """Check that a value can stand in a header. The value is never shown."""
    if not isinstance(value, str):
        raise core.errors.PineconeTypeError(f"{name} must be a string, got {type(value).__name__}")
    if not value.isascii() or any((ord(char) < 32 and char != "\t") or ord(char) == 127 for char in value):
        raise core.errors.PineconeValueError(
            f"{name} cannot be sent as a header: it must be ASCII without line breaks and control characters"
        )
    return value


def resource_name(name: str, value: Any) -> str:
    """Refuse what the service does not accept as the name of an index or collection."""
    text = non_empty_string(name, value)
    if len(text) > 45:
        raise core.errors.PineconeValueError(f"{name} is too long (max 45 characters, got {len(text)})")
    if not set(text) <= _RESOURCE_NAME:
        raise core.errors.PineconeValueError(
            f"{name} contains invalid characters: {name} must contain only lowercase letters, digits, "
            f"and hyphens, got {text!r}"
        )
    if text.startswith("-"):
        raise core.errors.PineconeValueError(f"{name} must not start with a hyphen")
    if text.endswith("-"):
        raise core.errors.PineconeValueError(f"{name} must not end with a hyphen")
    return text
