"""Dense values stay text until they are looked at, and copies do not hold on to the answer."""

from __future__ import annotations

import copy
import pickle
import tracemalloc
from array import array
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinecone_core import lazy_values
from pinecone_core.codec import RawJson, decode, encode
from pinecone_core.errors import ResponseParsingError
from pinecone_core.lazy_values import LazyValues, read_when_asked

from .lazy import Point

np = pytest.importorskip("numpy")


@pytest.fixture(params=["compiled", "without"], autouse=True)
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read numbers by what was compiled, and by Python."""
    if request.param == "compiled":
        pytest.importorskip("pinecone_core._floats")
    else:
        monkeypatch.setattr(lazy_values, "floats", lambda: None)


def test_any_model_can_be_made_lazy() -> None:
    class Row(LazyValues, kw_only=True):
        id: str
        values: RawJson = msgspec.field(default_factory=list)  # type: ignore[assignment]

    read_when_asked(Row)
    row: Any = decode(b'{"id":"a","values":[1,2.5]}', Row)
    assert isinstance(row.held_values(), RawJson)
    assert row.values == [1.0, 2.5]
    assert row.values is row.values
    row.values = [3.0]
    assert row.held_values() == [3.0]
    assert row.values_array() == array("f", [3.0])
    assert Row.values.__doc__ == "The dense values."


def test_arrays_are_compared_number_by_number() -> None:
    def point(*values: float) -> Any:
        return Point(id="a", values=np.array(values))

    assert point(1, 2) == point(1, 2)
    assert point(1, 2) != point(1, 3)
    assert point(1, 2) != point(1, 2, 3)
    assert point(1, 2) == Point(id="a", values=[1.0, 2.0])
    assert Point(id="a", values=[1.0]) != Point(id="a", values=[2.0])


def test_an_array_is_made_once() -> None:
    point = decode(b'{"id":"a","values":[1,2.5]}', Point)
    assert np.asarray(point, dtype="f").base is not None, "it was copied once more"
    with pytest.raises(
        ValueError, match=r"^the values are held as text, so an array of them is always a copy$"
    ):
        point.__array__(copy=False)


@pytest.fixture
def point() -> Point:
    return decode(b'{"id":"a","values":[1,2.5]}', Point)


def test_values_are_decoded_when_they_are_first_read(point: Point) -> None:
    assert isinstance(point.held_values(), RawJson)
    assert point.values == [1.0, 2.5]
    assert point.values is point.values
    assert isinstance(point.held_values(), list)


def test_an_array_leaves_them_undecoded(point: Point) -> None:
    assert point.values_array() == array("f", [1.0, 2.5])
    assert isinstance(point.held_values(), RawJson)
    assert Point(id="b", values=[0.5]).values_array() == array("f", [0.5])


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False)), st.sampled_from([",", " ,\n "]))
def test_an_array_is_the_same_however_long_and_spaced(numbers: list[float], comma: str) -> None:
    text = "[" + comma.join(map(repr, numbers)) + "]"
    with patch.object(lazy_values, "_PART", 20):
        point = decode(b'{"id":"a","values": %b }' % text.encode(), Point)
        assert point.values_array() == array("f", numbers)
    assert np.asarray(point).tolist() == numbers
    assert np.asarray(point).dtype == np.float32
    assert np.asarray(point, dtype="d").tolist() == point.values


def test_an_array_of_a_long_vector_takes_its_own_size_and_little_more() -> None:
    text = b",".join([b"0.123456789"] * 100_000)
    point = decode(b'{"id":"a","values":[%b]}' % text, Point)
    tracemalloc.start()
    try:
        made = point.values_array()
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 1.3 * 4 * len(made)
    assert peak < kept + len(text) + 500_000  # the text's own copy, and the floats of one part


def test_numbers_that_are_none_are_said() -> None:
    for text in (b'["x"]', b"[[1,2],[3]]", b"{}"):
        point = decode(b'{"id":"a","values":%b}' % text, Point)
        with pytest.raises(ResponseParsingError, match=r"^The values of a vector cannot be read: ") as caught:
            point.values_array()
        assert caught.value.cause is caught.value.__cause__ is not None
    with pytest.raises(ValueError, match="always a copy"):
        decode(b'{"id":"a","values":[1]}', Point).__array__(copy=False)


@pytest.mark.parametrize("text", [b'{"id":"a"}', b'{"id":"a","values":null}', b'{"id":"a","values":[]}'])
def test_no_values_are_an_empty_list(text: bytes) -> None:
    assert decode(text, Point).values_array() == array("f")
    assert decode(text, Point).values == []


def test_they_can_be_set_and_compared(point: Point) -> None:
    assert point == Point(id="a", values=[1.0, 2.5])
    assert point != Point(id="b", values=[1.0, 2.5])
    assert point != "a"
    point.values = [3.0]
    assert point["values"] == [3.0]
    assert point.to_dict() == {"id": "a", "values": [3.0]}


def test_undecoded_values_go_out_as_they_came(point: Point) -> None:
    assert encode(point) == b'{"id":"a","values":[1,2.5]}'
    assert isinstance(point.held_values(), RawJson)


@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))]
)
def test_copies_hold_their_own_values(point: Point, duplicate: object) -> None:
    assert callable(duplicate)
    made = duplicate(point)
    assert made == point
    assert isinstance(made.held_values(), list)


def test_it_has_no_hash(point: Point) -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(point)
