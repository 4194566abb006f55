"""Transport, errors, retries, paging, filters and batching that the Pinecone packages stand on."""

from ._version import __version__

__all__ = ["__version__"]
