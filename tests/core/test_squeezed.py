"""Arrays in answers as letters: which become so, that nothing is lost, and who may see them."""

from __future__ import annotations

import importlib
import json
import re
import struct
from array import array
from typing import Any, ClassVar

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinecone_core.codec import RawJson, decode, encode
from pinecone_core.errors import ResponseParsingError

from .lazy import Point
from .test_compiled import FLOAT32, floats, needs_it

SQUEEZED = re.compile(rb'"~([#-\[\]-c]{6})+"')
NUMBER = "-0.01234567"


def expanded(text: bytes) -> bytes:
    return SQUEEZED.sub(lambda found: floats.write(floats.read(found[0])), text)


@needs_it
@pytest.mark.parametrize(
    ("depth", "text", "expected"),
    [
        (1, '{"values":[N,N]}', '{"values":~}'),
        (1, '{"values" : [ N ,\n N ] , "x" : 1}', '{"values" : ~ , "x" : 1}'),
        (1, '{"a":{"values":[N]},"values":[N]}', '{"a":{"values":[N]},"values":~}'),
        (2, '{"a":{"values":[N]},"values":[N]}', '{"a":{"values":~},"values":[N]}'),
        (3, '{"m":[{"values":[N]},{"values":[N]}]}', '{"m":[{"values":~},{"values":~}]}'),
        # Not a name, another name, other values.
        (1, '{"x":"values","y":[N]}', None),
        (1, '{"values ":[N],"Values":[N],"value":[N],"avalues":[N]}', None),
        (1, '{"values":N,"x":{"values":[N]}}', None),
        (1, '["values",[N]]', None),
        (1, r'{"a\"":"\\","values":[N]}', r'{"a\"":"\\","values":~}'),
        (1, r'{"a":"\",\"values\":[N]"}', None),
        # What does not become shorter, or has more digits or places than fit.
        (1, '{"values":[]}', None),
        (1, '{"values":[ ],"values":[N]}', '{"values":[ ],"values":~}'),
        (
            3,
            '{"m":[{"values":[]},{"values":[N]},{"values":[]}]}',
            '{"m":[{"values":[]},{"values":~},{"values":[]}]}',
        ),
        (1, '{"values":[1,2,3,4,5]}', None),
        (1, '{"values":[0.01,0.01,0.01]}', None),
        (1, '{"values":[0.1,1,0.1,N,N,N]}', '{"values":~}'),
        (1, '{"values":[N,0.12345678901]}', None),
        (1, '{"values":[N,1e-23,N]}', None),
        (1, '{"values":[N,1e10,N]}', None),
        (1, '{"values":[N,1e9,N,1e-22]}', '{"values":~}'),
        # What is no array of numbers; the next one is another matter.
        (1, '{"values":["N"],"values":[N,N]}', '{"values":["N"],"values":~}'),
        (1, '{"values":[[N]]}', None),
        (1, '{"values":[N,{"a":2}]}', None),
        (1, '{"values":[N,NaN]}', None),
        (1, '{"values":[N,null]}', None),
        (1, '{"values":[N,]}', None),
        (1, '{"values":[N N]}', None),
        (1, '{"values":[0N]}', None),
        (1, '{"values":"~######","x":1}', None),
        # Cut off anywhere.
        *((1, '{"values":[N]}'[:length], None) for length in range(13)),
        (1, '{"a\\', None),
    ],
)
def test_which_arrays_are_squeezed(depth: int, text: str, expected: str | None) -> None:
    body = text.replace("N", NUMBER).replace(f"{NUMBER}a{NUMBER}", "NaN").encode()
    squeezed = floats.squeeze(body, depth)
    if expected is None:
        assert squeezed is None or bytes(squeezed) == body
        return
    assert len(squeezed) < len(body)
    shown = SQUEEZED.sub(b"~", bytes(squeezed)).decode()
    assert shown.replace(NUMBER, "N") == expected
    assert json.loads(expanded(bytes(squeezed))) == json.loads(body)


@needs_it
def test_an_answer_without_values_is_left_alone() -> None:
    assert floats.squeeze(answer(500, "[]"), 3) is None


@needs_it
@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 10**9 - 1), st.integers(-9, 22)), min_size=1, max_size=40
    )
)
def test_what_is_squeezed_is_read_as_it_was(parts: list[tuple[bool, int, int]]) -> None:
    texts = [f"{'-' * minus}{digits}e{-places}" for minus, digits, places in parts]
    text = f"[{', '.join(texts)}{' ' * 300}]"  # room for it, whatever the numbers
    squeezed = json.loads(floats.squeeze(f'{{"values":{text}}}'.encode(), 1))["values"]
    assert len(squeezed) == 1 + 6 * len(texts)
    letters = json.dumps(squeezed).encode()
    numbers = [float(number) for number in texts]
    assert struct.pack(f"{len(texts)}d", *floats.read(letters)) == struct.pack(f"{len(texts)}d", *numbers)
    assert floats.pack(letters) == array("f", numbers).tobytes()


@needs_it
@given(st.lists(FLOAT32, min_size=1, max_size=300), st.integers(0, 2**32 - 1))
def test_every_float32_in_its_shortest_text(numbers: list[float], seed: int) -> None:
    usual = np.random.default_rng(seed).normal(0, 0.03, 500).astype(np.float32)
    text = floats.write(np.concatenate([usual, np.array(numbers, np.float32)]))
    squeezed = floats.squeeze(b'{"values":%b}' % text, 1)
    letters = bytes(squeezed)[10:-1]
    if letters[:1] == b'"':  # none of them is too large or too small
        assert floats.pack(letters) == floats.pack(text)
    only = floats.write(usual)
    letters = bytes(floats.squeeze(b'{"values":%b}' % only, 1))[10:-1]
    assert len(letters) == 3 + 6 * 500
    assert floats.read(letters) == json.loads(only)
    assert np.frombuffer(floats.pack(letters), np.float32).tobytes() == usual.tobytes()


@needs_it
@pytest.mark.parametrize(
    "letters",
    ['""', '"', '"~', '"~"x', '"~#####"', '"~#######"', '"x######"', '"~##### "', '"~#####d"', '"~#####é"'],
)
def test_what_are_no_letters(letters: str) -> None:
    assert floats.read(letters.encode()) is None
    assert floats.pack(letters.encode()) is None


@needs_it
def test_no_numbers_in_letters() -> None:
    assert (floats.read(b'"~"'), floats.pack(b'"~"')) == ([], b"")


VALUES = st.lists(FLOAT32, max_size=5)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | FLOAT32 | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=6) | st.just("values"), inner, max_size=3)
    ),
    max_leaves=8,
)


@needs_it
@given(st.lists(st.fixed_dictionaries({"id": st.text(max_size=5), "values": VALUES, "metadata": ANYTHING})))
def test_only_the_arrays_at_that_depth_are_squeezed(rows: list[dict[str, Any]]) -> None:
    for ascii_only in (True, False):
        text = json.dumps({"matches": rows}, ensure_ascii=ascii_only)
        squeezed = floats.squeeze(text.encode(), 3)
        found = json.loads(squeezed or text)["matches"]
        for row in found:
            if isinstance(row["values"], str):
                row["values"] = floats.read(json.dumps(row["values"]).encode())
        assert found == rows


@needs_it
def test_more_room_is_taken_where_an_answer_is_nearly_all_text() -> None:
    row = {"id": "x", "values": [0.12345678, -0.87654321], "metadata": {"text": "no number " * 20}}
    body = json.dumps({"matches": [row] * 2000}).encode()
    found = json.loads(floats.squeeze(body, 3))["matches"]
    assert len(found) == 2000
    assert {floats.read(json.dumps(item.pop("values")).encode())[1] for item in found} == {-0.87654321}
    assert found == [{"id": "x", "metadata": row["metadata"]}] * 2000


class Points(msgspec.Struct):
    __vectors__: ClassVar[str] = "matches"

    matches: list[Point]


def answer(rows: int, numbers: str) -> bytes:
    return (
        json.dumps({"matches": [{"id": str(i), "values": [0.5]} for i in range(rows)]})
        .replace("[0.5]", numbers)
        .encode()
    )


@pytest.mark.parametrize(
    "numbers",
    ["[0.5, 0.25]", "[]", "null", "[0.12345678901234567]", "[\n1]", "[0.12345678,-0.00012345678]"],
)
def test_an_answer_is_read_the_same_and_left_as_it_was(numbers: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body = answer(500, numbers)
    copy = bytes(bytearray(body))
    read = decode(body, Points)
    assert body == copy
    monkeypatch.setattr("pinecone_core.codec.floats", lambda: None)
    plain = decode(body, Points)
    assert bytes(plain.matches[0].held_values()) == numbers.encode()
    assert plain.matches == read.matches
    assert len(read.matches) == 500
    assert read.matches[7].values == (json.loads(numbers) or [])


class Spy:
    """The compiled module, and which texts were squeezed how deep."""

    def __init__(self) -> None:
        self.squeezed: list[tuple[int, int]] = []

    def squeeze(self, text: bytes, depth: int) -> Any:
        self.squeezed.append((len(text), depth))
        return floats.squeeze(text, depth)


@needs_it
def test_long_answers_with_vectors_are_squeezed(monkeypatch: pytest.MonkeyPatch) -> None:
    spy = Spy()
    monkeypatch.setattr("pinecone_core.codec.floats", lambda: spy)
    body = answer(500, "[0.12345678,0.12345678]")
    read = decode(body, Points)
    assert spy.squeezed == [(len(body), 3)]
    held = read.matches[0].held_values()
    assert held == array("f", [0.12345678, 0.12345678])
    assert read.matches[1].has_no_values() is False
    assert read.matches[1].values_array() == held
    assert read.matches[1].values == [0.12345678, 0.12345678]
    decode(answer(10, "[0.5]"), Points)  # short
    decode(body, dict)  # of no kind that has vectors
    assert len(spy.squeezed) == 1


@pytest.mark.parametrize(
    ("values", "nothing"),
    [
        (None, True),
        ([], True),
        ((), True),
        (array("f"), True),
        ([0.0], False),
        (7, False),
        (RawJson(b"[]"), True),
        (RawJson(b" [] "), True),
        (RawJson(b"null"), True),
        (RawJson(b'"~######"'), False),
        (RawJson(b"[0.1]"), False),
        (RawJson(b"[0.123456789]"), False),
    ],
)
def test_whether_there_are_values(values: Any, nothing: bool) -> None:
    assert Point(id="a", values=values).has_no_values() is nothing


def test_text_that_was_no_array_is_not_read_as_one() -> None:
    point = Point(id="a", values=RawJson(b'"0.5,1.5"'))  # type: ignore[arg-type]
    with pytest.raises(ResponseParsingError):
        point.values_array()
    with pytest.raises(ResponseParsingError):
        point.values  # noqa: B018


@pytest.mark.parametrize("numbers", ['["x"]', "[[1]]", "{}", "[1,]"])
def test_what_cannot_be_read_is_said_as_ever(numbers: str) -> None:
    body = answer(500, numbers)
    with pytest.raises(ResponseParsingError):
        decode(body, Points).matches[0].values  # noqa: B018


def test_an_answer_that_does_not_fit_is_left_as_it_was() -> None:
    body = answer(500, "[0.5]").replace(b'"id": "7"', b'"id": {}')
    copy = bytes(bytearray(body))
    read = decode(body, Points)
    assert body == copy
    assert len(read.matches) == 499  # what cannot be read is left out
    assert read.matches[0].values == [0.5]


@needs_it
def test_what_is_squeezed_is_written_as_numbers_or_not_at_all() -> None:
    numbers = [0.12345678, -0.00012345678]
    body = answer(500, json.dumps(numbers))
    read = decode(body, Points)
    assert json.loads(encode(read)) == json.loads(body)
    assert json.loads(encode({"point": read.matches[0]}))["point"]["values"] == numbers
    with pytest.raises(TypeError):  # by those who know nothing of it
        msgspec.json.encode(read)
    assert msgspec.structs.replace(read.matches[1], id="x").values == numbers
    assert [match.values for match in read.matches] == [numbers] * 500
    assert (
        json.loads(msgspec.json.encode([match.to_dict() for match in read.matches]))
        == json.loads(body)["matches"]
    )


LONG = [{"id": str(i), "values": [0.12345678, -0.00012345678]} for i in range(200)]
ANSWERS = {
    "pinecone_db.QueryResponse": {"matches": LONG},
    "pinecone_db.FetchResponse": {"vectors": {row["id"]: row for row in LONG}},
    "pinecone_db.FetchByMetadataResponse": {"vectors": {row["id"]: row for row in LONG}},
    "pinecone_inference.EmbeddingsList": {
        "model": "m",
        "vector_type": "dense",
        "data": [{"values": row["values"], "vector_type": "dense"} for row in LONG],
    },
}


@needs_it
@pytest.mark.parametrize("name", ANSWERS)
def test_no_model_shows_letters(name: str) -> None:
    module, _, kind = name.partition(".")
    body = json.dumps(ANSWERS[name]).encode()
    read: Any = decode(body, getattr(importlib.import_module(module), kind))
    found = getattr(read, read.__vectors__)
    models = list(found.values() if isinstance(found, dict) else found)
    assert len(models) == 200
    for model in models:
        with pytest.raises(TypeError):
            msgspec.json.encode(model)
        assert json.loads(encode(model))["values"] == LONG[0]["values"]
        assert model.values == LONG[0]["values"]
