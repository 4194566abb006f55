"""Pinecone admin client: organizations, projects and API keys."""

from ._version import __version__

__all__ = ["__version__"]
