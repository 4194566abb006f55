"""Settings are frozen dataclasses in all that can be seen of them."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import subprocess
import sys
from typing import Any

import pytest

from pinecone_core.call_log import LogSettings
from pinecone_core.config import PineconeConfig, RetryConfig, Timeout
from pinecone_core.errors import PineconeValueError
from pinecone_core.on_demand import replaced

KINDS = [LogSettings, PineconeConfig, RetryConfig, Timeout]


@pytest.mark.parametrize("kind", KINDS)
def test_dataclasses_knows_them(kind: Any) -> None:
    made: Any = kind()
    parameters = inspect.signature(kind).parameters
    assert all(dataclasses.is_dataclass(one) for one in (kind, made))
    names = tuple(field.name for field in dataclasses.fields(kind))
    assert names == kind.__match_args__ == tuple(parameters)
    assert all(getattr(kind, name) == parameters[name].default for name in names)
    assert [field.type for field in dataclasses.fields(kind)] == [
        kind.__annotations__[name] for name in names
    ]
    assert kind.__dataclass_params__.frozen
    assert list(dataclasses.asdict(made)) == list(names)
    assert dataclasses.replace(made) == made == replaced(made)
    if sys.version_info >= (3, 13):
        assert copy.replace(made) == made


def test_they_are_compared_shown_and_copied_by_value() -> None:
    one: Any = RetryConfig(max_retries=1)
    assert one == RetryConfig(1) != RetryConfig(2)
    assert one != dataclasses.astuple(one)
    assert hash(one) == hash(RetryConfig(1))
    assert repr(Timeout(2, read=1)) == "Timeout(total=2.0, connect=None, read=1.0, write=None, pool=None)"
    assert pickle.loads(pickle.dumps(one)) == copy.deepcopy(one) == copy.copy(one) == one
    assert replaced(one, max_wait=3.0) == RetryConfig(1, max_wait=3.0)
    with pytest.raises(PineconeValueError, match="max_retries"):
        replaced(one, max_retries=-1)
    match one:
        case RetryConfig(number, _):
            assert number == 1
        case _:
            raise AssertionError


def test_they_cannot_be_changed() -> None:
    made: Any = Timeout()
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'read'"):
        made.read = 1.0
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'other'"):
        made.other = 1.0
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'read'"):
        del made.read
    with pytest.raises(TypeError, match="unexpected keyword argument 'reed'"):
        Timeout(reed=1.0)  # type: ignore[call-arg]


def test_they_can_be_subclassed() -> None:
    class Plain(RetryConfig):
        def __init__(self) -> None:
            super().__init__(max_retries=7)
            self.note = "mine"

    plain: Any = Plain()
    assert (plain.max_retries, plain.note) == (7, "mine")
    del plain.note
    with pytest.raises(dataclasses.FrozenInstanceError):
        plain.max_retries = 1

    @dataclasses.dataclass(frozen=True)
    class Longer(RetryConfig):
        name: str = "x"

    longer = Longer(2, name="y")
    assert (longer.max_retries, longer.name) == (2, "y")
    assert [field.name for field in dataclasses.fields(longer)] == [*RetryConfig.__match_args__, "name"]
    with pytest.raises(PineconeValueError):
        Longer(-1)


def test_dataclasses_is_loaded_when_it_is_asked() -> None:
    code = (
        "import sys\nfrom pinecone_core.config import RetryConfig\nmade = RetryConfig(1)\n"
        "assert made == RetryConfig(1) and hash(made) and repr(made)\nprint('dataclasses' in sys.modules)\n"
        "import dataclasses\nprint([f.name for f in dataclasses.fields(made)][0])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == ["False", "max_retries"], done.stderr
