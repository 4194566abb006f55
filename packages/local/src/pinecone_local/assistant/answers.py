"""Answers out of passages: the sentences that fit the question, each with its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..models.rerank import rerank_documents
from .library import Found
from .passages import sentences, token_count

__all__ = ["Answer", "Cited", "Question", "Writer", "answer", "evaluate_alignment"]

_MOST_SENTENCES = 3
_PASSAGES_READ = 6
_LEAST_SCORE = 0.3
_SHARE_OF_BEST = 0.75
_NOTHING = "There is nothing about that in the files of this assistant."

_SAME = 0.62
_ABOUT = 0.45


@dataclass(frozen=True)
class Question:
    """What an answer is written from.

    Attributes:
        messages: The conversation, each with ``role`` and ``content``; the last one asks.
        passages: What was found for it, best first.
        instructions: The assistant's instructions, or None.
        model: The model that the caller named.
        temperature: The temperature that the caller named, or None.
    """

    messages: list[dict[str, str]]
    passages: list[Found]
    instructions: str | None = None
    model: str = "gpt-4o"
    temperature: float | None = None

    @property
    def text(self) -> str:
        """What is asked."""
        return self.messages[-1]["content"]

    @property
    def prompt_tokens(self) -> int:
        """About how many tokens the question and its passages have."""
        texts = [m["content"] for m in self.messages] + [found.passage.text for found in self.passages]
        return sum(map(token_count, texts))


Writer = Callable[[Question], "str | Iterable[str]"]
"""Writes an answer to a question, whole or in pieces; the engine takes one as ``writer=``."""


@dataclass(frozen=True)
class Cited:
    """Where in an answer which source is cited.

    Attributes:
        position: Characters of the answer before the citation.
        found: The passage.
        highlight: The words of the passage that support the answer.
    """

    position: int
    found: Found
    highlight: str


@dataclass
class Answer:
    """An answer in the pieces it is written in.

    Attributes:
        pieces: Text and citations, in order.
    """

    pieces: list[str | Cited] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(piece for piece in self.pieces if isinstance(piece, str))

    @property
    def citations(self) -> list[Cited]:
        """The citations, in order."""
        return [piece for piece in self.pieces if isinstance(piece, Cited)]


def answer(question: Question, writer: Writer | None = None) -> Iterator[str | Cited]:
    """Yield the pieces of an answer: text, and citations after the text they support.

    Args:
        question: What is asked, and what was found.
        writer: Who writes it; None quotes the sentences that fit best.
    """
    if writer is None:
        yield from _quote(question)
        return
    written = writer(question)
    position = 0
    for piece in [written] if isinstance(written, str) else written:
        position += len(piece)
        yield piece
    for found in question.passages[:_MOST_SENTENCES]:
        yield Cited(position, found, found.passage.text)


def _quote(question: Question) -> Iterator[str | Cited]:
    candidates = [
        (found, sentence)
        for found in question.passages[:_PASSAGES_READ]
        for sentence in sentences(found.passage.text)
    ]
    chosen = _best(question.text, candidates)
    if not chosen:
        yield _NOTHING
        return
    position = 0
    for number, (found, sentence) in enumerate(chosen):
        text = sentence if number == 0 else f" {sentence}"
        position += len(text)
        yield text
        yield Cited(position, found, sentence)


def _best(text: str, candidates: list[tuple[Found, str]]) -> list[tuple[Found, str]]:
    """Return the few sentences that fit best, in the order in which they stand in their files."""
    if not candidates:
        return []
    documents = [{"text": sentence} for _, sentence in candidates]
    ranked = rerank_documents("pinecone-rerank-v0", text, documents, top_n=_MOST_SENTENCES).ranked
    least = max(_LEAST_SCORE, ranked[0].score * _SHARE_OF_BEST)
    return [candidates[place] for place in sorted(one.index for one in ranked if one.score >= least)]


def evaluate_alignment(
    question: str, given: str, truth: str
) -> tuple[dict[str, float], list[tuple[str, str]], int]:
    """Compare an answer with the true one, sentence by sentence.

    A fact is entailed when a sentence of the other text says nearly the same in nearly the same words
    and numbers, contradicted when one is about the same and names other numbers, neutral otherwise.

    Args:
        question: The question.
        given: The answer to judge.
        truth: The true answer.

    Returns:
        Correctness, completeness and alignment from 0 to 1; each fact of the true answer with
        ``entailed``, ``contradicted`` or ``neutral``; and the tokens that were read.
    """
    facts = [(fact, _entailment(fact, given)) for fact in sentences(truth)]
    claims = [_entailment(claim, truth) for claim in sentences(given)]
    completeness = _share(verdict for _, verdict in facts)
    correctness = _share(claims)
    total = correctness + completeness
    metrics: Mapping[str, float] = {
        "correctness": correctness,
        "completeness": completeness,
        "alignment": 2 * correctness * completeness / total if total else 0.0,
    }
    return dict(metrics), facts, sum(map(token_count, (question, given, truth)))


def _share(verdicts: Iterable[str]) -> float:
    found = list(verdicts)
    return sum(verdict == "entailed" for verdict in found) / len(found) if found else 0.0


def _entailment(fact: str, text: str) -> str:
    documents = [{"text": sentence} for sentence in sentences(text)]
    if not documents:
        return "neutral"
    best = rerank_documents("pinecone-rerank-v0", fact, documents, top_n=1).ranked[0]
    said = _numbers(documents[best.index]["text"])
    asked = _numbers(fact)
    if best.score >= _ABOUT and asked and said and not asked <= said:
        return "contradicted"
    return "entailed" if best.score >= _SAME and asked <= said else "neutral"


def _numbers(text: str) -> set[str]:
    words = (word.strip(".,;:!?()[]\"'").replace(",", "") for word in text.split())
    return {word for word in words if any(letter.isdigit() for letter in word)}
