"""What requests are made of and answers hold. Each file is loaded when it is first named."""

from __future__ import annotations

from pinecone_core.on_demand import files_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import aggregate as aggregate
    from . import backup as backup
    from . import batch as batch
    from . import collection as collection
    from . import enums as enums
    from . import imports as imports
    from . import index as index
    from . import listing as listing
    from . import namespaces as namespaces
    from . import pagination as pagination
    from . import preview as preview
    from . import responses as responses
    from . import search as search
    from . import specs as specs
    from . import vector as vector
else:
    __getattr__ = files_of(__name__)
