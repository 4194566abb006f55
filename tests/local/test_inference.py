from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from pinecone_local.models import DenseEmbeddings, embed_texts, embedder_id, rerank_documents

QUERY = {"input_type": "query"}


def embed(wire, *texts, model="multilingual-e5-large", status=200, **parameters):
    body = {
        "model": model,
        "inputs": [{"text": text} for text in texts],
        "parameters": {**QUERY, **parameters},
    }
    return wire.ask("POST", "/embed", body, status=status)


def test_dense_vectors_have_unit_length_and_the_dimension_asked_for(wire):
    found = embed(wire, "a cat", "", model="llama-text-embed-v2", dimension=384)
    assert found["vector_type"] == "dense"
    assert found["usage"]["total_tokens"] > 0
    for item in found["data"]:
        assert len(item["values"]) == 384
        assert np.linalg.norm(item["values"]) == pytest.approx(1, abs=1e-5)
    assert len(embed(wire, "a cat")["data"][0]["values"]) == 1024
    assert embed(wire, "a cat") == embed(wire, "a cat")


def test_sparse_vectors_share_indices_for_shared_words(wire):
    model = "pinecone-sparse-english-v0"
    one, other, empty = embed(wire, "cats sleep", "a sleeping cat", "!", model=model, return_tokens=True)[
        "data"
    ]
    assert set(one["sparse_indices"]) == set(other["sparse_indices"])
    assert len(one["sparse_tokens"]) == len(one["sparse_values"]) == 2
    assert empty["sparse_indices"] == []


@pytest.mark.parametrize(
    ("body", "status", "part"),
    [
        ({"model": "nobody", "inputs": [{"text": "a"}], "parameters": QUERY}, 404, "offers"),
        (
            {"model": "bge-reranker-v2-m3", "inputs": [{"text": "a"}], "parameters": QUERY},
            400,
            "not for embed",
        ),
        ({"model": "multilingual-e5-large", "inputs": [{"text": "a"}]}, 400, "input_type"),
        ({"model": "multilingual-e5-large", "inputs": [], "parameters": QUERY}, 400, "at least one"),
        ({"model": "multilingual-e5-large", "inputs": [{"text": "a"}] * 97, "parameters": QUERY}, 400, "96"),
        ({"model": "multilingual-e5-large", "inputs": ["a"], "parameters": QUERY}, 400, "does not fit"),
        (
            {"model": "multilingual-e5-large", "inputs": [{"text": "a"}], "parameters": {**QUERY, "odd": 1}},
            400,
            "no parameter 'odd'",
        ),
        (
            {
                "model": "multilingual-e5-large",
                "inputs": [{"text": "word " * 600}],
                "parameters": {**QUERY, "truncate": "NONE"},
            },
            400,
            "more tokens",
        ),
    ],
)
def test_wrong_embed_requests_are_refused(wire, body, status, part):
    assert part in wire.ask("POST", "/embed", body, status=status)["error"]["message"]


def test_rerank_puts_what_answers_first(wire):
    documents = [{"text": "The capital of France is Paris."}, {"text": "Bread is made of flour."}]
    body = {"model": "bge-reranker-v2-m3", "query": "how to bake bread with flour", "documents": documents}
    found = wire.ask("POST", "/rerank", body)
    assert [item["index"] for item in found["data"]] == [1, 0]
    assert found["data"][0]["document"] == documents[1]
    assert all(0 <= item["score"] <= 1 for item in found["data"])
    bare = wire.ask("POST", "/rerank", {**body, "top_n": 1, "return_documents": False})["data"]
    assert [set(item) for item in bare] == [{"index", "score"}]
    wrongs: list[dict[str, Any]] = [{"query": " "}, {"top_n": 0}, {"documents": []}, {"rank_fields": ["odd"]}]
    for wrong in wrongs:
        wire.ask("POST", "/rerank", {**body, **wrong}, status=400)


def test_models_are_listed_and_say_that_they_are_approximations(wire):
    models = wire.ask("GET", "/models")["models"]
    assert len(models) == 6
    assert all("approximation" in model["short_description"] for model in models)
    kinds = {model["type"] for model in wire.ask("GET", "/models?type=rerank&vector_type=dense")["models"]}
    assert kinds == {"rerank"}
    [sparse] = wire.ask("GET", "/models?type=embed&vector_type=sparse")["models"]
    assert wire.ask("GET", f"/models/{sparse['model']}") == sparse
    wire.ask("GET", "/models?type=odd", status=400)
    wire.ask("GET", "/models/odd", status=404)


def test_meaning_is_matched_with_the_embedder():
    pytest.importorskip("wordllama")
    texts = ["The physician treated the patient.", "The orchestra played a symphony."]
    stored = embed_texts("multilingual-e5-large", texts, input_type="passage")
    asked = embed_texts("multilingual-e5-large", ["doctor hospital", "music concert"], input_type="query")
    assert isinstance(stored, DenseEmbeddings)
    assert isinstance(asked, DenseEmbeddings)
    assert (asked.values @ stored.values.T).argmax(axis=1).tolist() == [0, 1]
    ranked = rerank_documents("bge-reranker-v2-m3", "doctor", [{"text": text} for text in texts]).ranked
    assert ranked[0].index == 0


WITHOUT = """
import sys
sys.modules["wordllama"] = sys.modules["tokenizers"] = sys.modules["safetensors"] = None
from pinecone_local.models import embed_texts, embedder_id, find_model, rerank_documents
assert "matches spelling" in find_model("multilingual-e5-large").description
stored = embed_texts("multilingual-e5-large", ["red cats", "stock market"], input_type="passage").values
asked = embed_texts("multilingual-e5-large", ["a red cat"], input_type="query").values[0]
assert stored.shape == (2, 1024) and (stored @ asked).argmax() == 0
documents = [{"text": "cat"}, {"text": "market"}]
assert rerank_documents("bge-reranker-v2-m3", "market", documents).ranked[0].index == 1
print(embedder_id())
"""


def test_without_the_embedder_words_are_matched():
    found = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    assert "lexical" in found.stdout
    if "lexical" not in embedder_id():
        assert found.stdout.strip() != embedder_id()
