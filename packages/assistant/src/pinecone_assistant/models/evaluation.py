"""How well an answer agrees with the truth."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import msgspec

from pinecone_core.structs import StructDictMixin

from .card import Card, Parts, Rows, cut, quoted
from .chat import ChatUsage

__all__ = ["AlignmentResult", "AlignmentScores", "EntailmentResult", "EntailmentType"]

EntailmentType = Literal["entailed", "contradicted", "neutral"] | str


class AlignmentScores(Card, StructDictMixin, kw_only=True):
    """Three numbers from 0 to 1.

    Attributes:
        correctness: How much of the answer is true (precision).
        completeness: How much of the truth is in the answer (recall).
        alignment: Both in one (their harmonic mean).
    """

    correctness: float
    completeness: float
    alignment: float

    def _parts(self, limit: int) -> Parts:
        return [
            ("correctness", f"{self.correctness:.3f}"),
            ("completeness", f"{self.completeness:.3f}"),
            ("alignment", f"{self.alignment:.3f}"),
        ]

    def _rows(self) -> Rows:
        return [(label.capitalize(), text) for label, text in self._parts(80)]


class EntailmentResult(Card, StructDictMixin, kw_only=True):
    """One fact of the truth, and what the answer makes of it.

    Attributes:
        fact: The fact.
        entailment: ``"entailed"``, ``"contradicted"`` or ``"neutral"``.
        reasoning: Why, in words; empty when not told.
    """

    fact: str
    entailment: EntailmentType
    reasoning: str = ""

    def _parts(self, limit: int) -> Parts:
        return [("entailment", repr(self.entailment)), ("fact", quoted(self.fact, limit))]

    def _more(self) -> Parts:
        return [("reasoning", quoted(self.reasoning, 200))] if self.reasoning else []

    def _rows(self) -> Rows:
        rows: Rows = [("Entailment", self.entailment), ("Fact", cut(self.fact))]
        return [*rows, ("Reasoning", self.reasoning)] if self.reasoning else rows

    def _sections(self) -> list[tuple[str, Rows, str]]:
        if self.entailment != "contradicted":
            return []
        return [("Contradiction", [("Fact", cut(self.fact)), ("Reasoning", cut(self.reasoning))], "error")]


class _Fact(msgspec.Struct):
    content: str


class _EvaluatedFact(msgspec.Struct):
    fact: _Fact
    entailment: Any = ""
    reasoning: str = ""


class _Reasoning(msgspec.Struct):
    evaluated_facts: list[_EvaluatedFact]


class _AlignmentWire(msgspec.Struct):
    metrics: AlignmentScores
    reasoning: _Reasoning
    usage: ChatUsage


class AlignmentResult(Card, StructDictMixin, kw_only=True):
    """How well an answer agrees with the truth.

    Attributes:
        scores: The numbers.
        facts: What they rest on, fact by fact.
        usage: How many tokens it took.
    """

    __wire__: ClassVar[type[_AlignmentWire]] = _AlignmentWire

    scores: AlignmentScores
    facts: list[EntailmentResult]
    usage: ChatUsage

    @classmethod
    def from_wire(cls, wire: _AlignmentWire) -> AlignmentResult:
        """Make one from the service's answer."""
        facts = [
            EntailmentResult(
                fact=item.fact.content, entailment=str(item.entailment), reasoning=item.reasoning
            )
            for item in wire.reasoning.evaluated_facts
        ]
        return cls(scores=wire.metrics, facts=facts, usage=wire.usage)

    def _parts(self, limit: int) -> Parts:
        scores = self.scores
        return [
            ("alignment", f"{scores.alignment:.3f}"),
            ("correctness", f"{scores.correctness:.3f}"),
            ("completeness", f"{scores.completeness:.3f}"),
            ("facts", str(len(self.facts))),
            ("usage", repr(self.usage)),
        ]

    def _more(self) -> Parts:
        return [("", repr(fact)) for fact in self.facts[:3]]

    def _rows(self) -> Rows:
        return [*self.scores._rows(), ("Facts", len(self.facts)), ("Usage", repr(self.usage))]

    def _sections(self) -> list[tuple[str, Rows, str]]:
        sections = [("Facts", [(f.entailment, cut(f.fact, 80)) for f in self.facts[:5]], "default")]
        against = [fact for fact in self.facts if fact.entailment == "contradicted"][:5]
        if against:
            rows = [(cut(fact.fact, 80), cut(fact.reasoning)) for fact in against]
            sections.append(("Contradictions", rows, "error"))
        return sections
