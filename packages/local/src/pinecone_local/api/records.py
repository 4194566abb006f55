"""Records of text for indexes that embed: upsert as JSON lines, search by text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import numpy.typing as npt

from ..http import Call, Reply, Route, bad_request
from ..models import DenseEmbeddings, embed_texts, rerank_documents
from ..state.arrays import F32
from ..state.namespace import Namespace, RecordBlock
from ..state.resources import Index
from ..state.sparse_table import SparseRow
from .filtering import read_condition
from .integrated import check_embedder, text_field
from .query import checked_top_k, find_nearest, stored_query
from .records_in import SparseIn, check_size, checked_id, checked_metadata, read_dense, read_sparse
from .records_out import query_units, read_reply, shown_scores, write_reply
from .wire import checked_namespace

if TYPE_CHECKING:
    from ..engine import LocalEngine

__all__ = ["ROUTES"]

MAX_RECORDS = 96


class QueryVector(msgspec.Struct):
    """The vector of a search."""

    values: list[float] | None = None
    sparse_values: list[float] | None = None
    sparse_indices: list[int] | None = None


class MatchTerms(msgspec.Struct):
    """Words that every hit of a search must have."""

    terms: list[str]
    strategy: str = "all"


class SearchQuery(msgspec.Struct):
    """What a search looks for."""

    top_k: int
    filter: dict[str, Any] | None = None
    inputs: dict[str, Any] | None = None
    vector: QueryVector | None = None
    id: str | None = None
    match_terms: MatchTerms | None = None


class Rerank(msgspec.Struct):
    """How hits are ordered anew."""

    model: str
    rank_fields: list[str]
    top_n: int | None = None
    parameters: dict[str, Any] | None = None
    query: str | None = None


class SearchRequest(msgspec.Struct):
    """The body of ``POST /records/namespaces/{namespace}/search``."""

    query: SearchQuery
    fields: list[str] | None = None
    rerank: Rerank | None = None


# ---- upsert


def upsert(engine: LocalEngine, call: Call, namespace: str) -> Reply:
    """Answer ``POST /records/namespaces/{namespace}/upsert``."""
    index = engine.index_of(call)
    check_size(call)
    embed = check_embedder(index.row)
    name = checked_namespace(namespace)
    field = text_field(embed)
    records = _read_lines(call.body)
    last: dict[str, tuple[str, bytes | None]] = {}
    for position, record in enumerate(records):
        id_, text = _read_record(record, field, position)
        last[id_] = text, checked_metadata(record, id_)
    texts = [text for text, _ in last.values()]
    dense, sparse = _embed(index, texts, embed, "write_parameters")
    vectors: list[SparseRow | None] = [None] * len(texts) if sparse is None else sparse
    block = RecordBlock(list(last), dense, vectors, [metadata for _, metadata in last.values()])
    index.data.add(name, block, engine.clock())
    return write_reply(index.data, {}, status=201)


def _read_lines(body: bytes) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    for number, line in enumerate(body.splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise bad_request(f"Line {number} is not valid JSON: {error}.") from error
        if isinstance(record, list) and not records:
            records = record
            break
        records.append(record)
    for position, record in enumerate(records):
        if not isinstance(record, dict):
            raise bad_request(f"The record at position {position} is not an object.")
    if not records:
        raise bad_request("The body must hold at least one record, one JSON object a line.")
    if len(records) > MAX_RECORDS:
        raise bad_request(f"Upsert at most {MAX_RECORDS} records of text a request, got {len(records)}.")
    return records


def _read_record(record: dict[str, Any], field: str, position: int) -> tuple[str, str]:
    """Take the id out of a record, and its text; what stays is metadata."""
    given, other = record.pop("_id", None), record.pop("id", None)
    id_ = other if given is None else given
    if not isinstance(id_, str):
        raise bad_request(f"The record at position {position} needs an '_id' that is a string.")
    text = record.get(field)
    if not isinstance(text, str):
        raise bad_request(
            f"The record {id_!r} needs the field {field!r} with the text to embed (see field_map)."
        )
    for key in [key for key, value in record.items() if value is None]:
        del record[key]
    return checked_id(id_), text


def _embed(
    index: Index, texts: list[str], embed: dict[str, Any], parameters: str
) -> tuple[F32 | None, list[SparseRow | None] | None]:
    found = embed_texts(embed["model"], texts, parameters=embed[parameters])
    if isinstance(found, DenseEmbeddings):
        return found.values, None
    vectors: list[SparseRow | None] = [
        (np.array(v.indices, np.uint32), np.array(v.values, np.float32)) if v.indices else None
        for v in found.vectors
    ]
    return None, vectors


# ---- search


def search(engine: LocalEngine, call: Call, namespace: str) -> Reply:
    """Answer ``POST /records/namespaces/{namespace}/search``."""
    index = engine.index_of(call)
    request = call.read(SearchRequest)
    asked = request.query
    checked_top_k(asked.top_k, "query.top_k")
    name = checked_namespace(namespace)
    condition = read_condition(index.row, index.data, name, asked.filter)
    records = index.data.records(name)
    usage: dict[str, int] = {"read_units": 1}
    dense, sparse = _wanted(index, asked, records, usage)
    terms = _terms(index, asked.match_terms)
    hits: list[dict[str, Any]] = []
    if records is not None:
        snapshot, found = find_nearest(
            index.row, records, condition, dense, sparse, asked.top_k, terms, engine.graphs
        )
        usage["read_units"] = query_units(snapshot.size)
        for row, score in zip(found.rows.tolist(), shown_scores(found.scores), strict=True):
            metadata = snapshot.metadata(row)
            fields = {} if metadata is None else msgspec.json.decode(metadata)
            hits.append({"_id": snapshot.id(row), "_score": score, "fields": fields})
    if request.rerank is not None:
        hits = _reranked(request.rerank, asked, hits, usage)
    if request.fields is not None:
        for hit in hits:
            hit["fields"] = {key: hit["fields"][key] for key in request.fields if key in hit["fields"]}
    return read_reply(index.data, {"result": {"hits": hits}, "usage": usage})


def _wanted(
    index: Index, asked: SearchQuery, records: Namespace | None, usage: dict[str, int]
) -> tuple[F32 | None, SparseRow | None]:
    if sum(given is not None for given in (asked.inputs, asked.vector, asked.id)) != 1:
        raise bad_request("The query needs exactly one of inputs, vector and id.")
    if asked.id is not None:
        return stored_query(records, asked.id)
    if asked.vector is not None:
        return _given_vector(index, asked.vector)
    text = (asked.inputs or {}).get("text")
    if not isinstance(text, str):
        raise bad_request("query.inputs must be {'text': TEXT}.")
    embed = check_embedder(index.row)
    found = embed_texts(embed["model"], [text], parameters=embed["read_parameters"])
    usage["embed_total_tokens"] = found.total_tokens
    if isinstance(found, DenseEmbeddings):
        return found.values[0], None
    vector = found.vectors[0]
    if not vector.indices:
        return None, None
    return None, (np.array(vector.indices, np.uint32), np.array(vector.values, np.float32))


def _given_vector(index: Index, vector: QueryVector) -> tuple[F32 | None, SparseRow | None]:
    given = SparseIn(vector.sparse_indices or [], vector.sparse_values or [])
    sparse = read_sparse(given, "The query")
    dimension = index.row.dimension
    if dimension is None:
        if vector.values:
            raise bad_request("The index is sparse: send sparse_indices and sparse_values.")
        return None, sparse
    if sparse is not None and index.row.metric != "dotproduct":
        raise bad_request(
            "Index configuration does not support sparse values - only indexes that are sparse or using "
            "dotproduct are supported"
        )
    return read_dense(vector.values or [], dimension, "Query vector"), sparse


def _terms(index: Index, match: MatchTerms | None) -> npt.NDArray[np.uint32] | None:
    """Return the sparse indices of the words that every hit must have."""
    if match is None:
        return None
    if match.strategy != "all":
        raise bad_request(f"query.match_terms.strategy must be 'all', got {match.strategy!r}.")
    embed = check_embedder(index.row)
    if index.row.vector_type != "sparse":
        raise bad_request("query.match_terms works on sparse indexes with integrated embedding only.")
    found = embed_texts(embed["model"], match.terms, parameters=embed["read_parameters"])
    if isinstance(found, DenseEmbeddings):
        raise bad_request("query.match_terms needs a sparse embedding model.")
    places = {place for vector in found.vectors for place in vector.indices}
    return np.array(sorted(places), np.uint32)


def _reranked(
    asked: Rerank, query: SearchQuery, hits: list[dict[str, Any]], usage: dict[str, int]
) -> list[dict[str, Any]]:
    text = asked.query if asked.query is not None else (query.inputs or {}).get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request("rerank needs a query: send rerank.query or query.inputs.text.")
    if not asked.rank_fields:
        raise bad_request("rerank.rank_fields must name at least one field.")
    if asked.top_n is not None and asked.top_n < 1:
        raise bad_request(f"rerank.top_n must be at least 1, got {asked.top_n}.")
    usage["rerank_units"] = 0
    readable = [hit for hit in hits if any(field in hit["fields"] for field in asked.rank_fields)]
    if not readable:
        return hits[: asked.top_n]
    documents = [{field: hit["fields"].get(field, "") for field in asked.rank_fields} for hit in readable]
    found = rerank_documents(
        asked.model,
        text,
        documents,
        rank_fields=asked.rank_fields,
        top_n=asked.top_n,
        parameters=asked.parameters,
    )
    usage["rerank_units"] = found.rerank_units
    return [{**readable[one.index], "_score": one.score} for one in found.ranked]


ROUTES = [
    Route("POST", "/records/namespaces/{namespace}/upsert", upsert),
    Route("POST", "/records/namespaces/{namespace}/search", search),
]
