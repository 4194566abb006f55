"""Transport, errors, retries, paging, filters and batching that the Pinecone packages stand on.

What making a client does not need is loaded when it is first named, as in ``core.transport.Request``.
"""

from __future__ import annotations

from .on_demand import files_of

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from . import batching as batching
    from . import call_log as call_log
    from . import errors as errors
    from . import headers as headers
    from . import operation as operation
    from . import retry as retry
    from . import transport as transport
    from . import watchers as watchers
    from ._version import __version__ as __version__
else:
    __getattr__ = files_of(__name__)

__all__ = ["__version__"]
