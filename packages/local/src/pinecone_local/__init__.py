"""An embedded engine that speaks the Pinecone API: in process, as a server, offline."""

from ._version import __version__

__all__ = ["__version__"]
