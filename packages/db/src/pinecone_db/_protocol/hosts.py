"""Which host serves which index, as far as one client has been told."""

from __future__ import annotations

import pinecone_core as core

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pinecone_core.errors import PineconeError
    from pinecone_core.operation import Operation
    from pinecone_core.transport import Request

__all__ = ["HostCache"]


class HostCache:
    """Hosts by index name. Forgets a host that answers 404 or cannot be reached.

    Only so many are kept; the one that was learned first goes first.

    Args:
        hosts: What is known already.
        limit: How many to keep.

    Example:
        >>> cache = HostCache({"movies": "https://movies-abc.svc.pinecone.io"})
        >>> cache.get("movies")
        'https://movies-abc.svc.pinecone.io'
        >>> cache.forget("movies"); cache.get("movies") is None
        True
    """

    def __init__(self, hosts: Mapping[str, str] | None = None, *, limit: int = 1000) -> None:
        self._hosts: dict[str, str] = dict(hosts or {})
        self._limit = limit

    def get(self, name: str) -> str | None:
        """Return the host of an index, or None when it is not known."""
        return self._hosts.get(name)

    def learn(self, name: str, host: str | None) -> None:
        """Remember where an index is; an index without a host is not remembered."""
        if not host:
            return
        self._hosts[name] = host
        # Other threads may add and drop at the same time, so every step allows for that.
        while len(self._hosts) > self._limit:
            self._hosts.pop(next(iter(list(self._hosts)), name), None)

    def forget(self, name: str) -> None:
        """Forget where an index is."""
        self._hosts.pop(name, None)

    def forget_at(self, url: str) -> None:
        """Forget the index whose host an address belongs to."""
        for name, host in list(self._hosts.items()):
            if url.startswith(f"{host}/"):
                self._hosts.pop(name, None)

    def start(self, operation: Operation[Any], request: Request) -> HostWatch:
        """Watch one call of a data plane (an ``Observer``)."""
        return HostWatch(self, request.url)

    def __len__(self) -> int:
        return len(self._hosts)

    def __repr__(self) -> str:
        return f"HostCache({self._hosts!r})"


class HostWatch:
    """One call, whose failure may say that an index is not where it was."""

    __slots__ = ("_cache", "_url")

    def __init__(self, cache: HostCache, url: str) -> None:
        self._cache = cache
        self._url = url

    def retrying(self, error: PineconeError, attempt: int, delay: float) -> None:
        """Do nothing: it may still succeed."""

    def finished(self, status: int, headers: dict[str, str]) -> None:
        """Do nothing: the host is right."""

    def failed(self, error: BaseException) -> None:
        """Forget the host when it could not be reached or does not know the index."""
        if core.retry.may_have_moved(error):
            self._cache.forget_at(self._url)
