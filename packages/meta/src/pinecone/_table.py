"""Which names there are, under which module paths, and where each of them really lives.

One table for everything: the top level, the module paths of today, and those of earlier generations. A
name written ``Old=New`` is the object ``New`` under the name ``Old``.
"""

from __future__ import annotations

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    MODULES: dict[str, dict[str, str]]

__all__ = ["HIDDEN", "HOMES", "MODULES", "REMOVED", "TOP"]

_HOMES = {
    "multiprocessing.pool": """
        ApplyResult
    """,
    "pinecone._async.client": """
        AsyncPinecone
    """,
    "pinecone._grpc": """
        GRPCClientConfig
        GrpcIndex PineconeFuture PineconeGRPC
    """,
    "pinecone._shims": """
        IndexClientInstantiationError VectorTypedDict VectorMetadataTypedDict VectorTuple
        VectorTupleWithMetadata SparseVectorTypedDict SearchQueryTypedDict SearchRerankTypedDict
        FilterTypedDict CreateIndexForModelEmbedTypedDict
        BaseStreamChatResponseChunk Config ListResponseTuple PaginationTuple PineconeConfigBuilder
        ResponseInfoDict T
    """,
    "pinecone._sync.client": """
        Pinecone
    """,
    "pinecone_admin": """
        APIKeyList APIKeyModel APIKeyRole APIKeyWithSecret Admin ApiKeys OrganizationList
        OrganizationModel Organizations ProjectList ProjectModel Projects
    """,
    "pinecone_assistant": """
        AlignmentResult AlignmentScores AssistantFileModel AssistantModel Assistants AsyncAssistants
        AsyncChatCompletionStream AsyncChatStream ChatCitation ChatCompletionChoice
        ChatCompletionMessage ChatCompletionResponse ChatCompletionStream ChatCompletionStreamChoice
        ChatCompletionStreamChunk ChatCompletionStreamDelta ChatHighlight ChatMessage ChatReference
        ChatResponse ChatStream ChatStreamChunk ChatUsage ContextContentBlock ContextImageBlock
        ContextImageData ContextOptions ContextResponse ContextSnippet ContextTextBlock
        EntailmentResult FileReference ListAssistantsResponse ListFilesResponse Message
        MultimodalSnippet OperationModel StreamCitationChunk StreamContentChunk StreamContentDelta
        StreamMessageEnd StreamMessageStart TextSnippet
    """,
    "pinecone_core._async.pages": """
        AsyncPaginator
    """,
    "pinecone_core._sync.pages": """
        Paginator
    """,
    "pinecone_core.config": """
        PineconeConfig RetryConfig Timeout
    """,
    "pinecone_core.errors": """
        ApiError BadRequestError ConflictError FailedPreconditionError ForbiddenError
        IndexInitFailedError IndexTerminatedError NotFoundError PayloadTooLargeError
        PaymentRequiredError PineconeClosedError PineconeConnectionError PineconeError
        PineconeTimeoutError PineconeTypeError PineconeValueError RateLimitError
        ResponseParsingError ServiceError UnauthorizedError UnexpectedArgumentError
        UnprocessableEntityError
    """,
    "pinecone_core.filters": """
        Condition Field
    """,
    "pinecone_core.model_names": """
        EmbedModel RerankModel
    """,
    "pinecone_core.pages": """
        Page
    """,
    "pinecone_core.response_info": """
        BatchResponseInfo ResponseInfo
    """,
    "pinecone_core.structs": """
        DictLikeStruct
    """,
    "pinecone_db": """
        AsyncBackups AsyncCollections AsyncIndex AsyncIndexes AsyncPreview AsyncPreviewDocuments
        AsyncPreviewIndex AsyncPreviewIndexes AsyncRestoreJobs AwsRegion AzureRegion BackupList
        BackupModel Backups BatchError BatchResult ByocSpec ByocSpecInfo CloudProvider
        CollectionDescription CollectionList CollectionModel Collections
        CreateIndexFromBackupResponse DeletionProtection DescribeIndexStatsResponse EmbedConfig
        FetchByMetadataResponse FetchResponse GcpRegion Hit ImportErrorMode ImportList ImportModel
        Index IndexEmbed IndexList IndexModel IndexSpec IndexStatus IndexTags IndexedFields Indexes
        IntegratedSpec ListItem ListNamespacesResponse ListResponse Metric ModelIndexEmbed
        NamespaceDescription NamespaceFieldConfig NamespaceSchema NamespaceSummary Pagination
        PodIndexEnvironment PodSpec PodSpecInfo PodType Preview PreviewBackupModel
        PreviewBooleanField PreviewByocDeployment PreviewConfigureIndexRequest
        PreviewCreateBackupRequest PreviewCreateIndexRequest PreviewDenseVectorField
        PreviewDenseVectorQuery PreviewDeployment PreviewDocument PreviewDocumentFetchResponse
        PreviewDocumentSearchResponse PreviewDocumentUpsertResponse PreviewDocuments
        PreviewFullTextSearchConfig PreviewIndex PreviewIndexModel PreviewIndexStatus PreviewIndexes
        PreviewIntegerField PreviewLegacyIntegerField PreviewManagedDeployment PreviewPodDeployment
        PreviewQueryStringQuery PreviewReadCapacity PreviewReadCapacityDedicatedInner
        PreviewReadCapacityDedicatedResponse PreviewReadCapacityManualScaling
        PreviewReadCapacityOnDemandResponse PreviewReadCapacityStatus PreviewSchema
        PreviewSchemaBuilder PreviewSchemaField PreviewScoreByQuery PreviewSemanticTextField
        PreviewSparseValues PreviewSparseVectorField PreviewSparseVectorQuery PreviewStringField
        PreviewStringListField PreviewTextQuery PreviewUsage QueryNamespacesResults QueryResponse
        QueryResultsAggregator QueryResultsAggregatorInvalidTopKError RerankConfig RestoreJobList
        RestoreJobModel RestoreJobs ScoredVector SearchInputs SearchQuery SearchQueryVector
        SearchRecordsResponse SearchRerank SearchResult SearchUsage ServerlessSpec
        ServerlessSpecInfo SparseValues StartImportResponse UpdateResponse UpsertRecordsResponse
        UpsertResponse Usage Vector VectorType
    """,
    "pinecone_inference": """
        AsyncInference AsyncModelResource DenseEmbedding EmbedUsage Embedding EmbeddingsList
        Inference ModelInfo ModelInfoList ModelInfoSupportedParameter ModelResource RankedDocument
        RerankResult RerankUsage SparseEmbedding
    """,
}

HOMES: dict[str, str] = {name: home for home, names in _HOMES.items() for name in names.split()}
"""The module of each name."""

_ERRORS = _HOMES["pinecone_core.errors"] + " ValidationError=PineconeValueError "
_OLDER_ERRORS = """
    ForbiddenException=ForbiddenError ListConversionException=PineconeError
    NotFoundException=NotFoundError PineconeApiAttributeError=PineconeError
    PineconeApiException=ApiError PineconeApiKeyError=PineconeError
    PineconeApiTypeError=PineconeTypeError PineconeApiValueError=PineconeValueError
    PineconeConfigurationError=PineconeValueError PineconeException=PineconeError
    PineconeProtocolError=PineconeError RateLimitException=RateLimitError
    ServiceException=ServiceError UnauthorizedException=UnauthorizedError
"""

_MODULES = {
    "admin": """
        Admin
    """,
    "admin.admin": """
        Admin
    """,
    "admin.api_keys": """
        ApiKeys
    """,
    "admin.organizations": """
        Organizations
    """,
    "admin.projects": """
        Projects
    """,
    "admin.resources": """
        ApiKeyResource=ApiKeys OrganizationResource=Organizations ProjectResource=Projects
    """,
    "admin.resources.api_key": """
        ApiKeyResource=ApiKeys
    """,
    "admin.resources.organization": """
        OrganizationResource=Organizations
    """,
    "admin.resources.project": """
        ProjectResource=Projects
    """,
    "async_client": """
        AsyncCollections AsyncIndex AsyncPinecone
    """,
    "async_client.assistants": """
        AsyncAssistants
    """,
    "async_client.async_index": """
        AsyncIndex
    """,
    "async_client.backups": """
        AsyncBackups
    """,
    "async_client.collections": """
        AsyncCollections
    """,
    "async_client.indexes": """
        AsyncIndexes
    """,
    "async_client.inference": """
        AsyncInference AsyncModelResource
    """,
    "async_client.pinecone": """
        AsyncPinecone
    """,
    "async_client.restore_jobs": """
        AsyncRestoreJobs
    """,
    "client.assistants": """
        Assistants
    """,
    "client.backups": """
        Backups
    """,
    "client.collections": """
        Collections
    """,
    "client.indexes": """
        Indexes
    """,
    "client.inference": """
        Inference ModelResource
    """,
    "client.restore_jobs": """
        RestoreJobs
    """,
    "config.config": """
        Config
    """,
    "config.pinecone_config": """
        PineconeConfig=PineconeConfigBuilder
    """,
    "control": """
        AwsRegion AzureRegion BackupList BackupModel ByocSpec CloudProvider CollectionDescription
        CollectionList DeletionProtection GcpRegion IndexEmbed IndexList IndexModel Metric
        PodIndexEnvironment PodSpec PodType RestoreJobList RestoreJobModel ServerlessSpec VectorType
    """,
    "core.openapi.db_data.models": """
        DescribeIndexStatsResponse
    """,
    "data": """
        DescribeIndexStatsResponse FetchResponse ImportErrorMode Index IndexAsyncio=AsyncIndex
        QueryResponse SearchQuery SearchRerank SparseValues UpsertResponse Vector
    """,
    "db_control.enums.clouds": """
        AwsRegion AzureRegion GcpRegion
    """,
    "db_control.enums.pod_index_environment": """
        PodIndexEnvironment
    """,
    "db_control.models.byoc_spec": """
        ByocSpec
    """,
    "db_control.models.collection_description": """
        CollectionDescription
    """,
    "db_control.models.list_response": """
        ListResponse=ListResponseTuple Pagination=PaginationTuple
    """,
    "db_control.models.restore_job_list": """
        RestoreJobList
    """,
    "db_control.models.restore_job_model": """
        RestoreJobModel
    """,
    "db_data": """
        _Index=Index _IndexAsyncio=AsyncIndex
    """,
    "db_data.dataclasses": """
        FetchByMetadataResponse FetchResponse Pagination QueryResponse SearchQuery SearchQueryVector
        SearchRerank SparseValues UpdateResponse UpsertResponse Vector
    """,
    "db_data.dataclasses.fetch_by_metadata_response": """
        FetchByMetadataResponse Pagination
    """,
    "db_data.dataclasses.fetch_response": """
        FetchResponse
    """,
    "db_data.dataclasses.query_response": """
        QueryResponse
    """,
    "db_data.dataclasses.search_query": """
        SearchQuery
    """,
    "db_data.dataclasses.search_query_vector": """
        SearchQueryVector
    """,
    "db_data.dataclasses.search_rerank": """
        SearchRerank
    """,
    "db_data.dataclasses.sparse_values": """
        SparseValues
    """,
    "db_data.dataclasses.update_response": """
        UpdateResponse
    """,
    "db_data.dataclasses.upsert_response": """
        UpsertResponse
    """,
    "db_data.dataclasses.utils": """
        DictLike=DictLikeStruct
    """,
    "db_data.dataclasses.vector": """
        Vector
    """,
    "db_data.query_results_aggregator": """
        QueryResultsAggregator QueryResultsAggregatorInvalidTopKError
    """,
    "errors": _ERRORS,
    "errors.exceptions": _ERRORS + _OLDER_ERRORS,
    "exceptions": _ERRORS + _OLDER_ERRORS,
    "grpc": """
        GRPCIndex=GrpcIndex GrpcIndex PineconeGRPC PineconeGrpcFuture=PineconeFuture PineconeFuture
        GRPCVector=Vector GRPCSparseValues=SparseValues GRPCClientConfig
    """,
    "grpc.future": """
        PineconeFuture
    """,
    "grpc.pinecone_grpc": """
        PineconeGRPC
    """,
    "index": """
        DescribeIndexStatsResponse FetchByMetadataResponse FetchResponse ImportList ImportModel
        Index ListNamespacesResponse ListResponse NamespaceDescription PineconeValueError
        QueryNamespacesResults QueryResponse QueryResultsAggregator RerankConfig ResponseInfo
        SearchInputs SearchRecordsResponse SparseValues StartImportResponse UpdateResponse
        UpsertRecordsResponse UpsertResponse ValidationError=PineconeValueError Vector
    """,
    "inference": """
        AsyncioInference=AsyncInference Inference
    """,
    "inference.inference": """
        Inference
    """,
    "inference.inference_asyncio": """
        AsyncioInference=AsyncInference
    """,
    "inference.models.index_embed": """
        IndexEmbed
    """,
    "models": """
        APIKeyList APIKeyModel APIKeyRole APIKeyWithSecret AlignmentResult AlignmentScores
        AssistantFileModel AssistantModel BackupList BackupModel BatchError BatchResponseInfo
        BatchResult ByocSpec ByocSpecInfo ChatCitation ChatCompletionChoice ChatCompletionResponse
        ChatCompletionStreamChoice ChatCompletionStreamChunk ChatCompletionStreamDelta ChatHighlight
        ChatMessage ChatReference ChatResponse ChatStreamChunk ChatUsage CloudProvider
        CollectionList CollectionModel ContextContentBlock ContextImageBlock ContextImageData
        ContextOptions ContextReference=FileReference ContextResponse ContextSnippet
        ContextTextBlock CreateIndexFromBackupResponse DeletionProtection DenseEmbedding
        DescribeIndexStatsResponse EmbedConfig EmbedModel EmbedUsage Embedding EmbeddingsList
        EntailmentResult FetchByMetadataResponse FetchResponse FileReference Hit ImportList
        ImportModel IndexList IndexModel IndexSpec IndexStatus IntegratedSpec ListAssistantsResponse
        ListFilesResponse ListItem ListNamespacesResponse ListResponse Message Metric ModelInfo
        ModelInfoList ModelInfoSupportedParameter MultimodalSnippet NamespaceDescription
        NamespaceSummary OrganizationList OrganizationModel PageReference=FileReference Pagination
        PodSpec PodSpecInfo PodType ProjectList ProjectModel QueryNamespacesResults QueryResponse
        RankedDocument RerankModel RerankResult RerankUsage ResponseInfo RestoreJobList
        RestoreJobModel ScoredVector SearchRecordsResponse SearchResult SearchUsage ServerlessSpec
        ServerlessSpecInfo SparseEmbedding SparseValues StartImportResponse StreamCitationChunk
        StreamContentChunk StreamContentDelta StreamMessageEnd StreamMessageStart TextSnippet
        UpdateResponse UpsertRecordsResponse UpsertResponse Usage Vector VectorType
    """,
    "models.admin": """
        APIKeyList APIKeyModel APIKeyWithSecret OrganizationList OrganizationModel ProjectList
        ProjectModel
    """,
    "models.admin.api_key": """
        APIKeyList APIKeyModel APIKeyRole APIKeyWithSecret
    """,
    "models.admin.organization": """
        OrganizationList OrganizationModel
    """,
    "models.admin.project": """
        ProjectList ProjectModel
    """,
    "models.assistant": """
        AlignmentResponse=AlignmentResult AlignmentResult AlignmentScores AssistantFileModel
        AssistantModel AsyncChatCompletionStream AsyncChatStream BaseStreamChatResponseChunk
        ChatCitation ChatCompletionChoice ChatCompletionMessage ChatCompletionResponse
        ChatCompletionStream ChatCompletionStreamChoice ChatCompletionStreamChunk
        ChatCompletionStreamDelta ChatHighlight ChatMessage ChatReference ChatResponse ChatStream
        ChatStreamChunk ChatUsage Citation=ChatCitation ContextContentBlock ContextImageBlock
        ContextImageData ContextOptions ContextReference=FileReference ContextResponse
        ContextSnippet ContextTextBlock DocxReference=FileReference EntailmentResult
        EvaluatedFact=EntailmentResult FileModel=AssistantFileModel FileReference
        Highlight=ChatHighlight Image=ContextImageData ImageBlock=ContextImageBlock
        JsonReference=FileReference ListAssistantsResponse ListFilesResponse
        MarkdownReference=FileReference Message MessageDelta=StreamContentDelta
        Metrics=AlignmentScores MultimodalSnippet PageReference=FileReference
        PdfReference=FileReference Reference=ChatReference
        StreamChatResponseCitation=StreamCitationChunk
        StreamChatResponseContentDelta=StreamContentChunk
        StreamChatResponseMessageEnd=StreamMessageEnd
        StreamChatResponseMessageStart=StreamMessageStart StreamCitationChunk StreamContentChunk
        StreamContentDelta StreamMessageEnd StreamMessageStart
        StreamingChatCompletionChoice=ChatCompletionStreamChoice
        StreamingChatCompletionChunk=ChatCompletionStreamChunk TextBlock=ContextTextBlock
        TextReference=FileReference TextSnippet TokenCounts=ChatUsage Usage=ChatUsage
    """,
    "models.assistant.chat": """
        ChatCitation ChatCompletionChoice ChatCompletionMessage ChatCompletionResponse ChatHighlight
        ChatMessage ChatReference ChatResponse ChatUsage
    """,
    "models.assistant.context": """
        ContextImageBlock ContextImageData ContextReference=FileReference ContextResponse
        ContextTextBlock FileReference MultimodalSnippet PageReference=FileReference TextSnippet
    """,
    "models.assistant.evaluation": """
        AlignmentResult AlignmentScores EntailmentResult
    """,
    "models.assistant.file_model": """
        AssistantFileModel
    """,
    "models.assistant.list": """
        ListAssistantsResponse ListFilesResponse
    """,
    "models.assistant.message": """
        Message
    """,
    "models.assistant.model": """
        AssistantModel
    """,
    "models.assistant.operation": """
        OperationModel
    """,
    "models.assistant.options": """
        ContextOptions
    """,
    "models.assistant.streaming": """
        AsyncChatCompletionStream AsyncChatStream ChatCompletionStream ChatCompletionStreamChoice
        ChatCompletionStreamChunk ChatCompletionStreamDelta ChatStream StreamCitationChunk
        StreamContentChunk StreamContentDelta StreamMessageEnd StreamMessageStart
    """,
    "models.backups": """
        BackupList BackupModel CreateIndexFromBackupResponse RestoreJobList RestoreJobModel
    """,
    "models.backups.list": """
        BackupList RestoreJobList
    """,
    "models.backups.model": """
        BackupModel CreateIndexFromBackupResponse RestoreJobModel
    """,
    "models.batch": """
        BatchError BatchResult
    """,
    "models.collections": """
        CollectionList CollectionModel
    """,
    "models.collections.description": """
        CollectionDescription
    """,
    "models.collections.list": """
        CollectionList
    """,
    "models.collections.model": """
        CollectionModel
    """,
    "models.enums": """
        AwsRegion AzureRegion CloudProvider DeletionProtection EmbedModel GcpRegion Metric
        PodIndexEnvironment PodType RerankModel VectorType
    """,
    "models.imports": """
        ImportList ImportModel StartImportResponse
    """,
    "models.imports.error_mode": """
        ImportErrorMode
    """,
    "models.imports.list": """
        ImportList
    """,
    "models.imports.model": """
        ImportModel StartImportResponse
    """,
    "models.indexes": """
        ByocSpec ByocSpecInfo EmbedConfig IndexList IndexModel IndexSpec IndexStatus IntegratedSpec
        ModelIndexEmbed PodSpec PodSpecInfo ServerlessSpec ServerlessSpecInfo
    """,
    "models.indexes.index": """
        ByocSpecInfo IndexModel IndexSpec IndexStatus IndexTags ModelIndexEmbed PodSpecInfo
        ServerlessSpecInfo
    """,
    "models.indexes.list": """
        IndexList
    """,
    "models.indexes.specs": """
        ByocSpec EmbedConfig IntegratedSpec PodSpec ServerlessSpec
    """,
    "models.inference": """
        DenseEmbedding EmbedUsage Embedding EmbeddingsList ModelInfo ModelInfoList
        ModelInfoSupportedParameter RankedDocument RerankResult RerankUsage SparseEmbedding
    """,
    "models.inference.embed": """
        DenseEmbedding EmbedUsage EmbeddingsList SparseEmbedding
    """,
    "models.inference.model_list": """
        ModelInfoList
    """,
    "models.inference.models": """
        ModelInfo ModelInfoSupportedParameter
    """,
    "models.inference.rerank": """
        RankedDocument RerankResult RerankUsage
    """,
    "models.namespaces": """
        ListNamespacesResponse NamespaceDescription NamespaceFieldConfig NamespaceSchema
    """,
    "models.namespaces.models": """
        IndexedFields ListNamespacesResponse NamespaceDescription NamespaceFieldConfig
        NamespaceSchema
    """,
    "models.pagination": """
        AsyncPaginator Page Paginator T
    """,
    "models.response_info": """
        BatchResponseInfo ResponseInfo
    """,
    "models.vectors": """
        DescribeIndexStatsResponse FetchByMetadataResponse FetchResponse Hit ListItem ListResponse
        NamespaceSummary Pagination QueryNamespacesResults QueryResponse QueryResultsAggregator
        RerankConfig ResponseInfo ScoredVector SearchRecordsResponse SearchResult SearchUsage
        SparseValues UpdateResponse UpsertRecordsResponse UpsertResponse Usage Vector
    """,
    "models.vectors.query_aggregator": """
        QueryNamespacesResults QueryResultsAggregator QueryResultsAggregatorInvalidTopKError
    """,
    "models.vectors.responses": """
        DescribeIndexStatsResponse FetchByMetadataResponse FetchResponse ListItem ListResponse
        NamespaceSummary Pagination QueryResponse UpdateResponse UpsertRecordsResponse
        UpsertResponse
    """,
    "models.vectors.search": """
        Hit RerankConfig SearchInputs SearchQuery SearchQueryVector SearchRecordsResponse
        SearchRerank SearchResult SearchUsage
    """,
    "models.vectors.sparse": """
        SparseValues
    """,
    "models.vectors.usage": """
        Usage
    """,
    "models.vectors.vector": """
        ScoredVector Vector
    """,
    "pinecone": """
        Pinecone
    """,
    "pinecone_asyncio": """
        AsyncPinecone PineconeAsyncio=AsyncPinecone
    """,
    "preview": """
        AsyncPreview Preview PreviewSchemaBuilder SchemaBuilder=PreviewSchemaBuilder
    """,
    "preview.async_documents": """
        AsyncPreviewDocuments
    """,
    "preview.async_index": """
        AsyncPreviewDocuments AsyncPreviewIndex
    """,
    "preview.async_indexes": """
        AsyncPreviewIndexes
    """,
    "preview.documents": """
        PreviewDocuments
    """,
    "preview.index": """
        PreviewDocuments PreviewIndex
    """,
    "preview.indexes": """
        PreviewIndexes
    """,
    "preview.models": """
        PreviewBackupModel PreviewBooleanField PreviewByocDeployment PreviewConfigureIndexRequest
        PreviewCreateBackupRequest PreviewCreateIndexRequest PreviewDenseVectorField
        PreviewDenseVectorQuery PreviewDeployment PreviewDocument PreviewDocumentFetchResponse
        PreviewDocumentSearchResponse PreviewDocumentUpsertResponse PreviewIndexModel
        PreviewIndexStatus PreviewIntegerField PreviewLegacyIntegerField PreviewManagedDeployment
        PreviewPodDeployment PreviewQueryStringQuery PreviewReadCapacity
        PreviewReadCapacityDedicatedInner PreviewReadCapacityDedicatedResponse
        PreviewReadCapacityManualScaling PreviewReadCapacityOnDemandResponse
        PreviewReadCapacityStatus PreviewSchema PreviewSchemaBuilder PreviewSchemaField
        PreviewScoreByQuery PreviewSemanticTextField PreviewSparseValues PreviewSparseVectorField
        PreviewSparseVectorQuery PreviewStringField PreviewTextQuery PreviewUsage
    """,
    "preview.models.backups": """
        PreviewBackupModel PreviewCreateBackupRequest
    """,
    "preview.models.deployment": """
        PreviewByocDeployment PreviewDeployment PreviewManagedDeployment PreviewPodDeployment
    """,
    "preview.models.documents": """
        PreviewDocument PreviewDocumentFetchResponse PreviewDocumentSearchResponse
        PreviewDocumentUpsertResponse PreviewUsage
    """,
    "preview.models.indexes": """
        PreviewIndexModel
    """,
    "preview.models.read_capacity": """
        PreviewReadCapacity PreviewReadCapacityDedicatedInner PreviewReadCapacityDedicatedResponse
        PreviewReadCapacityManualScaling PreviewReadCapacityOnDemandResponse
        PreviewReadCapacityStatus
    """,
    "preview.models.requests": """
        PreviewConfigureIndexRequest PreviewCreateIndexRequest
    """,
    "preview.models.schema": """
        PreviewBooleanField PreviewDenseVectorField PreviewFullTextSearchConfig PreviewIntegerField
        PreviewLegacyIntegerField PreviewSchema PreviewSchemaField PreviewSemanticTextField
        PreviewSparseVectorField PreviewStringField PreviewStringListField
    """,
    "preview.models.score_by": """
        PreviewDenseVectorQuery PreviewQueryStringQuery PreviewScoreByQuery PreviewSparseVectorQuery
        PreviewTextQuery
    """,
    "preview.models.sparse": """
        PreviewSparseValues
    """,
    "preview.models.status": """
        PreviewIndexStatus
    """,
    "preview.schema_builder": """
        PreviewSchemaBuilder
    """,
    "utils": """
        Condition Field
    """,
    "utils.filter_builder": """
        Condition Field FilterBuilder=Field
    """,
    "utils.response_info": """
        ResponseInfo=ResponseInfoDict
    """,
    "data.features.inference.inference": """
        Inference
    """,
    "data.features.inference": """
        Inference AsyncioInference=AsyncInference
    """,
    "core.openapi.inference.model.embeddings_list": """
        EmbeddingsList
    """,
    "core.openapi.inference.models": """
        EmbeddingsList RerankResult
    """,
    "core.openapi.shared.exceptions": """
        PineconeException=PineconeError PineconeApiException=ApiError
        NotFoundException=NotFoundError UnauthorizedException=UnauthorizedError
        ForbiddenException=ForbiddenError ServiceException=ServiceError
        PineconeApiTypeError=PineconeTypeError PineconeApiValueError=PineconeValueError
        PineconeApiAttributeError=PineconeError PineconeApiKeyError=PineconeError
    """,
    "openapi_support.exceptions": """
        PineconeException=PineconeError PineconeApiException=ApiError
        NotFoundException=NotFoundError UnauthorizedException=UnauthorizedError
        ForbiddenException=ForbiddenError ServiceException=ServiceError
        PineconeApiTypeError=PineconeTypeError PineconeApiValueError=PineconeValueError
    """,
    "db_data.index": """
        Index ApplyResult IndexClientInstantiationError
    """,
    "db_data.index_asyncio": """
        _IndexAsyncio=AsyncIndex IndexAsyncio=AsyncIndex
    """,
    "db_data.types": """
        VectorTypedDict VectorMetadataTypedDict VectorTuple VectorTupleWithMetadata
        SparseVectorTypedDict SearchQueryTypedDict SearchRerankTypedDict FilterTypedDict
    """,
    "db_control.types": """
        CreateIndexForModelEmbedTypedDict
    """,
    "utils.error_handling": """
        ProtocolError=PineconeConnectionError
    """,
    "data.index": """
        Index
    """,
}


def __getattr__(name: str) -> dict[str, dict[str, str]]:
    """Make ``MODULES``, what each name of each module path stands for, once a program imports such a path."""
    if name != "MODULES":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    made = globals()[name] = {
        f"pinecone.{path}": {
            old: new or old for old, _, new in (name.partition("=") for name in names.split())
        }
        for path, names in _MODULES.items()
    }
    return made


_TOP = """
    APIKeyList APIKeyModel APIKeyRole APIKeyWithSecret Admin AlignmentResult ApiError
    AssistantFileModel AssistantModel AsyncChatCompletionStream AsyncChatStream AsyncIndex
    AsyncPaginator AsyncPinecone AwsRegion AzureRegion BackupList BackupModel BadRequestError
    BatchResponseInfo ByocSpec ByocSpecInfo ChatCompletionMessage ChatCompletionResponse
    ChatCompletionStream ChatCompletionStreamChunk ChatResponse ChatStream ChatStreamChunk
    CloudProvider CollectionDescription CollectionList CollectionModel ConflictError ContextOptions
    ContextResponse CreateIndexFromBackupResponse DeletionProtection DenseEmbedding
    DescribeIndexStatsResponse EmbedConfig EmbedModel EmbeddingsList FailedPreconditionError
    FetchByMetadataResponse FetchResponse Field FilterBuilder=Field ForbiddenError
    ForbiddenException=ForbiddenError GcpRegion GrpcIndex Hit ImportErrorMode ImportList ImportModel
    Index IndexEmbed IndexInitFailedError IndexList IndexModel IndexSpec IndexTags
    IndexTerminatedError IntegratedSpec ListAssistantsResponse ListConversionException=PineconeError
    ListFilesResponse ListNamespacesResponse ListResponse Message Metric ModelIndexEmbed ModelInfo
    ModelInfoList NamespaceDescription NotFoundError NotFoundException=NotFoundError
    OrganizationList OrganizationModel Page Paginator PayloadTooLargeError PaymentRequiredError
    Pinecone PineconeApiAttributeError=PineconeError PineconeApiException=ApiError
    PineconeApiKeyError=PineconeError PineconeApiTypeError=PineconeTypeError
    PineconeApiValueError=PineconeValueError PineconeAsyncio=AsyncPinecone PineconeClosedError
    PineconeConfig PineconeConfigurationError=PineconeValueError PineconeConnectionError
    PineconeError PineconeException=PineconeError PineconeFuture PineconeProtocolError=PineconeError
    PineconeTimeoutError PineconeTypeError PineconeValueError PodIndexEnvironment PodSpec
    PodSpecInfo PodType ProjectList ProjectModel QueryNamespacesResults QueryResponse
    QueryResultsAggregator RankedDocument RateLimitError RateLimitException=RateLimitError
    RerankConfig RerankModel RerankResult ResponseInfo ResponseParsingError RestoreJobList
    RestoreJobModel RetryConfig ScoredVector SearchInputs SearchQuery SearchRecordsResponse
    SearchRerank SearchResult SearchUsage ServerlessSpec ServerlessSpecInfo ServiceError
    ServiceException=ServiceError SparseEmbedding SparseValues StartImportResponse
    StreamCitationChunk StreamContentChunk StreamMessageEnd StreamMessageStart Timeout
    UnauthorizedError UnauthorizedException=UnauthorizedError UnexpectedArgumentError
    UnprocessableEntityError
    UpdateResponse UpsertRecordsResponse UpsertResponse Vector VectorType
"""

TOP: dict[str, str] = {old: new or old for old, _, new in (name.partition("=") for name in _TOP.split())}
"""What each name of the package itself stands for."""

HIDDEN = {"GRPCIndex": "GrpcIndex"}
"""Names of earlier generations that work at the top level but are not listed."""

REMOVED = (
    "init",
    "create_index",
    "delete_index",
    "list_indexes",
    "describe_index",
    "configure_index",
    "scale_index",
    "create_collection",
    "delete_collection",
    "describe_collection",
    "list_collections",
)
"""Functions of the first generation, which are methods of a client now."""
