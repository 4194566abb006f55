"""The same seeded random calls on the engine and on the plainest evaluator there can be."""

from __future__ import annotations

import copy
import math
import random
from typing import Any

import numpy as np
import pytest

WORDS = ["red", "green", "blue", "x", ""]


def f32(value: float) -> float:
    return float(np.float32(value))


class Naive:
    """A dictionary of records, and filters and scores as the documentation words them."""

    def __init__(self, metric: str) -> None:
        self.metric = metric
        self.records: dict[str, dict[str, Any]] = {}

    def upsert(self, vectors: list[dict[str, Any]]) -> None:
        for vector in vectors:
            self.records.pop(vector["id"], None)  # a record written again is the youngest
            self.records[vector["id"]] = copy.deepcopy(vector)

    def matches(self, metadata: dict[str, Any], filter_: Any) -> bool:
        for key, wanted in filter_.items():
            if key == "$and":
                if not all(self.matches(metadata, one) for one in wanted):
                    return False
            elif key == "$or":
                if not any(self.matches(metadata, one) for one in wanted):
                    return False
            elif not self.field_matches(key in metadata, metadata.get(key), wanted):
                return False
        return True

    def field_matches(self, present: bool, value: Any, wanted: Any) -> bool:
        if not isinstance(wanted, dict):
            wanted = {"$eq": wanted}
        return all(self.holds(present, value, operator, operand) for operator, operand in wanted.items())

    def holds(self, present: bool, value: Any, operator: str, operand: Any) -> bool:
        values = value if isinstance(value, list) else [value] if present else []

        def same(a: Any, b: Any) -> bool:
            kinds = [bool if isinstance(v, bool) else str if isinstance(v, str) else float for v in (a, b)]
            return bool(kinds[0] is kinds[1] and a == b)

        if operator == "$exists":
            return bool(present == operand)
        if operator in ("$eq", "$ne"):
            return any(same(v, operand) for v in values) == (operator == "$eq")
        if operator in ("$in", "$nin"):
            return any(same(v, o) for v in values for o in operand) == (operator == "$in")
        numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
        tests = {
            "$gt": lambda v: v > operand,
            "$gte": lambda v: v >= operand,
            "$lt": lambda v: v < operand,
            "$lte": lambda v: v <= operand,
        }
        test: Any = tests[operator]
        return any(map(test, numbers))

    def score(self, record: dict[str, Any], vector: list[float] | None, sparse: dict[str, Any] | None) -> Any:
        dot = 0.0
        if vector is not None:
            mine = [f32(v) for v in record["values"]]
            query = [f32(v) for v in vector]
            if self.metric == "euclidean":
                return f32(math.fsum((a - b) ** 2 for a, b in zip(mine, query, strict=True)))
            dot = math.fsum(a * b for a, b in zip(mine, query, strict=True))
            if self.metric == "cosine":
                return f32(dot / (math.hypot(*mine) * math.hypot(*query)))
        if sparse is not None and record.get("sparseValues"):
            theirs = dict(zip(sparse["indices"], sparse["values"], strict=True))
            own = record["sparseValues"]
            shared = [
                f32(v) * f32(theirs[i])
                for i, v in zip(own["indices"], own["values"], strict=True)
                if i in theirs
            ]
            if vector is None and not shared:
                return None
            dot += math.fsum(shared)
        elif vector is None:
            return None
        return f32(dot)

    def query(self, vector: Any, sparse: Any, top_k: int, filter_: Any) -> list[tuple[str, float]]:
        found = [
            (id_, self.score(record, vector, sparse))
            for id_, record in self.records.items()
            if self.matches(record.get("metadata") or {}, filter_ or {})
        ]
        found = [(id_, score) for id_, score in found if score is not None]
        sign = 1 if self.metric == "euclidean" else -1
        return sorted(found, key=lambda pair: sign * pair[1])[:top_k]  # stable: equal ones by age


class Chance:
    """Random records, filters and calls."""

    def __init__(self, seed: int, *, sparse_only: bool, metric: str) -> None:
        self.random = random.Random(seed)
        self.sparse_only = sparse_only
        self.metric = metric

    def id(self) -> str:
        return f"id{self.random.randrange(60)}"

    def numbers(self, count: int) -> list[float]:
        # Small whole numbers make ties, others make hard sums.
        if self.random.random() < 0.6:
            values = [float(self.random.randrange(-2, 3)) for _ in range(count)]
        else:
            values = [self.random.uniform(-1, 1) for _ in range(count)]
        return values if any(values) else [1.0] * count

    def sparse(self) -> dict[str, Any]:
        indices = self.random.sample(range(12), self.random.randrange(1, 5))
        return {"indices": indices, "values": [v or 1.0 for v in self.numbers(len(indices))]}

    def value(self) -> Any:
        return self.random.choice(
            [
                self.random.choice(WORDS),
                self.random.randrange(4),
                self.random.randrange(4) + 0.5,
                self.random.random() < 0.5,
                self.random.sample(WORDS, self.random.randrange(0, 4)),
            ]
        )

    def metadata(self) -> dict[str, Any]:
        return {key: self.value() for key in "abc" if self.random.random() < 0.7}

    def vector(self) -> dict[str, Any]:
        vector: dict[str, Any] = {"id": self.id(), "metadata": self.metadata()}
        if not self.sparse_only:
            vector["values"] = self.numbers(4)
        if self.sparse_only or (self.metric == "dotproduct" and self.random.random() < 0.5):
            vector["sparseValues"] = self.sparse()
        return vector

    def scalar(self) -> Any:
        value = self.value()
        return "red" if isinstance(value, list) else value

    def filter(self, depth: int = 0) -> dict[str, Any]:
        chance = self.random.random()
        if depth < 2 and chance < 0.3:
            members = [self.filter(depth + 1) for _ in range(self.random.randrange(1, 4))]
            return {self.random.choice(["$and", "$or"]): members}
        return {key: self.condition() for key in self.random.sample("abcd", self.random.randrange(1, 3))}

    def condition(self) -> Any:
        if self.random.random() < 0.2:
            return self.scalar()
        operators = self.random.sample(
            ["$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$exists"],
            self.random.randrange(1, 3),
        )
        return {operator: self.operand(operator) for operator in operators}

    def operand(self, operator: str) -> Any:
        if operator == "$exists":
            return self.random.random() < 0.5
        if operator in ("$in", "$nin"):
            return [self.scalar() for _ in range(self.random.randrange(0, 4))]
        if operator in ("$eq", "$ne"):
            return self.scalar()
        return self.random.randrange(4)


def close(found: list[dict[str, Any]], expected: list[tuple[str, float]]) -> None:
    assert [match["id"] for match in found] == [id_ for id_, _ in expected]
    for match, (_, score) in zip(found, expected, strict=True):
        assert match["score"] == pytest.approx(score, rel=2e-7, abs=1e-7)


CASES = [
    ("cosine", False),
    ("dotproduct", False),
    ("euclidean", False),
    ("dotproduct", True),
]


@pytest.mark.parametrize(("metric", "sparse_only"), CASES)
@pytest.mark.parametrize("seed", range(3))
def test_random_calls_give_what_the_plain_evaluator_gives(wire, metric, sparse_only, seed):
    chance = Chance(seed, sparse_only=sparse_only, metric=metric)
    naive = Naive(metric)
    options: dict[str, Any] = {"metric": metric}
    options |= {"vector_type": "sparse"} if sparse_only else {"dimension": 4}
    index = wire.index(**options)
    index.upsert({**chance.vector(), "id": "first"})
    naive.upsert([{**index.ask("GET", "/vectors/fetch?ids=first")["vectors"]["first"]}])
    for _ in range(850):
        step(chance, naive, index)
    assert {item["id"] for item in pages(index)} == set(naive.records)


def step(chance: Chance, naive: Naive, index: Any) -> None:
    roll = chance.random.random()
    if roll < 0.15:
        vectors = [chance.vector() for _ in range(chance.random.randrange(1, 6))]
        last = {vector["id"]: vector for vector in vectors}
        assert index.upsert(*vectors)["upsertedCount"] == len(vectors)
        naive.upsert(list(last.values()))
    elif roll < 0.22:
        update_one(chance, naive, index)
    elif roll < 0.25:
        update_many(chance, naive, index)
    elif roll < 0.28:
        ids = [chance.id() for _ in range(3)]
        index.ask("POST", "/vectors/delete", {"ids": ids})
        for id_ in ids:
            naive.records.pop(id_, None)
    elif roll < 0.29:
        filter_ = chance.filter()
        index.ask("POST", "/vectors/delete", {"filter": filter_})
        naive.records = {
            id_: record
            for id_, record in naive.records.items()
            if not naive.matches(record.get("metadata") or {}, filter_)
        }
    elif roll < 0.33:
        filter_ = chance.filter()
        found = index.ask("POST", "/vectors/fetch_by_metadata", {"filter": filter_})["vectors"]
        expected = {i for i, r in naive.records.items() if naive.matches(r.get("metadata") or {}, filter_)}
        assert set(found) == expected
    else:
        query_both(chance, naive, index)


def query_both(chance: Chance, naive: Naive, index: Any) -> None:
    vector = None if chance.sparse_only else chance.numbers(4)
    hybrid = naive.metric == "dotproduct" and chance.random.random() < 0.5
    sparse = chance.sparse() if chance.sparse_only or hybrid else None
    filter_ = chance.filter() if chance.random.random() < 0.7 else None
    top_k = chance.random.choice([1, 3, 10, 100])
    given = {"vector": vector, "sparseVector": sparse, "filter": filter_, "topK": top_k}
    body = {key: value for key, value in given.items() if value is not None}
    close(index.query(**body)["matches"], naive.query(vector, sparse, top_k, filter_))


def update_one(chance: Chance, naive: Naive, index: Any) -> None:
    id_, changes = chance.id(), chance.metadata()
    body: dict[str, Any] = {"id": id_, "setMetadata": changes}
    if not chance.sparse_only and chance.random.random() < 0.5:
        body["values"] = chance.numbers(4)
    index.ask("POST", "/vectors/update", body)
    if id_ in naive.records:
        record = naive.records[id_]
        changed = {**record, "metadata": {**(record.get("metadata") or {}), **changes}}
        if "values" in body:
            changed["values"] = body["values"]
        naive.upsert([changed])


def update_many(chance: Chance, naive: Naive, index: Any) -> None:
    filter_ = chance.filter()
    body = {"filter": filter_, "setMetadata": {"d": chance.scalar()}}
    matching = [r for r in naive.records.values() if naive.matches(r.get("metadata") or {}, filter_)]
    dry = index.ask("POST", "/vectors/update", {**body, "dryRun": True})
    real = index.ask("POST", "/vectors/update", body)
    assert dry["matchedRecords"] == real["matchedRecords"] == len(matching)
    naive.upsert([{**r, "metadata": {**(r.get("metadata") or {}), **body["setMetadata"]}} for r in matching])


def pages(index: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    token = ""
    while True:
        page = index.ask("GET", f"/vectors/list?limit=7&paginationToken={token}")
        found += page["vectors"]
        if "pagination" not in page:
            return found
        token = page["pagination"]["next"]


def test_records_come_back_as_the_same_float32(wire):
    index = wire.index(dimension=64, metric="dotproduct")
    chance = np.random.default_rng(5)
    scale = 10.0 ** chance.integers(-30, 30, 64)
    values = (chance.standard_normal(64) * scale).astype(np.float32)
    index.upsert({"id": "a", "values": values.tolist()})
    back = index.ask("GET", "/vectors/fetch?ids=a")["vectors"]["a"]["values"]
    assert np.array_equal(np.array(back, np.float32), values)
