# Made from ../_async/client.py by tools/make_sync.py; do not edit.
"""The client of the database alone."""

from __future__ import annotations

from pinecone_core._sync.client import Client

from .control import ControlPlane

__all__ = ["PineconeDB"]


class PineconeDB(ControlPlane, Client):
    """A synchronous client of the database: control plane here, data plane by ``index``.

    It takes the arguments of every client: key, host, timeout, retries, headers, proxy, TLS,
    transport. Making one does no I/O.

    Example:
        >>> def main():
        ...     with PineconeDB(api_key="key") as pc:
        ...         print(pc.indexes)
        >>> main()
        Indexes()
    """
