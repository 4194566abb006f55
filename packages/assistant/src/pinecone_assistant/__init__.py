"""Pinecone assistant client: assistants, files, chat, context and evaluation."""

from ._version import __version__

__all__ = ["__version__"]
