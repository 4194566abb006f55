"""The client of the database alone."""

from __future__ import annotations

from pinecone_core._async.client import AsyncClient

from .control import AsyncControlPlane

__all__ = ["AsyncPineconeDB"]


class AsyncPineconeDB(AsyncControlPlane, AsyncClient):
    """An asynchronous client of the database: control plane here, data plane by ``index``.

    It takes the arguments of every client: key, host, timeout, retries, headers, proxy, TLS,
    transport. Making one does no I/O.

    Example:
        >>> import asyncio
        >>> async def main():
        ...     async with AsyncPineconeDB(api_key="key") as pc:
        ...         print(pc.indexes)
        >>> asyncio.run(main())
        AsyncIndexes()
    """
