"""Events are the same wherever the bytes are cut."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pinecone_core.sse import Event, EventParser, LineParser


def events(*pieces: bytes) -> list[Event]:
    parser = EventParser()
    found = [event for piece in pieces for event in parser.feed(piece)]
    return found + parser.end()


def cut(data: bytes, places: list[int]) -> list[bytes]:
    ends = sorted({min(place, len(data)) for place in places} | {0, len(data)})
    return [data[start:end] for start, end in itertools.pairwise(ends)]


STREAM = (
    "\ufeffevent: note\nid: 7\r\nretry: 1500\rdata: ü🙂\u2028\u0085x\n\n"
    ': keep alive\r\n\r\ndata:{"a":\ndata: "b"}\r\rdata: [DONE]\n\n'
).encode()
EXPECTED = [
    Event("ü🙂\u2028\u0085x", "note", "7", 1.5),
    Event('{"a":\n"b"}', id="7"),
    Event("[DONE]", id="7"),
]


def test_a_stream_in_one_piece() -> None:
    assert events(STREAM) == EXPECTED


def test_a_stream_byte_by_byte() -> None:
    assert events(*(bytes([byte]) for byte in STREAM)) == EXPECTED


@given(st.lists(st.integers(0, 200), max_size=12))
@example([1, 2])
def test_a_stream_cut_anywhere(places: list[int]) -> None:
    assert events(*cut(STREAM, places)) == EXPECTED


@given(
    st.lists(st.text(st.characters(exclude_characters="\r\n", codec="utf-8")), max_size=6),
    st.sampled_from(["\n", "\r", "\r\n"]),
    st.lists(st.integers(0, 60), max_size=8),
)
def test_lines_survive_any_cut(lines: list[str], end: str, places: list[int]) -> None:
    lines = [line.removeprefix("\ufeff") for line in lines]
    parser = LineParser()
    data = "".join(line + end for line in lines).encode()
    found = [line for piece in cut(data, places) for line in parser.feed(piece)]
    assert [line.decode() for line in found + parser.end()] == lines


@pytest.mark.parametrize("lead", ["", "data:", "data: "])
def test_one_json_text_a_line(lead: str) -> None:
    texts = [json.dumps({"n": n, "s": "\u2028"}, ensure_ascii=False) for n in range(3)]
    data = "".join(f"{lead}{text}\n" for text in texts).encode()
    assert [event.data for event in events(data)] == texts


def test_an_end_mark_right_after_a_data_line() -> None:
    assert [event.data for event in events(b'data: {"a":1}\ndata: [DONE]\n')] == ['{"a":1}', "[DONE]"]


def test_pretty_json_over_many_data_lines_is_one_event() -> None:
    text = json.dumps([{"a": 1}, {"b": [2]}], indent=0)
    data = "".join(f"data: {line}\n" for line in text.splitlines()) + "\n"
    assert [json.loads(event.data) for event in events(data.encode())] == [[{"a": 1}, {"b": [2]}]]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"\xef", ["\ufffd"][:0]),
        (b"\n\n\n", []),
        (b"event: x\n\n", []),
        (b"data\n\n", [""]),
        (b"data: no end", ["no end"]),
        (b"data: a\ndata: b\n\n", ["a\nb"]),
        (b"data:  two\n\n", [" two"]),
        (b"retry: soon\nid: a\0b\nunknown: 1\ndata: x\n\n", ["x"]),
        (b"data: \xff\n\n", ["\ufffd"]),
    ],
)
def test_the_edges(data: bytes, expected: list[str]) -> None:
    assert [event.data for event in events(data)] == expected
