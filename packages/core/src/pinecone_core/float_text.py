"""Float32 numbers as short decimal text, many at a time, with a numpy that the caller has. Pure.

Embeddings are mostly long vectors of numbers below 1. These are written into cells of one width by
whole-array arithmetic, in a good half of the time that writing them as doubles takes.
"""

from __future__ import annotations

import functools
import math
from typing import Any

__all__ = ["fraction_text", "shortest_doubles"]

_BLOCK = 1 << 15
_FEWEST = 64
_CELL = 14  # ",-0.0123456789"


def fraction_text(numpy: Any, values: Any) -> bytes | None:
    """Write a vector as a JSON array, every number with ten decimals where these suffice.

    Args:
        numpy: The library.
        values: A float32 array in native order.

    Returns:
        The text, which names exactly these float32 numbers; None for a vector that is short, has many
        zeros or numbers of which ten decimals are no good text, or holds NaN or an infinity.
    """
    if len(values) < _FEWEST:
        return None
    size = numpy.abs(values)
    decimals = size.astype(numpy.float64)
    decimals *= 1e10
    numpy.rint(decimals, out=decimals)
    fits = (decimals / 1e10).astype(numpy.float32) == size
    fits &= decimals < 1e10
    fits &= decimals > 0
    others = numpy.flatnonzero(~fits)
    if len(others) > len(values) >> 3:
        return None
    decimals[others] = 0
    cells = _cells(numpy, values, decimals).tobytes()
    parts: list[bytes] = []
    start = 0
    for place, value in zip(others.tolist(), values[others].tolist(), strict=True):
        if not math.isfinite(value):
            return None
        # Nine digits tell all float32 numbers apart; without a point, a zero would lose its sign.
        parts += (cells[start * _CELL : place * _CELL], b",%.9g" % value if value else b",%r" % value)
        start = place + 1
    parts += (cells[start * _CELL :], b"]")
    return b"[" + b"".join(parts).replace(b"~", b"")[1:]


def _cells(numpy: Any, values: Any, decimals: Any) -> Any:
    """Return a cell for each number, given its ten decimals as a whole number; ``~`` is to be dropped."""
    layout, heads, fours, twos = _tables(numpy)
    cells = numpy.empty(len(values), layout)
    cells["head"] = heads.take(values.view(numpy.uint32) >> 31)
    # The half keeps a product that should be whole from ending just below.
    first = ((decimals + 0.5) * 1e-6).astype(numpy.int64)
    cells["first"] = fours.take(first)
    rest = (decimals - first * 1e6).astype(numpy.uint32)
    middle = rest // numpy.uint32(100)
    cells["middle"] = fours.take(middle)
    rest -= middle * numpy.uint32(100)
    cells["last"] = twos.take(rest)
    return cells


@functools.cache
def _tables(numpy: Any) -> tuple[Any, Any, Any, Any]:
    """Return the layout of a cell and the texts that go into one."""
    layout = numpy.dtype([("head", "S4"), ("first", "S4"), ("middle", "S4"), ("last", "S2")])
    raw = numpy.dtype([(name, f"u{layout[name].itemsize}") for name in layout.names])
    heads = numpy.array([b",~0.", b",-0."]).view(raw["head"])
    fours = numpy.array([b"%04d" % number for number in range(10_000)]).view(raw["first"])
    twos = numpy.array([b"%02d" % number for number in range(100)]).view(raw["last"])
    return raw, heads, fours, twos


def shortest_doubles(numpy: Any, values: Any) -> Any:
    """Return doubles whose text is short and names the same float32 numbers.

    Args:
        numpy: The library.
        values: A float32 array of finite numbers in native order.
    """
    scales = _scales(numpy)
    short = numpy.empty(len(values), numpy.float64)
    # Blocks that stay in the processor's cache take half the time of one go.
    for start in range(0, len(values), _BLOCK):
        block = values[start : start + _BLOCK]
        wide = block.astype(numpy.float64)
        scale = scales[(block.view(numpy.uint32) >> 23) & 0xFF]
        sure = numpy.rint(wide * scale) / scale
        # One decimal less often does, and makes 0.1 of what is not quite 0.1.
        scale /= 10
        shorter = numpy.rint(wide * scale) / scale
        short[start : start + _BLOCK] = numpy.where(shorter.astype(numpy.float32) == block, shorter, sure)
    return short


@functools.cache
def _scales(numpy: Any) -> Any:
    """Return, for every exponent a float32 has, the power of ten to round at.

    Decimals that stand closer than the float32 numbers do tell all of these apart, so no rounding can
    end at another one. A decimal over an exact power of ten is the double nearest to that decimal.
    """
    # The numbers of exponent e stand 2 ** (e - 150) apart. Where that takes more decimals than an exact
    # power of ten has, or none, rounding at a high power of two changes nothing.
    found = [2.0**220] * 64 + [2.0**100] * 192
    for exponent in range(256):
        decimals = math.ceil((150 - exponent) * math.log10(2))
        if 0 <= decimals <= 22:
            found[exponent] = 10.0**decimals
    return numpy.array(found)
