from __future__ import annotations

import json
from typing import Any

import pytest

from pinecone_local.models import embedder_id

DOCUMENTS = [
    {"_id": "cat", "text": "A cat sleeps on the sofa all day.", "year": 2020, "tags": ["pet"]},
    {"_id": "car", "text": "The car drives down the motorway at great speed.", "year": 2021},
    {"_id": "sun", "text": "Sunlight warms the planets of the solar system.", "year": 2022},
]


def lines(*records):
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


@pytest.fixture(params=["multilingual-e5-large", "llama-text-embed-v2", "pinecone-sparse-english-v0"])
def index(request, wire):
    index = wire.model_index(request.param)
    index.ask("POST", "/records/namespaces/n/upsert", lines(*DOCUMENTS), status=201)
    return index


def search(index, status=200, **body):
    return index.ask("POST", "/records/namespaces/n/search", body, status=status)


def test_text_is_found_by_its_words(index):
    found = search(index, query={"top_k": 3, "inputs": {"text": "cat sofa"}})
    best = found["result"]["hits"][0]
    assert best["_id"] == "cat"
    assert best["fields"] == {key: value for key, value in DOCUMENTS[0].items() if key != "_id"}
    assert found["usage"]["embed_total_tokens"] > 0
    filtered = {"top_k": 3, "inputs": {"text": "cat car sun"}, "filter": {"year": {"$gte": 2021}}}
    assert "cat" not in {hit["_id"] for hit in search(index, query=filtered)["result"]["hits"]}


def test_fields_are_chosen_and_hits_reranked(index):
    found = search(
        index,
        query={"top_k": 3, "inputs": {"text": "cat car solar"}},
        fields=["year"],
        rerank={"model": "bge-reranker-v2-m3", "rank_fields": ["text"], "top_n": 1, "query": "solar planets"},
    )
    [hit] = found["result"]["hits"]
    assert hit["_id"] == "sun"
    assert hit["fields"] == {"year": 2022}
    assert found["usage"]["rerank_units"] == 1


def test_a_stored_record_can_be_searched_for(index):
    assert search(index, query={"top_k": 1, "id": "car"})["result"]["hits"][0]["_id"] == "car"
    wrongs: list[Any] = [{}, {"id": "car", "inputs": {"text": "x"}}, {"inputs": {}}]
    for wrong in wrongs:
        search(index, 400, query={"top_k": 1, **wrong})


@pytest.mark.parametrize(
    ("body", "part"),
    [
        (b"", "at least one"),
        (lines({"text": "x"}), "'_id'"),
        (lines({"_id": "a"}), "'text'"),
        (lines({"_id": "a", "text": 5}), "'text'"),
        (lines({"_id": "a", "text": "x", "k": {"deep": 1}}), "Metadata value"),
        (b"[1]", "not an object"),
        (b"{", "not valid JSON"),
        (lines(*[{"_id": str(i), "text": "x"} for i in range(97)]), "at most 96"),
    ],
)
def test_records_that_do_not_fit_are_refused(wire, body, part):
    index = wire.model_index()
    refused = index.ask("POST", "/records/namespaces/n/upsert", body, status=400)
    assert part in refused["message"]
    assert index.stats()["totalVectorCount"] == 0


def test_all_terms_must_match(wire):
    index = wire.model_index("pinecone-sparse-english-v0")
    records = [{"_id": "a", "text": "red cat"}, {"id": "b", "text": "red dog"}]
    index.ask("POST", "/records/namespaces/n/upsert", lines(*records), status=201)
    query = {"top_k": 5, "inputs": {"text": "red"}}
    assert len(search(index, query=query)["result"]["hits"]) == 2
    strict = {**query, "match_terms": {"strategy": "all", "terms": ["red", "dogs"]}}
    assert [hit["_id"] for hit in search(index, query=strict)["result"]["hits"]] == ["b"]
    search(index, 400, query={**query, "match_terms": {"strategy": "any", "terms": ["red"]}})


def test_indexes_without_a_model_search_by_vector_only(wire):
    index = wire.index()
    index.upsert({"id": "a", "values": [1, 0, 0], "metadata": {"k": 1}}, namespace="n")
    found = search(index, query={"top_k": 1, "vector": {"values": [1, 0, 0]}})
    assert found["result"]["hits"] == [{"_id": "a", "_score": 1.0, "fields": {"k": 1}}]
    assert "not configured" in search(index, 400, query={"top_k": 1, "inputs": {"text": "x"}})["message"]
    index.ask("POST", "/records/namespaces/n/upsert", lines({"_id": "a", "text": "x"}), status=400)


def test_the_embed_part_is_checked_and_shown(wire):
    shown = wire.model_index("llama-text-embed-v2", dimension=384).described
    assert shown["dimension"] == shown["embed"]["dimension"] == 384
    assert shown["embed"]["field_map"] == {"text": "text"}
    assert not [key for key in shown["embed"] if key.startswith("_")]
    base = {"name": "x", "cloud": "aws", "region": "r"}
    for embed, status in (
        ({"model": "nobody", "field_map": {"text": "t"}}, 404),
        ({"model": "multilingual-e5-large", "field_map": {}}, 400),
        ({"model": "multilingual-e5-large", "field_map": {"text": "t"}, "dimension": 5}, 400),
        ({"model": "multilingual-e5-large", "field_map": {"text": "t"}, "metric": "dotproduct"}, 400),
        ({"model": "bge-reranker-v2-m3", "field_map": {"text": "t"}}, 400),
        ({"field_map": {"text": "t"}}, 400),
    ):
        wire.ask("POST", "/indexes/create-for-model", {**base, "embed": embed}, status=status)


def test_an_index_can_be_given_a_model_later(wire):
    index = wire.index(dimension=1024)
    embed = {"model": "multilingual-e5-large", "field_map": {"text": "text"}}
    assert wire.ask("PATCH", "/indexes/demo", {"embed": embed}, status=202)["embed"]["model"]
    index.ask("POST", "/records/namespaces/n/upsert", lines(*DOCUMENTS), status=201)
    assert search(index, query={"top_k": 1, "inputs": {"text": "cat"}})["result"]["hits"][0]["_id"] == "cat"
    other = {"embed": {"model": "llama-text-embed-v2", "field_map": {"text": "text"}}}
    wire.ask("PATCH", "/indexes/demo", other, status=400)
    wire.index("small", dimension=4)
    wire.ask("PATCH", "/indexes/small", {"embed": embed}, status=400)


def test_vectors_of_another_embedder_are_not_mixed_in(wire, monkeypatch):
    index = wire.model_index()
    monkeypatch.setattr("pinecone_local.api.integrated.embedder_id", lambda: "another")
    refused = index.ask("POST", "/records/namespaces/n/upsert", lines(*DOCUMENTS), status=412)
    assert embedder_id() in refused["message"]
    assert "another" in refused["message"]
