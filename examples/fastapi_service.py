"""A web service that searches: one asynchronous client, made and closed with the application.

    hatch run example fastapi_service            asks the service a few things and leaves
    hatch run example fastapi_service serve      serves at http://127.0.0.1:8000/docs

With the cloud: leave out `transport=` and give your key.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, HTTPException, Request

from pinecone import AsyncPinecone, NotFoundError, PineconeError, PineconeValueError
from pinecone_local import LocalEngine

NOTES = ["The cat sleeps on the warm roof.", "Interest rates rose in March.", "A dog barked at the postman."]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Make the client and the index before the first request; close it after the last."""
    with LocalEngine() as engine:
        async with AsyncPinecone(api_key="local", transport=engine.transport()) as pc:
            embed = {"model": "multilingual-e5-large", "field_map": {"text": "body"}}
            await pc.create_index_for_model(name="notes", cloud="aws", region="us-east-1", embed=embed)
            app.state.index = await pc.index("notes")
            records = [{"_id": str(number), "body": body} for number, body in enumerate(NOTES)]
            await app.state.index.upsert_records(namespace="all", records=records)
            yield


app = FastAPI(title="Notes", lifespan=lifespan)


@app.get("/search")
async def search(request: Request, q: str, top_k: int = 2) -> list[dict[str, Any]]:
    """Find the notes nearest to a question."""
    try:
        found = await request.app.state.index.search(
            namespace="all", top_k=top_k, inputs={"text": q}, fields=["body"], timeout=5
        )
    except PineconeValueError as error:  # nothing was sent
        raise HTTPException(400, str(error)) from error
    except PineconeError as error:
        raise HTTPException(502, str(error)) from error
    hits = found.result.hits
    return [{"id": hit.id, "score": round(hit.score, 3), "body": hit.fields["body"]} for hit in hits]


@app.get("/namespaces/{name}")
async def namespace(request: Request, name: str) -> dict[str, Any]:
    """Tell how many notes a namespace has."""
    try:
        found = await request.app.state.index.describe_namespace(namespace=name)
    except NotFoundError as error:
        raise HTTPException(404, error.message) from error
    return {"name": name, "notes": found.record_count}


def main() -> None:
    """Serve, or ask the service a few things."""
    if sys.argv[1:] == ["serve"]:
        import uvicorn

        uvicorn.run(app)
        return
    from starlette.testclient import TestClient

    with TestClient(app) as client:
        for path in ("/search?q=pets", "/namespaces/all", "/namespaces/none", "/search?q=money&top_k=0"):
            answer = client.get(path)
            print(f"GET {path}\n  {answer.status_code} {answer.json()}")


if __name__ == "__main__":
    main()
