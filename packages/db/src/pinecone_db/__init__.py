"""Pinecone database client: indexes, collections, backups, vectors, records, namespaces and imports."""

from __future__ import annotations

import sys

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from typing import Any

    from pinecone_core.unknown import UnknownItem as UnknownItem

    from ._async.backups import AsyncBackups as AsyncBackups
    from ._async.client import AsyncPineconeDB as AsyncPineconeDB
    from ._async.collections import AsyncCollections as AsyncCollections
    from ._async.control import AsyncControlPlane as AsyncControlPlane
    from ._async.index import AsyncIndex as AsyncIndex
    from ._async.indexes import AsyncIndexes as AsyncIndexes
    from ._async.preview import AsyncPreview as AsyncPreview
    from ._async.preview_documents import AsyncPreviewDocuments as AsyncPreviewDocuments
    from ._async.preview_index import AsyncPreviewIndex as AsyncPreviewIndex
    from ._async.preview_indexes import AsyncPreviewIndexes as AsyncPreviewIndexes
    from ._async.restore_jobs import AsyncRestoreJobs as AsyncRestoreJobs
    from ._protocol.hosts import HostCache as HostCache
    from ._protocol.schema_builder import PreviewSchemaBuilder as PreviewSchemaBuilder
    from ._sync.backups import Backups as Backups
    from ._sync.client import PineconeDB as PineconeDB
    from ._sync.collections import Collections as Collections
    from ._sync.control import ControlPlane as ControlPlane
    from ._sync.index import Index as Index
    from ._sync.indexes import Indexes as Indexes
    from ._sync.preview import Preview as Preview
    from ._sync.preview_documents import PreviewDocuments as PreviewDocuments
    from ._sync.preview_index import PreviewIndex as PreviewIndex
    from ._sync.preview_indexes import PreviewIndexes as PreviewIndexes
    from ._sync.restore_jobs import RestoreJobs as RestoreJobs
    from ._version import __version__ as __version__
    from .models.aggregate import QueryNamespacesResults as QueryNamespacesResults
    from .models.aggregate import QueryResultsAggregator as QueryResultsAggregator
    from .models.aggregate import (
        QueryResultsAggregatorInvalidTopKError as QueryResultsAggregatorInvalidTopKError,
    )
    from .models.backup import BackupList as BackupList
    from .models.backup import BackupModel as BackupModel
    from .models.backup import CreateIndexFromBackupResponse as CreateIndexFromBackupResponse
    from .models.backup import RestoreJobList as RestoreJobList
    from .models.backup import RestoreJobModel as RestoreJobModel
    from .models.batch import BatchError as BatchError
    from .models.batch import BatchResult as BatchResult
    from .models.collection import CollectionDescription as CollectionDescription
    from .models.collection import CollectionList as CollectionList
    from .models.collection import CollectionModel as CollectionModel
    from .models.enums import AwsRegion as AwsRegion
    from .models.enums import AzureRegion as AzureRegion
    from .models.enums import CloudProvider as CloudProvider
    from .models.enums import DeletionProtection as DeletionProtection
    from .models.enums import EmbedModel as EmbedModel
    from .models.enums import GcpRegion as GcpRegion
    from .models.enums import Metric as Metric
    from .models.enums import PodIndexEnvironment as PodIndexEnvironment
    from .models.enums import PodType as PodType
    from .models.enums import RerankModel as RerankModel
    from .models.enums import VectorType as VectorType
    from .models.imports import ImportErrorMode as ImportErrorMode
    from .models.imports import ImportList as ImportList
    from .models.imports import ImportModel as ImportModel
    from .models.imports import StartImportResponse as StartImportResponse
    from .models.index import ByocSpecInfo as ByocSpecInfo
    from .models.index import IndexList as IndexList
    from .models.index import IndexModel as IndexModel
    from .models.index import IndexSpec as IndexSpec
    from .models.index import IndexStatus as IndexStatus
    from .models.index import IndexTags as IndexTags
    from .models.index import ModelIndexEmbed as ModelIndexEmbed
    from .models.index import PodSpecInfo as PodSpecInfo
    from .models.index import ServerlessSpecInfo as ServerlessSpecInfo
    from .models.namespaces import IndexedFields as IndexedFields
    from .models.namespaces import ListNamespacesResponse as ListNamespacesResponse
    from .models.namespaces import NamespaceDescription as NamespaceDescription
    from .models.namespaces import NamespaceFieldConfig as NamespaceFieldConfig
    from .models.namespaces import NamespaceSchema as NamespaceSchema
    from .models.pagination import Pagination as Pagination
    from .models.preview.backup import PreviewBackupModel as PreviewBackupModel
    from .models.preview.documents import PreviewDenseVectorQuery as PreviewDenseVectorQuery
    from .models.preview.documents import PreviewDocument as PreviewDocument
    from .models.preview.documents import PreviewDocumentFetchResponse as PreviewDocumentFetchResponse
    from .models.preview.documents import PreviewDocumentSearchResponse as PreviewDocumentSearchResponse
    from .models.preview.documents import PreviewDocumentUpsertResponse as PreviewDocumentUpsertResponse
    from .models.preview.documents import PreviewQueryStringQuery as PreviewQueryStringQuery
    from .models.preview.documents import PreviewScoreByQuery as PreviewScoreByQuery
    from .models.preview.documents import PreviewSparseValues as PreviewSparseValues
    from .models.preview.documents import PreviewSparseVectorQuery as PreviewSparseVectorQuery
    from .models.preview.documents import PreviewTextQuery as PreviewTextQuery
    from .models.preview.documents import PreviewUsage as PreviewUsage
    from .models.preview.index import PreviewByocDeployment as PreviewByocDeployment
    from .models.preview.index import PreviewDeployment as PreviewDeployment
    from .models.preview.index import PreviewIndexModel as PreviewIndexModel
    from .models.preview.index import PreviewIndexStatus as PreviewIndexStatus
    from .models.preview.index import PreviewManagedDeployment as PreviewManagedDeployment
    from .models.preview.index import PreviewPodDeployment as PreviewPodDeployment
    from .models.preview.index import PreviewReadCapacity as PreviewReadCapacity
    from .models.preview.index import PreviewReadCapacityDedicatedInner as PreviewReadCapacityDedicatedInner
    from .models.preview.index import (
        PreviewReadCapacityDedicatedResponse as PreviewReadCapacityDedicatedResponse,
    )
    from .models.preview.index import PreviewReadCapacityManualScaling as PreviewReadCapacityManualScaling
    from .models.preview.index import (
        PreviewReadCapacityOnDemandResponse as PreviewReadCapacityOnDemandResponse,
    )
    from .models.preview.index import PreviewReadCapacityStatus as PreviewReadCapacityStatus
    from .models.preview.requests import PreviewConfigureIndexRequest as PreviewConfigureIndexRequest
    from .models.preview.requests import PreviewCreateBackupRequest as PreviewCreateBackupRequest
    from .models.preview.requests import PreviewCreateIndexRequest as PreviewCreateIndexRequest
    from .models.preview.schema import PreviewBooleanField as PreviewBooleanField
    from .models.preview.schema import PreviewDenseVectorField as PreviewDenseVectorField
    from .models.preview.schema import PreviewFullTextSearchConfig as PreviewFullTextSearchConfig
    from .models.preview.schema import PreviewIntegerField as PreviewIntegerField
    from .models.preview.schema import PreviewLegacyIntegerField as PreviewLegacyIntegerField
    from .models.preview.schema import PreviewSchema as PreviewSchema
    from .models.preview.schema import PreviewSchemaField as PreviewSchemaField
    from .models.preview.schema import PreviewSemanticTextField as PreviewSemanticTextField
    from .models.preview.schema import PreviewSparseVectorField as PreviewSparseVectorField
    from .models.preview.schema import PreviewStringField as PreviewStringField
    from .models.preview.schema import PreviewStringListField as PreviewStringListField
    from .models.responses import DescribeIndexStatsResponse as DescribeIndexStatsResponse
    from .models.responses import FetchByMetadataResponse as FetchByMetadataResponse
    from .models.responses import FetchResponse as FetchResponse
    from .models.responses import ListItem as ListItem
    from .models.responses import ListResponse as ListResponse
    from .models.responses import NamespaceSummary as NamespaceSummary
    from .models.responses import QueryResponse as QueryResponse
    from .models.responses import UpdateResponse as UpdateResponse
    from .models.responses import UpsertRecordsResponse as UpsertRecordsResponse
    from .models.responses import UpsertResponse as UpsertResponse
    from .models.responses import Usage as Usage
    from .models.search import Hit as Hit
    from .models.search import RerankConfig as RerankConfig
    from .models.search import SearchInputs as SearchInputs
    from .models.search import SearchQuery as SearchQuery
    from .models.search import SearchQueryVector as SearchQueryVector
    from .models.search import SearchRecordsResponse as SearchRecordsResponse
    from .models.search import SearchRerank as SearchRerank
    from .models.search import SearchResult as SearchResult
    from .models.search import SearchUsage as SearchUsage
    from .models.specs import ByocSpec as ByocSpec
    from .models.specs import EmbedConfig as EmbedConfig
    from .models.specs import IndexEmbed as IndexEmbed
    from .models.specs import IntegratedSpec as IntegratedSpec
    from .models.specs import PodSpec as PodSpec
    from .models.specs import ServerlessSpec as ServerlessSpec
    from .models.vector import ScoredVector as ScoredVector
    from .models.vector import SparseValues as SparseValues
    from .models.vector import Vector as Vector

    SchemaBuilder = PreviewSchemaBuilder

# Names come from their modules when they are first asked for, so that importing this package loads
# nothing that the caller does not use.
_HOMES: dict[str, tuple[str, ...]] = {
    "._version": ("__version__",),
    "._async.backups": ("AsyncBackups",),
    "._async.client": ("AsyncPineconeDB",),
    "._async.collections": ("AsyncCollections",),
    "._async.control": ("AsyncControlPlane",),
    "._async.index": ("AsyncIndex",),
    "._async.indexes": ("AsyncIndexes",),
    "._async.preview": ("AsyncPreview",),
    "._async.preview_documents": ("AsyncPreviewDocuments",),
    "._async.preview_index": ("AsyncPreviewIndex",),
    "._async.preview_indexes": ("AsyncPreviewIndexes",),
    "._async.restore_jobs": ("AsyncRestoreJobs",),
    "._protocol.hosts": ("HostCache",),
    "._protocol.schema_builder": ("PreviewSchemaBuilder",),
    "._sync.backups": ("Backups",),
    "._sync.client": ("PineconeDB",),
    "._sync.collections": ("Collections",),
    "._sync.control": ("ControlPlane",),
    "._sync.index": ("Index",),
    "._sync.indexes": ("Indexes",),
    "._sync.preview": ("Preview",),
    "._sync.preview_documents": ("PreviewDocuments",),
    "._sync.preview_index": ("PreviewIndex",),
    "._sync.preview_indexes": ("PreviewIndexes",),
    "._sync.restore_jobs": ("RestoreJobs",),
    ".models.aggregate": (
        "QueryNamespacesResults",
        "QueryResultsAggregator",
        "QueryResultsAggregatorInvalidTopKError",
    ),
    ".models.backup": (
        "BackupList",
        "BackupModel",
        "CreateIndexFromBackupResponse",
        "RestoreJobList",
        "RestoreJobModel",
    ),
    ".models.batch": (
        "BatchError",
        "BatchResult",
    ),
    ".models.collection": (
        "CollectionDescription",
        "CollectionList",
        "CollectionModel",
    ),
    ".models.enums": (
        "AwsRegion",
        "AzureRegion",
        "CloudProvider",
        "DeletionProtection",
        "EmbedModel",
        "GcpRegion",
        "Metric",
        "PodIndexEnvironment",
        "PodType",
        "RerankModel",
        "VectorType",
    ),
    ".models.imports": (
        "ImportErrorMode",
        "ImportList",
        "ImportModel",
        "StartImportResponse",
    ),
    ".models.index": (
        "ByocSpecInfo",
        "IndexList",
        "IndexModel",
        "IndexSpec",
        "IndexStatus",
        "IndexTags",
        "ModelIndexEmbed",
        "PodSpecInfo",
        "ServerlessSpecInfo",
    ),
    ".models.namespaces": (
        "IndexedFields",
        "ListNamespacesResponse",
        "NamespaceDescription",
        "NamespaceFieldConfig",
        "NamespaceSchema",
    ),
    ".models.pagination": ("Pagination",),
    ".models.preview.backup": ("PreviewBackupModel",),
    ".models.preview.documents": (
        "PreviewDenseVectorQuery",
        "PreviewDocument",
        "PreviewDocumentFetchResponse",
        "PreviewDocumentSearchResponse",
        "PreviewDocumentUpsertResponse",
        "PreviewQueryStringQuery",
        "PreviewScoreByQuery",
        "PreviewSparseValues",
        "PreviewSparseVectorQuery",
        "PreviewTextQuery",
        "PreviewUsage",
    ),
    ".models.preview.index": (
        "PreviewByocDeployment",
        "PreviewDeployment",
        "PreviewIndexModel",
        "PreviewIndexStatus",
        "PreviewManagedDeployment",
        "PreviewPodDeployment",
        "PreviewReadCapacity",
        "PreviewReadCapacityDedicatedInner",
        "PreviewReadCapacityDedicatedResponse",
        "PreviewReadCapacityManualScaling",
        "PreviewReadCapacityOnDemandResponse",
        "PreviewReadCapacityStatus",
    ),
    ".models.preview.requests": (
        "PreviewConfigureIndexRequest",
        "PreviewCreateBackupRequest",
        "PreviewCreateIndexRequest",
    ),
    ".models.preview.schema": (
        "PreviewBooleanField",
        "PreviewDenseVectorField",
        "PreviewFullTextSearchConfig",
        "PreviewIntegerField",
        "PreviewLegacyIntegerField",
        "PreviewSchema",
        "PreviewSchemaField",
        "PreviewSemanticTextField",
        "PreviewSparseVectorField",
        "PreviewStringField",
        "PreviewStringListField",
    ),
    ".models.responses": (
        "DescribeIndexStatsResponse",
        "FetchByMetadataResponse",
        "FetchResponse",
        "ListItem",
        "ListResponse",
        "NamespaceSummary",
        "QueryResponse",
        "UpdateResponse",
        "UpsertRecordsResponse",
        "UpsertResponse",
        "Usage",
    ),
    ".models.search": (
        "Hit",
        "RerankConfig",
        "SearchInputs",
        "SearchQuery",
        "SearchQueryVector",
        "SearchRecordsResponse",
        "SearchRerank",
        "SearchResult",
        "SearchUsage",
    ),
    ".models.specs": (
        "ByocSpec",
        "EmbedConfig",
        "IndexEmbed",
        "IntegratedSpec",
        "PodSpec",
        "ServerlessSpec",
    ),
    ".models.vector": (
        "ScoredVector",
        "SparseValues",
        "Vector",
    ),
    "pinecone_core.unknown": ("UnknownItem",),
}
_OTHER_NAMES = {"SchemaBuilder": "PreviewSchemaBuilder"}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [*_HOME_OF, *_OTHER_NAMES]


def __getattr__(name: str) -> Any:
    proper = _OTHER_NAMES.get(name, name)
    home = _HOME_OF.get(proper)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    full = f"{__name__}{home}" if home.startswith(".") else home
    __import__(full)  # importlib takes longer to load than the look-up of a name
    value = getattr(sys.modules[full], proper)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
