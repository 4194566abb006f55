"""Answers whose shape depends on the version of the service."""

from __future__ import annotations

from typing import Any

from ..models.assistant import AssistantModel

__all__ = ["UpdatedAssistant"]


class UpdatedAssistant:
    """The answer to a change: the whole assistant, or only what was changed."""

    __wire__ = dict[str, Any]

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields

    @classmethod
    def from_wire(cls, wire: dict[str, Any]) -> UpdatedAssistant:
        """Make one from the service's answer."""
        return cls(wire)

    def whole(self) -> AssistantModel | None:
        """Return the assistant, or None when the answer was not a whole one."""
        name, status = self._fields.get("name"), self._fields.get("status")
        if not isinstance(name, str) or not isinstance(status, str):
            return None
        known = {key: self._fields.get(key) for key in AssistantModel.__struct_fields__}
        return AssistantModel(**known)  # type: ignore[arg-type]
