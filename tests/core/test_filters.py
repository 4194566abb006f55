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
    ("make", "written"),
    [
        (lambda: GENRE == "drama", {"genre": {"$eq": "drama"}}),
        (lambda: "drama" == GENRE, {"genre": {"$eq": "drama"}}),
        (lambda: GENRE != "drama", {"genre": {"$ne": "drama"}}),
        (lambda: GENRE == True, {"genre": {"$eq": True}}),  # noqa: E712
        (lambda: YEAR.gt(1), {"year": {"$gt": 1}}),
        (lambda: YEAR.gte(1.5), {"year": {"$gte": 1.5}}),
        (lambda: YEAR.lt(1), {"year": {"$lt": 1}}),
        (lambda: YEAR.lte(1), {"year": {"$lte": 1}}),
        (lambda: YEAR > 1, {"year": {"$gt": 1}}),
        (lambda: YEAR >= 1, {"year": {"$gte": 1}}),
        (lambda: YEAR < 1, {"year": {"$lt": 1}}),
        (lambda: YEAR <= 1, {"year": {"$lte": 1}}),
        (lambda: 1 < YEAR, {"year": {"$gt": 1}}),
        (lambda: YEAR.gt(np.float32(0.5)), {"year": {"$gt": 0.5}}),
        (lambda: YEAR.gt(np.int64(3)), {"year": {"$gt": 3}}),
        (lambda: GENRE.is_in(["a", "b"]), {"genre": {"$in": ["a", "b"]}}),
        (lambda: GENRE.is_in(x for x in "ab"), {"genre": {"$in": ["a", "b"]}}),
        (lambda: GENRE.not_in(("a",)), {"genre": {"$nin": ["a"]}}),
        (lambda: GENRE.exists(), {"genre": {"$exists": True}}),
        (lambda: ~GENRE.exists(), {"genre": {"$exists": False}}),
        (lambda: ~(GENRE == "a"), {"genre": {"$ne": "a"}}),
        (lambda: ~(GENRE != "a"), {"genre": {"$eq": "a"}}),
        (lambda: ~GENRE.is_in(["a"]), {"genre": {"$nin": ["a"]}}),
        (lambda: ~GENRE.not_in(["a"]), {"genre": {"$in": ["a"]}}),
        (lambda: ~Condition({"genre": "a"}), {"genre": {"$ne": "a"}}),
        (
            lambda: ~((GENRE == "a") & (YEAR == 1)),
            {"$or": [{"genre": {"$ne": "a"}}, {"year": {"$ne": 1}}]},
        ),
        (
            lambda: ~((GENRE == "a") | (YEAR == 1)),
            {"$and": [{"genre": {"$ne": "a"}}, {"year": {"$ne": 1}}]},
        ),
        (
            lambda: ~Condition({"genre": {"$eq": "a", "$ne": "b"}, "year": {"$eq": 1}}),
            {"$or": [{"$or": [{"genre": {"$ne": "a"}}, {"genre": {"$eq": "b"}}]}, {"year": {"$ne": 1}}]},
        ),
    ],
)
def test_every_operator(make: Any, written: dict[str, Any]) -> None:
    condition = make()
    assert isinstance(condition, Condition)
    assert condition.to_dict() == written
    assert as_filter(condition) == written
    assert encode(condition) == encode(written)
    assert repr(condition) == f"Condition({written!r})"


A, B, C = Field("a") == 1, Field("b") == 2, Field("c") == 3
DA, DB, DC = A.to_dict(), B.to_dict(), C.to_dict()


@pytest.mark.parametrize(
    ("make", "written"),
    [
        (lambda: A & B & C, {"$and": [DA, DB, DC]}),
        (lambda: A & (B & C), {"$and": [DA, DB, DC]}),
        (lambda: A | B | C, {"$or": [DA, DB, DC]}),
        (lambda: (A | B) & C, {"$and": [{"$or": [DA, DB]}, DC]}),
        (lambda: A | B & C, {"$or": [DA, {"$and": [DB, DC]}]}),
        # A filter with "$and" and something else beside it keeps both.
        (
            lambda: Condition({"$and": [DA], "c": {"$eq": 3}}) & B,
            {"$and": [{"$and": [DA], "c": {"$eq": 3}}, DB]},
        ),
        (lambda: Condition({}) & A, DA),
        (lambda: A & Condition({}), DA),
        (lambda: Condition({}) & A & B, {"$and": [DA, DB]}),
        (lambda: (A & B) & (B & C), {"$and": [DA, DB, DB, DC]}),
        (lambda: (A | B) | (B | C), {"$or": [DA, DB, DB, DC]}),
    ],
)
def test_combinations(make: Any, written: dict[str, Any]) -> None:
    assert make().to_dict() == written


def test_anything_or_something_is_anything() -> None:
    empty = A | Condition({})
    assert empty == Condition({}) & Condition({})
    with pytest.raises(PineconeValueError, match=r"^Cannot convert an empty condition to a filter dict$"):
        empty.to_dict()
    with pytest.raises(
        PineconeValueError, match=r"^Cannot negate an empty condition: no filter matches noth"
    ):
        _ = ~empty


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
    ("mistake", "said"),
    [
        (lambda: YEAR.gt("5"), "gt requires a numeric value (int or float), got str"),
        (lambda: YEAR.lte(True), "lte requires a numeric value (int or float), got bool"),
        (lambda: YEAR.lt(None), "lt requires a numeric value (int or float), got NoneType"),
        (lambda: YEAR >= np.array([1, 2]), "gte requires a numeric value (int or float), got ndarray"),
        (lambda: YEAR > np.bool_(True), "gt requires a numeric value (int or float), got bool"),
        (lambda: GENRE == YEAR, "A filter compares a field with a value, not with a Field"),
        (lambda: GENRE == A, "A filter compares a field with a value, not with a Condition"),
        (lambda: GENRE.is_in("abc"), "is_in requires a list of values, got str; write [value] for one"),
        (lambda: GENRE.not_in({"a": 1}), "not_in requires a list of values, got dict; write [value] for one"),
        (lambda: GENRE.is_in(5), "is_in requires a list of values, got int; write [value] for one"),
        (lambda: Field(""), "Field takes the name of a metadata field, got ''"),
        (lambda: Field(5), "Field takes the name of a metadata field, got 5"),
        (lambda: Condition([1]), "filter_dict must be a dict such as {'genre': {'$eq': 'drama'}}, got list"),
        (
            lambda: as_filter("x"),
            "filter must be a Field(...) condition or a dict such as {'genre': {'$eq': 'drama'}}, got str",
        ),
        (
            lambda: as_filter(3, "where"),
            "where must be a Field(...) condition or a dict such as {'genre': {'$eq': 'drama'}}, got int",
        ),
        (lambda: bool(YEAR), "A Field has no truth value; compare it, or use .exists()"),
        (
            lambda: bool(A),
            "A filter condition has no truth value. Combine conditions with & and | and negate with ~ (each "
            "comparison in parentheses) instead of 'and', 'or', 'not' or chained comparisons",
        ),
    ],
)
def test_mistakes_of_type(mistake: Any, said: str) -> None:
    with pytest.raises(PineconeTypeError) as caught:
        mistake()
    assert str(caught.value) == said


def test_other_mistakes() -> None:
    with pytest.raises(PineconeValueError, match="NaN"):
        YEAR.gt(float("nan"))
    for wrong in ({"a": 1}, True):
        with pytest.raises(TypeError):
            A & wrong  # type: ignore[operator]
        with pytest.raises(TypeError):
            A | wrong  # type: ignore[operator]
    with pytest.raises(PineconeValueError) as caught:
        _ = ~(YEAR > 1)
    assert str(caught.value) == (
        "~ cannot be expressed for $gt on 'year': a record without the field matches neither side. Write the "
        "opposite comparison, and add '| ~Field('year').exists()' if records without the field should match"
    )
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
