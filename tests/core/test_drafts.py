"""Drafts: what stands for a text until its numbers are written."""

from __future__ import annotations

import sys
from array import array
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinecone_core import drafts, vectors
from pinecone_core.drafts import Draft, piece_size, written
from pinecone_core.vectors import dense_values, narrow_values

FLOAT32 = st.floats(width=32, allow_nan=False, allow_infinity=False)


def draft(numbers: list[float], before: bytes = b"<", after: bytes = b">") -> Draft:
    return Draft(before, np.array(numbers, np.float32).tobytes(), after)


def test_texts_alone() -> None:
    assert written([]) == b""
    assert written([], b"[", b"]") == b"[]"
    assert written([b"a"], b"[", b"]") == b"[a]"
    assert written([b"a", b"", b"b"], b"[", b"]") == b"[a,,b]"


def test_texts_alone_need_nothing_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "floats", lambda: pytest.fail("asked for"))
    assert written([b"a", b"b"]) == b"a,b"


@given(st.lists(st.binary(max_size=5) | st.lists(FLOAT32, max_size=70), max_size=6))
def test_drafts_among_texts(given_pieces: list[Any]) -> None:
    native: Any = pytest.importorskip("pinecone_core._floats")
    pieces = [piece if isinstance(piece, bytes) else draft(piece) for piece in given_pieces]
    texts = [
        p if isinstance(p, bytes) else b"<" + native.write(np.array(p, "f")) + b">" for p in given_pieces
    ]
    assert written(pieces, b"[", b"]") == b"[" + b",".join(texts) + b"]"


@pytest.mark.parametrize("dimension", [64, 384, 1536, 4096])
def test_embeddings_take_no_more_bytes_than_their_drafts_say(dimension: int) -> None:
    pytest.importorskip("pinecone_core._floats")
    made = np.random.default_rng(1).standard_normal((20, dimension))
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    pieces = [draft(row.tolist()) for row in made]
    said = sum(piece_size(piece) for piece in pieces) + len(pieces) - 1
    assert 0.92 * said < len(written(pieces)) <= said


def test_the_size_of_a_text_is_known() -> None:
    assert piece_size(b"abc") == 3
    assert piece_size(draft([0.5] * 16)) == 1 + 2 + 12.75 * 16 + 1


# ---- numbers to be written later ---------------------------------------------------------------------

LONG = [0.001 * place - 0.03 for place in range(64)]


@pytest.mark.parametrize(
    "values",
    [LONG, [*range(64)], [*LONG, np.float64(0.5), -0.0], *(np.array(LONG, kind) for kind in ("f4", "f8"))],
)
def test_long_vectors_are_copied(values: Any) -> None:
    pytest.importorskip("pinecone_core._floats")
    numbers = narrow_values(values)
    assert numbers == np.array(values, np.float32).tobytes()
    assert written([Draft(b"", numbers, b"")]) == dense_values(values)
    values[0] = 7.0
    assert numbers != np.array(values, np.float32).tobytes()


class Listed(list[float]):
    """Could give other numbers than it holds."""


class Rows(np.ndarray[Any, Any]):
    """Likewise."""


@pytest.mark.parametrize(
    "values",
    [
        LONG[1:],
        tuple(LONG),
        Listed(LONG),
        np.array(LONG[1:], "f4"),
        np.array(LONG).view(Rows),
        np.array(0.5),
        np.ones((64, 2), "f4"),
        np.ones(64, "i4"),
        np.ones(128, "f4")[::2],
        np.ones(64, ">f4"),
        memoryview(array("f", LONG)),
        None,
        "x" * 64,
        b"x" * 64,
        *([*LONG, wrong] for wrong in (np.float32(0.5), float("nan"), 1e39, True, None, "1", [0.5], 10**400)),
        *(np.array([*LONG, wrong], "f8") for wrong in (np.nan, np.inf, 1e39)),
    ],
)
def test_all_else_is_written_or_refused_at_once(values: Any) -> None:
    assert narrow_values(values) is None


def test_where_nothing_is_compiled_there_are_no_drafts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "floats", lambda: None)
    assert narrow_values(LONG) is None


def test_arrays_are_known_without_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pinecone_core._floats")
    monkeypatch.delitem(sys.modules, "numpy")
    assert narrow_values(array("f", LONG)) == narrow_values(array("d", LONG)) == narrow_values(LONG)
    assert narrow_values(array("i", range(64))) is None
