"""Uploading, waiting for, listing and deleting files."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from pinecone_core.errors import (
    PineconeConnectionError,
    PineconeError,
    PineconeTimeoutError,
    PineconeTypeError,
    PineconeValueError,
    ServiceError,
)
from pinecone_core.filters import Field

from .wire import HOST, READY, headers_of

GONE = (404, {"error": {"code": "NOT_FOUND", "message": "gone"}, "status": 404})


def file(status: str | None = "Available", **more: Any) -> dict[str, Any]:
    return {"id": "f1", "name": "a.txt", "status": status, **more}


def work(status: str, **more: Any) -> dict[str, Any]:
    return {"id": "op1", "status": status, "operation_type": "upsert_file", "created_on": "now", **more}


def parts_of(request: Any, content: bytes) -> Any:
    found = re.fullmatch(r"multipart/form-data; boundary=(\w+)", headers_of(request)["content-type"])
    assert found
    pieces = content.split(b"--" + found[1].encode())
    assert pieces[0] == b""
    assert pieces[-1] == b"--\r\n"
    return [tuple(piece[2:-2].split(b"\r\n\r\n", 1)) for piece in pieces[1:-1]]


def upload(bench: Any, **arguments: Any) -> Any:
    return bench.run(bench.pc.upload_file(assistant_name="manuals", **arguments))


def test_upload_of_a_path(bench: Any, tmp_path: Path) -> None:
    path = tmp_path / 'na"me.txt'
    path.write_bytes(b"x" * 600_000)
    seen: list[tuple[int, int | None]] = []
    made = bench((200, READY), (200, file("Processing")), (200, file("Processing")), (200, file()))
    found = upload(
        made,
        file_path=str(path),
        metadata={"year": 2024},
        multimodal=False,
        on_progress=lambda sent, total: seen.append((sent, total)),
    )
    assert found.status == "Available"
    assert found.id == "f1"
    assert made.wire.lines[1:] == [
        f"POST {HOST}/assistant/files/manuals?metadata=%7B%22year%22%3A2024%7D&multimodal=false",
        f"GET {HOST}/assistant/files/manuals/f1",
        f"GET {HOST}/assistant/files/manuals/f1",
    ]
    sent = made.wire.requests[1]
    assert headers_of(sent)["x-pinecone-api-version"] == "2025-10"
    assert sent.deadline is None
    assert sent.write == 30.0
    ((head, content),) = parts_of(sent, made.wire.contents[1])
    assert head == (
        b'Content-Disposition: form-data; name="file"; filename="na%22me.txt"\r\nContent-Type: text/plain'
    )
    assert content == b"x" * 600_000
    total = sent.body.length
    assert seen[-1] == (total, total)
    assert len(seen) > 3
    assert made.clock.slept == [0.5]


def test_upsert(bench: Any) -> None:
    made = bench(
        (200, READY),
        (202, work("Processing")),
        (200, work("Processing", percent_complete=10)),
        (200, work("Completed")),
        (200, file()),
    )
    data = io.BytesIO(b"hello")
    found = upload(
        made, file_stream=data, file_name="a.md", metadata={"a": 1}, multimodal=True, file_id="f/1"
    )
    assert found.name == "a.txt"
    assert not data.closed
    assert made.wire.lines[1:] == [
        f"PUT {HOST}/assistant/files/manuals/f%2F1?multimodal=true",
        f"GET {HOST}/assistant/operations/manuals/op1",
        f"GET {HOST}/assistant/operations/manuals/op1",
        f"GET {HOST}/assistant/files/manuals/f%2F1",
    ]
    versions = [headers_of(request)["x-pinecone-api-version"] for request in made.wire.requests[1:]]
    assert versions == ["2026-04", "2026-04", "2026-04", "2025-10"]
    (_, content), (head, metadata) = parts_of(made.wire.requests[1], made.wire.contents[1])
    assert content == b"hello"
    assert metadata == b'{"a":1}'
    assert head == b'Content-Disposition: form-data; name="metadata"'


def test_not_waiting(bench: Any) -> None:
    made = bench((200, READY), (200, file("Processing")), (200, file("Processing")))
    assert upload(made, file_stream=b"hello", file_name="a.txt", timeout=-1).status == "Processing"
    assert len(made.wire.requests) == 3
    assert not made.clock.slept


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([file("ProcessingFailed", error_message="bad pdf")], "File processing failed for 'f1': bad pdf"),
        ([file("ProcessingFailed")], "Unknown processing error"),
        ([file("Processing"), file("Deleting")], "is being deleted"),
    ],
)
def test_a_failed_upload_tells_why(bench: Any, answers: list[Any], message: str) -> None:
    made = bench((200, READY), (200, file("Processing")), *[(200, answer) for answer in answers])
    with pytest.raises(PineconeError, match=re.escape(message)):
        upload(made, file_stream=b"hello", file_name="a.txt")


def test_a_failed_upsert_tells_why(bench: Any) -> None:
    made = bench((200, READY), (202, work("Processing")), (200, work("Failed", error_message="bad pdf")))
    with pytest.raises(PineconeError, match="Upsert operation failed for operation 'op1': bad pdf"):
        upload(made, file_stream=b"hello", file_name="a.txt", file_id="f1")


def test_waiting_ends_in_time(bench: Any) -> None:
    made = bench(by=lambda request: (200, file("Processing") if "files" in request.target else READY))
    with pytest.raises(PineconeTimeoutError, match="File processing timed out after 7s") as caught:
        upload(made, file_stream=b"hello", file_name="a.txt", timeout=7)
    assert made.clock.slept == [0.5, 1.0, 2.0, 3.5]  # the last one cut to what was left
    assert caught.value.response.status == "Processing"


def test_a_fault_does_not_end_the_wait(bench: Any) -> None:
    made = bench(
        (200, READY),
        (200, file("Processing")),
        GONE,  # not visible yet
        (503, {"message": "busy"}),
        PineconeConnectionError("reset"),
        (200, READY),
        (200, file()),
    )
    assert upload(made, file_stream=b"hello", file_name="a.txt").status == "Available"


@pytest.mark.parametrize(
    "failure", [(500, {"message": "oops"}), PineconeConnectionError("reset"), PineconeTimeoutError("late")]
)
@pytest.mark.parametrize("method", ["upload", "upsert", "chat", "create"])
def test_nothing_that_bills_or_uploads_is_sent_twice(bench: Any, failure: Any, method: str) -> None:
    made = bench(failure, data_host=HOST, retry_config=None)
    calls = {
        "upload": lambda: upload(made, file_stream=b"hello", file_name="a.txt"),
        "upsert": lambda: upload(made, file_stream=b"hello", file_name="a.txt", file_id="f1"),
        "chat": lambda: made.run(made.pc.chat(assistant_name="manuals", messages="Hi")),
        "create": lambda: made.run(made.pc.create(name="manuals")),
    }
    with pytest.raises(type(failure) if isinstance(failure, Exception) else ServiceError):
        calls[method]()
    assert len(made.wire.requests) == 1


def test_a_stream_is_sent_from_where_it_stands(bench: Any) -> None:
    answers = [(200, file("Processing")), (200, file())]
    made = bench(*answers, *answers, data_host=HOST)
    data = io.BytesIO(b"0123456789")
    data.seek(4)
    upload(made, file_stream=data, file_name="a.txt")
    assert parts_of(made.wire.requests[0], made.wire.contents[0])[0][1] == b"456789"
    assert data.tell() == 10  # now at its end, so that all of it is meant
    upload(made, file_stream=data, file_name="a.txt")
    assert parts_of(made.wire.requests[2], made.wire.contents[2])[0][1] == b"0123456789"


def test_the_name_of_an_open_file(bench: Any, tmp_path: Path) -> None:
    (tmp_path / "own.md").write_bytes(b"hello")
    made = bench((200, file("Processing")), (200, file()), data_host=HOST)
    with (tmp_path / "own.md").open("rb") as data:
        upload(made, file_stream=data)
    assert b'filename="own.md"' in made.wire.contents[0]


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({}, PineconeValueError, "Exactly one of file_path or file_stream"),
        (
            {"file_path": "a", "file_stream": b"b"},
            PineconeValueError,
            "Exactly one of file_path or file_stream",
        ),
        ({"file_path": "/nowhere/at/all.txt"}, PineconeValueError, "^File not found:"),
        ({"file_path": 3}, PineconeTypeError, "file_path must be a path"),
        ({"file_stream": b"b"}, PineconeValueError, "file_name must have an extension"),
        ({"file_stream": b"b", "file_name": "a"}, PineconeValueError, "file_name must have an extension"),
        (
            {"file_stream": io.StringIO("b"), "file_name": "a.txt"},
            PineconeTypeError,
            "open it with mode 'rb'",
        ),
        ({"file_stream": b"b", "file_name": "a.txt", "file_id": ""}, PineconeValueError, "file_id must be"),
        ({"file_stream": b"b", "file_name": "a.txt", "metadata": [1]}, PineconeTypeError, "metadata must be"),
        ({"file_stream": b"b", "file_name": "a.txt", "timeout": "1"}, PineconeTypeError, "timeout must be"),
    ],
)
def test_bad_uploads_send_nothing(bench: Any, arguments: Any, kind: Any, message: str) -> None:
    made = bench()
    with pytest.raises(kind, match=message):
        upload(made, **arguments)
    assert not made.wire.requests


def test_describe_file(bench: Any) -> None:
    made = bench((200, READY), (200, file(crc32c_hash="abc", size=5)), (200, file(signed_url="https://u")))
    found = made.run(made.pc.describe_file(assistant_name="manuals", file_id="f1"))
    assert found.content_hash == found.crc32c_hash == found["crc32c_hash"] == "abc"
    assert found.to_dict()["content_hash"] == "abc"
    with_url = made.run(made.pc.describe_file(assistant_name="manuals", file_id="f1", include_url=True))
    assert with_url.signed_url == "https://u"
    assert made.wire.lines[1:] == [
        f"GET {HOST}/assistant/files/manuals/f1",
        f"GET {HOST}/assistant/files/manuals/f1?include_url=true",
    ]


def test_listing_files(bench: Any) -> None:
    pages = [
        {"files": [file(), file()], "pagination": {"next": "t1"}},
        {"files": [file()], "pagination": None},
    ]
    made = bench((200, READY), *[(200, page) for page in pages])
    found = made.walk(lambda: made.pc.list_files(assistant_name="manuals", filter=Field("year") == 2024))
    assert len(found) == 3
    assert made.wire.lines[1:] == [
        f"GET {HOST}/assistant/files/manuals?filter=%7B%22year%22%3A%7B%22%24eq%22%3A2024%7D%7D",
        f"GET {HOST}/assistant/files/manuals?pagination_token=t1"
        "&filter=%7B%22year%22%3A%7B%22%24eq%22%3A2024%7D%7D",
    ]
    assert headers_of(made.wire.requests[1])["x-pinecone-api-version"] == "2026-04"


def test_a_page_of_files(bench: Any) -> None:
    made = bench((200, {"files": [file()], "pagination": {"next": "t1"}}), (200, {}), data_host=HOST)
    page = made.run(made.pc.list_files_page(assistant_name="manuals", limit=3))
    assert made.wire.lines == [f"GET {HOST}/assistant/files/manuals?limit=3"]
    assert page.next == page.next_token == page["next"] == "t1"
    assert len(page) == 1
    assert [item.id for item in page] == ["f1"]
    assert page[0].id == "f1"
    assert made.run(made.pc.list_files_page(assistant_name="manuals")).files == []


def test_delete_file_waits_until_it_is_gone(bench: Any) -> None:
    made = bench((200, READY), (200, None), (200, file("Available")), (200, file("Deleting")), GONE)
    assert made.run(made.pc.delete_file(assistant_name="manuals", file_id="f1")) is None
    assert made.wire.lines[1] == f"DELETE {HOST}/assistant/files/manuals/f1"
    assert made.clock.slept == [0.5, 1.0]


def test_a_failed_deletion_tells_why(bench: Any) -> None:
    made = bench(
        (200, None), (200, file("Deleting")), (200, file("Available", error_message="busy")), data_host=HOST
    )
    with pytest.raises(PineconeError, match="File deletion failed for 'f1': busy"):
        made.run(made.pc.delete_file(assistant_name="manuals", file_id="f1"))


def test_a_deletion_that_never_begins_ends_the_wait(bench: Any) -> None:
    made = bench(
        by=lambda request: (200, file("Available") if request.method == "GET" else None), data_host=HOST
    )
    with pytest.raises(PineconeError, match="Unknown deletion error"):
        made.run(made.pc.delete_file(assistant_name="manuals", file_id="f1"))
    assert sum(made.clock.slept) >= 60


def test_delete_file_that_takes_too_long(bench: Any) -> None:
    made = bench(
        by=lambda request: (200, file("Deleting") if request.method == "GET" else None), data_host=HOST
    )
    with pytest.raises(PineconeTimeoutError, match="File 'f1' still exists after 3s"):
        made.run(made.pc.delete_file(assistant_name="manuals", file_id="f1", timeout=3))


def test_operations(bench: Any) -> None:
    done = work("Completed", percent_complete=100, file_id="f1", ingestion_units=1.5, completed_on="later")
    made = bench((200, done), (200, {"operations": [done]}), data_host=HOST)
    found = made.run(made.pc.describe_operation(assistant_name="manuals", operation_id="op1"))
    assert (found.operation_id, found.percent_complete, found.ingestion_units) == ("op1", 100, 1.5)
    listed = made.walk(
        lambda: made.pc.list_operations(
            assistant_name="manuals", operation_type="upload_file", status="Failed"
        )
    )
    assert listed == [found]
    assert made.wire.lines == [
        f"GET {HOST}/assistant/operations/manuals/op1",
        f"GET {HOST}/assistant/operations/manuals?operation_type=upload_file&status=Failed",
    ]
    with pytest.raises(PineconeValueError, match="status must be one of"):
        made.run(made.pc.list_operations_page(assistant_name="manuals", status="Done"))


def test_metadata_survives(bench: Any) -> None:
    made = bench((200, file(metadata={"a": [1, {"b": None}]})), data_host=HOST)
    found = made.run(made.pc.describe_file(assistant_name="manuals", file_id="f1"))
    assert json.loads(found.to_json())["metadata"] == {"a": [1, {"b": None}]}
