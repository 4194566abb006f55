"""Files become text, page by page, and what cannot be read says why."""

from __future__ import annotations

import io
import zipfile

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from pinecone_local.assistant.documents import Document, UnreadableFileError, read_document
from pinecone_local.assistant.passages import cut, sentences


def pdf(*pages: str) -> bytes:
    """Write a PDF with one line of text a page."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for text in pages:
        page = writer.add_blank_page(612, 792)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def docx(*pages: str) -> bytes:
    """Write a Word file, the pages parted by page breaks."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'.join(
        f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in pages
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
        )
    return out.getvalue()


def test_plain_text_and_markdown() -> None:
    assert read_document("a.txt", "\ufeffGrüße".encode()) == Document("text", ["Grüße"])
    assert read_document("a.MD", b"# Title").kind == "markdown"


def test_json_is_shown_item_by_item() -> None:
    [page] = read_document("a.json", b'[{"a":1},{"b":2}]').pages
    assert page.split("\n\n") == ['{\n  "a": 1\n}', '{\n  "b": 2\n}']


def test_html_loses_scripts_and_keeps_paragraphs() -> None:
    html = b"<title>T</title><style>p{}</style><p>One  &amp;\n two</p><script>x()</script><li>Three"
    assert read_document("a.html", html).pages == ["T\n\nOne & two\n\nThree"]


def test_pdf_pages_are_kept_apart() -> None:
    document = read_document("a.pdf", pdf("First page here.", "Second page here."))
    assert document.kind == "pdf"
    assert [page.strip() for page in document.pages] == ["First page here.", "Second page here."]


def test_word_pages_follow_the_page_breaks() -> None:
    document = read_document("a.docx", docx("First.", "Second."))
    assert document.kind == "doc_x"
    assert [page.strip() for page in document.pages] == ["First.", "Second."]


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.exe", b"x", "no kind that can be read"),
        ("a", b"x", "no kind that can be read"),
        ("a.txt", b"\xff\xfe\x00", "not text in UTF-8"),
        ("a.txt", b" \n", "no text"),
        ("a.json", b"{", "not JSON"),
        ("a.pdf", b"%PDF-1.7 nothing", "damaged"),
        ("a.docx", b"PK", "not a Word document"),
        ("a.docx", docx(""), "no text"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, data: bytes, why: str) -> None:
    with pytest.raises(UnreadableFileError, match=why):
        read_document(name, data)


def test_cutting_loses_no_word_and_knows_the_pages() -> None:
    pages = [" ".join(f"w{page}x{i}" for i in range(250)) for page in range(3)]
    passages = cut(Document("pdf", pages), words=100)
    assert " ".join(p.text for p in passages).split() == " ".join(pages).split()
    assert all(len(p.text.split()) <= 100 for p in passages)
    assert sorted({number for p in passages for number in p.pages}) == [1, 2, 3]
    assert all(p.first_page == p.last_page for p in passages)


def test_sentences_keep_abbreviated_numbers_together() -> None:
    text = "It cost 4.2 million. Then it\nrained! Did it?\n\nyes"
    assert sentences(text) == ["It cost 4.2 million.", "Then it rained!", "Did it?", "yes"]
