"""The hosted models and what they can do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from pinecone_core.display import render_table, safe_display

from .access import Fields

__all__ = ["ModelInfo", "ModelInfoList", "ModelInfoSupportedParameter"]

_ALIASES = {"name": "model", "description": "short_description"}


class ModelInfoSupportedParameter(Fields, kw_only=True):
    """A parameter of a model.

    Attributes:
        parameter: Its name.
        type: ``one_of``, ``numeric_range`` or ``any``.
        value_type: ``string``, ``integer``, ``float`` or ``boolean``.
        required: Whether it must be given.
        allowed_values: What it may be, for ``one_of``.
        min: The least it may be, for ``numeric_range``.
        max: The most it may be, for ``numeric_range``.
        default: What it is when it is not given.
    """

    parameter: str
    type: str
    value_type: str
    required: bool
    allowed_values: list[str | int] | None = None
    min: int | float | None = None
    max: int | float | None = None
    default: str | int | float | bool | None = None


class ModelInfo(Fields, kw_only=True):
    """A hosted model.

    Attributes:
        model: Its name; ``name`` is the same.
        short_description: What it is; ``description`` is the same.
        type: ``embed`` or ``rerank``.
        supported_parameters: What its ``parameters`` may hold.
        vector_type: ``dense`` or ``sparse``, or None.
        default_dimension: Numbers a vector, or None.
        supported_dimensions: Every dimension it offers, or None.
        modality: Such as ``text``, or None.
        max_sequence_length: Tokens of a text that count, or None.
        max_batch_size: Texts a request, or None.
        provider_name: Who made it, or None.
        supported_metrics: The metrics its vectors are meant for, or None.
    """

    model: str
    short_description: str
    type: str
    supported_parameters: list[ModelInfoSupportedParameter]
    vector_type: str | None = None
    default_dimension: int | None = None
    supported_dimensions: list[int] | None = None
    modality: str | None = None
    max_sequence_length: int | None = None
    max_batch_size: int | None = None
    provider_name: str | None = None
    supported_metrics: list[str] | None = None

    @property
    def name(self) -> str:
        """Its name."""
        return self.model

    @property
    def description(self) -> str:
        """What it is."""
        return self.short_description

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(_ALIASES.get(key, key))

    def __contains__(self, key: object) -> bool:
        return key in _ALIASES or super().__contains__(key)


class _Wire(msgspec.Struct):
    models: list[ModelInfo] = msgspec.field(default_factory=list)


class ModelInfoList:
    """Models, as a list.

    Args:
        models: The models.
    """

    __wire__: ClassVar[type[_Wire]] = _Wire

    def __init__(self, models: list[ModelInfo]) -> None:
        self._models = models

    @classmethod
    def from_wire(cls, wire: _Wire) -> ModelInfoList:
        """Make one from what the service answered."""
        return cls(wire.models)

    @property
    def models(self) -> list[ModelInfo]:
        """The models."""
        return self._models

    def names(self) -> list[str]:
        """Return the models' names."""
        return [model.model for model in self._models]

    def to_dict(self) -> dict[str, Any]:
        """Return the models as dicts under ``"models"``."""
        return {"models": [model.to_dict() for model in self._models]}

    def __getitem__(self, key: int | slice | str) -> Any:
        if isinstance(key, str):
            if key == "models":
                return self._models
            raise KeyError(key)
        return self._models[key]

    def __len__(self) -> int:
        return len(self._models)

    def __iter__(self) -> Iterator[ModelInfo]:
        return iter(self._models)

    def __contains__(self, item: object) -> bool:
        return item == "models" or item in self._models

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ModelInfoList) and self._models == other._models

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        shown = ", ".join(f"<model={model.model!r}, type={model.type!r}>" for model in self._models)
        return f"ModelInfoList([{shown}])"

    @safe_display
    def _repr_html_(self) -> str:
        rows = [(model.model, model.short_description) for model in self._models]
        return render_table(f"ModelInfoList ({len(self._models)})", rows)
