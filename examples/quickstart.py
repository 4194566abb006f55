"""Search the documentation of Python's standard library by meaning: no account, no network.

    hatch run quickstart                        index it (once), then answer some questions
    hatch run quickstart "my own question"      answer that one

The vectors live in the folder `.quickstart`. Remove it, or pass --folder, to start afresh.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stdlib_docs import Entry, collect
from tqdm import tqdm

from pinecone import AsyncPinecone, Field, Pinecone, ServerlessSpec, Vector
from pinecone_local import LocalEngine

INDEX = "python-stdlib"
MODEL = "llama-text-embed-v2"
DIMENSION = 384
RERANKER = "bge-reranker-v2-m3"
BATCH = 240

QUESTIONS = [
    "how do I read a csv file?",
    "run a function in another process",
    "parse a date and time from a string",
    "compress data with gzip",
    "send an email message",
]


@contextmanager
def step(name: str) -> Iterator[None]:
    """Print how long a step took."""
    begun = time.perf_counter()
    yield
    print(f"  {name}: {time.perf_counter() - begun:.2f} s")


def embed(pc: Pinecone, texts: list[str], input_type: str) -> list[list[float]]:
    """Turn texts into vectors."""
    parameters = {"input_type": input_type, "truncate": "END", "dimension": DIMENSION}
    return [item.values for item in pc.inference.embed(model=MODEL, inputs=texts, parameters=parameters)]


def index_library(pc: Pinecone) -> None:
    """Store an entry for everything documented; what an interrupted run stored is kept."""
    if not pc.has_index(INDEX):
        spec = ServerlessSpec(cloud="aws", region="us-east-1")
        pc.create_index(name=INDEX, dimension=DIMENSION, metric="cosine", spec=spec)
    elif pc.describe_index(INDEX).tags == {"indexed": "all"}:
        count = pc.index(INDEX).describe_index_stats().total_vector_count
        print(f"The index {INDEX!r} is there, with {count:,} vectors.")
        return
    print("Indexing the standard library (only this once):")
    with step("reading the docstrings"):
        entries = collect()
    index = pc.index(INDEX)
    stored = {id_ for page in index.list() for id_ in page.ids()}
    begun = time.perf_counter()
    missing = [entry for entry in entries if entry.name not in stored]
    with tqdm(total=len(entries), initial=len(entries) - len(missing), unit=" vectors", leave=False) as bar:
        for start in range(0, len(missing), BATCH):
            bar.update(store(pc, index, missing[start : start + BATCH]))
    seconds = time.perf_counter() - begun
    print(f"  embedding and storing {len(missing):,} vectors: {seconds:.2f} s", end="")
    print(f" ({len(missing) / seconds:,.0f} vectors a second)" if missing else "")
    pc.configure_index(INDEX, tags={"indexed": "all"})


def store(pc: Pinecone, index: Any, entries: list[Entry]) -> int:
    """Embed and upsert a few entries; return how many are stored."""
    vectors = embed(pc, [entry.text for entry in entries], "passage")
    return index.upsert(
        vectors=[
            Vector(id=entry.name, values=values, metadata=entry.metadata)
            for entry, values in zip(entries, vectors, strict=True)
        ]
    ).upserted_count


def search(pc: Pinecone, question: str, top_k: int = 3, filter: Any = None) -> list[Any]:
    """Return the entries nearest to a question, best first."""
    [vector] = embed(pc, [question], "query")
    found = pc.index(INDEX).query(vector=vector, top_k=top_k, filter=filter, include_metadata=True)
    return found.matches


def rerank(pc: Pinecone, question: str, matches: list[Any], top_n: int = 3) -> list[tuple[float, Any]]:
    """Read the candidates again, together with the question, and keep the best."""
    documents = [{"id": match.id, "text": match.metadata["text"]} for match in matches]
    ranked = pc.inference.rerank(model=RERANKER, query=question, documents=documents, top_n=top_n)
    return [(row.score, matches[row.index]) for row in ranked.data]


async def search_async(engine: LocalEngine, question: str) -> list[Any]:
    """Do what `search` does, asynchronously."""
    async with AsyncPinecone(api_key="local", transport=engine.transport()) as pc:
        parameters = {"input_type": "query", "truncate": "END", "dimension": DIMENSION}
        embedded = await pc.inference.embed(model=MODEL, inputs=[question], parameters=parameters)
        index = await pc.index(INDEX)
        found = await index.query(vector=embedded[0].values, top_k=3, include_metadata=True)
        return found.matches


def show(title: str, rows: list[tuple[float, Any]]) -> None:
    """Print a small table: score, name, first line."""
    print(f"\n{title}")
    width = max((len(match.id) for _, match in rows), default=0)
    for score, match in rows:
        print(f"  {score:6.3f}  {match.id:<{width}}  {match.metadata['summary'][:70]}")


def scored(matches: list[Any]) -> list[tuple[float, Any]]:
    return [(match.score, match) for match in matches]


def answer(pc: Pinecone, question: str) -> None:
    """Answer one question."""
    with step("searching"):
        matches = search(pc, question, top_k=10)
    show(question, scored(matches))


def tour(pc: Pinecone, engine: LocalEngine) -> None:
    """Answer the questions, then show a filter, a rerank, and the asynchronous client."""
    for question in QUESTIONS:
        show(question, scored(search(pc, question)))
    question = "write one row to a file"
    show(f"{question}   (only the module csv)", scored(search(pc, question, filter=Field("module") == "csv")))
    question = "wait until a thread has finished"
    show(f"{question}   (the best 30, reranked)", rerank(pc, question, search(pc, question, top_k=30)))
    question = QUESTIONS[0]
    show(f"{question}   (asynchronously)", scored(asyncio.run(search_async(engine, question))))


def main(arguments: list[str] | None = None) -> int:
    """Run the quickstart; return the exit status."""
    parser = argparse.ArgumentParser(description="Search Python's own documentation by meaning, offline.")
    parser.add_argument("question", nargs="*", help="what to look for, in plain English")
    parser.add_argument(
        "--folder", type=Path, default=Path(".quickstart"), help="where the vectors are stored"
    )
    options = parser.parse_args(arguments)
    begun = time.perf_counter()
    try:
        with (
            LocalEngine(options.folder) as engine,
            Pinecone(api_key="local", transport=engine.transport()) as pc,
        ):
            index_library(pc)
            if options.question:
                question = " ".join(options.question)
                with step("searching"):
                    matches = search(pc, question, top_k=10)
                show(question, scored(matches))
            else:
                tour(pc, engine)
    except KeyboardInterrupt:
        print("\nInterrupted. What was stored is kept; run it again to go on.", file=sys.stderr)
        return 130
    print(f"\nDone in {time.perf_counter() - begun:.1f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
