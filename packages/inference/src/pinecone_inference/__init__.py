"""Pinecone inference client: embed, rerank and the models that do it."""

from ._version import __version__

__all__ = ["__version__"]
