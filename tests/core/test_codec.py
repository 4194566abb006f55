from __future__ import annotations

import array
import contextlib
import copy
import dataclasses
import datetime
import decimal
import enum
import json
import logging
import math
import pickle
import types
import uuid
from collections import OrderedDict, namedtuple
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinecone_core.codec import RawJson, decode, decode_any, encode, encode_lines, plain_json, to_json_text
from pinecone_core.errors import PineconeTypeError, PineconeValueError, ResponseParsingError
from pinecone_core.filters import Field
from pinecone_core.lenient import read_leniently
from pinecone_core.unknown import UnknownItem

np = pytest.importorskip("numpy")


class Colour(enum.Enum):
    RED = "red"


class Level(str, enum.Enum):
    HIGH = "high"


class Point(msgspec.Struct, rename="camel", omit_defaults=True):
    top_k: int
    name: str = "x"
    extra: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET


class Shape(msgspec.Struct, tag_field="kind", tag="shape"):
    size: float


@dataclasses.dataclass
class Data:
    a: int
    b: Any = None


Pair = namedtuple("Pair", "x y")


class Text(str):
    __slots__ = ()


class Number(float):
    __slots__ = ()


# ---- going out -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None, 1.5, "ü"]}, '{"b":1,"a":[true,null,1.5,"ü"]}'),
        (Colour.RED, '"red"'),
        ({Level.HIGH: Level.HIGH}, '{"high":"high"}'),
        ({1: 2}, '{"1":2}'),
        ((1, 2), "[1,2]"),
        (Pair(1, 2), "[1,2]"),
        ([Text("t"), Number(1.5)], '["t",1.5]'),
        (OrderedDict(a=1), '{"a":1}'),
        (types.MappingProxyType({"a": 1}), '{"a":1}'),
        (range(3), "[0,1,2]"),
        ({3}, "[3]"),
        (datetime.datetime(2026, 1, 2, 3, 4, 5), '"2026-01-02T03:04:05"'),
        (datetime.date(2026, 1, 2), '"2026-01-02"'),
        (uuid.UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (decimal.Decimal("1.5"), "1.5"),
        (Data(1, [2]), '{"a":1,"b":[2]}'),
        (Point(3), '{"topK":3}'),
        (Point(3, extra={"n": None}), '{"topK":3,"extra":{"n":null}}'),
        (Shape(1.0), '{"kind":"shape","size":1.0}'),
        (array.array("f", [0.5]), "[0.5]"),
        (Field("a") == 1, '{"a":{"$eq":1}}'),
        (RawJson(b'{"a": 1}'), '{"a": 1}'),
        (np.arange(3), "[0,1,2]"),
        (np.array([[0.5]], dtype=np.float32), "[[0.5]]"),
        ([np.float64(0.5), np.float32(0.5), np.int64(3), np.bool_(True)], "[0.5,0.5,3,true]"),
        (2**64 - 1, str(2**64 - 1)),
        (-(2**70), str(-(2**70))),
        (["NaN", "Infinity"], '["NaN","Infinity"]'),
    ],
)
def test_values(value: Any, text: str) -> None:
    assert encode(value).decode() == text
    assert encode({"deep": [value, None]}).decode() == f'{{"deep":[{text},null]}}'
    assert to_json_text(value) == text


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("value", "path", "error"),
    [
        ({"a": [1, NAN]}, "body.a[1]", PineconeValueError),
        ({"a": {"b": -INF}}, "body.a.b", PineconeValueError),
        ({"a": np.array([1.0, NAN])}, "body.a[1]", PineconeValueError),
        ({"a": array.array("d", [INF])}, "body.a[0]", PineconeValueError),
        ({"a": np.float32(NAN)}, "body.a", PineconeValueError),
        ({"a": decimal.Decimal("NaN")}, "body.a", PineconeValueError),
        ({"a": Point(1, extra={"n": NAN})}, "body.a.extra.n", PineconeValueError),
        ({"a": Data(1, NAN)}, "body.a.b", PineconeValueError),
        ({"a": decimal.Decimal("-Infinity")}, "body.a", PineconeValueError),
        ({"a": "\ud800"}, "body.a", PineconeValueError),
        ({"\ud800": 1}, "body", PineconeValueError),
        ({"a": {"b": object()}}, "body.a.b", PineconeTypeError),
        ({"a": [complex(1)]}, "body.a[0]", PineconeTypeError),
        ({"a": (n for n in "ab")}, "body.a", PineconeTypeError),
        ({"a": {(1, 2): 3}}, "body.a", PineconeTypeError),
        ({"a": Data}, "body.a", PineconeTypeError),
        ({"a": lambda: 0}, "body.a", PineconeTypeError),
    ],
)
def test_what_has_no_json_form(value: Any, path: str, error: Any) -> None:
    with pytest.raises(error) as caught:
        encode(value)
    assert caught.value.path == path
    assert str(caught.value).startswith(f"at {path}: ")


def test_the_position_in_records() -> None:
    records = [{"metadata": {"n": 1}}, {"metadata": {"n": 2}}, {"metadata": {"n": object()}}]
    with pytest.raises(PineconeTypeError) as caught:
        encode_lines(records)
    assert caught.value.path == "records[2].metadata.n"
    assert encode_lines(records[:2]) == b'{"metadata":{"n":1}}\n{"metadata":{"n":2}}\n'
    assert encode_lines([]) == b""


def test_what_contains_itself() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(PineconeValueError, match="nested"):
        encode({"a": loop})
    with pytest.raises(PineconeValueError, match="nested"):
        plain_json(loop, "x")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=15,
)


@given(JSON)
def test_json_comes_back(value: Any) -> None:
    assert json.loads(encode(value)) == value
    assert plain_json(value, "x") == value
    assert decode_any(encode(value)) == value


ANYTHING = st.recursive(
    st.floats()
    | st.text()
    | st.binary(max_size=4)
    | st.integers()
    | st.complex_numbers()
    | st.just(object()),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(ANYTHING)
def test_anything_is_written_or_refused(value: Any) -> None:
    try:
        encoded = encode(value)
    except (PineconeTypeError, PineconeValueError) as error:
        path = error.path or ""
        if not path.startswith("body"):
            pytest.fail(f"no position: {error!r}")
    else:
        json.loads(encoded, parse_constant=lambda name: pytest.fail(name))


# ---- coming in -------------------------------------------------------------------------------


class Usage(msgspec.Struct):
    units: int = 5


class Square(msgspec.Struct, tag_field="kind", tag="square"):
    side: int


class Circle(msgspec.Struct, tag_field="kind", tag="circle"):
    radius: float = 1.0


class Match(msgspec.Struct, kw_only=True):
    id: str
    score: float = 0.0
    tags: list[str] = []
    usage: Usage = msgspec.field(default_factory=Usage)


class Answer(msgspec.Struct, rename="camel", kw_only=True):
    matches: list[Match] = []
    next_page: str | None = None
    total_count: int = 7
    by_id: dict[str, Match] = {}
    shape: Square | Circle | None = None
    shapes: list[Square | Circle] | None = None
    usage: Usage | None = None


def read(text: str) -> Answer:
    return decode(text.encode(), Answer)


def test_what_fits() -> None:
    answer = read('{"matches":[{"id":"a","score":1,"unknown":{}}],"nextPage":"t","other":1}')
    assert answer == Answer(matches=[Match(id="a", score=1.0)], next_page="t")


def test_numbers_are_read_leniently() -> None:
    answer = read('{"totalCount":"12","matches":[{"id":"a","score":"0.5"}]}')
    assert (answer.total_count, answer.matches[0].score) == (12, 0.5)
    assert read('{"totalCount":3.0}').total_count == 3


def test_null_means_the_default() -> None:
    answer = read('{"matches":null,"totalCount":null,"byId":null,"usage":null,"nextPage":null}')
    assert answer == Answer()
    answer = read('{"matches":[{"id":"a","score":null,"tags":null,"usage":{"units":null}}]}')
    assert answer.matches == [Match(id="a")]
    assert read('{"usage":{"units":null}}').usage == Usage()
    assert read('{"shape":{"kind":"circle","radius":null}}').shape == Circle()
    assert read('{"shapes":[{"kind":"circle","radius":null},{"kind":"square","side":2}]}').shapes == [
        Circle(),
        Square(2),
    ]


def test_one_bad_element_does_not_lose_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        answer = read(
            '{"matches":[{"id":"a"},{"score":1},7,null,{"id":"b","tags":["x",5,"y"]}],'
            '"byId":{"c":{"id":"c"},"d":{}},"shapes":[{"kind":"square","side":1}]}'
        )
    assert [match.id for match in answer.matches] == ["a", "b"]
    assert answer.matches[1].tags == ["x", "y"]
    assert list(answer.by_id) == ["c"]
    assert "Left out an element" in caplog.text
    assert "$.matches[1]" in caplog.text


def test_what_is_of_an_unknown_kind_is_kept(caplog: pytest.LogCaptureFixture) -> None:
    hexagon = {"kind": "hexagon", "sides": 6}
    answer: Any = read(
        '{"shape":{"kind":"hexagon","sides":6},"totalCount":3,'
        '"shapes":[{"kind":"square","side":1},{"kind":"hexagon","sides":6},{"side":2},{"kind":["x"]},"text",null]}'
    )
    assert answer.shape == UnknownItem(type="hexagon", data=hexagon)
    assert answer.shapes == [
        Square(1),
        UnknownItem(type="hexagon", data=hexagon),
        UnknownItem(data={"side": 2}),
        UnknownItem(data={"kind": ["x"]}),
        UnknownItem(data={"value": "text"}),
        UnknownItem(data={"value": None}),
    ]
    assert not caplog.records
    either: Any = Square | Circle
    assert decode(b'{"kind":"hexagon","sides":6}', either).sides == 6
    with pytest.raises(ResponseParsingError, match="hexagon"):
        decode(b'{"kind":"hexagon","sides":6}', Square)
    # What says it is a known kind but does not fit it is kept too, and said.
    answer = read('{"shape":{"kind":"square","side":"long"}}')
    assert answer.shape == UnknownItem(type="square", data={"kind": "square", "side": "long"})
    assert "does not fit its kind, at $.shape" in caplog.text


def test_an_unknown_item_shows_and_copies_itself() -> None:
    item = UnknownItem(type="table", data={"type": "table", "rows": 3})
    assert item.rows == 3
    with pytest.raises(AttributeError, match="an UnknownItem of type 'table' has no 'columns'"):
        _ = item.columns
    assert repr(item) == "UnknownItem(type='table', data={type: 'table', rows: 3})"
    assert "table" in item._repr_html_()
    assert pickle.loads(pickle.dumps(item)) == copy.deepcopy(item) == item
    assert item.to_dict() == {"type": "table", "rows": 3}


class Held(msgspec.Struct):
    name: str
    text: RawJson


def test_text_left_as_it_came_survives_a_sibling_that_does_not_fit() -> None:
    held = decode(b'[{"name":"a","text":[0.1, 2]},{"name":5}]', list[Held])
    assert [(one.name, bytes(one.text)) for one in held] == [("a", b"[0.1,2]")]


def test_a_list_of_models() -> None:
    assert decode(b'[{"id":"a"},{}]', list[Match]) == [Match(id="a")]
    anything: Any = Any
    assert decode(b"[1,2]", anything) == [1, 2]


@pytest.mark.parametrize(
    ("body", "fragment"),
    [
        (b"", "the body is empty"),
        (b"<html>", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "Expected `object`"),
        (b'{"matches":5}', "Expected `array`"),
    ],
)
def test_what_does_not_fit(body: bytes, fragment: str) -> None:
    with pytest.raises(ResponseParsingError) as caught:
        decode(body, Answer)
    assert str(caught.value).startswith("Failed to parse API response as Answer: ")
    assert fragment in str(caught.value)
    assert caught.value.__cause__ is not None
    assert caught.value.cause is caught.value.__cause__
    with pytest.raises(ResponseParsingError):
        decode(b"{}", Match)


class Reader:
    __wire__ = Answer

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    @classmethod
    def from_wire(cls, answer: Answer) -> Reader:
        return cls(answer)


def test_a_class_made_from_a_model() -> None:
    assert decode(b'{"totalCount":1}', Reader).answer.total_count == 1
    assert decode(b'{"totalCount":null}', Reader).answer.total_count == 7


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    decode_any(body)
    with contextlib.suppress(ResponseParsingError):
        decode(body, Answer)


KEYS = st.sampled_from(
    [
        "matches",
        "nextPage",
        "totalCount",
        "byId",
        "shape",
        "shapes",
        "usage",
        "id",
        "kind",
        "units",
        "side",
        "tags",
    ]
)
SHAPED = st.recursive(
    st.none() | st.integers(-5, 5) | st.floats() | st.sampled_from(["square", "circle", "a", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)


@given(SHAPED)
def test_any_json_is_read_or_refused(value: Any) -> None:
    text = json.dumps(value).encode()
    logging.disable(logging.WARNING)
    try:
        answer = decode(text, Answer)
    except ResponseParsingError:
        return
    finally:
        logging.disable(logging.NOTSET)
    for match in answer.matches:
        assert isinstance(match.id, str)
        assert not math.isnan(match.usage.units)


def test_json_of_any_shape() -> None:
    assert decode_any(b'{"a":1}') == {"a": 1}
    assert decode_any(b"") is None
    assert decode_any(b"\xff") is None
    assert decode_any(b"[" * 100_000) is None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"a": NAN}, "at v.a: nan is not a number JSON can carry; remove or replace it"),
        (
            {"a": "x\ud800"},
            "at v.a: text with a lone surrogate at character 1 cannot be encoded as UTF-8",
        ),
        ({"a": {(1, 2): 3}}, "at v.a: keys must be strings, got tuple (1, 2)"),
        ({"a": {Colour: 3}}, f"at v.a: keys must be strings, got EnumType {Colour!r}"),
        ({"a": object()}, "at v.a: a object has no JSON form"),
    ],
)
def test_what_is_said_of_what_has_no_json_form(value: Any, said: str) -> None:
    with pytest.raises((PineconeTypeError, PineconeValueError)) as caught:
        encode(value, "v")
    assert str(caught.value).replace("EnumMeta", "EnumType") == said


def nested(depth: int, make: Any) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = make(value)
    return value


@pytest.mark.parametrize(
    "make",
    [lambda inner: [inner], lambda inner: {"a": inner}, lambda inner: Data(1, inner)],
    ids=["list", "dict", "object"],
)
def test_how_deep_a_value_may_be(make: Any) -> None:
    # An object takes two steps: to a dict, and to what is in it.
    most = 100 if isinstance(make(1), Data) else 200
    plain_json(nested(most, make), "v")
    with pytest.raises(PineconeValueError) as caught:
        plain_json(nested(most + 1, make), "v")
    assert caught.value.message == "value is nested more than 200 deep, or contains itself"
    assert str(caught.value.path).startswith("v")


def test_plain_values() -> None:
    assert plain_json(Colour.RED, "v") == "red"
    assert plain_json({1: datetime.date(2026, 1, 2)}, "v") == {"1": "2026-01-02"}
    assert plain_json(Shape(1.0), "v") == {"kind": "shape", "size": 1.0}
    assert plain_json(Point(3), "v") == {"topK": 3}
    assert plain_json(Point(3, "y", {"n": 1}), "v") == {"topK": 3, "name": "y", "extra": {"n": 1}}
    assert plain_json(Held("a", RawJson(b"[]")), "v") == {"name": "a", "text": RawJson(b"[]")}

    class Listing:
        def to_list(self) -> list[int]:
            return [1]

    assert plain_json(Listing(), "v") == [1]
    with pytest.raises(PineconeValueError) as caught:
        to_json_text(NAN)
    assert caught.value.path == "value"


def test_a_strict_reading() -> None:
    assert decode(b'{"id":"a"}', Match, lenient=False) == Match(id="a")
    with pytest.raises(ResponseParsingError, match=r"^Match does not fit: Object missing") as caught:
        decode(b"{}", Match, lenient=False)
    assert caught.value.cause is caught.value.__cause__ is not None


# ---- leniently, in detail --------------------------------------------------------------------


class Ring(msgspec.Struct, tag_field="kind", tag="ring"):
    r: int


class Box(msgspec.Struct, tag_field="kind", tag="box"):
    w: int
    h: int | None = 7


def test_unions_that_may_be_nothing() -> None:
    assert read_leniently(None, Ring | Box | None) is None
    assert isinstance(read_leniently(None, Ring | Box), UnknownItem)
    assert read_leniently({"kind": "box", "w": "3"}, Ring | Box) == Box(3, 7)
    assert read_leniently({"kind": "box", "w": 3, "h": None}, Ring | Box | None) == Box(3, None)
    assert read_leniently({"kind": "ring", "r": 1}, Ring) == read_leniently({"r": 1}, Ring) == Ring(1)
    assert read_leniently("5", int) == 5
    for wrong, kind, said in (
        ({"kind": "box", "r": 1}, Ring, "Expected kind 'ring' - at `$`"),
        ({}, Ring, "Object missing required field `r` - at `$`"),
        ("x", int, "Expected `int`, got `str` - at `$`"),
    ):
        with pytest.raises(msgspec.ValidationError) as caught:
            read_leniently(wrong, kind)
        assert str(caught.value) == said


def test_what_the_log_says_of_what_was_left_out(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "pinecone.codec")
    assert read_leniently({"a": 1, "b": "x"}, dict[str, int], "$.m") == {"a": 1}
    read_leniently([{"kind": "moon"}, {"kind": "box", "w": "x"}], list[Ring | Box], "$.l")
    assert caplog.messages == [
        "Left out an element that cannot be read: Expected `int`, got `str` - at `$.m['b']`",
        "Kept as an UnknownItem what is of the unknown kind 'moon', at $.l[0]",
        "Kept as an UnknownItem what does not fit its kind, at $.l[1]: "
        "Expected `int`, got `str` - at `$.l[1].w`",
    ]
