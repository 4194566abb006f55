"""Arguments: legacy names, checks, and bodies of requests."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from pinecone_core.checks import non_empty_string, one_of, positive_integer
from pinecone_core.codec import encode, plain_json
from pinecone_core.errors import PineconeTypeError, PineconeValueError, UnexpectedArgumentError
from pinecone_core.filters import Condition
from pinecone_core.hosts import path

from ..models.message import Message
from ..models.options import ContextOptions

__all__ = [
    "DEFAULT_MODEL",
    "aliased",
    "alignment_body",
    "chat_body",
    "checked_path",
    "completions_body",
    "context_body",
    "create_body",
    "file_filter",
    "metadata_text",
    "operation_query",
    "page_size",
    "required_name",
    "update_body",
    "waiting_time",
]

DEFAULT_MODEL = "gpt-4o"

_REGIONS = ("us", "eu")
_DONT_WAIT = -1.0


def aliased(name: str, value: Any, legacy: str, others: Mapping[str, Any]) -> Any:
    """Return the value of an argument that has an older name too.

    Args:
        name: What the argument is called.
        value: What was given under that name, or None.
        legacy: What it was called in earlier generations.
        others: Whatever else was given by keyword.

    Raises:
        PineconeValueError: Both names were given.
        UnexpectedArgumentError: There is a keyword that is neither.
    """
    unknown = sorted(key for key in others if key != legacy)
    if unknown:
        listed = ", ".join(repr(key) for key in unknown)
        raise UnexpectedArgumentError(
            f"received unexpected keyword argument(s): {listed}. Expected one of: {name!r}."
        )
    if legacy not in others:
        return value
    if value is not None:
        raise PineconeValueError(
            f"received both {legacy!r} (legacy) and {name!r} (current); pass only {name!r}"
        )
    return others[legacy]


def required_name(value: Any, others: Mapping[str, Any]) -> str:
    """Return an assistant's name, given as ``name`` or by its older name ``assistant_name``."""
    name = aliased("name", value, "assistant_name", others)
    if name is None:
        raise PineconeValueError("missing required argument: 'name'")
    return non_empty_string("name", name)


def page_size(value: Any, others: Mapping[str, Any]) -> int | None:
    """Return how many items a page may have, given as ``page_size`` or by its older name ``limit``."""
    size = aliased("page_size", value, "limit", others)
    return None if size is None else positive_integer("page_size", size)


def checked_path(template: str, **parts: Any) -> str:
    """Fill a path template with named parts, none of which may be empty."""
    return path(template, *(non_empty_string(name, value) for name, value in parts.items()))


def waiting_time(value: Any) -> float | None:
    """Check how long to wait: None for as long as it takes, -1 for not at all, else seconds."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PineconeTypeError(
            f"timeout must be a number of seconds, -1 or None, got {type(value).__name__}"
        )
    if math.isnan(value):
        raise PineconeValueError("timeout must be a number of seconds, -1 or None, got nan")
    return float(value) if value == _DONT_WAIT else max(0.0, float(value))


def _object(name: str, value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    if isinstance(value, Condition):
        value = value.to_dict()
    if not isinstance(value, Mapping):
        raise PineconeTypeError(f"{name} must be a dict, got {type(value).__name__}")
    return plain_json(value, name)  # type: ignore[no-any-return]


def _text(name: str, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise PineconeTypeError(f"{name} must be a string, got {type(value).__name__}")
    return value


def create_body(name: str, instructions: Any, metadata: Any, region: Any, environment: Any) -> dict[str, Any]:
    """Return the body that makes an assistant."""
    if region not in _REGIONS:
        raise PineconeValueError(f"region must be one of {_REGIONS}, got {region!r}")
    optional = {"metadata": _object("metadata", metadata), "environment": _text("environment", environment)}
    return {
        "name": name,
        "instructions": _text("instructions", instructions),
        "region": str(region),
        **{key: value for key, value in optional.items() if value is not None},
    }


def update_body(instructions: Any, metadata: Any) -> dict[str, Any]:
    """Return the body that changes an assistant."""
    given = {
        "instructions": _text("instructions", instructions),
        "metadata": _object("metadata", metadata),
    }
    body = {key: value for key, value in given.items() if value is not None}
    if not body:
        raise PineconeValueError(
            "nothing to change: give instructions, metadata or both ('' and {} clear what is stored)"
        )
    return body


def file_filter(value: Any) -> str | None:
    """Return a filter over files as the JSON text that stands in a query; text is sent as it is."""
    if value is None or isinstance(value, str):
        return value
    return encode(_object("filter", value), "filter").decode()


def _messages(value: Any) -> list[dict[str, str]]:
    """Return messages as they are sent: a string, one message, or several of either kind."""
    if isinstance(value, str | Message | Mapping):
        value = [value]
    if not isinstance(value, Iterable) or isinstance(value, bytes | bytearray):
        raise PineconeTypeError(
            f"messages must be a list of messages, dicts or strings, got {type(value).__name__}"
        )
    messages = [_message(item, f"messages[{position}]") for position, item in enumerate(value)]
    if not messages:
        raise PineconeValueError("messages must not be empty")
    return messages


def _message(item: Any, path: str) -> dict[str, str]:
    if isinstance(item, str):
        item = Message(content=item)
    elif isinstance(item, Mapping):
        if "content" not in item:
            raise PineconeValueError("a message must have 'content'", path)
        item = Message.from_dict(item)
    elif not isinstance(item, Message):
        raise PineconeTypeError(
            f"a message must be a Message, a dict with 'content', or a string, got {type(item).__name__}",
            path,
        )
    role = getattr(item.role, "value", item.role)
    for name, part in (("role", role), ("content", item.content)):
        if not isinstance(part, str):
            raise PineconeTypeError(f"{name} must be a string, got {type(part).__name__}", path)
    return {"role": role, "content": item.content}


def completions_body(
    messages: Any, model: Any, stream: bool, temperature: Any, filter: Any
) -> dict[str, Any]:
    """Return the body of a question in the OpenAI-compatible form."""
    body: dict[str, Any] = {
        "messages": _messages(messages),
        "model": DEFAULT_MODEL if model is None else _text("model", getattr(model, "value", model)),
        "stream": bool(stream),
    }
    if temperature is not None:
        if isinstance(temperature, bool) or not hasattr(temperature, "__float__"):
            raise PineconeTypeError(f"temperature must be a number, got {type(temperature).__name__}")
        body["temperature"] = temperature
    if filter is not None:
        body["filter"] = _object("filter", filter)
    return body


def chat_body(
    messages: Any,
    model: Any,
    stream: bool,
    temperature: Any,
    filter: Any,
    json_response: bool,
    include_highlights: bool,
    context_options: Any,
) -> dict[str, Any]:
    """Return the body of a question."""
    if json_response and stream:
        raise PineconeValueError("json_response cannot be used with stream=True")
    body = completions_body(messages, model, stream, temperature, filter)
    if json_response:
        body["json_response"] = True
    if include_highlights or stream:
        body["include_highlights"] = bool(include_highlights)
    if context_options is not None:
        body["context_options"] = _context_options(context_options)
    return body


def _context_options(value: Any) -> dict[str, Any] | None:
    if isinstance(value, ContextOptions):
        return {key: item for key, item in value.items() if item is not None}
    return _object("context_options", value)


def context_body(
    query: Any,
    messages: Any,
    filter: Any,
    top_k: Any,
    snippet_size: Any,
    multimodal: bool | None,
    include_binary_content: bool | None,
) -> dict[str, Any]:
    """Return the body of a request for context."""
    query = _text("query", query) or None
    if messages is not None and not isinstance(messages, str | Message | Mapping):
        if not isinstance(messages, Iterable):
            raise PineconeTypeError(f"messages must be a list of messages, got {type(messages).__name__}")
        messages = list(messages)
    has_messages = isinstance(messages, Message | Mapping) or bool(messages)
    if query and has_messages:
        raise PineconeValueError("Exactly one of query or messages must be provided, not both.")
    if not query and not has_messages:
        raise PineconeValueError("Exactly one of query or messages must be provided.")
    body: dict[str, Any] = {"query": query} if query else {"messages": _messages(messages)}
    given = {
        "filter": _object("filter", filter),
        "top_k": _count("top_k", top_k),
        "snippet_size": _count("snippet_size", snippet_size),
        "multimodal": multimodal,
        "include_binary_content": include_binary_content,
    }
    return body | {key: value for key, value in given.items() if value is not None}


def _count(name: str, value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise PineconeTypeError(f"{name} must be an integer, got {type(value).__name__}")
    if int(value) < 0:
        raise PineconeValueError(f"{name} must be a non-negative integer.")
    return int(value)


def alignment_body(question: Any, answer: Any, ground_truth_answer: Any) -> dict[str, Any]:
    """Return the body of an evaluation."""
    given = {"question": question, "answer": answer, "ground_truth_answer": ground_truth_answer}
    for name, value in given.items():
        if not isinstance(value, str):
            raise PineconeTypeError(f"{name} must be a string, got {type(value).__name__}")
    return given


def metadata_text(value: Any) -> str | None:
    """Return the metadata of a file as JSON text."""
    found = _object("metadata", value)
    return None if found is None else encode(found, "metadata").decode()


def operation_query(operation_type: Any, status: Any) -> dict[str, str | None]:
    """Return which operations to list."""
    allowed = {
        "operation_type": ("upload_file", "upsert_file", "update_file_metadata", "delete_file"),
        "status": ("Processing", "Completed", "Failed"),
    }
    given = {"operation_type": operation_type, "status": status}
    return {
        name: None if value is None else one_of(name, value, allowed[name]) for name, value in given.items()
    }
