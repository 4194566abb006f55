"""A subset of Lucene's query language: terms, phrases, ``AND``, ``OR``, ``NOT``, groups and ``field:``.

What Lucene understands and this does not (wildcards, fuzziness, boosts, ranges, ``+`` and ``-``) is
refused by name, never taken for something else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .fulltext import Hits, Mask, TextColumn

__all__ = ["BadQueryError", "Node", "UnofferedQueryError", "evaluate_query", "parse_query"]

_MAX_DEPTH = 50
_TOKEN = re.compile(r'\s+|(?P<phrase>"[^"]*")|(?P<mark>[()])|(?P<field>[^\s():"]+):|(?P<word>[^\s():"]+)')
_UNOFFERED = re.compile(r"^[+\-!]|[*?~^\[\]{}\\/]|&&|\|\|")


class BadQueryError(ValueError):
    """A query that cannot be read."""


class UnofferedQueryError(ValueError):
    """A query that Lucene reads and this engine does not."""


@dataclass(frozen=True, slots=True)
class Words:
    """A term, or a phrase, in one field or (None) in all that are searchable."""

    text: str
    field: str | None


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts of which one, or every one, must be found, and none of the refused ones."""

    every: bool
    wanted: tuple[Node, ...]
    refused: tuple[Node, ...]


Node = Words | Joined


def parse_query(query: str) -> Node:
    """Read a query.

    Raises:
        BadQueryError: It cannot be read.
        UnofferedQueryError: It has something that is not offered.
    """
    reader = _Reader(_tokens(query))
    node = reader.group(None, 0)
    if reader.tokens:
        raise BadQueryError("The query closes a parenthesis that was never opened.")
    return node


def _tokens(query: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(query):
        match = _TOKEN.match(query, at)
        if match is None:
            raise BadQueryError(f"The query cannot be read from character {at}: {query[at : at + 20]!r}.")
        at = match.end()
        kind = match.lastgroup
        if kind is None:
            continue
        text = match[kind]
        if kind in ("word", "field") and (bad := _UNOFFERED.search(text)):
            raise UnofferedQueryError(
                f"{bad[0]!r} in {text!r} is not offered in a query string: use terms, phrases in quotes, "
                "AND, OR, NOT, parentheses and field:term."
            )
        tokens.append((kind, text))
    return tokens[::-1]


class _Reader:
    """Takes tokens, the last of the list first."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens

    def group(self, field: str | None, depth: int) -> Node:
        """Read parts up to the end or a closing parenthesis."""
        if depth > _MAX_DEPTH:
            raise BadQueryError(f"The query is nested more than {_MAX_DEPTH} deep.")
        wanted: list[Node] = []
        refused: list[Node] = []
        joins: set[str] = set()
        first = True
        while self.tokens and self.tokens[-1] != ("mark", ")"):
            join = self._join(first)
            negated = self._take_word("NOT")
            node = self._part(field, depth)
            (refused if negated else wanted).append(node)
            # "a NOT b" takes from a whatever joins the rest.
            if not first and not (negated and join == ""):
                joins.add(join or "OR")
            first = False
        if len(joins) > 1:
            raise UnofferedQueryError(
                "AND beside OR (or beside terms without either) is not offered in a query string: "
                "put parentheses around one of them."
            )
        if not wanted:
            raise BadQueryError("The query, and each group in it, must have a part that is not negated.")
        if len(wanted) == 1 and not refused:
            return wanted[0]
        return Joined("AND" in joins, tuple(wanted), tuple(refused))

    def _join(self, first: bool) -> str:
        for word in ("AND", "OR"):
            if self._take_word(word):
                if first:
                    raise BadQueryError(f"{word} must stand between two parts of the query.")
                return word
        return ""

    def _take_word(self, word: str) -> bool:
        if self.tokens and self.tokens[-1] == ("word", word):
            self.tokens.pop()
            return True
        return False

    def _part(self, field: str | None, depth: int) -> Node:
        if not self.tokens:
            raise BadQueryError("The query ends where a term belongs.")
        kind, text = self.tokens.pop()
        if kind == "field":
            if field is not None:
                raise UnofferedQueryError("A field inside another field's group is not offered.")
            return self._part(text, depth)
        if kind == "mark":
            if text == ")":
                raise BadQueryError("The query has a closing parenthesis where a term belongs.")
            node = self.group(field, depth + 1)
            if not self.tokens:
                raise BadQueryError("A parenthesis in the query is not closed.")
            self.tokens.pop()
            return node
        if kind == "word" and text in ("AND", "OR", "NOT"):
            raise BadQueryError(f"{text} stands where a term belongs; quote it to search for it.")
        return Words(text.strip('"'), field)


def evaluate_query(node: Node, columns: Mapping[str, TextColumn], alive: Mask) -> Hits | None:
    """Find and score documents.

    Args:
        node: What ``parse_query`` returned.
        columns: All searchable fields, those that the query names among them.
        alive: Which rows live.

    Returns:
        The hits, or None when no term is left of the query (it had stop words only).
    """
    if isinstance(node, Words):
        names = [node.field] if node.field is not None else list(columns)
        parts = [_words(columns[name], node.text, alive) for name in names]
        known = [part for part in parts if part is not None]
        hits = known[0] if known else None
        for part in known[1:]:
            hits = part if hits is None else hits.either(part)
        return hits
    hits = None
    for member in node.wanted:
        found = evaluate_query(member, columns, alive)
        if found is not None and hits is not None:
            hits = hits.both(found) if node.every else hits.either(found)
        elif found is not None:
            hits = found
    for member in node.refused:
        found = evaluate_query(member, columns, alive)
        if found is not None and hits is not None:
            hits = hits.without(found)
    return hits


def _words(column: TextColumn, text: str, alive: Mask) -> Hits | None:
    terms = column.analyzer.terms(text)
    if not terms:
        return None
    if len(terms) == 1:
        return column.score_terms(terms, alive)
    return column.score_phrase(terms, alive)
