"""Dense embedding by the word vectors that the ``wordllama`` package ships.

Only that package's two data files are read, never its code: importing it would load an HTTP client
and reconfigure the process's logging, and its loader looks for the tokenizer in a folder that its
wheel does not have. Nothing is ever downloaded.

A text is lower-cased, cut into tokens, and its tokens' vectors are averaged. The lengths of the
vectors already carry how much a token says (function words are short), so no stop list is needed.
The first ``HEAD`` tokens count in full and later ones less and less: titles, names and first
sentences say what a text is about, and a plain average of a long text says little.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .embedder import Encoded, Keep
from .projection import present, unit_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

__all__ = ["WORDLLAMA_ID", "Files", "WordVectors", "find_files", "position_weights"]

WORDLLAMA_ID = "wordllama-l2_supercat-256/1"

HEAD = 16
FADE = 8
FLOOR = 0.05

# No token of the vocabulary is longer than 16 characters, so that many characters a token always
# hold at least the tokens wanted, and a text of megabytes is not cut into tokens whole.
LONGEST_TOKEN = 16

# Texts handled together; bounds the memory of a call, whatever its size.
BATCH = 512


class Files(NamedTuple):
    """Where the word vectors are."""

    weights: Path
    tokenizer: Path


@cache
def find_files() -> Files | None:
    """Return the data files of an installed ``wordllama``, or None if anything needed is missing."""
    spec = find_spec("wordllama")
    if spec is None or not spec.submodule_search_locations:
        return None
    if find_spec("tokenizers") is None or find_spec("safetensors") is None:
        return None
    home = Path(next(iter(spec.submodule_search_locations)))
    files = Files(
        home / "weights" / "l2_supercat_256.safetensors",
        home / "tokenizers" / "l2_supercat_tokenizer_config.json",
    )
    return files if files.weights.is_file() and files.tokenizer.is_file() else None


def position_weights(count: int) -> NDArray[np.float32]:
    """Return how much the token at each of ``count`` positions counts: 1 at first, then less."""
    beyond = np.maximum(0, np.arange(count, dtype=np.float32) - HEAD)
    weights: NDArray[np.float32] = np.maximum(FADE / (FADE + beyond), np.float32(FLOOR))
    return weights


class WordVectors:
    """The embedder of the extra ``pinecone-local[embedder]``.

    Args:
        table: One row a token, float32.
        tokenizer: Cuts text into token numbers.
    """

    def __init__(self, table: NDArray[np.float32], tokenizer: Tokenizer) -> None:
        self._table = np.ascontiguousarray(table, dtype=np.float32)
        self._tokenizer = tokenizer
        self._lengths = np.linalg.norm(self._table, axis=1)
        # What an empty text is: the vector of the token that opens every text.
        self._blank = tokenizer.token_to_id("<s>") or 0
        self._weights = position_weights(2048)

    @classmethod
    def load(cls, files: Files) -> WordVectors:
        """Read the data files, about 0.2 s and 35 MB of memory."""
        from safetensors import safe_open
        from tokenizers import Tokenizer

        with safe_open(str(files.weights), framework="numpy") as tensors:
            table = tensors.get_tensor("embedding.weight")
        return cls(table, Tokenizer.from_file(str(files.tokenizer)))

    @property
    def id(self) -> str:
        """The name of these vectors."""
        return WORDLLAMA_ID

    def encode(self, texts: Sequence[str], *, dimension: int, limit: int, keep: Keep) -> Encoded:
        """Embed texts; see ``Embedder.encode``."""
        vectors = np.empty((len(texts), dimension), dtype=np.float32)
        counts: list[int] = []
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            pooled = np.empty((len(batch), self._table.shape[1]), dtype=np.float32)
            for row, text in enumerate(batch):
                tokens, count = self._tokens(text, limit, keep)
                counts.append(count)
                pooled[row] = self._pool(tokens)
            vectors[start : start + len(batch)] = present(unit_rows(pooled), dimension)
        return Encoded(vectors, counts)

    def similarity(
        self, query: str, documents: Sequence[str], *, limit: int
    ) -> tuple[NDArray[np.float64], list[int], int]:
        """Compare documents with a query; see ``Embedder.similarity``.

        Two thirds are the cosine of the whole texts, one third is how well each token of the query is
        met by its nearest token anywhere in the document, which finds an answer deep in a long text.
        """
        asked, asked_count = self._tokens(query, limit, "start")
        cut = [self._tokens(document, limit, "start") for document in documents]
        counts = [count for _, count in cut]
        if not asked_count or not documents:
            return np.zeros(len(documents)), counts, asked_count
        asked_vector = unit_rows(self._pool(asked)[None, :])[0]
        weight = self._lengths[asked] / max(float(self._lengths[asked].sum()), 1e-9)
        near = self._nearness(asked, [tokens for tokens, _ in cut])
        scores = np.zeros(len(documents))
        for row, (tokens, count) in enumerate(cut):
            if count:
                whole = float(unit_rows(self._pool(tokens)[None, :])[0] @ asked_vector)
                met = float(weight @ near[:, tokens].max(axis=1))
                scores[row] = (2 * max(whole, 0.0) + max(met, 0.0)) / 3
        return np.clip(scores, 0.0, 1.0), counts, asked_count

    def _nearness(self, asked: NDArray[np.intp], documents: list[NDArray[np.intp]]) -> NDArray[np.float32]:
        """Cosine of each query token to each token of the vocabulary that the documents use."""
        used = np.unique(np.concatenate(documents))
        near = np.zeros((len(asked), len(self._table)), dtype=np.float32)
        near[:, used] = unit_rows(self._table[asked]) @ unit_rows(self._table[used]).T
        return near

    def _tokens(self, text: str, limit: int, keep: Keep) -> tuple[NDArray[np.intp], int]:
        room = (limit + 1) * LONGEST_TOKEN
        if len(text) > room:
            text = text[:room] if keep == "start" else text[-room:]
        if not text.isascii():
            # A lone half of a surrogate pair is not text to the tokenizer.
            text = text.encode("utf-8", "replace").decode()
        if not text.strip():
            return np.array([self._blank], dtype=np.intp), 0
        # One text a call: the batch call starts threads and then complains in every forked child.
        numbers = self._tokenizer.encode(text.lower(), add_special_tokens=False).ids
        kept = numbers[:limit] if keep == "start" else numbers[-limit:]
        return np.array(kept, dtype=np.intp), len(numbers)

    def _pool(self, tokens: NDArray[np.intp]) -> NDArray[np.float32]:
        count = len(tokens)
        weights = self._weights[:count] if count <= len(self._weights) else position_weights(count)
        pooled: NDArray[np.float32] = weights @ self._table[tokens]
        return pooled
