"""Whatever is vector-like is written as numbers, and what is not is refused with its place."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from array import array
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinecone_core.errors import PineconeTypeError, PineconeValueError
from pinecone_core.vectors import dense_values, float_list, index_list, raw_values

pytestmark = pytest.mark.usefixtures("writer")


class Column:
    """Like a column of a data frame library: a list is all it gives."""

    def __init__(self, values: list[Any]) -> None:
        self._values = values

    def to_list(self) -> list[Any]:
        return self._values


class Tensor:
    """Like a tensor that carries gradients: it must be detached before it is read."""

    def detach(self) -> Column:
        return Column([0.5, 1.5])

    def tolist(self) -> list[float]:
        raise RuntimeError("requires grad")


class Elsewhere:
    """Like a tensor on another device, which numpy cannot read."""

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("can't convert cuda:0 device type tensor to numpy")


class ElsewhereWithList(Elsewhere):
    def tolist(self) -> list[float]:
        return [0.25]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([1, 2.5, -0.125], b"[1,2.5,-0.125]"),
        ((1.0,), b"[1.0]"),
        ([], b"[]"),
        (range(3), b"[0,1,2]"),
        (dict.fromkeys([0.0, 0.5]).keys(), b"[0.0,0.5]"),
        (array("f", [0.1]), b"[0.1]"),
        (array("d", [0.1]), b"[0.1]"),
        (array("i", [7]), b"[7]"),
        (memoryview(array("f", [0.25])), b"[0.25]"),
        (np.array([0.1], np.float32), b"[0.1]"),
        (np.array([0.1], ">f8"), b"[0.1]"),
        (np.array([0.5], np.float16), b"[0.5]"),
        (np.array([3], ">i4"), b"[3]"),
        (np.arange(6, dtype=np.float32)[::2], b"[0.0,2.0,4.0]"),
        ([np.float64(0.5), np.int64(2), np.float32(0.25)], b"[0.5,2,0.25]"),
        (Column([1.5]), b"[1.5]"),
        (Tensor(), b"[0.5,1.5]"),
        (ElsewhereWithList(), b"[0.25]"),
    ],
)
def test_what_is_vector_like_is_written(value: Any, text: bytes) -> None:
    assert dense_values(value) == text


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), max_size=40))
def test_float32_survives_and_its_text_is_short(numbers: list[float]) -> None:
    given32 = np.array(numbers, np.float32)
    text = dense_values(given32)
    read = np.array(json.loads(text), np.float64).astype(np.float32)
    assert read.tobytes() == given32.tobytes()
    for part, number in zip(text[1:-1].split(b","), numbers, strict=False):
        if 1e-12 < abs(number) < 1e8:
            digits = sum(chr(c).isdigit() for c in part.partition(b"e")[0].strip(b"-0."))
            assert digits <= 10


def bits(text: bytes) -> bytes:
    return np.array(json.loads(text), np.float64).astype(np.float32).tobytes()


@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-6, 1e-3, 0.02, 0.3, 1.0, 50.0]), st.integers(60, 400))
def test_long_vectors_survive(seed: int, scale: float, length: int) -> None:
    values = (np.random.default_rng(seed).standard_normal(length) * scale).astype(np.float32)
    assert bits(dense_values(values)) == values.tobytes()


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), max_size=12), st.integers(0, 99))
def test_any_numbers_among_ordinary_ones_survive(odd: list[float], place: int) -> None:
    values = np.linspace(-0.9, 0.9, 100, dtype=np.float32)
    values = np.insert(values, place, np.array(odd, np.float32))
    assert bits(dense_values(values)) == values.tobytes()


def test_the_edges_of_a_cell() -> None:
    edges = [0.0, -0.0, 1.0, -1.0, 0.1, 0.5, np.nextafter(np.float32(1), np.float32(0)), 1e-10, 3e-7, 0.003]
    values = np.array([*edges, *np.linspace(0.01, 0.99, 99)], np.float32)
    text = dense_values(values)
    assert bits(text) == values.tobytes()
    assert b"~" not in text


def test_embeddings_take_fewer_bytes_than_doubles() -> None:
    values = np.random.default_rng(1).standard_normal(1536).astype(np.float32)
    values /= np.linalg.norm(values)
    doubles = json.dumps(values.tolist(), separators=(",", ":"))
    assert len(dense_values(values)) <= 0.65 * len(doubles)


def test_vectors_of_zeros_and_of_large_numbers_stay_short() -> None:
    assert dense_values(np.zeros(99, np.float32)) == b"[" + b"0.0," * 98 + b"0.0]"
    assert dense_values(np.full(99, 2.5, np.float32)) == b"[" + b"2.5," * 98 + b"2.5]"


def test_a_view_with_strides() -> None:
    values = np.linspace(-0.9, 0.9, 400, dtype=np.float32)[::-2]
    assert bits(dense_values(values)) == values.tobytes()
    assert index_list(np.arange(100)) == list(range(100))
    with pytest.raises(PineconeTypeError, match=r"i\[0\]: indices must be integers, got float"):
        index_list(np.linspace(0.1, 0.9, 100, dtype=np.float32), "i")


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ([1.0, math.nan], PineconeValueError, r"at v\[1\]: nan is not a number that a vector can hold"),
        ([math.inf], PineconeValueError, r"at v\[0\]: inf"),
        ([1e39], PineconeValueError, r"at v\[0\]: 1e\+39"),
        ([0.5, 10**39], PineconeValueError, r"at v\[1\]: 1e\+39"),
        ([*[1] * 80, -(10**39)], PineconeValueError, r"at v\[80\]: -1e\+39"),
        ((0.5, 10**400), PineconeValueError, r"at v\[1\]: inf"),
        ([10**5000], PineconeValueError, r"at v\[0\]: inf"),
        (np.array([0, np.nan], np.float32), PineconeValueError, r"at v\[1\]: nan"),
        (np.array([1e39]), PineconeValueError, r"at v\[0\]: 1e\+39"),
        ([1, "a"], PineconeTypeError, r"at v\[1\]: values must be numbers, got str 'a'"),
        ([True], PineconeTypeError, r"at v\[0\]: values must be numbers, got bool"),
        ([[1.0]], PineconeTypeError, r"at v\[0\]: values must be numbers, got list"),
        ([None], PineconeTypeError, r"at v\[0\]: values must be numbers, got NoneType"),
        ([object()], PineconeTypeError, r"at v\[0\]"),
        ([np.zeros(2)], PineconeTypeError, r"at v\[0\]: values must be numbers, got ndarray"),
        ([Decimal("0.5")], PineconeTypeError, "at v: must hold numbers only"),
        (np.array([np.nan, *[0.5] * 99], np.float32), PineconeValueError, r"at v\[0\]: nan"),
        (np.array([*[0.5] * 99, -np.inf]), PineconeValueError, r"at v\[99\]: -inf"),
        (np.zeros((2, 2)), PineconeTypeError, r"at v: must be one-dimensional, got shape \(2, 2\)"),
        (Elsewhere(), PineconeTypeError, "at v: cannot be read as an array of numbers: can't convert cuda"),
        ("abc", PineconeTypeError, "at v: must be a list of numbers or an array, got str"),
        (b"abc", PineconeTypeError, "got bytes"),
        ({1.0}, PineconeTypeError, "got set"),
        ({"a": 1}, PineconeTypeError, "got dict"),
        (3.0, PineconeTypeError, "got float"),
        (None, PineconeTypeError, "got NoneType"),
    ],
)
def test_what_is_not_is_refused_with_its_place(value: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        dense_values(value, "v")


def test_lists_of_floats_and_of_indices() -> None:
    assert float_list(np.array([1, 2], np.float32)) == [1.0, 2.0]
    assert index_list(np.array([1, 2], np.uint32)) == [1, 2]
    assert index_list([0, 2**32 - 1]) == [0, 2**32 - 1]
    assert index_list([np.int64(3)]) == [3]
    assert bytes(raw_values([1.5])) == b"[1.5]"


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ([1, 2.0], PineconeTypeError, r"at i\[1\]: indices must be integers, got float"),
        ([True], PineconeTypeError, r"at i\[0\]: indices must be integers, got bool"),
        ([-1], PineconeValueError, r"at i\[0\]: an index must be from 0"),
        ([2**32], PineconeValueError, r"at i\[0\]"),
    ],
)
def test_bad_indices_are_refused(value: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        index_list(value, "i")


def test_no_numeric_library_is_imported() -> None:
    code = (
        "import sys; from array import array; from pinecone_core.vectors import dense_values\n"
        "assert dense_values(array('f', [0.5])) == b'[0.5]'; dense_values([1.0])\n"
        "assert 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("numbers", [[1e-40, 0.5, 2e-300], [3e38, 1e-5]])
def test_exponents_are_numbers_like_others(numbers: list[float]) -> None:
    assert json.loads(dense_values(numbers)) == numbers


@pytest.mark.parametrize("numbers", [[1e-40, 4e38], [-1e300, 1e-5], [0.5, 1e39]])
def test_numbers_beyond_float32_are_refused(numbers: list[float]) -> None:
    with pytest.raises(PineconeValueError, match="a finite float32"):
        dense_values(numbers)


@pytest.mark.parametrize("wrong", [True, "1", None, math.nan, math.inf, 1e39, [1.0]])
def test_a_long_list_is_checked_like_a_short_one(wrong: Any) -> None:
    with pytest.raises((PineconeTypeError, PineconeValueError)) as caught:
        dense_values([0.5] * 100 + [wrong])
    assert caught.value.path == "values[100]"


@given(st.lists(st.floats(-3e38, 3e38, allow_nan=False) | st.integers(-(2**30), 2**30), min_size=64))
def test_a_long_list_names_the_same_float32_numbers(numbers: list[float]) -> None:
    assert array("f", json.loads(dense_values(numbers))) == array("f", numbers)


def test_a_long_list_is_short_where_it_costs_nothing(writer: str) -> None:
    text = dense_values([1 / 3] * 64)
    assert text.count(b"0.3333333333333333" if writer == "without" else b"0.33333334") == 64


class Listed:
    """Gives its numbers by one method alone."""

    def __init__(self, method: str, values: Any) -> None:
        setattr(self, method, lambda: values)


class Graded:
    """Like a tensor that carries gradients, with arrays of its own once it is detached."""

    def __init__(self, values: Any) -> None:
        self._values = values

    def detach(self) -> Any:
        return self._values

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("requires grad")


@pytest.mark.parametrize("method", ["tolist", "to_list", "to_pylist", "detach"])
def test_any_method_that_gives_a_list(method: str) -> None:
    assert dense_values(Listed(method, [0.5])) == b"[0.5]"
    assert index_list(Listed(method, [5])) == [5]
    with pytest.raises(PineconeTypeError) as caught:
        dense_values(Listed(method, ["x"]), "v")
    assert caught.value.path == "v[0]"
    with pytest.raises(PineconeTypeError) as caught:
        dense_values(Listed(method, "x"), "v")
    assert caught.value.path == "v"
    with pytest.raises(PineconeTypeError, match="got float"):
        index_list(Listed(method, np.linspace(0.1, 0.9, 99, dtype=np.float32)))


def test_what_must_be_detached_first() -> None:
    assert dense_values(Graded(np.array([0.5], np.float32))) == b"[0.5]"
    with pytest.raises(PineconeTypeError, match="requires grad"):
        dense_values(Graded(Graded(None)))


class ElsewhereListing(Elsewhere):
    """Gives what it was made of where numpy cannot read it."""

    def __init__(self, values: Any) -> None:
        self._values = values

    def tolist(self) -> Any:
        return self._values


def test_a_list_that_numpy_could_not_read_is_checked_too() -> None:
    for wrong, path in ((["x"], "v[0]"), ("x", "v")):
        with pytest.raises(PineconeTypeError) as caught:
            dense_values(ElsewhereListing(wrong), "v")
        assert caught.value.path == path
    with pytest.raises(PineconeTypeError, match="got float"):
        index_list(ElsewhereListing(np.linspace(0.1, 0.9, 99, dtype=np.float32)))


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (lambda: iter([1.0, math.nan]), "v[1]"),
        (np.array([True]), "v[0]"),
        (3.0, "v"),
        ("text", "v"),
    ],
)
def test_where_it_stands(value: Any, path: str) -> None:
    with pytest.raises((PineconeTypeError, PineconeValueError)) as caught:
        dense_values(value() if callable(value) else value, "v")
    assert caught.value.path == path


def test_arrays_are_checked_without_numpy_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert dense_values(array("f", [0.5])) == b"[0.5]"
    assert dense_values(array("i", [5])) == b"[5]"
    with pytest.raises(PineconeValueError) as caught:
        dense_values(array("f", [0.5, math.nan]), "v")
    assert caught.value.path == "v[1]"


def test_names_that_are_taken_for_granted() -> None:
    for call in (dense_values, raw_values, float_list):
        with pytest.raises(PineconeTypeError, match=r"^at values\[0\]: "):
            call(["x"])
        with pytest.raises(PineconeTypeError, match=r"^at v\[0\]: "):
            call(["x"], "v")
    for wrong, path in (([0.5], "indices[0]"), ("x", "indices")):
        with pytest.raises(PineconeTypeError) as caught:
            index_list(wrong)
        assert caught.value.path == path
    with pytest.raises(PineconeTypeError) as caught:
        index_list("x", "i")
    assert caught.value.path == "i"


def test_long_values_are_shown_in_part() -> None:
    for length, shown in ((38, "'" + "x" * 38 + "'"), (39, "'" + "x" * 36 + "...")):
        with pytest.raises(PineconeTypeError) as caught:
            dense_values(["x" * length])
        assert str(caught.value) == f"at values[0]: values must be numbers, got str {shown}"


def test_the_largest_float32_is_one() -> None:
    largest = 3.4028235677973366e38
    assert json.loads(dense_values([largest, 1e-5])) == [largest, 1e-5]
    with pytest.raises(PineconeValueError):
        dense_values([math.nextafter(largest, math.inf), 1e-5])
    with pytest.raises(PineconeTypeError, match="values must be numbers, got str"):
        dense_values([largest, "x"])
