from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import msgspec
import pytest

from pinecone_core.structs import DictLikeStruct, DictMixin, StructDictMixin, plain


class Inner(StructDictMixin):
    x: int = 1


class Bare(msgspec.Struct):
    y: Any = 2


class Vector(DictLikeStruct, rename="camel"):
    id: str
    sparse_values: Inner | None = None
    values: list[float] = []  # noqa: RUF012 - the library copies it
    others: Any = None


class Fixed(DictLikeStruct, frozen=True):  # type: ignore[misc]
    a: int = 1


def test_reading_like_a_dict() -> None:
    vector = Vector("v")
    assert vector["id"] == "v"
    assert vector.get("id") == "v"
    assert vector.get("nope") is None
    assert vector.get("nope", 3) == 3
    assert "sparse_values" in vector
    assert "sparseValues" not in vector
    assert 5 not in vector
    assert list(vector) == ["id", "sparse_values", "values", "others"]
    for wrong in ("nope", "sparseValues", "to_dict"):
        with pytest.raises(KeyError, match=wrong):
            vector[wrong]
        with pytest.raises(KeyError, match=wrong):
            vector[wrong] = 1
    vector["id"] = "w"
    assert vector.id == "w"
    with pytest.raises(AttributeError):
        Fixed()["a"] = 2
    with pytest.raises(TypeError):
        len(vector)  # type: ignore[arg-type]


def test_listing_like_a_dict() -> None:
    inner = Inner(5)
    assert (len(inner), inner.keys(), inner.values(), inner.items()) == (1, ("x",), [5], [("x", 5)])
    assert dict(inner) == {"x": 5}
    assert {**inner} == {"x": 5}
    assert DictMixin is StructDictMixin


def test_as_plain_data() -> None:
    vector = Vector(
        "v", Inner(2), [0.5], {"list": [Inner(3), {"deep": Bare(Inner(4))}], "error": ValueError("no")}
    )
    data = vector.to_dict()
    assert data == {
        "id": "v",
        "sparse_values": {"x": 2},
        "values": [0.5],
        "others": {"list": [{"x": 3}, {"deep": {"y": {"x": 4}}}], "error": "no"},
    }
    data["values"].append(1)
    assert vector.values == [0.5]
    assert json.loads(vector.to_json()) == vector.to_dict()
    assert plain((1,)) == (1,)


def test_values_of_their_own() -> None:
    vector = Vector("v", Inner(2), [0.5])
    for twin in (pickle.loads(pickle.dumps(vector)), copy.deepcopy(vector), copy.copy(vector)):
        assert twin == vector
        assert type(twin) is Vector
    assert vector != Vector("v")
    with pytest.raises(TypeError):
        hash(vector)
    assert hash(Fixed()) == hash(Fixed())


def test_what_has_plain_data_of_its_own_gives_it() -> None:
    class Own(msgspec.Struct):
        a: int

        def to_dict(self) -> dict[str, int]:
            return {"own": self.a}

    assert plain([Own(1), {"b": Own(2)}]) == [{"own": 1}, {"b": {"own": 2}}]
