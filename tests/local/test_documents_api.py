"""Indexes of documents: the preview version of the API, by our clients, on the wire and after reopening."""

from __future__ import annotations

import inspect
import json
import math
import random
import re
from contextlib import ExitStack
from typing import Any

import pytest

from pinecone_local import LocalEngine, LocalServer
from pinecone_local.copying import dump, load
from pinecone_local.http import Call
from pinecone_local.search.query_string import BadQueryError, UnofferedQueryError, parse_query

TEXT = {"type": "string", "full_text_search": {}}
SCHEMA = {
    "title": TEXT,
    "body": TEXT,
    "vector": {"type": "dense_vector", "dimension": 2, "metric": "cosine"},
    "words": {"type": "sparse_vector"},
}
DOCUMENTS: list[dict[str, Any]] = [
    {"_id": "a", "title": "The quick fox", "body": "a quick brown fox runs", "vector": [1, 0], "year": 2020},
    {"_id": "b", "title": "Slow dogs", "body": "the brown dog sleeps", "vector": [0, 1], "year": 2021},
    {
        "_id": "c",
        "title": "Fox and dog",
        "body": "fox fox dog, brown and quick",
        "vector": [1, 1],
        "words": {"indices": [3, 7], "values": [0.5, 2]},
        "year": 2022,
        "tags": ["x", "y"],
    },
]


class Documents:
    """The documents of one namespace, on the wire."""

    def __init__(self, wire: Any, fields: dict[str, Any] | None = None, namespace: str = "n") -> None:
        self.wire = wire
        schema = {"fields": SCHEMA if fields is None else fields}
        described = wire.ask("POST", "/indexes", {"name": "docs", "schema": schema}, status=201)
        prefix = described["host"].removeprefix("http://localhost")
        self.path = f"{prefix}/namespaces/{namespace}/documents/"

    def ask(self, verb: str, body: Any, *, status: int = 200) -> Any:
        return self.wire.ask("POST", self.path + verb, body, status=status)

    def upsert(self, *documents: Any, status: int = 202) -> Any:
        return self.ask("upsert", {"documents": documents}, status=status)

    def search(self, *score_by: Any, status: int = 200, **more: Any) -> Any:
        body = {"top_k": 10, "score_by": score_by, **more}
        return self.ask("search", body, status=status)

    def found(self, *score_by: Any, **more: Any) -> list[str]:
        return [match["_id"] for match in self.search(*score_by, **more)["matches"]]

    def query(self, text: str, **more: Any) -> set[str]:
        return set(self.found({"type": "query_string", "query": text}, **more))


@pytest.fixture
def documents(alpha) -> Documents:
    made = Documents(alpha)
    made.upsert(*DOCUMENTS)
    return made


def text(query: str, *fields: str) -> dict[str, Any]:
    return {"type": "text", "query": query, "fields": list(fields) or ["body"]}


ALL = {"type": "dense_vector", "field": "vector", "values": [1, 0]}


# ---- clients


async def done(value: Any) -> Any:
    if inspect.isawaitable(value):
        value = await value
    return [item async for item in value] if hasattr(value, "__aiter__") else value


async def session(pc: Any) -> None:
    from pinecone_db import PreviewSchemaBuilder
    from pinecone_db.models.preview.documents import PreviewTextQuery

    schema = (
        PreviewSchemaBuilder()
        .add_string_field("body", full_text_search=True, language="en", stemming=True)
        .add_dense_vector_field("vector", dimension=2, metric="dotproduct")
        .add_sparse_vector_field("words")
        .add_string_field("kind", filterable=True)
        .add_float_field("price", filterable=True)
        .add_boolean_field("new")
        .add_string_list_field("tags")
        .build()
    )
    made = await done(pc.preview.indexes.create(name="docs", schema=schema, tags={"a": "b"}))
    assert made.status.ready
    assert made.schema.fields["vector"].dimension == 2
    assert made.deployment.cloud == "aws"
    assert made.read_capacity.status.state == "Ready"
    assert [one.name for one in list(await done(pc.preview.indexes.list()))] == ["docs"]
    await done(pc.preview.indexes.configure("docs", tags={"c": "d"}, deletion_protection="enabled"))
    assert (await done(pc.preview.indexes.describe("docs"))).tags == {"a": "b", "c": "d"}
    await done(pc.preview.indexes.configure("docs", deletion_protection="disabled"))
    index = await done(pc.preview.index(name="docs"))
    many = [
        {
            "_id": f"d{i:03}",
            "body": "running dogs" if i % 2 else "a cat",
            "vector": [i, 1],
            "kind": f"k{i % 3}",
        }
        for i in range(120)
    ]
    outcome = await done(index.documents.batch_upsert(namespace="n", documents=many, show_progress=False))
    assert outcome.successful_item_count == 120
    written = await done(
        index.documents.upsert(
            namespace="n",
            documents=[{"_id": "x", "body": "run", "vector": [0, 0], "price": 1.5, "new": True}],
        )
    )
    assert written.upserted_count == 1
    assert written.response_info.lsn_committed is not None
    found = await done(
        index.documents.search(
            namespace="n",
            top_k=200,
            score_by=[PreviewTextQuery(query="runs", fields=["body"])],
            include_fields=["body"],
        )
    )
    assert len(found.matches) == 61
    assert found.matches[0].id == "x"
    assert found.matches[0].get("vector") is None
    assert found.usage.read_units == 1
    found = await done(
        index.documents.search(namespace="n", top_k=2, score_by=[{**ALL}], filter={"kind": "k1"})
    )
    assert [match.id for match in found.matches] == ["d118", "d115"]
    fetched = await done(index.documents.fetch(namespace="n", ids=["x", "none"]))
    assert fetched.documents["x"].to_dict() == {
        "_id": "x", "body": "run", "vector": [0, 0], "price": 1.5, "new": True
    }  # fmt: skip
    await done(index.documents.delete(namespace="n", ids=["x"]))
    await done(index.documents.delete(namespace="n", delete_all=True))
    assert (await done(index.documents.fetch(namespace="n", ids=["x", "d001"]))).documents == {}
    await done(index.close())
    await done(pc.preview.indexes.delete("docs"))
    assert not await done(pc.preview.indexes.exists("docs"))


@pytest.fixture(params=["in process", "over a socket"])
def options(request: pytest.FixtureRequest, engine: LocalEngine):
    with ExitStack() as stack:
        if request.param == "in process":
            yield {"api_key": "any", "transport": engine.transport()}
        else:
            server = stack.enter_context(LocalServer(engine, api_keys=["right"]))
            yield {"api_key": "right", "host": server.url}


def test_a_session_of_the_blocking_client(options):
    db = pytest.importorskip("pinecone_db")
    with db.PineconeDB(**options) as pc, pytest.raises(StopIteration):
        session(pc).send(None)


@pytest.mark.anyio
async def test_a_session_of_the_asynchronous_client(options):
    db = pytest.importorskip("pinecone_db")
    async with db.AsyncPineconeDB(**options) as pc:
        await session(pc)


# ---- scoring


def naive_bm25(bags: dict[str, list[str]], query: list[str]) -> dict[str, float]:
    average = sum(map(len, bags.values())) / len(bags)
    scores: dict[str, float] = {}
    for id_, bag in bags.items():
        for term in query:
            holding = sum(term in other for other in bags.values())
            count = bag.count(term)
            if count:
                rarity = math.log(1 + (len(bags) - holding + 0.5) / (holding + 0.5))
                weight = count * 2.2 / (count + 1.2 * (0.25 + 0.75 * len(bag) / average))
                scores[id_] = scores.get(id_, 0.0) + rarity * weight
    return scores


@pytest.mark.parametrize("seed", range(5))
def test_text_scores_are_those_of_a_naive_bm25(alpha, seed):
    random_ = random.Random(seed)
    documents = Documents(alpha, {"body": TEXT})
    words = [f"w{i}" for i in range(12)]
    bags = {f"d{i}": random_.choices(words, k=random_.randint(1, 15)) for i in range(60)}
    documents.upsert(*({"_id": id_, "body": " ".join(bag)} for id_, bag in bags.items()))
    documents.found(text("w1"))  # the table is made before documents are replaced and deleted
    gone = random_.sample(sorted(bags), 10)
    documents.ask("delete", {"ids": gone[:5]}, status=202)
    for id_ in gone[:5]:
        del bags[id_]
    for id_ in gone[5:]:
        bags.pop(id_)
        bags[id_] = random_.choices(words, k=5)
    documents.upsert(*({"_id": id_, "body": " ".join(bags[id_])} for id_ in gone[5:]))
    asked = random_.choices(words, k=3)
    expected = naive_bm25(bags, asked)
    matches = documents.search(text(" ".join(asked)), top_k=100)["matches"]
    assert {match["_id"] for match in matches} == set(expected)
    assert [match["_score"] for match in matches] == pytest.approx(sorted(expected.values(), reverse=True))
    for match in matches:
        assert match["_score"] == pytest.approx(expected[match["_id"]])


def test_clauses_on_text_add_up_and_vectors_stand_alone(documents):
    one = {match["_id"]: match["_score"] for match in documents.search(text("fox"))["matches"]}
    two = {match["_id"]: match["_score"] for match in documents.search(text("fox", "title"))["matches"]}
    for clauses in ([text("fox", "title", "body")], [text("fox"), text("fox", "title")]):
        both = {match["_id"]: match["_score"] for match in documents.search(*clauses)["matches"]}
        assert both == pytest.approx({id_: one[id_] + two[id_] for id_ in one})
    documents.search(text("fox"), ALL, status=400)


def test_scores_do_not_depend_on_the_filter(documents):
    [match] = documents.search(text("fox"), filter={"year": 2022})["matches"]
    assert match["_score"] == documents.search(text("fox"))["matches"][0]["_score"]


def test_vectors(documents):
    matches = documents.search(ALL, include_fields=[])["matches"]
    assert matches[0] == {"_id": "a", "_score": 1}
    assert matches[1]["_score"] == pytest.approx(math.sqrt(0.5))
    sparse = {"type": "sparse_vector", "field": "words", "sparse_values": {"indices": [7], "values": [2]}}
    assert [(one["_id"], one["_score"]) for one in documents.search(sparse)["matches"]] == [("c", 4)]
    documents.search({**ALL, "values": [1]}, status=400)
    documents.search({**ALL, "field": "words"}, status=400)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("fox", {"a", "c"}),
        ("sleeps runs", {"a", "b"}),
        ("sleeps OR runs", {"a", "b"}),
        ("fox AND dog", {"c"}),
        ("fox NOT dog", {"a"}),
        ("brown AND NOT fox", {"b"}),
        ('"brown fox"', {"a"}),
        ('"fox brown"', set()),
        ("title:slow", {"b"}),
        ('title:"quick fox"', {"a"}),
        ("title:(slow OR quick)", {"a", "b"}),
        ("(fox AND dog) OR sleeps", {"b", "c"}),
        ("fox AND title:and", {"c"}),
    ],
)
def test_query_strings(documents, query, expected):
    assert documents.query(query) == expected


@pytest.mark.parametrize("query", ["fo*", "fox~", "fox^2", "+fox", "-fox", "[a TO b]", "a AND b OR c", "a?"])
def test_what_is_not_offered_in_query_strings_is_said(documents, query):
    with pytest.raises(UnofferedQueryError):
        parse_query(query)
    said = documents.search({"type": "query_string", "query": query}, status=501)
    assert said["message"].endswith(".")


@pytest.mark.parametrize(
    "query", ["", "NOT fox", "(fox", "fox)", "AND fox", "fox AND", 'a "b', "title:", "f:()"]
)
def test_broken_query_strings(documents, query):
    with pytest.raises(BadQueryError):
        parse_query(query)
    documents.search({"type": "query_string", "query": query}, status=400)


@pytest.mark.parametrize("metric", ["cosine", "dotproduct", "euclidean"])
def test_vector_scores_and_rows_that_moved_together(alpha, metric):
    field = {"type": "dense_vector", "dimension": 2, "metric": metric}
    documents = Documents(alpha, {"vector": field, "body": TEXT})
    for turn in range(6):  # so many replaced rows that the living ones move
        documents.upsert(
            *({"_id": f"d{i}", "vector": [i + turn, 1], "body": f"t{turn} n{i}"} for i in range(1000))
        )
        assert len(documents.query(f"t{turn}", top_k=2000, include_fields=[])) == 1000
    assert documents.query("t4") == set()
    assert documents.query("n7") == {"d7"}
    query = [3, 4]
    best = {
        "cosine": lambda v: -(v[0] * 3 + v[1] * 4) / (5 * math.hypot(*v)),
        "dotproduct": lambda v: -(v[0] * 3 + v[1] * 4),
        "euclidean": lambda v: (v[0] - 3) ** 2 + (v[1] - 4) ** 2,
    }[metric]
    scores = {f"d{i}": best((i + 5, 1)) for i in range(1000)}
    matches = documents.search({**ALL, "values": query})["matches"]
    assert [match["_id"] for match in matches] == sorted(scores, key=lambda id_: scores[id_])[:10]
    assert [abs(match["_score"]) for match in matches] == pytest.approx(
        [abs(scores[match["_id"]]) for match in matches]
    )


def test_stemming_and_stop_words(alpha):
    search = {"stemming": True, "stop_words": True}
    documents = Documents(alpha, {"body": {"type": "string", "full_text_search": search}})
    documents.upsert({"_id": "a", "body": "The parsed files"}, {"_id": "b", "body": "the dog"})
    assert documents.found(text("parsing the file")) == ["a"]
    assert documents.query("the") == set()
    assert documents.query("the AND dog") == {"b"}


# ---- filters, fetch, delete


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"year": {"$gte": 2021}}, {"b", "c"}),
        ({"tags": "x"}, {"c"}),
        ({"tags": {"$ne": "x"}}, {"a", "b"}),
        ({"tags": {"$exists": False}}, {"a", "b"}),
        ({"body": {"$match_phrase": "quick brown"}}, {"a"}),
        ({"body": {"$match_all": "dog fox"}}, {"c"}),
        ({"body": {"$match_any": "sleeps runs"}}, {"a", "b"}),
        ({"$and": [{"body": {"$match_any": "dog"}}, {"year": {"$lt": 2022}}]}, {"b"}),
        ({"$or": [{"title": {"$match_all": "slow"}}, {"year": 2020}]}, {"a", "b"}),
        ({"_id": {"$in": ["a", "zz"]}}, {"a"}),
    ],
)
def test_filters(documents, condition, expected):
    assert set(documents.found(ALL, filter=condition)) == expected
    assert set(documents.ask("fetch", {"filter": condition})["documents"]) == expected


@pytest.mark.parametrize(
    "condition",
    [
        {"body": "fox"},
        {"vector": 1},
        {"year": {"$match_all": "x"}},
        {"body": {"$match_all": 1}},
        {"year": {"$x": 1}},
    ],
)
def test_filters_that_do_not_fit(documents, condition):
    documents.search(ALL, filter=condition, status=400)


def test_include_fields(documents):
    for more in ({}, {"include_fields": ["*"]}):
        [match] = documents.search(text("sleeps"), **more)["matches"]
        assert {name: value for name, value in match.items() if name != "_score"} == DOCUMENTS[1]
    [match] = documents.search(text("sleeps"), include_fields=["year", "none"])["matches"]
    assert set(match) == {"_id", "_score", "year"}
    fetched = documents.ask("fetch", {"ids": ["c"], "include_fields": ["words"]})
    assert fetched["documents"] == {"c": {"_id": "c", "words": {"indices": [3, 7], "values": [0.5, 2]}}}


def test_pages_of_a_fetch_by_filter(documents):
    body: dict[str, Any] = {"filter": {"year": {"$gt": 0}}, "limit": 2}
    path, engine = documents.path + "fetch", documents.wire.engine
    seen: list[str] = []
    while True:
        reply = engine.handle(Call.make("POST", path, {}, json.dumps(body).encode()))
        shown = json.loads(reply.read())
        seen += shown["documents"]
        if "pagination" not in shown:
            break
        body["pagination_token"] = shown["pagination"]["next"]
    assert seen == ["a", "b", "c"]


def test_deleting(documents):
    before = int(documents.wire.headers["x-pinecone-request-lsn"])
    documents.ask("delete", {"filter": {"year": {"$lt": 2021}}}, status=202)
    assert int(documents.wire.headers["x-pinecone-request-lsn"]) == before + 1
    assert documents.found(ALL) == ["c", "b"]
    assert int(documents.wire.headers["x-pinecone-max-indexed-lsn"]) == before + 1
    documents.ask("delete", {"filter": {"body": {"$match_all": "fox"}}}, status=400)
    documents.ask("delete", {"ids": ["c"], "delete_all": True}, status=400)
    documents.ask("delete", {"delete_all": True}, status=202)
    assert documents.found(ALL) == []
    documents.upsert(DOCUMENTS[0])
    assert documents.query("fox") == {"a"}


@pytest.mark.parametrize(
    "document",
    [
        {"body": "no id"},
        {"_id": "", "body": "x", "vector": [1, 1]},
        {"_id": "x", "body": "no vector"},
        {"_id": "x", "vector": [1]},
        {"_id": "x", "vector": "text"},
        {"_id": "x", "vector": [1, 1], "body": 5},
        {"_id": "x", "vector": [1, 1], "loose": {"nested": 1}},
        {"_id": "x", "vector": [1, 1], "loose": None},
        {"_id": "x", "vector": [1, 1], "_odd": 1},
        {"_id": "x", "vector": [1, 1], "words": {"indices": [1], "values": []}},
    ],
)
def test_documents_that_do_not_fit(documents, document):
    documents.upsert(DOCUMENTS[0], document, status=400)
    documents.upsert(DOCUMENTS[0], DOCUMENTS[0], status=400)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 400),
        ({"year": {"type": "float"}}, 400),
        ({"_id": TEXT}, 400),
        ({"a": {"type": "string"}}, 400),
        ({"a": {"type": "dense_vector", "dimension": 2}}, 400),
        ({"a": {"type": "dense_vector", "dimension": 0, "metric": "cosine"}}, 400),
        ({"a": {"type": "sparse_vector"}, "b": {"type": "sparse_vector"}}, 400),
        ({"a": {"type": "string", "full_text_search": {"stop_words": True}}}, 400),
        ({"a": {"type": "string", "full_text_search": {"stemming": True, "language": "de"}}}, 501),
        ({"a": {"type": "semantic_text", "model": "multilingual-e5-large"}}, 501),
    ],
)
def test_schemas_that_do_not_fit(alpha, fields, status):
    alpha.ask("POST", "/indexes", {"name": "docs", "schema": {"fields": fields}}, status=status)


def test_what_is_not_offered_is_said(alpha, wire, documents):
    schema = {"fields": SCHEMA}
    for more in ({"source_backup_id": "x"}, {"deployment": {"deployment_type": "byoc", "environment": "e"}}):
        alpha.ask("POST", "/indexes", {"name": "other", "schema": schema, **more}, status=501)
    alpha.ask("POST", "/indexes/docs/backups", {}, status=501)
    for verb in ("update", "list"):
        documents.ask(verb, {}, status=501)


def test_the_two_kinds_of_index_stay_apart(alpha, wire, documents):
    vectors = wire.index("vectors")
    assert [one["name"] for one in wire.ask("GET", "/indexes")["indexes"]] == ["vectors"]
    assert [one["name"] for one in alpha.ask("GET", "/indexes")["indexes"]] == ["docs"]
    wire.ask("GET", "/indexes/docs", status=501)
    alpha.ask("GET", "/indexes/vectors", status=501)
    wire.ask("POST", "/indexes", {"name": "docs", "spec": {"serverless": {"cloud": "aws", "region": "r"}},
                                  "dimension": 2}, status=409)  # fmt: skip
    on_documents = documents.path.removesuffix("/namespaces/n/documents/")
    record = {"id": "a", "sparseValues": {"indices": [1], "values": [1]}}
    wire.ask("POST", on_documents + "/vectors/upsert", {"vectors": [record]}, status=501)
    wire.ask("POST", vectors.prefix + "/namespaces/n/documents/fetch", {"ids": ["a"]}, status=501)
    listed = wire.ask("GET", on_documents + "/namespaces")
    assert listed["namespaces"] == [{"name": "n", "record_count": 3}]
    alpha.ask("DELETE", "/indexes/docs", status=202)
    assert alpha.ask("GET", "/indexes") == {"indexes": []}


# ---- durability, lag, copies


def test_documents_outlive_the_engine(tmp_path, alpha):
    of = type(alpha)
    with LocalEngine(tmp_path / "db") as engine:
        documents = Documents(of(engine))
        documents.upsert(*DOCUMENTS)
        documents.ask("delete", {"ids": ["b"]}, status=202)
        described = documents.wire.ask("GET", "/indexes/docs")
        scores = documents.search(text("quick fox"))
    with LocalEngine(tmp_path / "db") as engine:
        documents.wire = of(engine)
        assert documents.wire.ask("GET", "/indexes/docs") == described
        assert documents.search(text("quick fox")) == scores
        assert documents.ask("fetch", {"ids": ["a", "b", "c"]})["documents"] == {
            one["_id"]: one for one in DOCUMENTS if one["_id"] != "b"
        }


def test_searches_stay_behind_when_that_is_asked_for(alpha):
    with LocalEngine(visible_after=math.inf) as engine:
        documents = Documents(type(alpha)(engine))
        documents.upsert(*DOCUMENTS)
        assert documents.found(ALL) == []
        engine.advance()
        documents.ask("delete", {"filter": {"year": 2020}}, status=202)
        assert documents.query("fox") == {"a", "c"}
        engine.advance()
        assert documents.query("fox") == {"c"}


def test_dumped_documents_can_be_loaded(alpha, documents):
    with LocalEngine() as other:
        assert load(other, dump(documents.wire.engine)) == 3
        wire = type(alpha)(other)
        described = wire.ask("GET", "/indexes/docs")
        path = re.sub(r"^http://localhost", "", described["host"]) + "/namespaces/n/documents/fetch"
        shown = wire.ask("POST", path, {"ids": ["a", "b", "c"]})
        assert shown["documents"] == {one["_id"]: one for one in DOCUMENTS}


def test_the_answers_above_were_held_to_the_description(preview_contract, alpha, documents):
    documents.found(ALL)
    documents.ask("fetch", {"ids": ["a"]})
    documents.ask("delete", {"ids": ["a"]}, status=202)
    alpha.ask("GET", "/indexes")
    alpha.ask("PATCH", "/indexes/docs", {"tags": {"a": "b"}}, status=202)
    seen = {pattern.replace("[^/]+", "x") for _, pattern in preview_contract.seen}
    assert {"/indexes", "/indexes/x"} <= {path.replace("\\", "") for path in seen}
    assert {f"/namespaces/x/documents/{verb}" for verb in ("upsert", "search", "fetch", "delete")} <= seen
