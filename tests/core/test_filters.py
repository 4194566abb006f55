# ruff: noqa: SIM300 - both ways round are under test
# mypy: disable-error-code="arg-type"

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinecone_core.codec import encode
from pinecone_core.errors import PineconeTypeError, PineconeValueError
from pinecone_core.filters import Condition, Field, FilterBuilder, as_filter

np = pytest.importorskip("numpy")

GENRE, YEAR = Field("genre"), Field("year")


@pytest.mark.parametrize(
    ("condition", "written"),
    [
        (GENRE == "drama", {"genre": {"$eq": "drama"}}),
        ("drama" == GENRE, {"genre": {"$eq": "drama"}}),
        (GENRE != "drama", {"genre": {"$ne": "drama"}}),
        (GENRE == True, {"genre": {"$eq": True}}),  # noqa: E712
        (YEAR.gt(1), {"year": {"$gt": 1}}),
        (YEAR.gte(1.5), {"year": {"$gte": 1.5}}),
        (YEAR.lt(1), {"year": {"$lt": 1}}),
        (YEAR.lte(1), {"year": {"$lte": 1}}),
        (YEAR > 1, {"year": {"$gt": 1}}),
        (YEAR >= 1, {"year": {"$gte": 1}}),
        (YEAR < 1, {"year": {"$lt": 1}}),
        (YEAR <= 1, {"year": {"$lte": 1}}),
        (1 < YEAR, {"year": {"$gt": 1}}),
        (YEAR.gt(np.float32(0.5)), {"year": {"$gt": 0.5}}),
        (YEAR.gt(np.int64(3)), {"year": {"$gt": 3}}),
        (GENRE.is_in(["a", "b"]), {"genre": {"$in": ["a", "b"]}}),
        (GENRE.is_in(x for x in "ab"), {"genre": {"$in": ["a", "b"]}}),
        (GENRE.not_in(("a",)), {"genre": {"$nin": ["a"]}}),
        (GENRE.exists(), {"genre": {"$exists": True}}),
        (~GENRE.exists(), {"genre": {"$exists": False}}),
        (~(GENRE == "a"), {"genre": {"$ne": "a"}}),
        (~(GENRE != "a"), {"genre": {"$eq": "a"}}),
        (~GENRE.is_in(["a"]), {"genre": {"$nin": ["a"]}}),
        (~GENRE.not_in(["a"]), {"genre": {"$in": ["a"]}}),
        (~Condition({"genre": "a"}), {"genre": {"$ne": "a"}}),
        (
            ~((GENRE == "a") & (YEAR == 1)),
            {"$or": [{"genre": {"$ne": "a"}}, {"year": {"$ne": 1}}]},
        ),
        (
            ~((GENRE == "a") | (YEAR == 1)),
            {"$and": [{"genre": {"$ne": "a"}}, {"year": {"$ne": 1}}]},
        ),
        (
            ~Condition({"genre": {"$eq": "a", "$ne": "b"}, "year": {"$eq": 1}}),
            {"$or": [{"$or": [{"genre": {"$ne": "a"}}, {"genre": {"$eq": "b"}}]}, {"year": {"$ne": 1}}]},
        ),
    ],
)
def test_every_operator(condition: Any, written: dict[str, Any]) -> None:
    assert isinstance(condition, Condition)
    assert condition.to_dict() == written
    assert as_filter(condition) == written
    assert encode(condition) == encode(written)
    assert repr(condition) == f"Condition({written!r})"


A, B, C = Field("a") == 1, Field("b") == 2, Field("c") == 3
DA, DB, DC = A.to_dict(), B.to_dict(), C.to_dict()


@pytest.mark.parametrize(
    ("condition", "written"),
    [
        (A & B & C, {"$and": [DA, DB, DC]}),
        (A & (B & C), {"$and": [DA, DB, DC]}),
        (A | B | C, {"$or": [DA, DB, DC]}),
        ((A | B) & C, {"$and": [{"$or": [DA, DB]}, DC]}),
        (A | B & C, {"$or": [DA, {"$and": [DB, DC]}]}),
        # A filter with "$and" and something else beside it keeps both.
        (
            Condition({"$and": [DA], "c": {"$eq": 3}}) & B,
            {"$and": [{"$and": [DA], "c": {"$eq": 3}}, DB]},
        ),
        (Condition({}) & A, DA),
        (A & Condition({}), DA),
    ],
)
def test_combinations(condition: Condition, written: dict[str, Any]) -> None:
    assert condition.to_dict() == written


def test_anything_or_something_is_anything() -> None:
    empty = A | Condition({})
    assert empty == Condition({}) & Condition({})
    for impossible in (empty.to_dict, lambda: ~empty):
        with pytest.raises(PineconeValueError, match="empty condition"):
            impossible()


@pytest.mark.parametrize(
    "mistake",
    [
        lambda: A and B,
        lambda: A or B,
        lambda: not A,
        lambda: 1 if A else 2,
        lambda: 1 < YEAR < 5,
        lambda: bool(YEAR),
    ],
)
def test_truth_testing_is_a_mistake(mistake: Any) -> None:
    with pytest.raises(PineconeTypeError, match="truth value"):
        mistake()


@pytest.mark.parametrize(
    ("mistake", "fragment"),
    [
        (lambda: YEAR.gt("5"), r"gt requires a numeric value \(int or float\), got str"),
        (lambda: YEAR.lte(True), "lte requires a numeric value"),
        (lambda: YEAR.lt(None), "lt requires a numeric value"),
        (lambda: YEAR >= np.array([1, 2]), "gte requires a numeric value"),
        (lambda: GENRE == YEAR, "compares a field with a value"),
        (lambda: GENRE == A, "compares a field with a value"),
        (lambda: GENRE.is_in("abc"), r"write \[value\] for one"),
        (lambda: GENRE.not_in({"a": 1}), "requires a list"),
        (lambda: GENRE.is_in(5), "requires a list"),
        (lambda: Field(""), "name of a metadata field"),
        (lambda: Field(5), "name of a metadata field"),
        (lambda: Condition([1]), "must be a dict"),
        (lambda: as_filter("x", "filter"), "filter must be a Field"),
    ],
)
def test_mistakes_of_type(mistake: Any, fragment: str) -> None:
    with pytest.raises(PineconeTypeError, match=fragment):
        mistake()


def test_other_mistakes() -> None:
    with pytest.raises(PineconeValueError, match="NaN"):
        YEAR.gt(float("nan"))
    for wrong in ({"a": 1}, True):
        with pytest.raises(TypeError):
            A & wrong  # type: ignore[operator]
        with pytest.raises(TypeError):
            A | wrong  # type: ignore[operator]
    with pytest.raises(PineconeValueError, match=r"~ cannot be expressed for \$gt on 'year'"):
        _ = ~(YEAR > 1)
    with pytest.raises(TypeError):
        hash(YEAR)
    with pytest.raises(TypeError):
        hash(A)
    with pytest.raises(AttributeError):
        YEAR.other = 1  # type: ignore[attr-defined]


def test_values_are_copied_out() -> None:
    members = ["a"]
    condition = GENRE.is_in(members)
    members.append("b")
    condition.to_dict()["genre"]["$in"].append("c")
    assert condition.to_dict() == {"genre": {"$in": ["a"]}}
    assert (A == Condition(DA), A == B, A == DA) == (True, False, False)
    assert copy.deepcopy(A) == A
    assert pickle.loads(pickle.dumps(A & B)) == A & B
    assert FilterBuilder is Field
    assert repr(GENRE) == "Field('genre')"
    assert as_filter(None) is None
    assert as_filter({"a": 1}) == {"a": 1}


# ---- ~ against a plain reading of the notation -----------------------------------------------


def matches(node: Any, record: dict[str, Any]) -> bool:
    return all(_matches(key, value, record) for key, value in node.items())


def _matches(key: str, value: Any, record: dict[str, Any]) -> bool:
    if key == "$and":
        return all(matches(part, record) for part in value)
    if key == "$or":
        return any(matches(part, record) for part in value)
    missing = object()
    found = record.get(key, missing)
    if not isinstance(value, dict):
        return bool(found == value)
    tests = {
        "$eq": lambda operand: found == operand,
        "$ne": lambda operand: found != operand,
        "$in": lambda operand: found in operand,
        "$nin": lambda operand: found not in operand,
        "$exists": lambda operand: (found is not missing) == operand,
    }
    return all(tests[operator](operand) for operator, operand in value.items())


NAMES = st.sampled_from("abc")
VALUES = st.integers(0, 2)
LEAVES = st.one_of(
    st.builds(lambda name, value: Field(name) == value, NAMES, VALUES),
    st.builds(lambda name, value: Field(name) != value, NAMES, VALUES),
    st.builds(lambda name, values: Field(name).is_in(values), NAMES, st.lists(VALUES, max_size=2)),
    st.builds(lambda name, values: Field(name).not_in(values), NAMES, st.lists(VALUES, max_size=2)),
    st.builds(lambda name: Field(name).exists(), NAMES),
    st.builds(lambda name, value: Condition({name: value}), NAMES, VALUES),
    st.builds(lambda v, w: Condition({"a": {"$eq": v, "$ne": w}, "b": {"$eq": v}}), VALUES, VALUES),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda a, b: a & b, inner, inner),
        st.builds(lambda a, b: a | b, inner, inner),
        st.builds(lambda a: ~a, inner),
    ),
    max_leaves=8,
)
RECORDS = st.dictionaries(NAMES, VALUES)


@given(CONDITIONS, CONDITIONS, RECORDS)
def test_logic(one: Condition, other: Condition, record: dict[str, Any]) -> None:
    a, b = matches(one.to_dict(), record), matches(other.to_dict(), record)
    assert matches((one & other).to_dict(), record) is (a and b)
    assert matches((one | other).to_dict(), record) is (a or b)
    assert matches((~one).to_dict(), record) is (not a)
    assert matches((~~one).to_dict(), record) is a
