from __future__ import annotations

import enum
from typing import Any

import pytest

from pinecone_core import checks
from pinecone_core.errors import PineconeTypeError, PineconeValueError

np = pytest.importorskip("numpy")


class Kind(enum.Enum):
    A = "a"


@pytest.mark.parametrize(
    ("call", "result"),
    [
        (lambda: checks.enum_value(Kind.A), "a"),
        (lambda: checks.enum_value("x"), "x"),
        (lambda: checks.non_empty_string("n", Kind.A), "a"),
        (lambda: checks.non_empty_string("n", " x "), " x "),
        (lambda: checks.integer("n", 5), 5),
        (lambda: checks.integer("n", np.int64(5)), 5),
        (lambda: checks.positive_integer("n", 1), 1),
        (lambda: checks.at_least("n", 0, 0), 0),
        (lambda: checks.between("n", 64, 1, 64), 64),
        (lambda: checks.one_of("n", Kind.A, ("a", "b")), "a"),
        (lambda: checks.exactly_one(id=False, vector=True), "vector"),
        (lambda: checks.seconds("n", 1), 1.0),
        (lambda: checks.resource_name("n", "a-1"), "a-1"),
        (lambda: checks.resource_name("n", "a" * 45), "a" * 45),
    ],
)
def test_what_passes(call: Any, result: Any) -> None:
    assert call() == result
    assert type(call()) is type(result)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: checks.non_empty_string("n", None),
            PineconeValueError,
            "n must be a non-empty string, got None",
        ),
        (lambda: checks.non_empty_string("n", " "), PineconeValueError, "n must be a non-empty string"),
        (lambda: checks.non_empty_string("n", 5), PineconeTypeError, "n must be a string, got int"),
        (lambda: checks.integer("n", True), PineconeTypeError, "n must be an integer, got bool"),
        (lambda: checks.integer("n", 1.0), PineconeTypeError, "n must be an integer, got float"),
        (lambda: checks.positive_integer("n", 0), PineconeValueError, "n must be a positive integer, got 0"),
        (lambda: checks.at_least("n", 1, 2), PineconeValueError, "n must be >= 2, got 1"),
        (lambda: checks.between("n", 65, 1, 64), PineconeValueError, "n must be between 1 and 64, got 65"),
        (lambda: checks.between("n", "5", 1, 64), PineconeTypeError, "n must be an integer, got str"),
        (
            lambda: checks.one_of("n", "x", ("a", "b")),
            PineconeValueError,
            "n must be one of 'a', 'b', got 'x'",
        ),
        (
            lambda: checks.exactly_one(a=False, b=False),
            PineconeValueError,
            "Exactly one of a, b must be given, got none",
        ),
        (
            lambda: checks.exactly_one(a=True, b=True),
            PineconeValueError,
            "Exactly one of a, b must be given, got a and b",
        ),
        (lambda: checks.seconds("n", "1"), PineconeTypeError, "n must be a number of seconds, got str"),
        (
            lambda: checks.seconds("n", 0),
            PineconeValueError,
            "n must be a finite number of seconds above 0, got 0",
        ),
        (
            lambda: checks.resource_name("n", "a" * 46),
            PineconeValueError,
            "n is too long (max 45 characters, got 46)",
        ),
        (lambda: checks.resource_name("n", "-a"), PineconeValueError, "n must not start with a hyphen"),
        (lambda: checks.resource_name("n", "a-"), PineconeValueError, "n must not end with a hyphen"),
        (lambda: checks.resource_name("n", ""), PineconeValueError, "n must be a non-empty string"),
    ],
)
def test_what_is_refused(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


@pytest.mark.parametrize("name", ["A", "a_b", "a b", "ü"])
def test_characters_that_no_resource_has(name: str) -> None:
    with pytest.raises(PineconeValueError, match="contains invalid characters"):
        checks.resource_name("n", name)
