"""Asynchronous handles, for clients of either kind."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from pinecone_core._async.executor import AsyncExecutor
from pinecone_db import AsyncIndex

__all__ = ["task_handle"]


def task_handle(client: Any, host: str, options: dict[str, Any]) -> AsyncIndex:
    """Return an asynchronous handle on an index with a client's settings.

    Args:
        client: Of either kind. An asynchronous one shares its connections, unless there are options.
        host: Where the index is.
        options: What replaces the client's settings.
    """
    executor = client._executor
    if not options and isinstance(executor, AsyncExecutor):
        return AsyncIndex.over(executor.at(host))
    settings = {field.name: getattr(client.config, field.name) for field in fields(client.config)}
    del settings["host"]
    own = executor._connections
    settings["observers"] = own.observers
    if hasattr(own.given, "asend"):
        settings["transport"] = own.given
    return AsyncIndex(host=host, **{**settings, **options})
