"""Operations of this engine alone: faults on purpose, set from outside."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import msgspec

from ..http import Call, Reply, Route, bad_request, json_reply, not_found

if TYPE_CHECKING:
    from ..engine import LocalEngine
    from ..faults import Faults

__all__ = ["ROUTES"]


class FaultsRequest(msgspec.Struct):
    """The body of ``PUT /_local/faults``."""

    script: list[dict[str, Any]]
    seed: int = 0


def _faults(engine: LocalEngine) -> Faults:
    if engine.faults is None:
        raise not_found("Faults are off; start the server with --faults, or give the engine a Faults.")
    return engine.faults


def show_faults(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``GET /_local/faults``."""
    return json_reply({"script": [asdict(fault) for fault in _faults(engine).script]})


def set_faults(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``PUT /_local/faults``."""
    request = call.read(FaultsRequest)
    try:
        _faults(engine).replace(request.script, request.seed)
    except (TypeError, ValueError) as error:
        raise bad_request(f"The script does not fit: {error}.") from error
    return show_faults(engine, call)


ROUTES = [
    Route("GET", "/_local/faults", show_faults),
    Route("PUT", "/_local/faults", set_faults),
]
