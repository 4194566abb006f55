"""Models with dense values that stay JSON text until they are looked at.

The text is the array as it came, or, in long answers where there is compiled code, what that squeezed it to.
"""

from __future__ import annotations

import struct
import sys
from array import array
from typing import Any, ClassVar

import msgspec

from .codec import RawJson
from .compiled import floats
from .errors import ResponseParsingError
from .structs import DictLikeStruct
from .vectors import float_list

__all__ = ["LazyValues", "hold_letters", "read_when_asked", "with_numbers"]


class UnreadValues:
    """What compiled code made of an array in an answer: no JSON that means anything to others.

    So it is no ``RawJson``, which the JSON library would write into a body as it is. The codec writes it as a
    list; the library by itself refuses it.
    """

    __slots__ = ("_letters",)

    def __init__(self, letters: RawJson) -> None:
        self._letters = letters

    def __bytes__(self) -> bytes:
        return bytes(self._letters)

    def tolist(self) -> list[float]:
        """Return the numbers."""
        return _decoded(bytes(self._letters))


_UNREAD = (RawJson, UnreadValues)


class LazyValues(DictLikeStruct):
    """A model whose field ``values`` is decoded when it is first read.

    Declare the field as ``RawJson`` for the decoder and as ``list[float]`` for type checkers, then call
    ``read_when_asked`` with the class.
    """

    _slot: ClassVar[Any]  # the descriptor of the field, which finds its value in self

    def values_array(self) -> array[float]:
        """Return the dense values as an ``array('f')``: four bytes a number, no Python float kept.

        ``numpy.frombuffer(model.values_array(), "f")`` and ``memoryview(...)`` read it without a copy;
        ``numpy.asarray(model)`` is the same in one step. Each call makes a new array.

        Raises:
            ResponseParsingError: The service sent what is not a list of numbers.
        """
        held = self._slot
        return _packed(bytes(held)) if isinstance(held, _UNREAD) else array("f", float_list(held))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        # Whoever calls this has numpy.
        numpy = sys.modules["numpy"]
        if copy is False:
            raise ValueError("the values are held as text, so an array of them is always a copy")
        return numpy.frombuffer(self.values_array(), numpy.float32).astype(dtype or "f", copy=False)

    def held_values(self) -> Any:
        """Return the dense values as they are held: an array in JSON, or what they were made from."""
        held = self._slot
        return self.values_array() if isinstance(held, UnreadValues) else held

    def has_no_values(self) -> bool:
        """Say whether there are no dense values, without decoding them."""
        held = self._slot
        if isinstance(held, RawJson):
            return memoryview(held).nbytes <= _LONGEST_NOTHING and bytes(held).strip() in _NOTHING
        if isinstance(held, UnreadValues):
            return False
        return held is None or (hasattr(held, "__len__") and len(held) == 0)

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(_same(getattr(self, name), getattr(other, name)) for name in self.__struct_fields__)

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        # What came as JSON text refers to the whole answer it came in; a copy must not.
        return _make, (type(self), {name: getattr(self, name) for name in self.__struct_fields__})

    def __copy__(self) -> Any:
        return _make(type(self), {name: getattr(self, name) for name in self.__struct_fields__})


_numbers = msgspec.json.Decoder(list[float] | None, strict=False)


_NOTHING = (b"[]", b"null")
_LONGEST_NOTHING = 16

_PART = 1 << 16  # bytes of text whose numbers are Python floats at one time


def _decoded(text: bytes) -> list[float]:
    native = floats()
    if native is not None and (numbers := native.read(text)) is not None:
        return numbers  # type: ignore[no-any-return]
    # Not leniently, as other lists: a vector that lacks a number is another vector.
    try:
        return _numbers.decode(text) or []
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ResponseParsingError(f"The values of a vector cannot be read: {error}", error) from error


def _packed(text: bytes) -> array[float]:
    packed = array("f")
    native = floats()
    if native is not None and (numbers := native.pack(text)) is not None:
        packed.frombytes(numbers)
        return packed
    start, close = text.find(b"[") + 1, text.rfind(b"]")
    if not start:
        return array("f", _decoded(text))  # null, or a refusal
    while start < close:
        comma = text.find(b",", start + _PART, close)
        end = close if comma < 0 else comma
        numbers = _decoded(b"[%b]" % text[start:end])
        packed.frombytes(struct.pack(f"{len(numbers)}f", *numbers))  # quicker than array("f", numbers)
        start = end + 1
    return packed


def hold_letters(items: Any) -> None:
    """Have models hold as ``UnreadValues`` what was squeezed.

    It is no task of each model when it is made, which would take as long as reading a match without values.

    Args:
        items: A list or a dict of models. JSON that is not yet read is left alone: who reads it calls this.
    """
    if isinstance(items, RawJson):
        return
    for item in items.values() if isinstance(items, dict) else items:
        if isinstance(item, LazyValues):
            held = item._slot
            if isinstance(held, RawJson) and bytes(memoryview(held)[:2]) == b'"~':
                item.values = UnreadValues(held)  # type: ignore[attr-defined]


def with_numbers(item: Any) -> Any:
    """Return an item that was read without a model, its values as numbers where they are squeezed."""
    squeezed = item.get("values") if isinstance(item, dict) else None
    native = floats() if isinstance(squeezed, str) else None
    numbers = None if native is None else native.read(b'"%b"' % squeezed.encode(errors="replace"))  # type: ignore[union-attr]
    return item if numbers is None else {**item, "values": numbers}


def _same(mine: Any, theirs: Any) -> bool:
    try:
        equal = mine == theirs
    except ValueError:  # arrays of different lengths
        return False
    # Arrays of numeric libraries compare number by number.
    return equal if isinstance(equal, bool) else list(mine) == list(theirs)


def _make(cls: type[Any], fields: dict[str, Any]) -> Any:
    return cls(**fields)


def read_when_asked(cls: type[LazyValues]) -> None:
    """Have ``values`` decoded when it is first read. The field itself stays where the decoder writes it."""
    slot = cls.__dict__["values"]

    def get(self: LazyValues) -> Any:
        held = slot.__get__(self)
        if isinstance(held, _UNREAD):
            held = _decoded(bytes(held))
            slot.__set__(self, held)
        return held

    cls._slot = slot
    cls.values = property(get, slot.__set__, doc="The dense values.")  # type: ignore[attr-defined]
