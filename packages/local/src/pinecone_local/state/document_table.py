"""Documents of one namespace, decoded and laid out for search: made when first searched, then kept up.

Documents are stored as records whose metadata is the JSON of all their fields. The table follows the
rows of the namespace; when the namespace moves its rows together, it is made anew.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from ..search.filters import Condition, evaluate
from ..search.fulltext import Analyzer, TextColumn
from .arrays import F32
from .namespace import Namespace, Snapshot
from .sparse_table import SparseTable

__all__ = ["DocumentTable", "table_of"]

Mask = npt.NDArray[np.bool_]

_making = threading.Lock()


def table_of(records: Namespace, schema: dict[str, Any]) -> DocumentTable:
    """Return the namespace's table, made if need be."""
    with _making:
        table = records.documents
        if not isinstance(table, DocumentTable):
            table = records.documents = DocumentTable(schema)
        return table


class DocumentTable:
    """All rows of a namespace as documents. Take ``lock`` around ``follow`` and what comes after it.

    Args:
        schema: The fields of the index, by name.
    """

    def __init__(self, schema: dict[str, Any]) -> None:
        self.lock = threading.Lock()
        self._schema = schema
        self._reset(None)

    def _reset(self, history: object) -> None:
        self._history = history
        self.ids: list[str] = []
        self.documents: list[dict[str, Any]] = []
        self.alive: Mask = np.zeros(0, np.bool_)
        self.texts: dict[str, TextColumn] = {}
        self.dense: dict[str, list[F32 | None]] = {}
        self.sparse: dict[str, SparseTable] = {}
        for name, field in self._schema.items():
            if field["type"] == "dense_vector":
                self.dense[name] = []
            elif field["type"] == "sparse_vector":
                self.sparse[name] = SparseTable()
            elif "full_text_search" in field:
                self.texts[name] = TextColumn(Analyzer.of(field["full_text_search"]))

    def follow(self, records: Namespace) -> Snapshot:
        """Take in what was written since the last time."""
        snapshot = records.snapshot()
        if snapshot.history is not self._history:
            self._reset(snapshot.history)
        for row in range(len(self.ids), snapshot.rows):
            self._append(snapshot.id(row), msgspec.json.decode(snapshot.metadata(row) or b"{}"))
        self.alive = np.ones(snapshot.rows, np.bool_) if snapshot.keep is None else snapshot.keep.copy()
        return snapshot

    def _append(self, id_: str, document: dict[str, Any]) -> None:
        self.ids.append(id_)
        for name, vectors in self.dense.items():
            values = document.pop(name, None)
            vectors.append(None if values is None else np.array(values, np.float32))
        for name, table in self.sparse.items():
            given = document.pop(name, None)
            found = None
            if given is not None and given["indices"]:
                found = np.array(given["indices"], np.uint32), np.array(given["values"], np.float32)
            table.append([found])
        for name, column in self.texts.items():
            column.append(document.get(name))
        self.documents.append(document)

    def kept(self, condition: Condition) -> Mask:
        """Return the living rows for which a condition holds."""
        return evaluate(condition, self.column, len(self.ids)) & self.alive

    def column(self, name: str) -> ValueColumn:
        """Return a field as filters ask it."""
        if name == "_id":
            return ValueColumn(list(self.ids), None)
        return ValueColumn([document.get(name) for document in self.documents], self.texts.get(name))


class ValueColumn:
    """One field's values over all rows, None where a document has none."""

    def __init__(self, values: list[Any], text: TextColumn | None) -> None:
        self._values = values
        self._text = text

    def having(self, value: str | float | bool, into: Mask) -> None:
        """Set the rows that have this value."""
        kind = bool if isinstance(value, bool) else str if isinstance(value, str) else float
        for row, held in enumerate(self._values):
            for item in held if isinstance(held, list) else (held,):
                if _kind(item) is kind and item == value:
                    into[row] = True

    def comparing(self, test: Callable[[Any, float], Any], operand: float, into: Mask) -> None:
        """Set the rows with a number that passes the test."""
        for row, held in enumerate(self._values):
            if _kind(held) is float and bool(test(held, operand)):
                into[row] = True

    def present(self, into: Mask) -> None:
        """Set the rows that have the field."""
        for row, held in enumerate(self._values):
            if held is not None:
                into[row] = True

    def matching(self, how: str, text: str, into: Mask) -> None:
        """Set the rows whose text has the phrase, every term or any term of a text."""
        if self._text is None:
            raise TypeError("the field has no full-text search")
        terms = self._text.analyzer.terms(text)
        if how == "phrase":
            into[list(self._text.phrase_counts(terms))] = True
        else:
            into |= self._text.holding(terms, every=how == "all")


def _kind(value: Any) -> type | None:
    if isinstance(value, bool):
        return bool
    if isinstance(value, str):
        return str
    return float if isinstance(value, int | float) else None
