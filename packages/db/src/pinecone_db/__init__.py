"""Pinecone database client: indexes, collections, backups, vectors, records, namespaces and imports."""

from ._version import __version__

__all__ = ["__version__"]
