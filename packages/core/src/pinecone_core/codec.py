"""The one door to the JSON library: what goes out as a body, what comes in as a model.

Going out, every value that has a JSON form is written and every other one is refused with its
position. Coming in, the strict and quick way is tried first; when the answer does not fit, the way
of ``lenient`` keeps all that can be kept.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import functools
import math
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from .compiled import floats
from .errors import PineconeTypeError, PineconeValueError, ResponseParsingError
from .filters import Condition

__all__ = [
    "RawJson",
    "decode",
    "decode_any",
    "encode",
    "encode_lines",
    "plain_json",
    "to_json_text",
]

T = TypeVar("T")

RawJson = msgspec.Raw
"""JSON text that is put into a body, or taken out of an answer, as it stands."""


# What the JSON library writes as text by itself.
_NATIVE = (
    datetime.datetime,
    datetime.date,
    datetime.time,
    datetime.timedelta,
    uuid.UUID,
    bytes,
    bytearray,
    memoryview,
)

# ---- going out ------------------------------------------------------------------------------


def _known(value: Any) -> Any:
    """Give the JSON library a form it knows for a value it does not."""
    if isinstance(value, Condition):
        return value.to_dict()
    if isinstance(value, str):  # a subclass; it is a sequence too
        return str.__str__(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, decimal.Decimal):
        return float(value)
    tolist = getattr(value, "tolist", None)  # arrays and scalars of numeric libraries
    if callable(tolist):
        return tolist()
    to_list = getattr(value, "to_list", None)  # data frame columns
    if callable(to_list):
        return to_list()
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return list(value)
    raise NotImplementedError(type(value).__name__)


_encoder = msgspec.json.Encoder(enc_hook=_known, decimal_format="number")
_LONG = 1 << 12
_VALUES_DEPTH = 3  # {"matches": [{"values": [...]}]}, {"vectors": {"a": {"values": [...]}}}
_N, _CAPITAL_N, _CAPITAL_I = b"nNI"


def encode(value: Any, name: str = "body") -> bytes:
    """Write a value as compact JSON.

    Enum members are written by value, dates as RFC 3339 text, models by their wire names, filter
    conditions in the service's notation, and arrays of numeric libraries as lists.

    Args:
        value: What to write.
        name: What to call it in an error.

    Returns:
        UTF-8 JSON without spaces.

    Raises:
        PineconeTypeError: Something in it has no JSON form; ``path`` says where it stands.
        PineconeValueError: It holds NaN or an infinity; likewise.
    """
    try:
        encoded = _encoder.encode(value)
    except (TypeError, ValueError, OverflowError, NotImplementedError, RecursionError, AttributeError):
        # Walk it ourselves, which either finds the culprit or a form that can be written.
        return _encoder.encode(plain_json(value, name))
    # The library writes NaN and infinities as null, and those of decimals by name, so only a body
    # with one of these words can hold one.
    text = encoded if len(encoded) < _LONG else _unchecked(value, encoded)
    if (
        (_N in text and b"null" in text)  # to look for one letter takes a fiftieth of the time
        or (_CAPITAL_N in text and b"NaN" in text)
        or (_CAPITAL_I in text and b"Infinity" in text)
    ):
        plain_json(value, name)
    return encoded


def _unchecked(value: Any, encoded: bytes) -> bytes:
    """Return the text of a value but for its members that are JSON text already, long as vectors are."""
    if isinstance(value, dict):
        rest = {name: item for name, item in value.items() if not isinstance(item, RawJson)}
        if len(rest) < len(value):
            return _encoder.encode(rest)
    return encoded


def encode_lines(values: Iterable[Any], name: str = "records") -> bytes:
    """Write each value as one line of JSON (NDJSON), every line ended by a newline."""
    lines = [encode(value, f"{name}[{i}]") for i, value in enumerate(values)]
    lines.append(b"")
    return b"\n".join(lines)


def _number(value: int | float, path: str) -> int | float:
    if isinstance(value, int):
        return int(value)
    if not math.isfinite(value):
        raise PineconeValueError(f"{value!r} is not a number JSON can carry; remove or replace it", path)
    return float(value)


def _text(value: str, path: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise PineconeValueError(
            f"text with a lone surrogate at character {error.start} cannot be encoded as UTF-8", path
        ) from None
    return str(value)


def _key(key: Any, path: str) -> str:
    if isinstance(key, enum.Enum):
        key = key.value
    if isinstance(key, int) and not isinstance(key, bool):
        key = str(key)
    if not isinstance(key, str):
        raise PineconeTypeError(f"keys must be strings, got {type(key).__name__} {key!r}", path)
    return _text(key, path)


def plain_json(value: Any, path: str, depth: int = 0) -> Any:
    """Turn a value into what JSON knows, or say where it cannot be.

    Args:
        value: Anything.
        path: Where the value stands, for errors (``records[2].metadata``).
        depth: How deep the value is nested already.

    Returns:
        Only dicts with string keys, lists, strings, finite numbers, booleans, None and raw JSON.

    Raises:
        PineconeTypeError: Something in it has no JSON form.
        PineconeValueError: It holds NaN or an infinity, or is nested more than 200 deep (or
            contains itself).
    """
    if depth > 200:
        raise PineconeValueError("value is nested more than 200 deep, or contains itself", path)
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, bool | None):
        return value
    if isinstance(value, str):
        return _text(value, path)
    if isinstance(value, int | float):
        return _number(value, path)
    if isinstance(value, Mapping):
        return {_key(key, path): plain_json(item, f"{path}.{key}", depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain_json(item, f"{path}[{i}]", depth + 1) for i, item in enumerate(value)]
    if isinstance(value, msgspec.Raw):
        return value
    if isinstance(value, _NATIVE):
        return msgspec.to_builtins(value)
    return plain_json(_simpler(value, path), path, depth + 1)


def _simpler(value: Any, path: str) -> Any:
    """Take one step from an object towards what JSON knows."""
    if isinstance(value, msgspec.Struct):
        return _struct_items(value)
    if hasattr(type(value), "__dataclass_fields__"):
        import dataclasses  # slow to load, and rarely needed

        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    try:
        return _known(value)
    except NotImplementedError:
        raise PineconeTypeError(f"a {type(value).__name__} has no JSON form", path) from None


def _struct_items(value: msgspec.Struct) -> dict[str, Any]:
    config = value.__struct_config__
    items: dict[str, Any] = {}
    if config.tag_field is not None and config.tag is not None:
        items[config.tag_field] = config.tag
    defaults = dict(zip(reversed(value.__struct_fields__), reversed(value.__struct_defaults__), strict=False))
    for name, wire in zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True):
        item = getattr(value, name)
        if item is msgspec.UNSET or (config.omit_defaults and name in defaults and item is defaults[name]):
            continue
        items[wire] = item
    return items


def to_json_text(value: Any) -> str:
    """Write a value as JSON text."""
    return encode(value, "value").decode()


# ---- coming in ------------------------------------------------------------------------------


@functools.lru_cache(maxsize=512)
def _decoder(kind: Any) -> tuple[msgspec.json.Decoder[Any], Any, Callable[[Any], Any] | None]:
    """Return what reads a kind, the type that it is read as, and what makes the kind of that, or None."""
    wire = getattr(kind, "__wire__", None)
    read = kind if wire is None else wire
    return msgspec.json.Decoder(read, strict=False), read, None if wire is None else kind.from_wire


def decode_any(body: bytes) -> Any:
    """Read JSON of any shape.

    Returns:
        Dicts, lists and scalars, or None when the bytes are not JSON.
    """
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _kind_name(kind: Any) -> str:
    return getattr(kind, "__name__", None) or str(kind)


def _read(decoder: msgspec.json.Decoder[Any], body: bytes, field: str | None) -> Any:
    """Read a body, of which a field may have vectors.

    The models keep their vectors unread, so these are made short first, which takes less time than the JSON
    library needs to pass over numbers, and half of the memory.
    """
    native = None if field is None or len(body) <= _LONG else floats()
    squeezed = None if native is None else native.squeeze(body, _VALUES_DEPTH)
    if field is None or squeezed is None:
        return decoder.decode(body)
    from .lazy_values import hold_letters  # loaded with the model

    value = decoder.decode(squeezed)
    hold_letters(getattr(value, field))
    return value


def decode(body: bytes, kind: type[T], *, lenient: bool = True) -> T:
    """Read JSON into a model.

    Unknown keys are ignored; numbers are accepted as numeric strings and integral floats as
    integers. A class with ``__wire__`` is read as that struct and made with its ``from_wire``. In the field
    that ``__vectors__`` names are ``LazyValues``, in a list or by name.

    Args:
        body: The bytes of an answer.
        kind: A model class, or any type the JSON library can read into.
        lenient: Whether to keep what can be kept of what does not quite fit.

    Returns:
        An instance of ``kind``.

    Raises:
        ResponseParsingError: The bytes are not JSON or do not fit, if asked even leniently.
    """
    asked: Any = kind
    decoder, wire, make = _decoder(asked)
    try:
        value = _read(decoder, body, getattr(asked, "__vectors__", None))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError, TypeError) as strict:
        if not lenient:
            raise ResponseParsingError(f"{_kind_name(kind)} does not fit: {strict}", strict) from strict
        value = _decode_leniently(body, wire, kind, strict)
    return value if make is None else make(value)  # type: ignore[no-any-return]


def _decode_leniently(body: bytes, wire: Any, kind: Any, strict: Exception) -> Any:
    from .lenient import UNREADABLE, read_leniently  # what mostly fits needs none of it

    message = f"Failed to parse API response as {_kind_name(kind)}: {strict}"
    if not body:
        raise ResponseParsingError(f"{message} (the body is empty)", strict) from strict
    try:
        raw = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ResponseParsingError(
            f"Failed to parse API response as {_kind_name(kind)}: not JSON ({error})", error
        ) from error
    try:
        return read_leniently(raw, wire)
    except (*UNREADABLE, RecursionError):
        raise ResponseParsingError(message, strict) from strict
