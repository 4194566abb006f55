"""Vectors in every form: what is sent of them, what is refused, and how fetched ones behave."""

from __future__ import annotations

import copy
import gc
import json
import pickle
from array import array
from collections import OrderedDict
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from pinecone_core.batching import TooLargeError
from pinecone_core.codec import RawJson, decode, encode
from pinecone_core.drafts import Draft, piece_size, written
from pinecone_core.errors import PineconeTypeError, PineconeValueError, ResponseParsingError
from pinecone_core.vectors import dense_values
from pinecone_db import FetchResponse, QueryResponse, ScoredVector, SparseValues, Vector
from pinecone_db._protocol.vectors import (
    MAX_VECTORS,
    check_forms,
    one_request,
    overhead,
    upsert_body,
    vector_draft,
)

numpy: Any = np  # arrays stand where lists are declared
SPARSE = {"indices": [1, 7], "values": [0.5, 0.25]}
DENSE = {"id": "a", "values": [0.5, 1]}


def sent(item: Any) -> Any:
    return json.loads(written([vector_draft(item, 3)]))


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (Vector("a", [0.5, 1]), DENSE),
        (("a", [0.5, 1]), DENSE),
        (("a", (0.5, 1), None), DENSE),
        (("a", array("f", [0.5, 1])), DENSE),
        (("a", iter([0.5, 1])), DENSE),
        (("a", [0.5, 1], {"g": "x"}), {**DENSE, "metadata": {"g": "x"}}),
        ({"id": "a", "values": [0.5, 1]}, DENSE),
        (OrderedDict(id="a", values=[0.5, 1]), DENSE),
        (MappingProxyType({"id": "a", "values": [0.5, 1]}), DENSE),
        ({"id": "a", "sparse_values": SPARSE}, {"id": "a", "values": [], "sparseValues": SPARSE}),
        (
            {"id": "a", "values": None, "sparse_values": SPARSE},
            {"id": "a", "values": [], "sparseValues": SPARSE},
        ),
        ({"id": "a", "values": [0.5, 1], "sparseValues": SPARSE}, {**DENSE, "sparseValues": SPARSE}),
        (
            {"id": "a", "values": [0.5, 1], "sparse_values": SparseValues([1, 7], [0.5, 0.25])},
            {**DENSE, "sparseValues": SPARSE},
        ),
        ({"id": "a", "values": [0.5, 1], "sparse_values": None, "metadata": None}, DENSE),
        (ScoredVector(id="a", score=0.9, values=[0.5, 1]), DENSE),
        (
            Vector("a", [0.5, 1], SparseValues([1, 7], [0.5, 0.25]), {"l": ["x"], "n": None, "b": True}),
            {**DENSE, "sparseValues": SPARSE, "metadata": {"l": ["x"], "n": None, "b": True}},
        ),
        (("a", [0.5, 1], {"s": {"x"}, "t": ("x",)}), {**DENSE, "metadata": {"s": ["x"], "t": ["x"]}}),
    ],
)
def test_accepted(item: Any, expected: Any) -> None:
    if not hasattr(item, "__next__"):
        check_forms([item])
    assert sent(item) == expected


def test_numpy() -> None:
    for kind in ("f4", "f8", ">f4", "f2", "i8", "u1"):
        assert sent(("a", numpy.array([0.0, 1.0]).astype(kind)))["values"] == [0, 1]
    assert sent(("a", numpy.array([0.1], "f4")))["values"] == [0.1]
    sparse = {"indices": numpy.array([1, 7]), "values": numpy.array([0.5, 0.25], "f4")}
    assert sent({"id": "a", "sparse_values": sparse})["sparseValues"] == SPARSE
    held = SparseValues(numpy.array([1, 7]), numpy.array([0.5, 0.25]))
    for item in (Vector("a", sparse_values=held), {"id": "a", "sparse_values": held}):
        assert sent(item) == {"id": "a", "values": [], "sparseValues": SPARSE}
    assert sent(Vector("a", numpy.array([0.5, 1]))) == DENSE
    with pytest.raises(PineconeTypeError, match="one-dimensional"):
        sent(("a", numpy.ones((2, 2))))


@pytest.mark.parametrize(
    ("item", "kind", "path", "said"),
    [
        (5, TypeError, "vectors[3]", "Expected Vector, tuple, or dict, got int"),
        (["a", [1.0]], TypeError, "vectors[3]", "got list"),
        ("text", TypeError, "vectors[3]", "got str"),
        (("a",), ValueError, "vectors[3]", "2 or 3 elements"),
        (("a", [1.0], {}, None), ValueError, "vectors[3]", "2 or 3 elements"),
        (("a", [1.0], "x"), TypeError, "vectors[3].metadata", "must be a dict, got str"),
        ((5, [1.0]), TypeError, "vectors[3].id", "must be a string, got int"),
        (("", [1.0]), ValueError, "vectors[3].id", "must not be empty"),
        (("ä", [1.0]), ValueError, "vectors[3].id", "ASCII"),
        (("a\0", [1.0]), ValueError, "vectors[3].id", "null"),
        (("a" * 513, [1.0]), ValueError, "vectors[3].id", "512"),
        (Vector("ä", [1.0]), ValueError, "vectors[3].id", "ASCII"),
        (("a", []), ValueError, "vectors[3]", "at least one"),
        (("a", None), ValueError, "vectors[3]", "at least one"),
        ({"values": [1.0]}, ValueError, "vectors[3]", "'id' key"),
        ({"id": "a"}, ValueError, "vectors[3]", "at least one"),
        ({"id": "a", "values": [1.0], "genre": 1, "x": 2}, ValueError, "vectors[3]", r"\['genre', 'x'\]"),
        ({"id": "a", "sparse_values": [1]}, TypeError, "vectors[3].sparse_values", "got list"),
        (
            {"id": "a", "sparse_values": {"indices": [1]}},
            ValueError,
            "vectors[3].sparse_values",
            r"\['values'\]",
        ),
        (
            {"id": "a", "sparse_values": {"indices": [1], "values": []}},
            ValueError,
            "vectors[3].sparse_values",
            "same length",
        ),
        (
            {"id": "a", "sparse_values": {"indices": [1, -1], "values": [1, 2]}},
            ValueError,
            "vectors[3].sparse_values.indices[1]",
            "from 0 to",
        ),
        (
            {"id": "a", "sparse_values": {"indices": [1.5], "values": [1]}},
            TypeError,
            "vectors[3].sparse_values.indices[0]",
            "integers",
        ),
        (
            {"id": "a", "sparse_values": {"indices": [1], "values": ["x"]}},
            TypeError,
            "vectors[3].sparse_values.values[0]",
            "numbers",
        ),
        (
            {"id": "a", "sparse_values": {"indices": [1, 2], "values": [0.5, "x"]}},
            TypeError,
            "vectors[3].sparse_values.values[1]",
            "numbers",
        ),
        (
            {"id": "a", "sparse_values": {"indices": [1, "2"], "values": [0.5, 1]}},
            TypeError,
            "vectors[3].sparse_values.indices[1]",
            "integers",
        ),
        (("a", "text"), TypeError, "vectors[3].values", "str"),
        (("a", [1.0, "x"]), TypeError, "vectors[3].values[1]", "numbers"),
        (("a", [1.0, True]), TypeError, "vectors[3].values[1]", "numbers"),
        (("a", [1.0, float("nan")]), ValueError, "vectors[3].values[1]", "nan"),
        (("a", [1e39]), ValueError, "vectors[3].values[0]", "float32"),
        (("a", [1.0], {"n": {"deep": 1}}), TypeError, "vectors[3].metadata.n", "flatten"),
        (("a", [1.0], {"n": ["x", 1]}), TypeError, "vectors[3].metadata.n[1]", "strings only"),
        (("a", [1.0], {"n": float("inf")}), ValueError, "vectors[3].metadata.n", "inf"),
        (("a", [1.0], {"n": object()}), TypeError, "vectors[3].metadata.n", "object"),
    ],
)
def test_refused_with_its_place(item: Any, kind: type[Exception], path: str, said: str) -> None:
    with pytest.raises(kind, match=said) as caught:
        written([vector_draft(item, 3)])
    assert isinstance(caught.value, PineconeTypeError | PineconeValueError)
    assert caught.value.path == path
    assert path in str(caught.value)


LONG = [0.001 * place - 0.03 for place in range(100)]


class Name(str):
    """Looks like another text than it is."""

    def encode(self, *args: Any) -> bytes:
        return b"other"

    def __str__(self) -> str:
        return "other"

    __format__ = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    "id_", ["a", " ", "a-b_c/d#1", '"', "\\", 'x"}],"', "\n", "\x7f", "\x01", "~" * 512, Name("mine")]
)
def test_any_id(writer: str, id_: str) -> None:
    for metadata in (None, {}, {"n": 1, "t": ['"']}):
        item = (id_, LONG) if metadata is None else (id_, LONG, metadata)
        found = sent(item)
        assert found["id"] == str.__str__(id_)
        assert found.get("metadata") == metadata
        assert numpy.array(found["values"], "f").tobytes() == numpy.array(LONG, "f").tobytes()
    assert isinstance(vector_draft((id_, LONG), 0), Draft) == (writer == "compiled")


@pytest.mark.parametrize("values", [LONG, tuple(LONG), array("f", LONG), array("d", LONG), numpy.array(LONG)])
def test_long_vectors_in_any_form(writer: str, values: Any) -> None:
    text = written([vector_draft({"id": "a", "values": values, "sparse_values": SPARSE, "metadata": {}}, 3)])
    whole = b'{"id":"a","values":%b,"sparseValues":{"indices":[1,7],"values":[0.5,0.25]},"metadata":{}}'
    assert text == whole % dense_values(values)
    assert written([vector_draft(Vector("a", values), 3)]) == b'{"id":"a","values":%b}' % dense_values(values)


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        (float("nan"), PineconeValueError),
        (float("-inf"), PineconeValueError),
        (1e39, PineconeValueError),
        (True, PineconeTypeError),
        (None, PineconeTypeError),
        ("1", PineconeTypeError),
        ([0.5], PineconeTypeError),
    ],
)
def test_what_is_wrong_in_a_long_vector_is_named(writer: str, wrong: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind) as caught:
        vector_draft(("a", [*LONG, wrong, 0.5]), 7)
    assert getattr(caught.value, "path", "") == "vectors[7].values[100]"


@pytest.mark.parametrize("id_", ["\ud800", "ä", "", "a" * 513, "a\0", 5, None, b"a"])
def test_no_id(writer: str, id_: Any) -> None:
    with pytest.raises((PineconeTypeError, PineconeValueError)) as caught:
        vector_draft((id_, LONG), 7)
    assert caught.value.path == "vectors[7].id"


def test_numpy_scalars_in_a_long_list(writer: str) -> None:
    assert sent(("a", [*map(numpy.float32, LONG)]))["values"] == pytest.approx(LONG)


def test_what_seems_to_fit_and_does_not(writer: str) -> None:
    tiny = [-1.2345678e-10] * 1000  # 15 bytes a number
    pieces, body = one_request([("a", tiny)] * 150, "")
    assert (body, len(pieces) <= 150) == (None, True)
    if writer == "compiled":
        with pytest.raises(TooLargeError):
            upsert_body(pieces, "")
        assert upsert_body(pieces[:1], "") == upsert_body([written(pieces[:1])], "")


def test_what_seems_not_to_fit_and_does(writer: str) -> None:
    ones = [1.0] * 1000  # 4 bytes a number
    _, body = one_request([("a", ones)] * 490, "")
    assert body is not None
    assert isinstance(body.content, bytes)
    assert 1_900_000 < len(body.content) <= 2_000_000
    assert one_request([("a", ones)] * 510, "")[1] is None


def test_one_request() -> None:
    assert one_request(iter([("a", [1.0])]), "") == ([], None)
    assert one_request([("a", [1.0])] * (MAX_VECTORS + 1), "") == ([], None)
    big = [("a", [1.0], {"t": "x" * 800_000})] * 5
    begun, none = one_request(big, "")
    assert (len(begun), none) == (3, None)  # no more is encoded than it takes to see
    alone, body = one_request([("a", [1.0], {"t": "x" * 3_000_000})], "")
    assert (len(alone), body is None) == (1, False)  # the service decides
    pieces, body = one_request([("a", [1.0]), ("b", [2.0])], "n")
    assert body == upsert_body(pieces, "n")
    assert isinstance(body.content, bytes)
    assert len(body.content) == overhead("n") + sum(map(piece_size, pieces)) + 1
    assert json.loads(body.content)["namespace"] == "n"


# ---- vectors that were fetched ------------------------------------------------------------------

WIRE = {
    "vectors": {
        "a": {"id": "a", "values": [0.1, 0.25], "metadata": {"g": "x"}},
        "s": {"id": "s", "values": None, "sparseValues": SPARSE},
    }
}


def fetched() -> FetchResponse:
    return decode(json.dumps(WIRE).encode(), FetchResponse)


def test_values_are_decoded_when_they_are_read() -> None:
    vector = fetched().vectors["a"]
    assert isinstance(vector.held_values(), RawJson)
    assert vector.values == [0.1, 0.25]
    assert vector.held_values() is vector.values is vector["values"]
    vector.values.append(3.0)
    assert vector.values == [0.1, 0.25, 3.0]
    vector.values = [1.0]
    assert vector.to_dict()["values"] == [1.0]
    assert fetched().vectors["s"].values == []


def test_values_that_cannot_be_read_say_so() -> None:
    broken = decode(b'{"matches":[{"id":"a","score":1,"values":["x"]}]}', QueryResponse).matches[0]
    for _ in range(2):
        with pytest.raises(ResponseParsingError, match="values of a vector"):
            _ = broken.values
    with pytest.raises(ResponseParsingError, match="values of a vector"):
        broken.values_array()


def test_values_array() -> None:
    response = fetched()
    vector = response.vectors["a"]
    assert vector.values_array() == array("f", [0.1, 0.25])
    assert isinstance(vector.held_values(), RawJson)  # no list was made
    assert response.vectors["s"].values_array() == array("f")
    assert Vector("a", [0.5]).values_array() == array("f", [0.5])


@pytest.mark.parametrize("how", [copy.copy, copy.deepcopy, lambda item: pickle.loads(pickle.dumps(item))])
def test_copies(how: Any) -> None:
    for vector in fetched().vectors.values():
        twin = how(vector)
        assert type(twin) is Vector
        assert twin == vector
        assert twin.values is not None
        assert not isinstance(twin.held_values(), RawJson)
    response = how(fetched())
    assert response == fetched()
    found = decode(b'{"matches":[{"id":"a","score":0.5,"values":[1]}]}', QueryResponse).matches[0]
    assert how(found) == found
    assert how(found).values == [1.0]


def test_deep_copies_share_nothing() -> None:
    vector = fetched().vectors["a"]
    twin = copy.deepcopy(vector)
    twin.values.append(1.0)
    assert twin.metadata is not None
    twin.metadata["g"] = "y"
    assert vector == fetched().vectors["a"]


def test_equality() -> None:
    vector = fetched().vectors["a"]
    assert vector == Vector("a", [0.1, 0.25], metadata={"g": "x"})
    assert vector != Vector("a", [0.1, 0.5], metadata={"g": "x"})
    assert vector != ScoredVector(id="a", score=1.0, values=[0.1, 0.25])
    assert vector != "a"
    with pytest.raises(TypeError):
        hash(vector)
    assert Vector("a", numpy.array([1.0, 2.0])) == Vector("a", numpy.array([1.0, 2.0]))
    assert Vector("a", numpy.array([1.0, 2.0])) != Vector("a", numpy.array([1.0, 3.0]))
    assert Vector("a", numpy.array([1.0, 2.0])) != Vector("a", numpy.array([1.0, 2.0, 3.0]))


def test_fetched_vectors_go_back_as_they_came() -> None:
    text = b'{"vectors":{"a":{"id":"a","values":[0.10, 1e-3],"metadata":{"g":"x"}}}}'
    vector = decode(text, FetchResponse).vectors["a"]
    assert written([vector_draft(vector, 0)]) == b'{"id":"a","values":[0.10, 1e-3],"metadata":{"g":"x"}}'
    assert isinstance(vector.held_values(), RawJson)
    found = decode(b'{"matches":[{"id":"a","score":0.5,"values":[1]}]}', QueryResponse).matches[0]
    assert written([vector_draft(found, 0)]) == b'{"id":"a","values":[1]}'
    sparse = fetched().vectors["s"]
    assert sent(sparse) == {"id": "s", "values": [], "sparseValues": SPARSE}


@pytest.mark.parametrize("kind", [FetchResponse, QueryResponse])
def test_long_answers_are_written_as_they_came(kind: Any) -> None:
    numbers = [0.12345678, -0.00012345678] * 50
    rows = [{"id": str(i), "values": numbers} for i in range(20)]
    body = {"vectors": {row["id"]: row for row in rows}, "matches": [{**row, "score": 1} for row in rows]}
    read = decode(json.dumps(body).encode(), kind)
    found = read.matches if kind is QueryResponse else read.vectors.values()
    assert [json.loads(encode(vector))["values"] for vector in found] == [numbers] * 20
    assert sent(next(iter(found)))["values"] == numbers


def test_a_copy_lets_the_answer_go() -> None:
    body = json.dumps({"vectors": {"a": {"id": "a", "values": [0.5] * 100}}}).encode()
    twin = copy.copy(decode(body, FetchResponse).vectors["a"])
    gc.collect()
    assert body not in gc.get_referrers(twin)
    assert not isinstance(twin.held_values(), RawJson)


def test_construction_and_repr() -> None:
    for make in (lambda: Vector("a"), lambda: Vector("a", []), lambda: Vector.from_dict({"id": "a"})):
        with pytest.raises(PineconeValueError, match="at least one"):
            make()
    assert (
        repr(Vector("a", [1.0] * 7))
        == "Vector(id='a', values=[1.0, 1.0, 1.0, ...4 more], sparse_values=None)"
    )
    assert Vector.from_dict({"id": "s", "sparse_values": SPARSE}).sparse_values == SparseValues.from_dict(
        SPARSE
    )
    assert "metadata={'g': 'x'}" in repr(fetched().vectors["a"])
    with pytest.raises(AttributeError):
        Vector("a", [1.0]).colour = 1  # type: ignore[attr-defined]
