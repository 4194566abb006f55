"""Eventual consistency on purpose."""

from __future__ import annotations

import math
import random

import pytest

from pinecone_local import LocalEngine


def headers(wire):
    return {name: value for name, value in wire.headers.items() if "lsn" in name}


def test_writes_are_seen_after_their_time(clock, wire_of):
    with LocalEngine(clock=clock, visible_after=2) as engine:
        wire = wire_of(engine)
        index = wire.index()
        index.upsert({"id": "a", "values": [1, 0, 0]})
        assert set(headers(wire).values()) == {"1"}
        clock.now += 1
        index.upsert({"id": "b", "values": [1, 0, 0]})
        assert index.ids(vector=[1, 0, 0]) == []
        assert index.stats()["totalVectorCount"] == 0
        assert set(headers(wire).values()) == {"0"}
        clock.now += 1
        assert index.ids(vector=[1, 0, 0]) == ["a"]
        assert set(headers(wire).values()) == {"1"}
        clock.now += 1
        assert index.ids(vector=[1, 0, 0]) == ["a", "b"]
        assert index.stats()["totalVectorCount"] == 2


@pytest.mark.parametrize("durable", [False, True])
def test_readers_see_an_earlier_moment_until_they_are_let_on(tmp_path, wire_of, durable):
    """What is seen is always what a twin without a lag held at the last advance."""
    path = tmp_path if durable else None
    chance = random.Random(3)
    with LocalEngine(path, visible_after=math.inf) as late, LocalEngine() as prompt:
        one, twin = wire_of(late).index(), wire_of(prompt).index()
        expected = look(twin)
        for step in range(300):
            target, body = write(chance)
            for index in (one, twin):
                missing = target.startswith("/vectors/delete") and body["namespace"] not in known(index)
                index.ask("POST", target, body, status=404 if missing else 200)
            assert look(one) == expected
            if step % 7 == 6:
                late.advance()
                expected = look(twin)
                assert look(one) == expected
    if durable:
        with LocalEngine(tmp_path, visible_after=math.inf) as engine:
            wire = wire_of(engine)
            again = type(one)(wire, wire.ask("GET", "/indexes/demo"))
            expected = look(again)
            assert sum(map(len, expected.values())) > 0
            again.upsert({"id": "new", "values": [1, 1, 1]}, namespace="n0")
            assert look(again) == expected
            engine.advance()
            assert "new" in look(again)["n0"]


def known(index):
    return {entry.name for entry in index.wire.engine.project.indexes["demo"].data.entries()}


def write(chance):
    namespace = f"n{chance.randrange(3)}"
    ids = [str(chance.randrange(8)) for _ in range(2)]
    roll = chance.random()
    if roll < 0.6:
        vectors = [{"id": id_, "values": [1, 1, chance.randrange(5)]} for id_ in ids]
        return "/vectors/upsert", {"vectors": vectors, "namespace": namespace}
    if roll < 0.75:
        return "/vectors/update", {"id": ids[0], "values": [2, 2, 2], "namespace": namespace}
    if roll < 0.95:
        return "/vectors/delete", {"ids": ids, "namespace": namespace}
    return "/vectors/delete", {"deleteAll": True, "namespace": namespace}


def look(index):
    seen = {}
    for name in ("n0", "n1", "n2"):
        matches = index.query(vector=[1, 2, 3], includeValues=True, namespace=name)["matches"]
        listed = index.ask("GET", f"/vectors/list?namespace={name}")["vectors"]
        assert {match["id"] for match in matches} == {item["id"] for item in listed}
        seen[name] = {match["id"]: match["values"] for match in matches}
    counts = index.stats()["namespaces"]
    assert {name: count["vectorCount"] for name, count in counts.items() if count["vectorCount"]} == {
        name: len(records) for name, records in seen.items() if records
    }
    return seen


@pytest.mark.parametrize("wrong", [-1, math.nan])
def test_a_delay_is_a_time(wrong):
    with pytest.raises(ValueError, match="visible_after"):
        LocalEngine(visible_after=wrong)
