"""Older spellings that make the same thing on both kinds of client."""

from __future__ import annotations

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from typing import Any

    from pinecone_core.config import PineconeConfig

__all__ = ["LegacyHandles"]


class LegacyHandles:
    """What is asynchronous on either client. Mixed into both."""

    if TYPE_CHECKING:
        _executor: Any

        @property
        def config(self) -> PineconeConfig: ...

    def IndexAsyncio(self, host: str, **kwargs: Any) -> Any:  # noqa: N802 - the name that callers know
        """Return an asynchronous handle on an index by its host; an older spelling of ``index``.

        It has this client's settings; what is given besides replaces them. That of an asynchronous client
        shares its connections, unless something is given.
        """
        from dataclasses import fields

        from pinecone_core._async.executor import AsyncExecutor
        from pinecone_db import AsyncIndex

        if not kwargs and isinstance(self._executor, AsyncExecutor):
            return AsyncIndex.over(self._executor.at(host))
        settings = {field.name: getattr(self.config, field.name) for field in fields(self.config)}
        del settings["host"]
        own = self._executor._connections
        settings["observers"] = own.observers
        if hasattr(own.given, "asend"):
            settings["transport"] = own.given
        return AsyncIndex(host=host, **{**settings, **kwargs})
