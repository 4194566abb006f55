"""Writing a schema field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pinecone_core.checks import enum_value, integer
from pinecone_core.errors import PineconeTypeError, PineconeValueError

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["PreviewSchemaBuilder"]

_LONGEST_NAME = 64
_LONGEST_DESCRIPTION = 256
_CODES = {
    "arabic": "ar",
    "danish": "da",
    "german": "de",
    "greek": "el",
    "english": "en",
    "spanish": "es",
    "finnish": "fi",
    "french": "fr",
    "hungarian": "hu",
    "italian": "it",
    "dutch": "nl",
    "norwegian": "no",
    "portuguese": "pt",
    "romanian": "ro",
    "russian": "ru",
    "swedish": "sv",
    "tamil": "ta",
    "turkish": "tr",
}
_KNOWN = frozenset(_CODES.values())


def _language(value: str) -> str:
    folded = value.strip().lower()
    return folded if folded in _KNOWN else _CODES.get(folded, value)


class PreviewSchemaBuilder:
    """Writes the schema of an index, field by field. A field that is added again is replaced.

    Example:
        >>> schema = (
        ...     PreviewSchemaBuilder()
        ...     .add_dense_vector_field("embedding", dimension=3, metric="cosine")
        ...     .add_string_field("body", full_text_search=True, language="English")
        ...     .build()
        ... )
        >>> schema["fields"]["body"]
        {'type': 'string', 'full_text_search': {'language': 'en'}}
    """

    def __init__(self) -> None:
        self._fields: dict[str, dict[str, Any]] = {}

    def add_dense_vector_field(
        self,
        name: str,
        *,
        dimension: int,
        metric: str,
        description: str | None = None,
        **additional_options: Any,
    ) -> Self:
        """Add a field of dense vectors.

        Args:
            name: What the field is called.
            dimension: Components of a vector.
            metric: ``"cosine"``, ``"euclidean"`` or ``"dotproduct"``.
            description: What it is for.
            additional_options: Further keys of the definition.

        Returns:
            The builder.
        """
        definition = {
            "type": "dense_vector",
            "dimension": integer("dimension", dimension),
            "metric": enum_value(metric),
        }
        return self._add(name, definition, description, additional_options)

    def add_sparse_vector_field(
        self, name: str, *, description: str | None = None, **additional_options: Any
    ) -> Self:
        """Add a field of sparse vectors.

        Args:
            name: What the field is called.
            description: What it is for.
            additional_options: Further keys of the definition.

        Returns:
            The builder.
        """
        definition = {"type": "sparse_vector", "metric": "dotproduct"}
        return self._add(name, definition, description, additional_options)

    def add_string_field(
        self,
        name: str,
        *,
        full_text_search: bool | Mapping[str, Any] | None = None,
        language: str | None = None,
        stemming: bool | None = None,
        stop_words: bool | None = None,
        filterable: bool = False,
        description: str | None = None,
        **additional_options: Any,
    ) -> Self:
        """Add a field of text.

        Args:
            name: What the field is called.
            full_text_search: True, or a dict of options, to search it by its words.
            language: The language, as a name or short code; turns the search on.
            stemming: Whether words of one stem match each other; turns the search on.
            stop_words: Whether frequent small words are left out, which needs stemming; turns the
                search on.
            filterable: Whether filters may name it.
            description: What it is for.
            additional_options: Further keys of the definition.

        Returns:
            The builder.
        """
        search = _full_text_search(full_text_search, language, stemming, stop_words)
        definition: dict[str, Any] = {"type": "string"}
        if search is not None:
            definition["full_text_search"] = search
        return self._add(name, definition, description, additional_options, filterable=filterable)

    def add_string_list_field(
        self,
        name: str,
        *,
        filterable: bool = False,
        description: str | None = None,
        **additional_options: Any,
    ) -> Self:
        """Add a field of lists of text.

        Args:
            name: What the field is called.
            filterable: Whether filters may name it.
            description: What it is for.
            additional_options: Further keys of the definition.

        Returns:
            The builder.
        """
        definition = {"type": "string_list"}
        return self._add(name, definition, description, additional_options, filterable=filterable)

    def add_boolean_field(
        self,
        name: str,
        *,
        filterable: bool = False,
        description: str | None = None,
        **additional_options: Any,
    ) -> Self:
        """Add a field of yes or no.

        Args:
            name: What the field is called.
            filterable: Whether filters may name it.
            description: What it is for.
            additional_options: Further keys of the definition.

        Returns:
            The builder.
        """
        definition = {"type": "boolean"}
        return self._add(name, definition, description, additional_options, filterable=filterable)

    def add_float_field(
        self,
        name: str,
        *,
        filterable: bool = False,
        description: str | None = None,
        **additional_options: Any,
    ) -> Self:
        """Add a field of numbers.

        Args:
            name: What the field is called.
            filterable: Whether filters may name it.
            description: What it is for.
            additional_options: Further keys of the definition.

        Returns:
            The builder.
        """
        definition = {"type": "float"}
        return self._add(name, definition, description, additional_options, filterable=filterable)

    def add_custom_field(self, name: str, field_definition: dict[str, Any]) -> Self:
        """Add a field with a definition of your own.

        Args:
            name: What the field is called.
            field_definition: The definition, as it goes to the service.

        Returns:
            The builder.
        """
        if not isinstance(field_definition, Mapping):
            raise PineconeTypeError(f"field_definition must be a dict, got {type(field_definition).__name__}")
        self._fields[_field_name(name)] = dict(field_definition)
        return self

    def build(self) -> dict[str, dict[str, Any]]:
        """Return the schema, ``{"fields": {...}}``."""
        return {"fields": {name: dict(definition) for name, definition in self._fields.items()}}

    def _add(
        self,
        name: str,
        definition: dict[str, Any],
        description: str | None,
        more: dict[str, Any],
        *,
        filterable: bool = False,
    ) -> Self:
        if description is not None:
            if len(description.encode()) > _LONGEST_DESCRIPTION:
                raise PineconeValueError(
                    f"description of {name!r} must be at most {_LONGEST_DESCRIPTION} bytes of UTF-8"
                )
            definition["description"] = description
        if filterable:
            definition["filterable"] = True
        self._fields[_field_name(name)] = {**definition, **more}
        return self

    def __repr__(self) -> str:
        return f"PreviewSchemaBuilder(fields={list(self._fields)!r})"


def _field_name(name: Any) -> str:
    if not isinstance(name, str):
        raise PineconeTypeError(f"name must be a string, got {type(name).__name__}")
    if not name.strip():
        raise PineconeValueError("name must be a non-empty string")
    if name.startswith(("$", "_")):
        raise PineconeValueError(f"name must not start with '$' or '_', got {name!r}")
    if len(name.encode("utf-8", "replace")) > _LONGEST_NAME:
        raise PineconeValueError(f"name must be at most {_LONGEST_NAME} bytes of UTF-8, got {name!r}")
    return name


def _full_text_search(
    wanted: bool | Mapping[str, Any] | None,
    language: str | None,
    stemming: bool | None,
    stop_words: bool | None,
) -> dict[str, Any] | None:
    keywords = {
        key: value
        for key, value in (("language", language), ("stemming", stemming), ("stop_words", stop_words))
        if value is not None
    }
    if wanted is False and keywords:
        raise PineconeValueError(
            f"full_text_search=False contradicts {', '.join(keywords)}; leave one of them out"
        )
    if wanted is not True and not isinstance(wanted, Mapping) and not keywords:
        return None
    search = {**(wanted if isinstance(wanted, Mapping) else {}), **keywords}
    if isinstance(search.get("language"), str):
        search["language"] = _language(search["language"])
    if search.get("stop_words") and not search.get("stemming"):
        raise PineconeValueError("stop_words needs stemming=True")
    return search
