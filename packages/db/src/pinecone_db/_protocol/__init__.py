"""Arguments to requests, answers to results. Each file is loaded when it is first named."""

from __future__ import annotations

from pinecone_core.on_demand import files_of

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from . import arguments as arguments
    from . import backups as backups
    from . import bulk as bulk
    from . import frames as frames
    from . import headers as headers
    from . import hosts as hosts
    from . import indexes as indexes
    from . import preview as preview
    from . import preview_bulk as preview_bulk
    from . import queries as queries
    from . import schema_builder as schema_builder
    from . import vectors as vectors
    from . import waiting as waiting
else:
    __getattr__ = files_of(__name__)
