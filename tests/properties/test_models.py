"""Every model: what it holds survives copies, pickles and JSON; what comes in is read or refused."""

from __future__ import annotations

import contextlib
import copy
import enum
import importlib
import json
import pickle
import pkgutil
import random
import struct
import types
import typing
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pinecone_core.codec import decode, encode
from pinecone_core.errors import PineconeError
from pinecone_core.operation import Operation

ROOMS = ["pinecone_db", "pinecone_inference", "pinecone_assistant", "pinecone_admin"]
FEW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None)
MANY = settings(FEW, max_examples=1000)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


def text(chance: random.Random) -> str:
    return "".join(chance.choices('abc é☃"\\\n\0𝄞', k=chance.randrange(6)))


def number(chance: random.Random) -> float:
    some = chance.choice([0.0, -0.0, 1.5, 1e-45, 3.4e38, chance.uniform(-1, 1)])
    return float(struct.unpack("<f", struct.pack("<f", some))[0])


LEAVES: dict[Any, Callable[[random.Random], Any]] = {
    str: text,
    int: lambda chance: chance.choice([0, 1, -1, 2**31, 2**53, -(2**53)]),
    float: number,
    bool: lambda chance: chance.random() < 0.5,
    type(None): lambda chance: None,
    msgspec.Raw: lambda chance: [number(chance) for _ in range(3)],
    Any: lambda chance: chance.choice([None, True, 2, number(chance), text(chance)]),
    object: lambda chance: chance.choice([None, True, 2, number(chance), text(chance)]),
}


def found_models() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for room in ROOMS:
        package = importlib.import_module(f"{room}.models")
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for name, value in vars(importlib.import_module(info.name)).items():
                own = isinstance(value, type) and value.__module__ == info.name
                if own and issubclass(value, msgspec.Struct) and not name.startswith("_"):
                    found[f"{room}.{name}"] = value
    return found


MODELS = found_models()


def made(kind: Any, chance: random.Random, depth: int = 0) -> Any:
    """Return some value of a type; deep down only the smallest ones."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if kind in LEAVES:
        return LEAVES[kind](chance)
    if origin in (typing.Union, types.UnionType):
        deep = depth > 3 and type(None) in args
        return None if deep else made(chance.choice(args), chance, depth)
    if origin is list:
        return [made(args[0], chance, depth + 1) for _ in range(0 if depth > 3 else chance.randrange(3))]
    if origin is dict:
        count = 0 if depth > 3 else chance.randrange(3)
        return {text(chance): made(args[1], chance, depth + 1) for _ in range(count)}
    if origin is typing.Literal:
        return chance.choice(args)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return chance.choice(list(kind))
    assert issubclass(kind, msgspec.Struct), kind
    fields = msgspec.structs.fields(kind)
    return kind(**{field.name: made(field.type, chance, depth + 1) for field in fields})


def parameters(names: list[str]) -> Any:
    return pytest.mark.parametrize("name", names)


def whole(model: Any) -> bool:
    """Say whether a model is read from JSON as its fields stand, all of them."""
    kinds = str([field.type for field in msgspec.structs.fields(model)])
    return not any(word in kinds for word in ("ResponseInfo", "Raw", "Exception", "Callable", "RawJson"))


PLAIN = sorted(name for name, model in MODELS.items() if whole(model))


def test_what_is_tried() -> None:
    assert len(MODELS) > 100
    assert len(PLAIN) > 60
    assert [name for name in PLAIN if hasattr(MODELS[name], "__wire__")] == [
        "pinecone_assistant.AlignmentResult"
    ]


@parameters(PLAIN)
@FEW
@given(seed=st.integers(0, 2**32))
def test_a_model_survives(name: str, seed: int) -> None:
    value = made(MODELS[name], random.Random(seed))
    assert copy.copy(value) == value
    assert copy.deepcopy(value) == value
    assert pickle.loads(pickle.dumps(value)) == value
    assert repr(value)
    if hasattr(value, "to_dict"):
        json.dumps(value.to_dict())
    if not hasattr(MODELS[name], "__wire__"):  # a form of its own on the wire, which is only read
        assert decode(encode(value), MODELS[name]) == value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def shaped(model: Any) -> st.SearchStrategy[Any]:
    """Return objects that have some of a model's members, with whatever in them."""
    names = [field.encode_name for field in msgspec.structs.fields(model)]
    return st.dictionaries(st.sampled_from(names), JSON, max_size=4) if names else JSON


def read(name: str, text: bytes) -> None:
    operation: Operation[Any] = Operation("read", "GET", "/x", MODELS[name])
    # Values that are decoded only when they are looked at may be refused then.
    with contextlib.suppress(PineconeError):
        assert repr(operation.result({}, text))


def bodies(model: Any) -> st.SearchStrategy[bytes]:
    some = (JSON | shaped(model)).map(lambda value: json.dumps(value).encode())
    return some | st.binary(max_size=40)


@parameters(sorted(MODELS))
@FEW
@given(data=st.data())
def test_any_answer_is_read_or_refused(name: str, data: st.DataObject) -> None:
    read(name, data.draw(bodies(MODELS[name])))


@pytest.mark.torture
@parameters(sorted(MODELS))
@MANY
@given(data=st.data())
def test_very_many_answers_are_read_or_refused(name: str, data: st.DataObject) -> None:
    read(name, data.draw(bodies(MODELS[name])))


@parameters(sorted(MODELS))
@pytest.mark.parametrize(
    "text",
    [
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b"1" * 5000,
        b'{"a":1e999999999}',
        b'{"matches":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"name":"\\ud800"}',
        b"\xff\xfe{}",
        b"",
    ],
    ids=[
        "deep",
        "deep objects",
        "long number",
        "huge exponent",
        "deep member",
        "surrogate",
        "utf-16",
        "empty",
    ],
)
def test_hostile_answers_are_bounded(name: str, text: bytes) -> None:
    read(name, text)
