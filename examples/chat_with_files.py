"""Ask questions about your own files, with citations to file and page: no account, no network.

    hatch run example chat_with_files                         the papers of a small library
    hatch run example chat_with_files "a question" FILE ...   your own: txt, md, json, html, pdf, docx

The embedded engine answers by quoting the sentences that fit best. Give it `writer=` to have a language
model write the answers instead (`pinecone_local.assistant.writers.OpenAIWriter` asks any service that
speaks the OpenAI chat interface).
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from pinecone import AsyncPinecone, Pinecone
from pinecone_local import LocalEngine

FILES = sorted((Path(__file__).parent / "files").iterdir())
QUESTIONS = [
    "How many books may I borrow?",
    "When was the library founded?",
    "When does the library open on Sundays?",
]


def upload(pc: Pinecone, name: str, paths: list[Path]) -> None:
    """Create an assistant and give it files."""
    pc.assistants.create(name=name, instructions="Answer in one sentence.")
    for path in paths:
        file = pc.assistants.upload_file(assistant_name=name, file_path=str(path))
        print(f"  {file.name}: {file.status}, {file.size:,} bytes")


def sources(citations: list[Any]) -> str:
    """Return what an answer rests on, such as ``members.pdf p. 1``."""
    found = [
        f"{reference.file.name} p. {', '.join(map(str, reference.pages or []))}"
        for citation in citations
        for reference in citation.references
    ]
    return "; ".join(dict.fromkeys(found)) or "no source"


def ask(pc: Pinecone, name: str, question: str) -> str:
    """Print an answer with its sources."""
    answer = pc.assistants.chat(assistant_name=name, messages=[{"content": question}])
    print(f"\n{question}\n  {answer.message.content}\n  ({sources(answer.citations)})")
    return answer.message.content or ""


def stream(pc: Pinecone, name: str, question: str) -> None:
    """Print an answer piece by piece, as it is written, and judge it by the best passage."""
    print(f"\n{question}   (streamed)\n  ", end="")
    answer = ""
    with pc.assistants.chat(assistant_name=name, messages=[{"content": question}], stream=True) as pieces:
        for piece in pieces.text():
            print(piece, end="", flush=True)
            answer += piece
    best = pc.assistants.context(assistant_name=name, query=question, top_k=1).snippets[0]
    result = pc.assistants.evaluate_alignment(
        question=question, answer=answer, ground_truth_answer=str(best.content)
    )
    print(f"\n  {result.scores.correctness:.0%} correct by the best passage (score {best.score:.2f}).")


async def session_async(engine: LocalEngine, paths: list[Path], question: str) -> None:
    """Do all of it asynchronously."""
    name, messages = "files-async", [{"content": question}]
    async with AsyncPinecone(api_key="local", transport=engine.transport()) as pc:
        await pc.assistants.create(name=name)
        for path in paths:
            await pc.assistants.upload_file(assistant_name=name, file_path=str(path))
        whole = await pc.assistants.chat(assistant_name=name, messages=messages)
        print(f"\n{question}   (asynchronously, streamed)\n  ", end="")
        answer = ""
        async with await pc.assistants.chat(assistant_name=name, messages=messages, stream=True) as pieces:
            async for piece in pieces.text():
                print(piece, end="", flush=True)
                answer += piece
        print(f"\n  ({sources(whole.citations)})")
        best = (await pc.assistants.context(assistant_name=name, query=question, top_k=1)).snippets[0]
        result = await pc.assistants.evaluate_alignment(
            question=question, answer=answer, ground_truth_answer=str(best.content)
        )
        print(f"  {result.scores.correctness:.0%} correct by the best passage (score {best.score:.2f}).")
        await pc.assistants.delete(name=name)


def main(arguments: list[str]) -> int:
    """Run the example; return the exit status."""
    questions = arguments[:1] or QUESTIONS
    paths = [Path(name) for name in arguments[1:]] or FILES
    with LocalEngine() as engine:
        pc = Pinecone(api_key="local", transport=engine.transport())
        print("Uploading:")
        upload(pc, "files", paths)
        for question in questions:
            ask(pc, "files", question)
        stream(pc, "files", questions[0])
        pc.assistants.delete(name="files")
        asyncio.run(session_async(engine, paths, questions[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
