"""Files to text, page by page: txt, md, json, html, pdf and docx."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import PurePath
from typing import NamedTuple
from xml.etree import ElementTree

import msgspec

__all__ = ["KINDS", "Document", "UnreadableFileError", "kind_of", "read_document"]

_MAX_DOCX_BYTES = 256 << 20
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class UnreadableFileError(ValueError):
    """A file that cannot be turned into text, said in a sentence."""


class Document(NamedTuple):
    """The text of a file.

    Attributes:
        kind: The kind of reference that answers give to it: ``text``, ``json``, ``markdown``,
            ``pdf`` or ``doc_x``.
        pages: The text page by page; kinds without pages have one.
    """

    kind: str
    pages: list[str]


KINDS = {
    ".txt": "text",
    ".html": "text",
    ".htm": "text",
    ".json": "json",
    ".md": "markdown",
    ".pdf": "pdf",
    ".docx": "doc_x",
}


def kind_of(name: str) -> str | None:
    """Return the kind of a file by the ending of its name, or None when it cannot be read."""
    return KINDS.get(PurePath(name).suffix.lower())


def read_document(name: str, data: bytes) -> Document:
    """Turn a file into text.

    Args:
        name: Its name; the ending says what it is.
        data: Its bytes.

    Raises:
        UnreadableFileError: The ending is unknown, the file is damaged, or there is no text in it.
    """
    ending = PurePath(name).suffix.lower()
    kind = KINDS.get(ending)
    if kind is None:
        raise UnreadableFileError(
            f"The file {name!r} is of no kind that can be read; use one of {', '.join(sorted(KINDS))}."
        )
    pages = _READERS.get(ending, _read_text)(data)
    if not any(page.strip() for page in pages):
        raise UnreadableFileError(f"There is no text in the file {name!r}.")
    return Document(kind, pages)


def _read_text(data: bytes) -> list[str]:
    try:
        return [data.decode("utf-8-sig")]
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"The file is not text in UTF-8 (byte {error.start}).") from error


def _read_json(data: bytes) -> list[str]:
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableFileError(f"The file is not JSON: {error}.") from error
    items = value if isinstance(value, list) else [value]
    return ["\n\n".join(msgspec.json.format(msgspec.json.encode(item)).decode() for item in items)]


_BLOCKS = """
    address article aside blockquote br dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr li main
    nav ol p pre section table td th title tr ul
    """


class _TextOfHtml(HTMLParser):
    """Keeps the text, a paragraph for each block, and leaves scripts and styles out."""

    BLOCKS = frozenset(_BLOCKS.split())
    HIDDEN = frozenset({"script", "style", "template", "noscript"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden += tag in self.HIDDEN
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in self.HIDDEN))
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(re.sub(r"\s+", " ", data))


def _read_html(data: bytes) -> list[str]:
    parser = _TextOfHtml()
    parser.feed(_read_text(data)[0])
    parser.close()
    lines = "".join(parser.parts).split("\n")
    return ["\n\n".join(line.strip() for line in lines if line.strip())]


def _read_pdf(data: bytes) -> list[str]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise UnreadableFileError("The PDF is encrypted; upload it without a password.")
        return [page.extract_text() for page in reader.pages]
    except UnreadableFileError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise UnreadableFileError(f"The PDF is damaged: {str(error) or type(error).__name__}.") from error


def _read_docx(data: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entry = archive.getinfo("word/document.xml")
            if entry.file_size > _MAX_DOCX_BYTES:
                raise UnreadableFileError("The Word file unpacks to more than 256 MiB.")
            root = ElementTree.fromstring(archive.read(entry))
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, NotImplementedError, RuntimeError) as error:
        raise UnreadableFileError(f"The file is not a Word document (docx): {error}.") from error
    pages = [""]
    for paragraph in root.iter(f"{_WORD}p"):
        for part in paragraph.iter():
            if part.tag == f"{_WORD}t":
                pages[-1] += part.text or ""
            elif part.tag == f"{_WORD}tab":
                pages[-1] += " "
            elif part.tag == f"{_WORD}lastRenderedPageBreak" or (
                part.tag == f"{_WORD}br" and part.get(f"{_WORD}type") == "page"
            ):
                pages.append("")
        pages[-1] += "\n\n"
    return pages


_READERS: dict[str, Callable[[bytes], list[str]]] = {
    ".json": _read_json,
    ".html": _read_html,
    ".htm": _read_html,
    ".pdf": _read_pdf,
    ".docx": _read_docx,
}
