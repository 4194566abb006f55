"""Events that a server sends one after another: text, cut anywhere, becomes events. Pure."""

from __future__ import annotations

import json
from typing import NamedTuple

__all__ = ["Event", "EventParser", "LineParser"]

_BOM = b"\xef\xbb\xbf"


class LineParser:
    """Cuts bytes into lines, whatever the pieces they come in.

    A line ends with LF, CR or CRLF and with nothing else: U+2028 and its like stand inside JSON
    texts, and characters of several bytes are whole again when a line is.
    """

    __slots__ = ("_begun", "_held", "_skip_lf", "_start")

    def __init__(self) -> None:
        self._held: list[bytes] = []  # pieces of the line that is not complete yet
        self._skip_lf = False  # the last byte was a CR, so an LF now belongs to it
        self._start = b""  # what may yet turn out to be a byte order mark
        self._begun = False

    def feed(self, data: bytes) -> list[bytes]:
        """Take the next bytes; return the lines that are complete with them, without their ends.

        Args:
            data: Any number of bytes.
        """
        data = self._without_mark(data)
        if self._skip_lf and data:
            self._skip_lf = False
            data = data.removeprefix(b"\n")
        if not data:
            return []
        self._skip_lf = data.endswith(b"\r")
        lines = data.splitlines()  # knows CR, LF and CRLF only, unlike that of str
        rest = None if data.endswith((b"\n", b"\r")) else lines.pop()
        if self._held and lines:
            lines[0] = b"".join((*self._held, lines[0]))
            self._held = []
        if rest is not None:
            self._held.append(rest)
        return lines

    def end(self) -> list[bytes]:
        """Return the last line when nothing ended it."""
        last = b"".join((*self._held, self._start))
        self._held, self._start = [], b""
        return [last] if last else []

    def _without_mark(self, data: bytes) -> bytes:
        if self._begun:
            return data
        data = self._start + data
        if len(data) < len(_BOM) and _BOM.startswith(data):
            self._start = data
            return b""
        self._begun, self._start = True, b""
        return data.removeprefix(_BOM)


class Event(NamedTuple):
    """One event.

    Attributes:
        data: Its text; several data lines are joined by line feeds.
        name: Its kind, ``message`` unless it says otherwise.
        id: The id of the last event that had one.
        retry: Seconds to wait before connecting again, or None.
    """

    data: str
    name: str = "message"
    id: str = ""
    retry: float | None = None


class EventParser:
    r"""Reads server-sent events, and streams that have one JSON text a line.

    Data lines of one event are joined. Where a stream has one JSON text a line and no empty lines
    between them, with or without ``data:`` in front, every line is an event. An end mark such as
    ``[DONE]`` is an event like any other.

    Example:
        >>> parser = EventParser()
        >>> [event.data for event in parser.feed(b'data: {"a":1}\n\ndata: [DO')]
        ['{"a":1}']
        >>> [event.data for event in parser.feed(b"NE]\n\n")]
        ['[DONE]']
    """

    __slots__ = ("_data", "_id", "_lines", "_name", "_retry")

    def __init__(self) -> None:
        self._lines = LineParser()
        self._data: list[str] = []
        self._name = ""
        self._id = ""
        self._retry: float | None = None

    def feed(self, data: bytes) -> list[Event]:
        """Take the next bytes; return the events that are complete with them.

        Args:
            data: Any number of bytes, cut anywhere.
        """
        events: list[Event] = []
        for line in self._lines.feed(data):
            self._line(line, events)
        return events

    def end(self) -> list[Event]:
        """Return what the end of the stream completes.

        Servers that close after the last event often leave out its empty line, so it counts.
        """
        events: list[Event] = []
        for line in self._lines.end():
            self._line(line, events)
        self._dispatch(events)
        return events

    def _line(self, raw: bytes, events: list[Event]) -> None:
        if not raw:
            self._dispatch(events)
            return
        line = raw.decode("utf-8", "replace")
        if line[0] in "{[":
            self._dispatch(events)
            events.append(Event(line, id=self._id))
        elif line[0] != ":":  # a comment, mostly sent to keep the connection
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "data" and self._data and value[:1] in ("{", "[") and _is_json(self._data):
                self._dispatch(events)
            self._field(name, value)

    def _field(self, name: str, value: str) -> None:
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._name = value
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and value.isascii() and value.isdigit():
            self._retry = int(value) / 1000

    def _dispatch(self, events: list[Event]) -> None:
        if self._data:
            events.append(Event("\n".join(self._data), self._name or "message", self._id, self._retry))
            self._data = []
        self._name, self._retry = "", None


def _is_json(lines: list[str]) -> bool:
    """Say whether the lines are a whole JSON text, after which another may begin but nothing else."""
    try:
        json.loads("\n".join(lines))
    except ValueError:
        return False
    return True
