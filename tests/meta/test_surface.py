"""Every name of the reference is there, with its signatures, and costs nothing before it is used."""

from __future__ import annotations

import copy
import dataclasses
import importlib
import inspect
import pickle
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

import pinecone
from pinecone._finder import CLIENTS
from pinecone._table import HOMES, MODULES, REMOVED, TOP
from pinecone_core import errors

from ..core.exchange import EVERY_SETTING

SHARED = Path(__file__).resolve().parents[3] / "shared"


def test_every_recorded_name_is_compatible() -> None:
    if sys.version_info[:2] != (3, 11):
        pytest.skip("the record shows the constructors of enums as Python 3.11 does; others differ")
    tool, record = SHARED / "tools" / "api_surface.py", SHARED / "api" / "surface-9.0.json"
    if not tool.exists():
        pytest.skip("the record of the reference's surface is not beside this checkout")
    command = [sys.executable, str(tool), "check", str(record)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "811 of 811 names compatible", done.stdout


@pytest.mark.parametrize("module", sorted(MODULES))
def test_every_path_gives_the_same_objects(module: str) -> None:
    found = importlib.import_module(module)
    for old, proper in MODULES[module].items():
        assert getattr(found, old) is getattr(importlib.import_module(HOMES[proper]), proper), old
    assert set(MODULES[module]) <= set(dir(found))
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        found.nothing  # noqa: B018


def test_every_name_of_the_package() -> None:
    assert set(TOP) <= set(dir(pinecone))
    for name in TOP:
        assert getattr(pinecone, name) is getattr(pinecone, name)
    with pytest.raises(AttributeError, match="module 'pinecone' has no attribute 'nothing'"):
        pinecone.nothing  # noqa: B018


@pytest.mark.parametrize("name", REMOVED)
def test_removed_names_say_what_to_do(name: str) -> None:
    with pytest.raises(AttributeError, match=f"^{name} is no longer a top-level attribute") as caught:
        getattr(pinecone, name)
    assert "pc = Pinecone(" in str(caught.value)
    assert name not in dir(pinecone)


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_loads_no_room() -> None:
    code = "import pinecone, sys; print([n for n in sys.modules if n.startswith(('pinecone_', 'msgspec'))])"
    assert run(code).strip() == "[]"


def test_the_clients_are_where_the_table_says() -> None:
    assert {name: HOMES[name] for name in CLIENTS} == CLIENTS
    assert set(pinecone.__all__) == {"__version__", *TOP}
    assert run("from pinecone import *; print(QueryResponse.__name__, __version__ is not None)").split() == [
        "QueryResponse",
        "True",
    ]


def test_submodules_are_not_there_before_they_are_imported() -> None:
    code = (
        "import pinecone\ntry:\n    pinecone.exceptions\nexcept AttributeError:\n    print('absent')\n"
        "import pinecone.exceptions\nprint(pinecone.exceptions.NotFoundException.__name__)"
    )
    assert run(code).split() == ["absent", "NotFoundError"]


def test_a_room_that_is_not_installed_is_named() -> None:
    code = (
        "import sys; sys.modules['pinecone_assistant'] = None\nimport pinecone\n"
        "try:\n    pinecone.ChatResponse\nexcept ImportError as error:\n    print(error)\n"
        "try:\n    pinecone.Pinecone(api_key='k').assistants\nexcept ImportError as error:\n    print(error)"
    )
    first, second = run(code).splitlines()
    assert "pip install 'pinecone-assistant'" in first
    assert "pip install pinecone-assistant" in second


def test_the_deprecated_name_warns_once() -> None:
    code = (
        "import warnings\nwith warnings.catch_warnings(record=True) as caught:\n"
        "    warnings.simplefilter('always')\n    import pinecone\n"
        "    assert pinecone.ValidationError is pinecone.PineconeValueError\n    pinecone.ValidationError\n"
        "print(len(caught), caught[0].category.__name__, caught[0].filename)"
    )
    assert run(code).split() == ["1", "DeprecationWarning", "<string>"]


ERRORS = [name for name in errors.__all__ if inspect.isclass(getattr(errors, name))]


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_can_be_caught_by_its_name(name: str) -> None:
    error = getattr(errors, name)
    assert getattr(importlib.import_module("pinecone.exceptions"), name) is error
    assert getattr(importlib.import_module("pinecone.errors"), error.__name__) is error
    assert getattr(pinecone, error.__name__) is error


def test_signatures_are_real() -> None:
    parameters = inspect.signature(pinecone.Index.query).parameters
    assert list(parameters)[:4] == ["self", "top_k", "vector", "id"]
    assert "POST /query" in (inspect.getdoc(pinecone.Index.query) or "")


def test_one_pool_for_everything() -> None:
    client = pinecone.Pinecone(api_key="0123456789")
    rooms = [client, client.inference, client.assistants, client.index(host="a.svc.pinecone.io")]
    assert len({id(room._executor._connections) for room in rooms}) == 1
    assert client.inference is client.inference
    for duplicate in (pickle.loads(pickle.dumps(client)), copy.deepcopy(client)):
        assert duplicate.config == client.config
        assert duplicate._executor._connections is not client._executor._connections


@pytest.mark.parametrize("name", ["PineconeDB", "AsyncPineconeDB"])
def test_the_one_client_takes_what_the_single_ones_take(name: str) -> None:
    single = inspect.signature(getattr(importlib.import_module("pinecone_db"), name)).parameters
    whole = inspect.signature(getattr(pinecone, name.removesuffix("DB"))).parameters
    assert set(single) <= set(whole)
    client = getattr(pinecone, name.removesuffix("DB"))(api_key="k", http2=True, trust_env=False)
    assert (client.config.http2, client.config.trust_env) == (True, False)


def test_every_setting_is_among_those_that_are_tried() -> None:
    named = {field.name for field in dataclasses.fields(pinecone.PineconeConfig)}
    assert set(EVERY_SETTING) == named - {"api_key", "host", "ssl_ca_certs"}
    assert all(getattr(pinecone.PineconeConfig("k"), name) != value for name, value in EVERY_SETTING.items())


class Engine:
    """A transport of both kinds."""

    def send(self, request: Any) -> Any:
        raise NotImplementedError

    asend = stream = astream = send


class Watching:
    def start(self, operation: Any, request: Any) -> None:
        """Watch nothing."""


@pytest.mark.parametrize("name", ["Pinecone", "AsyncPinecone"])
def test_handles_have_every_setting_of_their_client(name: str) -> None:
    engine, watching = Engine(), Watching()
    client = getattr(pinecone, name)(api_key="k", transport=engine, observers=(watching,), **EVERY_SETTING)
    handles = [client, client.IndexAsyncio(host="a.svc.pinecone.io")]
    if name == "Pinecone":
        handles += [client.index(host="a.svc.pinecone.io"), client.index(host="a.b", grpc=True)]
    for handle in handles:
        assert {setting: getattr(handle.config, setting) for setting in EVERY_SETTING} == EVERY_SETTING
        own = handle._executor._connections
        assert own.given is engine
        assert [type(one).__name__ for one in own.observers] == ["Watching"]
        assert handle._executor.limits.total == 9.0
    if name == "AsyncPinecone":
        assert handles[1]._executor._connections is client._executor._connections
    changed = client.IndexAsyncio(host="a.svc.pinecone.io", timeout=5.0, trust_env=True)
    assert (changed.config.timeout, changed.config.trust_env, changed.config.http2) == (5.0, True, True)


def test_unknown_arguments_are_named() -> None:
    for client in (pinecone.Pinecone(api_key="k"), pinecone.AsyncPinecone(api_key="k")):
        with pytest.raises(TypeError, match=r"unexpected keyword arguments: \['hots'\]"):
            client.IndexAsyncio(host="a.svc.pinecone.io", hots="x")
    with pytest.raises(TypeError, match=r"unexpected keyword arguments: \['api_keys'\]"):
        pinecone.Pinecone(api_key="k", api_keys="x")
    with pytest.raises(TypeError, match=r"unexpected keyword arguments: \['hots'\]"):
        pinecone.Pinecone(api_key="k").Index(hots="x")


def test_nothing_warns_on_import_of_any_path() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for module in MODULES:
            importlib.import_module(module)
