"""Numbers of a vector in whatever form a caller has them: checked, and written as JSON. Pure.

Lists, tuples, ``array.array``, buffers, numpy arrays of any number type and byte order, pandas and
polars columns, arrow arrays and torch tensors are accepted without importing their libraries: whoever
passes one has imported it. The service keeps float32, so arrays are written as short text that names
the same float32 numbers.
"""

from __future__ import annotations

import functools
import importlib
import math
import sys
from array import array
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from .codec import RawJson
from .compiled import floats
from .errors import PineconeTypeError, PineconeValueError

__all__ = ["dense_values", "float_list", "index_list", "narrow_values", "raw_values"]

_NOT_NUMBERS = (b'"', b"{", b"n", b"t", b"f")  # texts, objects, null (for NaN), true and false
_TEXT_LIKE = (str, bytes, bytearray, Mapping, set, frozenset)
_LONG = 64
_MAX_FLOAT32 = 3.4028235677973366e38


def _scalar(value: Any) -> Any:
    """Give the JSON library a form it knows for a scalar of a numeric library."""
    item = getattr(value, "item", None)
    if item is None or getattr(value, "ndim", 1) != 0:
        raise NotImplementedError(type(value).__name__)
    return item()


_encoder = msgspec.json.Encoder(enc_hook=_scalar)


@functools.cache
def _quicker() -> Any:
    """Return the extra library that writes numbers faster, or None where it is not installed."""
    try:
        return importlib.import_module("orjson")
    except ImportError:
        return None


def _list_text(items: Any) -> bytes:
    library = _quicker()
    if library is not None and isinstance(items, list):
        try:
            return bytes(library.dumps(items))
        except TypeError:
            pass  # scalars of numeric libraries, or a refusal that the other way explains
    return _encoder.encode(items)


def raw_values(value: Any, name: str = "values") -> RawJson:
    """Return ``dense_values`` as JSON text to put into a body as it stands."""
    return RawJson(dense_values(value, name))


def dense_values(value: Any, name: str = "values") -> bytes:
    """Write a dense vector as a JSON array.

    Args:
        value: The numbers, one-dimensional, in any vector-like form.
        name: What to call it in an error, such as ``vectors[3].values``.

    Returns:
        The array's text, without spaces.

    Raises:
        PineconeTypeError: It is not one-dimensional, or holds something that is not a number.
        PineconeValueError: It holds NaN, an infinity, or a number that no float32 can hold.
    """
    items, checked = _plain(value, name)
    if isinstance(items, list) and not checked:
        items = _short_text(items) or items
    if isinstance(items, bytes):
        return items
    try:
        text = _list_text(items)
    except (TypeError, ValueError, OverflowError, NotImplementedError, RecursionError):
        raise _refusal(items, name) from None
    if (
        not checked
        and (
            text.find(b"[", 1) > 0
            or any(sign in text for sign in _NOT_NUMBERS)
            # Numbers beyond float32 are written with an exponent that is not negative, or are integers.
            or (b"e" in text and any(part[:1] != b"-" for part in text.split(b"e")[1:]) and _too_large(items))
            or (text.count(b".") < len(items) and _too_large(items))
        )
    ):
        raise _refusal(items, name)
    return text


def narrow_values(value: Any) -> bytes | None:
    """Copy a long dense vector as native float32 numbers, to be written later (see ``drafts``).

    Returns:
        The bytes of finite numbers, or None for what ``dense_values`` is to write, or to refuse.
    """
    native = floats()
    kind = type(value)
    if native is None or not (kind is list or kind is array or _is_row(kind, value)) or len(value) < _LONG:
        return None
    numbers: bytes | None = native.narrow(value)
    return numbers


def _is_row(kind: type, value: Any) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and kind is numpy.ndarray and value.ndim == 1


def float_list(value: Any, name: str = "values") -> list[float]:
    """Return a dense vector as a list of Python floats.

    Raises what ``dense_values`` raises.
    """
    return [float(item) for item in msgspec.json.decode(dense_values(value, name))]


def index_list(value: Any, name: str = "indices") -> list[int]:
    """Return the indices of a sparse vector as a list of integers from 0 to 2**32 - 1.

    Raises:
        PineconeTypeError: It is not one-dimensional, or holds something that is not an integer.
        PineconeValueError: A number is out of range.
    """
    items, _ = _plain(value, name, as_text=False)
    for place, item in enumerate(items):
        if isinstance(item, bool) or not isinstance(item, int):
            index = getattr(item, "__index__", None)
            if index is None or isinstance(item, bool):
                raise PineconeTypeError(f"indices must be integers, got {_shown(item)}", f"{name}[{place}]")
            item = index()
        if not 0 <= item < 1 << 32:
            raise PineconeValueError(f"an index must be from 0 to 4294967295, got {item}", f"{name}[{place}]")
    return [int(item) for item in items]


def _plain(value: Any, name: str, as_text: bool = True) -> tuple[Any, bool]:
    """Return a list, a tuple or JSON text, and whether it is known to hold finite numbers only."""
    if isinstance(value, list | tuple):
        return value, False
    if isinstance(value, _TEXT_LIKE):
        raise PineconeTypeError(f"must be a list of numbers or an array, got {type(value).__name__}", name)
    numpy = sys.modules.get("numpy")
    if isinstance(value, array):
        if as_text and value.typecode in "fd" and (text := _compiled_text(value)) is not None:
            return text, True
        if numpy is None or value.typecode not in "fd" or not value:
            return list(value), False
        value = memoryview(value)
    if numpy is not None and (hasattr(value, "__array__") or isinstance(value, memoryview)):
        return _from_numpy(numpy, value, name, as_text)
    for method in ("detach", "tolist", "to_list", "to_pylist"):
        found = getattr(value, method, None)
        if callable(found):
            return _plain(found(), name, as_text)
    if isinstance(value, Iterable):
        return list(value), False
    raise PineconeTypeError(f"must be a list of numbers or an array, got {type(value).__name__}", name)


def _from_numpy(numpy: Any, value: Any, name: str, as_text: bool) -> tuple[Any, bool]:
    detach = getattr(value, "detach", None)  # tensors that carry gradients refuse to be read
    value = detach() if callable(detach) else value
    try:
        made = numpy.asarray(value)
    except Exception as error:
        # Tensors on another device, or of a number type that numpy lacks, still have a list to give.
        tolist = getattr(value, "tolist", None)
        if not callable(tolist):
            raise PineconeTypeError(f"cannot be read as an array of numbers: {error}", name) from error
        return _plain(tolist(), name, as_text)
    if made.ndim != 1:
        raise PineconeTypeError(f"must be one-dimensional, got shape {made.shape}", name)
    if made.dtype.kind != "f":
        return made.tolist(), False
    narrow = made
    if made.dtype != numpy.float32 or not made.dtype.isnative:
        with numpy.errstate(over="ignore"):
            narrow = made.astype(numpy.float32)
    narrow = numpy.ascontiguousarray(narrow)
    text = _array_text(numpy, narrow) if as_text else None
    if text is not None:
        return text, True
    finite = numpy.isfinite(narrow)
    if not finite.all():
        place = int(numpy.argmin(finite))
        raise _not_finite(float(made[place]), f"{name}[{place}]")
    from .float_text import shortest_doubles

    return shortest_doubles(numpy, narrow).tolist(), True


def _compiled_text(values: Any) -> bytes | None:
    """Write numbers by what was compiled; None where it was not, or they are not all finite float32."""
    native = floats()
    return None if native is None else native.write(values)


def _array_text(numpy: Any, values: Any) -> bytes | None:
    """Write float32 numbers as short text; None where that is not the way, or one is not finite."""
    if (text := _compiled_text(values)) is not None:
        return text
    library = _quicker()
    if library is None:
        from .float_text import fraction_text

        return fraction_text(numpy, values)
    written: bytes = library.dumps(values, option=library.OPT_SERIALIZE_NUMPY)
    return None if b"n" in written else written  # null


def _short_text(items: list[Any]) -> bytes | None:
    """Write a long list as the float32 numbers it will be, where there is something that is quick at it.

    That takes half as long as writing the doubles, by libraries about as long, and two bytes of three do.
    """
    if len(items) < _LONG:
        return None
    if (text := _compiled_text(items)) is not None:
        return text
    numpy, library = sys.modules.get("numpy"), _quicker()
    if numpy is None or library is None:
        return None
    try:
        msgspec.convert(items, list[float])  # which booleans and texts are not
        return _array_text(numpy, numpy.frombuffer(array("f", items), numpy.float32))
    except (TypeError, ValueError, OverflowError):
        return None


def _shown(item: Any) -> str:
    text = repr(item)
    return f"{type(item).__name__} {text if len(text) <= 40 else text[:37] + '...'}"


def _not_finite(item: float, path: str) -> PineconeValueError:
    return PineconeValueError(
        f"{item!r} is not a number that a vector can hold (a finite float32); remove or replace it", path
    )


def _too_large(items: Iterable[Any]) -> bool:
    # Integers may be too large for a float, and scalars of numeric libraries too small for the limit.
    return any(abs(item if isinstance(item, int) else float(item)) > _MAX_FLOAT32 for item in items)


def _refusal(items: Iterable[Any], name: str) -> PineconeTypeError | PineconeValueError:
    """Return the error for the first item that is not a finite number."""
    for place, item in enumerate(items):
        path = f"{name}[{place}]"
        if isinstance(item, bool | str | bytes) or not hasattr(item, "__float__"):
            return PineconeTypeError(f"values must be numbers, got {_shown(item)}", path)
        try:
            number = float(item)
        except OverflowError:
            number = math.inf
        except (TypeError, ValueError):
            return PineconeTypeError(f"values must be numbers, got {_shown(item)}", path)
        if number != number or abs(number) > _MAX_FLOAT32:
            return _not_finite(number, path)
    return PineconeTypeError("must hold numbers only", name)
