"""The fields of an index with a schema."""

from __future__ import annotations

from typing import Any

from pinecone_core.structs import DictLikeStruct

__all__ = [
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
    "TaggedStruct",
]


class TaggedStruct(DictLikeStruct):
    """A struct whose kind stands beside its fields on the wire, and in its dict."""

    def to_dict(self) -> dict[str, Any]:
        """Return kind and fields as a new dict."""
        config = self.__struct_config__
        return {str(config.tag_field): config.tag, **super().to_dict()}


class PreviewFullTextSearchConfig(DictLikeStruct, kw_only=True, omit_defaults=True):
    """How a text field is searched by its words.

    Attributes:
        language: The language's short code.
        stemming: Whether words of one stem match each other.
        lowercase: Whether case is ignored.
        max_term_len: The longest word that counts, in characters.
        stop_words: Whether frequent small words are left out.
    """

    language: str | None = None
    stemming: bool | None = None
    lowercase: bool | None = None
    max_term_len: int | None = None
    stop_words: bool | None = None


class PreviewDenseVectorField(TaggedStruct, kw_only=True, tag_field="type", tag="dense_vector"):
    """A field of dense vectors.

    Attributes:
        dimension: Components of a vector.
        metric: How near two vectors are to each other.
        description: What it is for.
    """

    dimension: int | None = None
    metric: str | None = None
    description: str | None = None


class PreviewSparseVectorField(TaggedStruct, kw_only=True, tag_field="type", tag="sparse_vector"):
    """A field of sparse vectors.

    Attributes:
        metric: How near two vectors are to each other.
        description: What it is for.
    """

    metric: str | None = None
    description: str | None = None


class PreviewSemanticTextField(TaggedStruct, kw_only=True, tag_field="type", tag="semantic_text"):
    """A field of text that the service embeds.

    Attributes:
        model: The embedding model.
        metric: How near two vectors are to each other.
        dimension: Components of a vector.
        description: What it is for.
        read_parameters: Parameters of the model for queries.
        write_parameters: Parameters of the model for upserts.
    """

    model: str | None = None
    metric: str | None = None
    dimension: int | None = None
    description: str | None = None
    read_parameters: dict[str, Any] | None = None
    write_parameters: dict[str, Any] | None = None


class PreviewStringField(TaggedStruct, kw_only=True, tag_field="type", tag="string"):
    """A field of text.

    Attributes:
        description: What it is for.
        filterable: Whether filters may name it.
        full_text_search: How it is searched by its words; None when it is not.
    """

    description: str | None = None
    filterable: bool = False
    full_text_search: PreviewFullTextSearchConfig | None = None


class PreviewStringListField(TaggedStruct, kw_only=True, tag_field="type", tag="string_list"):
    """A field of lists of text.

    Attributes:
        description: What it is for.
        filterable: Whether filters may name it.
    """

    description: str | None = None
    filterable: bool = False


class PreviewBooleanField(TaggedStruct, kw_only=True, tag_field="type", tag="boolean"):
    """A field of yes or no.

    Attributes:
        description: What it is for.
        filterable: Whether filters may name it.
    """

    description: str | None = None
    filterable: bool = False


class PreviewIntegerField(TaggedStruct, kw_only=True, tag_field="type", tag="float"):
    """A field of numbers.

    Attributes:
        description: What it is for.
        filterable: Whether filters may name it.
    """

    description: str | None = None
    filterable: bool = False


class PreviewLegacyIntegerField(TaggedStruct, kw_only=True, tag_field="type", tag="integer"):
    """A field of whole numbers, as earlier previews had it.

    Attributes:
        description: What it is for.
        filterable: Whether filters may name it.
    """

    description: str | None = None
    filterable: bool = False


PreviewSchemaField = (
    PreviewDenseVectorField
    | PreviewSparseVectorField
    | PreviewSemanticTextField
    | PreviewStringField
    | PreviewStringListField
    | PreviewBooleanField
    | PreviewLegacyIntegerField
    | PreviewIntegerField
)


class PreviewSchema(DictLikeStruct, kw_only=True):
    """The fields of an index, by name.

    Attributes:
        fields: The fields. One of a kind that this version does not know is an ``UnknownItem``.
    """

    fields: dict[str, PreviewSchemaField]
