"""Metadata turned round: for each field that filters ask about, which rows have which value.

A column is built the first time a filter names its field and kept up to date by every write after
that. Rows of deleted or replaced records stay in it; the caller masks them.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from ..search.filters import Mask

__all__ = ["Columns", "MetadataColumn"]

_ROW = "q"


class MetadataColumn:
    """One field: rows by text, rows by truth value, and numbers beside their rows."""

    __slots__ = ("_flags", "_number_rows", "_numbers", "_present", "_texts")

    def __init__(self) -> None:
        self._texts: dict[str, array[int]] = {}
        self._flags: dict[bool, array[int]] = {True: array(_ROW), False: array(_ROW)}
        self._numbers: array[float] = array("d")
        self._number_rows: array[int] = array(_ROW)
        self._present: array[int] = array(_ROW)

    def add(self, row: int, value: Any) -> None:
        """Note a row's value; rows come in rising order."""
        self._present.append(row)
        if isinstance(value, str):
            self._add_text(row, value)
        elif isinstance(value, bool):
            self._flags[value].append(row)
        elif isinstance(value, int | float):
            self._numbers.append(value)
            self._number_rows.append(row)
        elif isinstance(value, list):
            for item in set(value):
                self._add_text(row, item)

    def _add_text(self, row: int, value: str) -> None:
        rows = self._texts.get(value)
        if rows is None:
            rows = self._texts[value] = array(_ROW)
        rows.append(row)

    def having(self, value: str | float | bool, into: Mask) -> None:
        """Set the rows that have this value."""
        if isinstance(value, str):
            rows = self._texts.get(value)
        elif isinstance(value, bool):
            rows = self._flags[value]
        else:
            self.comparing(np.equal, value, into)
            return
        if rows:
            into[_as_rows(rows)] = True

    def comparing(self, test: Callable[[Any, float], Any], operand: float, into: Mask) -> None:
        """Set the rows with a number that passes the test."""
        if self._numbers:
            numbers = np.frombuffer(self._numbers, np.float64)
            into[_as_rows(self._number_rows)[test(numbers, operand)]] = True

    def present(self, into: Mask) -> None:
        """Set the rows that have the field."""
        if self._present:
            into[_as_rows(self._present)] = True

    def renumbered(self, new_rows: npt.NDArray[np.int64]) -> MetadataColumn:
        """Return the column after rows were dropped and the rest moved together.

        Args:
            new_rows: For every old row its new number, or -1 when it is gone.
        """
        moved = MetadataColumn()
        for text, rows in self._texts.items():
            kept = _renumber(rows, new_rows)
            if kept:
                moved._texts[text] = kept
        moved._flags = {flag: _renumber(rows, new_rows) for flag, rows in self._flags.items()}
        moved._present = _renumber(self._present, new_rows)
        if self._number_rows:
            number_rows = new_rows[_as_rows(self._number_rows)]
            alive = number_rows >= 0
            moved._number_rows = array(_ROW, number_rows[alive].tobytes())
            moved._numbers = array("d", np.frombuffer(self._numbers, np.float64)[alive].tobytes())
        return moved


def _as_rows(rows: array[int]) -> npt.NDArray[np.int64]:
    # A view; it must be dropped before the array can grow again, hence never kept.
    return np.frombuffer(rows, np.int64)


def _renumber(rows: array[int], new_rows: npt.NDArray[np.int64]) -> array[int]:
    if not rows:
        return array(_ROW)
    moved = new_rows[_as_rows(rows)]
    return array(_ROW, moved[moved >= 0].tobytes())


class Columns:
    """All columns of a namespace."""

    __slots__ = ("_columns", "_decoder")

    def __init__(self) -> None:
        self._columns: dict[str, MetadataColumn] = {}
        self._decoder = msgspec.json.Decoder(dict[str, Any])

    def column(self, field: str, metadata: list[bytes | None]) -> MetadataColumn:
        """Return a field's column, building it from the rows' metadata when it is new."""
        known = self._columns.get(field)
        if known is None:
            known = self._columns[field] = self._build(field, metadata)
        return known

    @staticmethod
    def _build(field: str, metadata: list[bytes | None]) -> MetadataColumn:
        column = MetadataColumn()
        # A type with this one key lets the decoder skip all others.
        one_field = msgspec.defstruct(
            "OneField", [("value", Any, msgspec.UNSET)], rename={"value": field}, gc=False
        )
        decode = msgspec.json.Decoder(one_field).decode
        for row, text in enumerate(metadata):
            if text is not None:
                value = decode(text).value  # type: ignore[attr-defined]
                if value is not msgspec.UNSET:
                    column.add(row, value)
        return column

    def append(self, first_row: int, metadata: Iterable[bytes | None]) -> None:
        """Note new rows in every column there is."""
        if not self._columns:
            return
        for row, text in enumerate(metadata, first_row):
            if text is None:
                continue
            decoded = self._decoder.decode(text)
            for field, column in self._columns.items():
                if field in decoded:
                    column.add(row, decoded[field])

    def renumber(self, new_rows: npt.NDArray[np.int64]) -> None:
        """Follow a move of rows."""
        self._columns = {field: column.renumbered(new_rows) for field, column in self._columns.items()}
