"""Uploads: the parts of a multipart form."""

from __future__ import annotations

from typing import NamedTuple

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from ..http import bad_request

__all__ = ["FormPart", "read_form"]


class FormPart(NamedTuple):
    """One part of a form.

    Attributes:
        name: What the form calls it.
        file_name: The name of the file, or None when it is no file.
        data: Its bytes.
    """

    name: str
    file_name: str | None
    data: bytes


class _Reader:
    """Collects what the parser calls out."""

    def __init__(self) -> None:
        self.parts: list[FormPart] = []
        self._field = bytearray()
        self._value = bytearray()
        self._data = bytearray()
        self._disposition = b""

    def begin(self) -> None:
        self._data.clear()
        self._disposition = b""

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        if bytes(self._field).lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._field.clear()
        self._value.clear()

    def data(self, data: bytes, start: int, end: int) -> None:
        self._data += data[start:end]

    def end(self) -> None:
        _, options = parse_options_header(self._disposition)
        file_name = options.get(b"filename")
        self.parts.append(
            FormPart(
                options.get(b"name", b"").decode("utf-8", "replace"),
                None if file_name is None else file_name.decode("utf-8", "replace"),
                bytes(self._data),
            )
        )


def read_form(content_type: str, body: bytes) -> list[FormPart]:
    """Read a multipart form.

    Raises:
        ApiFault: 400 when it is none, or is damaged.
    """
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise bad_request("The body must be a multipart form (multipart/form-data with a boundary).")
    reader = _Reader()
    parser = MultipartParser(
        boundary,
        {
            "on_part_begin": reader.begin,
            "on_header_field": reader.header_field,
            "on_header_value": reader.header_value,
            "on_header_end": reader.header_end,
            "on_part_data": reader.data,
            "on_part_end": reader.end,
        },
    )
    try:
        parser.write(body)
        parser.finalize()
    except FormParserError as error:
        raise bad_request(f"The multipart form is damaged: {error}.") from error
    return reader.parts
