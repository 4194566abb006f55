"""The unified Pinecone namespace: database, inference, assistant and admin in one import."""

from ._version import __version__

__all__ = ["__version__"]
