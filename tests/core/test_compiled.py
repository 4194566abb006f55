"""The compiled half of vectors' text agrees with the half in Python, and leaves to it what it does not do."""

from __future__ import annotations

import json
import math
import shutil
import struct
import sys
import sysconfig
import threading
from array import array
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinecone_core import compiled

floats: Any = compiled.floats()

needs_it = pytest.mark.skipif(floats is None, reason="nothing was compiled for this interpreter")
FLOAT32 = st.floats(width=32, allow_nan=False, allow_infinity=False)


def test_it_is_there_where_it_can_be() -> None:
    can = (
        sys.implementation.name == "cpython"
        and not sysconfig.get_config_var("Py_GIL_DISABLED")
        and shutil.which("cc") is not None
        and Path(sysconfig.get_path("include"), "Python.h").exists()
    )
    assert (floats is not None) >= can


def test_where_it_is_not_there_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pinecone_core._floats", None)
    assert compiled.floats.__wrapped__() is None


# ---- numbers as text -------------------------------------------------------------------------------


def decimals(text: bytes) -> list[Decimal]:
    return [Decimal(number) for number in text.decode()[1:-1].split(",")]


def shortest(number: np.float32) -> Decimal:
    return Decimal(np.format_float_scientific(number, unique=True))


EDGES = [
    exponent << 23 | fraction
    for exponent in range(255)
    for fraction in (0, 1, 2, 3, 0x3FFFFF, 0x400000, 0x400001, 0x7FFFFD, 0x7FFFFE, 0x7FFFFF)
]


@needs_it
def test_the_text_is_the_shortest_that_names_the_number() -> None:
    numbers = np.array(EDGES, np.uint32).view(np.float32)
    text = floats.write(numbers)
    assert decimals(text) == [shortest(number) for number in numbers]
    assert np.array(json.loads(text), np.float32).tobytes() == numbers.tobytes()
    assert floats.write(-numbers[1:]) == text.replace(b"[0.0,", b"[-").replace(b",", b",-")


@needs_it
@given(st.lists(FLOAT32, min_size=1, max_size=200))
def test_any_number(numbers: list[float]) -> None:
    narrow = np.array(numbers, np.float32)
    text = floats.write(narrow)
    assert (
        text
        == floats.write(numbers)
        == floats.write(array("d", numbers))
        == floats.write(array("f", numbers))
    )
    assert decimals(text) == [shortest(number) for number in narrow]
    assert np.array(json.loads(text), np.float32).tobytes() == narrow.tobytes()


@needs_it
def test_many_numbers_of_the_size_that_vectors_have() -> None:
    numbers = np.random.default_rng(7).normal(0, 0.03, 50_000).astype(np.float32)
    text = floats.write(numbers)
    assert decimals(text) == [shortest(number) for number in numbers]
    assert np.frombuffer(floats.pack(text), np.float32).tobytes() == numbers.tobytes()
    assert floats.read(text) == json.loads(text)


@needs_it
@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1, "1.0"),
        (-120.5, "-120.5"),
        (0.1, "0.1"),
        (1 / 3, "0.33333334"),
        (0.00001234, "0.00001234"),
        (0.000001234, "1.234e-06"),
        (123456.0, "123456.0"),
        (16777216.0, "16777216.0"),
        (1e14, "100000000000000.0"),
        (1e15, "1e+15"),
        (3.4028234663852886e38, "3.4028235e+38"),
        (1e-45, "1e-45"),
        (1e-46, "0.0"),
        (2**100, "1.2676506e+30"),
        (True.__index__(), "1.0"),
    ],
)
def test_how_a_number_looks(number: float, text: str) -> None:
    assert floats.write([number]) == f"[{text}]".encode()
    assert floats.write([number] * 3) == f"[{text},{text},{text}]".encode()


@needs_it
def test_nothing_is_an_empty_array() -> None:
    assert floats.write([]) == floats.write(array("f")) == b"[]"
    assert (floats.read(b"[]"), floats.read(b" [ ] "), floats.pack(b"[]")) == ([], [], b"")


@needs_it
def test_numbers_of_numeric_libraries_are_numbers() -> None:
    assert floats.write([np.float64(0.5)]) == b"[0.5]"
    assert floats.write([np.float32(0.5)]) is None  # no float to Python, and left to it


@needs_it
def test_numbers_may_stand_anywhere_in_memory() -> None:
    for number in (np.float32, np.float64):
        packed = b"x" + np.array([0.5, -0.25, 3], number).tobytes()
        assert floats.write(np.frombuffer(packed, number, offset=1)) == b"[0.5,-0.25,3.0]"


BIG = np.array([0.5, 1.5], ">f4")


@needs_it
@pytest.mark.parametrize(
    "values",
    [
        *(
            [0.5, wrong]
            for wrong in (math.nan, math.inf, -math.inf, 1e39, 10**400, True, None, "1", b"1", [0.5])
        ),
        *(array("f", [0.5, wrong]) for wrong in (math.nan, math.inf)),
        array("d", [1e39]),
        array("i", [1]),
        np.ones((2, 2), np.float32),
        np.float32(0.5),
        np.ones(4, np.float32)[::2],
        np.ones(4, np.float16),
        BIG if sys.byteorder == "little" else BIG.astype("<f4"),
        (0.5,),
        b"[0.5]",
        "[0.5]",
        None,
        {"a": 0.5},
    ],
)
def test_what_is_left_to_python(values: Any) -> None:
    assert floats.write(values) is None
    assert floats.narrow(values) is None


@needs_it
@pytest.mark.parametrize("count", [1, 63, 64, 65, 127, 128, 129, 200])
def test_a_number_looks_the_same_wherever_it_stands(count: int) -> None:
    numbers = [1.5, 0.0, -0.1, 1e-30, 0.123456789, 123456.0, -3e38, 0.0009] * 25
    alone = [floats.write([number])[1:-1] for number in numbers]
    assert floats.write(numbers[:count]) == b"[" + b",".join(alone[:count]) + b"]"


# ---- numbers that are written later ----------------------------------------------------------------


@needs_it
@given(st.lists(FLOAT32 | st.integers(-(2**60), 2**60), max_size=150))
def test_numbers_are_copied_as_float32(numbers: list[float]) -> None:
    narrow = np.array(numbers, np.float64).astype(np.float32)
    for values in (numbers, narrow, array("f", narrow), array("d", numbers), narrow.astype(np.float64)):
        assert floats.narrow(values) == narrow.tobytes()


@needs_it
@given(st.lists(st.tuples(st.binary(max_size=9), st.lists(FLOAT32, max_size=150)), max_size=5), st.binary())
def test_texts_and_numbers_take_turns(pairs: list[tuple[bytes, list[float]]], last: bytes) -> None:
    parts = [part for text, numbers in pairs for part in (text, floats.narrow(numbers))]
    texts = [part for text, numbers in pairs for part in (text, floats.write(numbers))]
    for given_parts in ([*parts, last], (*parts, last), iter([*parts, last])):
        assert floats.join(given_parts) == b"".join([*texts, last])
    assert floats.join(parts) == b"".join(texts)


@needs_it
@given(st.binary(max_size=600))
def test_any_bytes_as_numbers(numbers: bytes) -> None:
    text = floats.join([b"<", numbers, b">"])
    assert (text[:2], text[-2:]) == (b"<[", b"]>")
    assert text.count(b",") == max(0, len(numbers) // 4 - 1)


@needs_it
@pytest.mark.parametrize("parts", [["a"], [b"a", None], [b"a", bytearray(8)], [array("f")], 5, None, "a"])
def test_what_cannot_be_joined(parts: Any) -> None:
    with pytest.raises(TypeError):
        floats.join(parts)


@needs_it
def test_an_error_while_parts_are_listed_is_passed_on() -> None:
    with pytest.raises(ZeroDivisionError):
        floats.join(1 // zero for zero in (1, 0))


@needs_it
def test_other_threads_run_while_much_is_written() -> None:
    rows = np.random.default_rng(3).standard_normal((300, 1536), dtype=np.float32)
    parts = [part for row in rows for part in (b"x", row.tobytes())]
    expected = floats.join(parts)
    begin, ended = threading.Event(), threading.Event()

    def change() -> None:
        begin.wait()
        parts.clear()  # what is being joined is held
        ended.set()

    other = threading.Thread(target=change)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(60)  # so that nobody runs who is not let run
    try:
        other.start()
        begin.set()
        for _ in range(200):
            kept = [*parts]
            assert floats.join(parts) == (expected if kept else b"")
            if ended.is_set():
                break
        assert ended.is_set()
    finally:
        sys.setswitchinterval(interval)
        other.join()


# ---- numbers from text -----------------------------------------------------------------------------


@needs_it
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**70), 2**70)))
def test_what_is_read_is_what_others_read(numbers: list[float]) -> None:
    text = json.dumps(numbers).encode()
    found = floats.read(text)
    packed = floats.pack(text)
    assert (found is None) == (packed is None)
    if found is not None:
        wide = [float(number) for number in numbers]
        assert struct.pack(f"{len(wide)}d", *found) == struct.pack(f"{len(wide)}d", *wide)
        assert packed == array("f", wide).tobytes()


@needs_it
@given(st.lists(st.tuples(st.integers(-(2**53), 2**53), st.integers(-22, 22)), min_size=1))
def test_short_decimals_are_all_read(parts: list[tuple[int, int]]) -> None:
    texts = [f"{digits}e{exponent}" for digits, exponent in parts]
    assert floats.read(f"[{', '.join(texts)}]".encode()) == [float(text) for text in texts]


@needs_it
@given(FLOAT32, st.integers(0, 9))
def test_digits_after_the_point(number: float, decimals: int) -> None:
    text = f"{number:.{decimals}f}"
    assert floats.read(f"[{text}]".encode()) in ([float(text)], None)


@needs_it
@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("[0]", [0.0]),
        ("[-0]", [-0.0]),
        ("[10,0.5]", [10.0, 0.5]),
        ("\t[ 1 ,\n2.50\r]\n", [1.0, 2.5]),
        ("[1E2,1e+2,1e-2,1.5e0]", [100.0, 100.0, 0.01, 1.5]),
        ("[12345678.87654321]", [12345678.87654321]),
        ("[0.00000000123456789]", [0.00000000123456789]),
        ("[9007199254740992]", [9007199254740992.0]),
    ],
)
def test_forms_of_numbers(text: str, numbers: list[float]) -> None:
    found = floats.read(text.encode())
    assert [(number, math.copysign(1, number)) for number in found] == [
        (number, math.copysign(1, number)) for number in numbers
    ]


@needs_it
@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "[",
            "]",
            "[]]",
            "[1",
            "[1,",
            "[1,]",
            "[,1]",
            "[1 2]",
            "[1,,2]",
            "[[1]]",
            "[1]x",
            "x[1]",
            "1",
        ),
        *(
            "null",
            "{}",
            '["1"]',
            "[null]",
            "[true]",
            "[NaN]",
            "[Infinity]",
            "[-]",
            "[+1]",
            "[.5]",
            "[1.]",
            "[01]",
        ),
        *("[1e]", "[1e+]", "[1.e1]", "[--1]", "[0x1]", "[1\x00]", "[1]\x00", "[1\x00,2]", "[1_0]"),
        # Numbers that take more than one exact step.
        *("[9007199254740993]", "[1e23]", "[1e-23]", "[1e999999999999]", "[12345678901234567890]"),
        *("[0.12345678901234567]", "[1234567890.12345678901]", "[0.00000000000000000000001]"),
    ],
)
def test_what_is_no_array_of_plain_numbers(text: str) -> None:
    assert floats.read(text.encode()) is None
    assert floats.pack(text.encode()) is None


@needs_it
@given(st.binary(max_size=60) | st.text('[]{},:"\\0123456789.eE-+ \n values', max_size=80).map(str.encode))
def test_any_bytes(text: bytes) -> None:
    body = bytes(bytearray(text))  # not one that others hold
    found = floats.read(body)
    if found is not None:
        assert found == json.loads(text)
    squeezed = floats.squeeze(body, 1)
    assert body == text
    assert squeezed is None or len(squeezed) <= len(text)


@needs_it
def test_other_types_are_refused() -> None:
    for call in (floats.read, floats.pack):
        with pytest.raises(TypeError):
            call("[1]")
    for arguments in (("x", 1), (b"x", "1"), (bytearray(b"x"), 1), (b"x",)):
        with pytest.raises(TypeError):
            floats.squeeze(*arguments)
