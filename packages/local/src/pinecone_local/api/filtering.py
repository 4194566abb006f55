"""Metadata filters of requests, held to what an index lets filters use."""

from __future__ import annotations

from typing import Any

import msgspec

from ..http import bad_request
from ..search.filters import Condition, Everything, FilterError, fields_of, read_filter
from ..state.dataset import Dataset
from ..state.namespace import Namespace
from ..state.resources import IndexRow

__all__ = ["matching_ids", "read_condition"]


def read_condition(row: IndexRow, data: Dataset, namespace: str, filter_: Any) -> Condition:
    """Read a filter; None and ``{}`` hold for every record.

    Raises:
        ApiFault: 400 for what is no filter, or names a field that is not filterable.
    """
    if filter_ is None:
        return Everything()
    try:
        condition = read_filter(filter_)
    except FilterError as error:
        raise bad_request(str(error)) from error
    allowed = row.filterable()
    entry = data.entry(namespace)
    if entry is not None and entry.schema is not None:
        allowed = frozenset(msgspec.json.decode(entry.schema)["fields"])
    if allowed is not None and (refused := sorted(fields_of(condition) - allowed)):
        offered = ", ".join(sorted(allowed)) or "none"
        raise bad_request(f"The field {refused[0]!r} is not filterable: the schema allows {offered}.")
    return condition


def matching_ids(records: Namespace, condition: Condition) -> list[str]:
    """Return the ids of the records for which a condition holds, in write order."""
    snapshot = records.snapshot(condition)
    return [snapshot.id(row) for row in snapshot.kept_rows().tolist()]
