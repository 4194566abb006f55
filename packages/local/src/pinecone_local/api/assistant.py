"""The assistant API: assistants, files, chat, context and evaluation.

Served under ``/assistant`` and at the root, because clients differ in which they ask.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from ..assistant.answers import Answer, Cited, Question, answer, evaluate_alignment
from ..assistant.documents import KINDS, kind_of
from ..assistant.library import AssistantRow, FileRow, Found, OperationRow
from ..assistant.passages import token_count
from ..http import ApiFault, Call, Reply, Route, bad_request, json_reply
from ..state.resources import iso_time

if TYPE_CHECKING:
    from ..engine import LocalEngine

__all__ = ["ROUTES"]

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_FILE_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_MOST_TEXT = 16 * 1024
_PIECE_WORDS = 4


# ---- what goes out


def _assistant(call: Call, row: AssistantRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "instructions": row.instructions,
        "metadata": row.metadata,
        "status": "Ready",
        "host": call.base_url,
        "region": row.region,
        "created_at": iso_time(row.created),
        "updated_at": iso_time(row.updated),
    }


def _file(row: FileRow) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": row.id,
        "name": row.name,
        "metadata": row.metadata,
        "status": row.status,
        "size": row.size,
        "multimodal": False,
        "percent_done": 1.0,
        "created_on": iso_time(row.created),
        "updated_on": iso_time(row.updated),
    }
    if row.error is not None:
        shown["error_message"] = row.error
    return shown


def _operation(row: OperationRow) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": row.id,
        "operation_type": row.type,
        "file_id": row.file_id,
        "status": row.status,
        "created_on": iso_time(row.created),
        "completed_on": iso_time(row.created),
        "percent_complete": 100,
    }
    if row.error is not None:
        shown["error_message"] = row.error
    return shown


def _page(call: Call, name: str, items: list[dict[str, Any]]) -> Reply:
    """Answer with a page of a listing; a token is the number of items before the page."""
    token = call.param("pagination_token") or "0"
    if not token.isdigit():
        raise bad_request(f"pagination_token {token!r} is not one that this listing gave out.")
    start = int(token)
    shown: dict[str, Any] = {name: items[start:]}
    if (limit := call.param("limit")) is not None or len(items) - start > 50:
        limit = limit or "50"
        if not limit.isdigit() or not 1 <= int(limit) <= 100:
            raise bad_request(f"limit must be from 1 to 100, got {limit!r}.")
        end = start + int(limit)
        shown[name] = items[start:end]
        if end < len(items):
            shown["pagination"] = {"next": str(end)}
    return json_reply(shown)


# ---- assistants


class CreateRequest(msgspec.Struct):
    """The body of ``POST /assistants``."""

    name: str
    instructions: str | None = None
    metadata: dict[str, Any] | None = None
    region: str | None = None
    environment: str | None = None


def create(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``POST /assistants``."""
    request = call.read(CreateRequest)
    if not _NAME.fullmatch(request.name):
        raise bad_request(
            "The name of an assistant has 1 to 63 lower-case letters, digits and '-', and begins and ends "
            f"with a letter or digit; got {request.name!r}."
        )
    if request.region not in (None, "us", "eu"):
        raise bad_request(f"region must be 'us' or 'eu', got {request.region!r}.")
    _bounded(request.instructions, request.metadata)
    row = engine.assistants.create(
        request.name, request.instructions, request.metadata, request.region or "us"
    )
    return json_reply(_assistant(call, row))


def _bounded(instructions: str | None, metadata: dict[str, Any] | None) -> None:
    for name, size in (
        ("instructions", len((instructions or "").encode())),
        ("metadata", len(msgspec.json.encode(metadata))),
    ):
        if size > _MOST_TEXT:
            raise bad_request(f"{name} may have at most 16 KB, got {size} bytes.")


def list_assistants(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``GET /assistants``."""
    return _page(call, "assistants", [_assistant(call, row) for row in engine.assistants.assistants()])


def describe(engine: LocalEngine, call: Call, assistant_name: str) -> Reply:
    """Answer ``GET /assistants/{assistant_name}``."""
    return json_reply(_assistant(call, engine.assistants.assistant(assistant_name)))


def update(engine: LocalEngine, call: Call, assistant_name: str) -> Reply:
    """Answer ``PATCH /assistants/{assistant_name}``."""
    body = call.read(dict[str, Any])
    changes: dict[str, Any] = {key: body[key] for key in ("instructions", "metadata") if key in body}
    if not changes:
        raise bad_request("Name what to change: instructions, metadata or both.")
    if not isinstance(changes.get("instructions"), str | None):
        raise bad_request("instructions must be a string.")
    if not isinstance(changes.get("metadata"), dict | None):
        raise bad_request("metadata must be an object.")
    _bounded(changes.get("instructions"), changes.get("metadata"))
    row = engine.assistants.update(assistant_name, changes)
    # Unlike elsewhere, the description has no null here.
    shown = {name: value for name, value in _assistant(call, row).items() if value is not None}
    return json_reply({"assistant_name": row.name, **shown})


def delete(engine: LocalEngine, call: Call, assistant_name: str) -> Reply:
    """Answer ``DELETE /assistants/{assistant_name}``."""
    engine.assistants.delete(assistant_name)
    return Reply(200)


# ---- files


def _upload(call: Call) -> tuple[str, bytes, dict[str, Any] | None]:
    """Read a multipart upload: name, bytes and metadata of the file."""
    from ..assistant.forms import read_form

    parts = read_form(call.headers.get("content-type", ""), call.body)
    files = [part for part in parts if part.name == "file" and part.file_name is not None]
    if len(files) != 1:
        raise bad_request("Send exactly one file, as the part 'file'.")
    name, data = files[0].file_name or "", files[0].data
    if kind_of(name) is None:
        known = ", ".join(sorted(KINDS))
        raise bad_request(f"The file {name!r} is of no kind that can be read; use one of {known}.")
    sent = [part.data.decode("utf-8", "replace") for part in parts if part.name == "metadata"]
    text = sent[0] if sent else call.param("metadata")
    metadata = None if text is None else _json_param("metadata", text)
    if len(msgspec.json.encode(metadata)) > _MOST_TEXT:
        raise bad_request("The metadata of a file may have at most 16 KB.")
    return name, data, metadata


def _json_param(name: str, text: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise bad_request(f"{name} must be a JSON object: {error}.") from error


def upload_file(engine: LocalEngine, call: Call, assistant_name: str) -> Reply:
    """Answer ``POST /files/{assistant_name}``."""
    name, data, metadata = _upload(call)
    row, operation = engine.assistants.put_file(assistant_name, name, data, metadata, None)
    if call.headers.get("x-pinecone-api-version", "2025-10") >= "2026-04":
        return json_reply(_operation(operation), status=202)
    return json_reply(_file(row))


def upsert_file(engine: LocalEngine, call: Call, assistant_name: str, file_id: str) -> Reply:
    """Answer ``PUT /files/{assistant_name}/{assistant_file_id}``."""
    if not _FILE_ID.fullmatch(file_id):
        raise bad_request("A file id has 1 to 128 letters, digits, '-' and '_'.")
    name, data, metadata = _upload(call)
    _, operation = engine.assistants.put_file(assistant_name, name, data, metadata, file_id)
    return json_reply(_operation(operation), status=202)


def list_files(engine: LocalEngine, call: Call, assistant_name: str) -> Reply:
    """Answer ``GET /files/{assistant_name}``."""
    text = call.param("filter")
    filter_ = None if text is None else _json_param("filter", text)
    return _page(call, "files", [_file(row) for row in engine.assistants.files(assistant_name, filter_)])


def describe_file(engine: LocalEngine, call: Call, assistant_name: str, file_id: str) -> Reply:
    """Answer ``GET /files/{assistant_name}/{assistant_file_id}``."""
    shown = _file(engine.assistants.file(assistant_name, file_id))
    if call.param("include_url") == "true":
        shown["signed_url"] = None  # the engine keeps what a file says, not its bytes
    return json_reply(shown)


def delete_file(engine: LocalEngine, call: Call, assistant_name: str, file_id: str) -> Reply:
    """Answer ``DELETE /files/{assistant_name}/{assistant_file_id}``."""
    engine.assistants.delete_file(assistant_name, file_id)
    modern = call.headers.get("x-pinecone-api-version", "2025-10") >= "2026-04"
    return Reply(204 if modern else 200)


def list_operations(engine: LocalEngine, call: Call, assistant_name: str) -> Reply:
    """Answer ``GET /operations/{assistant_name}``."""
    wanted = {"type": call.param("operation_type"), "status": call.param("status")}
    rows = [
        row
        for row in engine.assistants.operations(assistant_name)
        if wanted["type"] in (None, row.type) and wanted["status"] in (None, row.status)
    ]
    return _page(call, "operations", [_operation(row) for row in rows])


def describe_operation(engine: LocalEngine, call: Call, assistant_name: str, operation_id: str) -> Reply:
    """Answer ``GET /operations/{assistant_name}/{operation_id}``."""
    return json_reply(_operation(engine.assistants.operation(assistant_name, operation_id)))


# ---- chat and context


class Message(msgspec.Struct):
    """One message of a conversation."""

    content: str
    role: str = "user"


class ContextOptions(msgspec.Struct):
    """How much context an answer is written from."""

    top_k: int | None = None
    snippet_size: int | None = None
    multimodal: bool | None = None
    include_binary_content: bool | None = None


class ChatRequest(msgspec.Struct):
    """The body of ``POST /chat/{assistant_name}`` and of its OpenAI-compatible sibling."""

    messages: list[Message]
    stream: bool = False
    model: str = "gpt-4o"
    temperature: float | None = None
    filter: dict[str, Any] | None = None
    json_response: bool = False
    include_highlights: bool = False
    context_options: ContextOptions | None = None


class ContextRequest(ContextOptions):
    """The body of ``POST /chat/{assistant_name}/context``."""

    query: str | None = None
    messages: list[Message] | None = None
    filter: dict[str, Any] | None = None


def _search(
    engine: LocalEngine, name: str, text: str, options: ContextOptions, filter_: dict[str, Any] | None
) -> list[Found]:
    top_k = 16 if options.top_k is None else options.top_k
    if not 1 <= top_k <= 64:
        raise bad_request(f"top_k must be from 1 to 64, got {top_k}.")
    size = 2048 if options.snippet_size is None else options.snippet_size
    if not 512 <= size <= 8192:
        raise bad_request(f"snippet_size must be from 512 to 8192 tokens, got {size}.")
    return engine.assistants.search(name, text, top_k, filter_)


def _question(engine: LocalEngine, name: str, request: ChatRequest) -> Question:
    assistant = engine.assistants.assistant(name)
    if not request.messages or request.messages[-1].role != "user":
        raise bad_request("messages must end with a message of the role 'user'.")
    if request.json_response and request.stream:
        raise bad_request("json_response cannot be used with stream.")
    options = request.context_options or ContextOptions()
    return Question(
        [{"role": message.role, "content": message.content} for message in request.messages],
        _search(engine, name, request.messages[-1].content, options, request.filter),
        assistant.instructions,
        request.model,
        request.temperature,
    )


def _citation(cited: Cited, highlights: bool) -> dict[str, Any]:
    reference: dict[str, Any] = {"file": _file(cited.found.file), "pages": cited.found.passage.pages}
    reference["highlight"] = {"type": "text", "content": cited.highlight} if highlights else None
    return {"position": cited.position, "references": [reference]}


def _usage(question: Question, text: str) -> dict[str, int]:
    prompt, written = question.prompt_tokens, token_count(text)
    return {"prompt_tokens": prompt, "completion_tokens": written, "total_tokens": prompt + written}


def chat(engine: LocalEngine, call: Call, assistant_name: str) -> Reply:
    """Answer ``POST /chat/{assistant_name}``."""
    request = call.read(ChatRequest)
    question = _question(engine, assistant_name, request)
    id_ = uuid.uuid4().hex
    pieces = answer(question, engine.writer)
    if request.stream:
        return _stream(_chat_events(id_, question, pieces, request.include_highlights))
    written = Answer(list(pieces))
    text = written.text
    if request.json_response:
        text = msgspec.json.encode({"answer": text}).decode()
    return json_reply(
        {
            "id": id_,
            "finish_reason": "stop",
            "model": request.model,
            "message": {"role": "assistant", "content": text},
            "citations": [_citation(cited, request.include_highlights) for cited in written.citations],
            "usage": _usage(question, text),
        }
    )


def chat_completions(engine: LocalEngine, call: Call, assistant_name: str) -> Reply:
    """Answer ``POST /chat/{assistant_name}/chat/completions``."""
    request = call.read(ChatRequest)
    question = _question(engine, assistant_name, request)
    id_ = uuid.uuid4().hex
    pieces = _with_inline_sources(answer(question, engine.writer))
    if request.stream:
        return _stream(_completion_events(id_, question, pieces))
    text = "".join(pieces)
    message = {"role": "assistant", "content": text}
    return json_reply(
        {
            "id": id_,
            "model": request.model,
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
            "usage": _usage(question, text),
        }
    )


def _with_inline_sources(pieces: Iterator[str | Cited]) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, str):
            yield piece
        else:
            pages = ", ".join(map(str, piece.found.passage.pages))
            yield f" [{piece.found.file.name}, p. {pages}]"


def _stream(events: Iterator[bytes]) -> Reply:
    headers = {"content-type": "text/event-stream", "cache-control": "no-cache"}
    return Reply(200, headers, _with_error(events))


def _with_error(events: Iterator[bytes]) -> Iterator[bytes]:
    """Say in the stream itself when its writer fails, since the status is already out."""
    try:
        yield from events
    except ApiFault as fault:
        yield _event({"error": {"code": fault.code, "message": fault.message}, "status": fault.status})


def _event(value: Any) -> bytes:
    return b"data: " + msgspec.json.encode(value) + b"\n\n"


def _small(text: str) -> Iterator[str]:
    words = re.findall(r"\s*\S+\s*", text)
    for start in range(0, len(words), _PIECE_WORDS):
        yield "".join(words[start : start + _PIECE_WORDS])


def _chat_events(
    id_: str, question: Question, pieces: Iterator[str | Cited], highlights: bool
) -> Iterator[bytes]:
    base = {"id": id_, "model": question.model}
    yield _event({"type": "message_start", "role": "assistant", **base})
    text = ""
    for piece in pieces:
        if isinstance(piece, str):
            text += piece
            for small in _small(piece):
                yield _event({"type": "content_chunk", "delta": {"content": small}, **base})
        else:
            yield _event({"type": "citation", "citation": _citation(piece, highlights), **base})
    usage = _usage(question, text)
    yield _event({"type": "message_end", "finish_reason": "stop", "usage": usage, **base})


def _completion_events(id_: str, question: Question, pieces: Iterator[str]) -> Iterator[bytes]:
    def chunk(delta: dict[str, str], finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        return _event({"id": id_, "model": question.model, "choices": [choice]})

    yield chunk({"role": "assistant", "content": ""})
    for piece in pieces:
        for small in _small(piece):
            yield chunk({"content": small})
    yield chunk({}, "stop")
    yield b"data: [DONE]\n\n"


def _reference(one: Found) -> dict[str, Any]:
    shown: dict[str, Any] = {"type": one.file.kind, "file": _file(one.file)}
    if one.file.kind in ("pdf", "doc_x"):
        shown["pages"] = one.passage.pages
    return shown


def context(engine: LocalEngine, call: Call, assistant_name: str) -> Reply:
    """Answer ``POST /chat/{assistant_name}/context``."""
    request = call.read(ContextRequest)
    if bool(request.query) == bool(request.messages):
        raise bad_request("Send exactly one of query and messages.")
    text = request.query or (request.messages or [])[-1].content
    found = _search(engine, assistant_name, text, request, request.filter)
    snippets = [
        {
            "type": "text",
            "content": one.passage.text,
            "score": one.score,
            "reference": _reference(one),
        }
        for one in found
    ]
    tokens = sum(token_count(one.passage.text) for one in found)
    usage = {"prompt_tokens": tokens, "completion_tokens": 0, "total_tokens": tokens}
    return json_reply({"id": uuid.uuid4().hex, "snippets": snippets, "usage": usage})


# ---- evaluation


class AlignmentRequest(msgspec.Struct):
    """The body of ``POST /evaluation/metrics/alignment``."""

    question: str
    answer: str
    ground_truth_answer: str


def alignment(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``POST /evaluation/metrics/alignment``."""
    try:
        request = call.read(AlignmentRequest)
    except ApiFault as fault:
        # This operation has a form of its own for refusals.
        return json_reply({"message": fault.message}, status=422)
    metrics, facts, tokens = evaluate_alignment(request.question, request.answer, request.ground_truth_answer)
    evaluated = [{"fact": {"content": fact}, "entailment": verdict} for fact, verdict in facts]
    usage = {"prompt_tokens": tokens, "completion_tokens": 0, "total_tokens": tokens}
    return json_reply({"metrics": metrics, "reasoning": {"evaluated_facts": evaluated}, "usage": usage})


ROUTES = [
    Route(method, prefix + template, handler)
    for prefix in ("/assistant", "")
    for method, template, handler in (
        ("GET", "/assistants", list_assistants),
        ("POST", "/assistants", create),
        ("GET", "/assistants/{assistant_name}", describe),
        ("PATCH", "/assistants/{assistant_name}", update),
        ("DELETE", "/assistants/{assistant_name}", delete),
        ("GET", "/files/{assistant_name}", list_files),
        ("POST", "/files/{assistant_name}", upload_file),
        ("GET", "/files/{assistant_name}/{file_id}", describe_file),
        ("PUT", "/files/{assistant_name}/{file_id}", upsert_file),
        ("DELETE", "/files/{assistant_name}/{file_id}", delete_file),
        ("GET", "/operations/{assistant_name}", list_operations),
        ("GET", "/operations/{assistant_name}/{operation_id}", describe_operation),
        ("POST", "/chat/{assistant_name}", chat),
        ("POST", "/chat/{assistant_name}/chat/completions", chat_completions),
        ("POST", "/chat/{assistant_name}/context", context),
        ("POST", "/evaluation/metrics/alignment", alignment),
    )
]
