"""Which dense embedder this process uses, and what every embedder offers.

``wordllama`` (real word vectors) is used when the extra ``pinecone-local[embedder]`` is installed,
``lexical`` (hashing) otherwise. The environment variable ``PINECONE_LOCAL_EMBEDDER`` (``auto``,
``wordllama`` or ``lexical``) decides otherwise.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["CHOICES", "VARIABLE", "Embedder", "Encoded", "Keep", "chosen_name", "embedder_id", "get_embedder"]

VARIABLE = "PINECONE_LOCAL_EMBEDDER"
CHOICES = ("auto", "wordllama", "lexical")

#: Which end of a text that is too long survives.
Keep = Literal["start", "end"]

_log = logging.getLogger("pinecone_local.models")
_loaded: dict[str, Embedder] = {}
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Encoded:
    """What an embedder makes of texts.

    Attributes:
        vectors: Unit rows, shape ``(n, dimension)``.
        counts: Tokens of each text before it was cut, ``n`` of them. For a text far beyond the limit
            the count may be too low, but it is then still beyond the limit.
    """

    vectors: NDArray[np.float32]
    counts: list[int]


class Embedder(Protocol):
    """A dense embedder. Implementations are immutable after construction and safe to share."""

    @property
    def id(self) -> str:
        """A name that changes whenever the vectors would."""

    def encode(self, texts: Sequence[str], *, dimension: int, limit: int, keep: Keep) -> Encoded:
        """Embed texts.

        Args:
            texts: Any number of texts, empty ones included.
            dimension: Values a vector.
            limit: Tokens of a text that count.
            keep: Which end of a longer text counts.
        """

    def similarity(
        self, query: str, documents: Sequence[str], *, limit: int
    ) -> tuple[NDArray[np.float64], list[int], int]:
        """Compare documents with a query.

        Args:
            query: The question.
            documents: Any number of texts; an empty one scores 0.
            limit: Tokens of a text that count.

        Returns:
            One score from 0 to 1 a document, the tokens of each document, and those of the query.
        """


def get_embedder(name: str | None = None) -> Embedder:
    """Return this process's embedder, loading it the first time.

    Args:
        name: ``auto``, ``wordllama`` or ``lexical``; None reads the environment.

    Raises:
        ValueError: The name is none of these.
        ModuleNotFoundError: ``wordllama`` was asked for by name and is not installed.
    """
    wanted = chosen_name(name)
    found = _loaded.get(wanted)
    if found is None:
        with _lock:
            found = _loaded.get(wanted)
            if found is None:
                found = _loaded[wanted] = _load(wanted)
    return found


def chosen_name(name: str | None = None) -> str:
    """Say which embedder ``get_embedder`` would give, ``wordllama`` or ``lexical``, without loading it.

    Raises:
        ValueError: The name is not one of ``CHOICES``.
    """
    wanted = (name or os.environ.get(VARIABLE) or "auto").strip().lower()
    if wanted not in CHOICES:
        raise ValueError(f"{VARIABLE} must be one of {', '.join(CHOICES)}, got {wanted!r}.")
    if wanted == "auto":
        from .word_vectors import find_files

        return "wordllama" if find_files() is not None else "lexical"
    return wanted


def embedder_id(name: str | None = None) -> str:
    """Name the vectors that dense embedding gives in this process.

    Store it beside vectors: two different ids mean that their vectors cannot be compared.
    """
    from .lexical import LEXICAL_ID
    from .word_vectors import WORDLLAMA_ID

    return WORDLLAMA_ID if chosen_name(name) == "wordllama" else LEXICAL_ID


def _load(name: str) -> Embedder:
    if name == "lexical":
        from .lexical import LexicalEmbedder

        _log.info("dense embedding by hashing words; install 'pinecone-local[embedder]' for word vectors")
        return LexicalEmbedder()
    from .word_vectors import WordVectors, find_files

    files = find_files()
    if files is None:
        raise ModuleNotFoundError(
            f"{VARIABLE}=wordllama needs word vectors that are not installed: "
            "pip install 'pinecone-local[embedder]'."
        )
    return WordVectors.load(files)
