"""What models read, keep and show."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest

import pinecone_assistant as pa
from pinecone_core.codec import decode
from pinecone_core.errors import ResponseParsingError

FILE = pa.AssistantFileModel(name="a.pdf", id="f1")
USAGE = pa.ChatUsage(prompt_tokens=1, completion_tokens=2, total_tokens=3)
USAGE_LINE = "ChatUsage(prompt=1, completion=2, total=3)"
LONG = "x" * 100
CUT = "x" * 80 + "..."
REFERENCE = pa.ChatReference(file=FILE, pages=[1, 2, 3, 4, 5, 6])
CITATION = pa.ChatCitation(position=1, references=[REFERENCE])
MESSAGE = pa.ChatMessage(role="assistant", content=LONG)
CHOICE = pa.ChatCompletionChoice(
    index=0, finish_reason="stop", message=pa.ChatCompletionMessage(role="assistant", content="")
)
IMAGE = pa.ContextImageData(type="base64", mime_type="image/png", data="x" * 1234)
WHERE = pa.FileReference(file=FILE, pages=[1])
TEXT = pa.TextSnippet(content=LONG, score=1.0, reference=WHERE)
BOTH = pa.MultimodalSnippet(
    content=[pa.ContextTextBlock(text="t"), pa.ContextImageBlock(caption="c", image_data=IMAGE)],
    score=0.5,
    reference=WHERE,
)
SCORES = pa.AlignmentScores(correctness=1, completeness=0.5, alignment=2 / 3)
FACT = pa.EntailmentResult(fact=LONG, entailment="contradicted", reasoning="why")
DELTA = pa.ChatCompletionStreamDelta(content="a")

SHOWN: list[tuple[Any, str]] = [
    (USAGE, USAGE_LINE),
    (pa.ChatHighlight(type="text", content=LONG), f"ChatHighlight(type='text', content='{CUT}')"),
    (REFERENCE, "ChatReference(file='a.pdf', pages=[1, 2, 3, ...3 more], highlight='no')"),
    (CITATION, "ChatCitation(position=1, references=1)"),
    (MESSAGE, f"ChatMessage(role='assistant', content='{CUT}')"),
    (pa.Message(content="Hi"), "Message(role='user', content='Hi')"),
    (
        pa.ChatResponse(
            id="i", model="m", usage=USAGE, message=MESSAGE, finish_reason="stop", citations=[CITATION]
        ),
        f"ChatResponse(id='i', model='m', finish_reason='stop', citations=1, usage={USAGE_LINE})",
    ),
    (CHOICE.message, "ChatCompletionMessage(role='assistant', content=None)"),
    (CHOICE, f"ChatCompletionChoice(index=0, finish_reason='stop', message={CHOICE.message!r})"),
    (
        pa.ChatCompletionResponse(id="i", model="m", usage=USAGE, choices=[CHOICE]),
        f"ChatCompletionResponse(id='i', model='m', choices=1, usage={USAGE_LINE})",
    ),
    (IMAGE, "ContextImageData(type='base64', mime_type='image/png', data=<1,234 bytes>)"),
    (BOTH.content[1], "ContextImageBlock(caption='c', image_data=<present>)"),
    (pa.ContextImageBlock(caption="c"), "ContextImageBlock(caption='c', image_data=<absent>)"),
    (BOTH.content[0], "ContextTextBlock(text='t')"),
    (WHERE, "FileReference(file='a.pdf', pages=[1])"),
    (TEXT, f"TextSnippet(score=1.0, reference='a.pdf', content='{CUT}')"),
    (BOTH, "MultimodalSnippet(score=0.5, reference='a.pdf', blocks=<text:1,image:1>)"),
    (
        pa.ContextResponse(id="i", snippets=[TEXT, BOTH], usage=USAGE),
        f"ContextResponse(id='i', snippets=2, usage={USAGE_LINE})",
    ),
    (pa.ContextResponse(snippets=[], usage=USAGE), f"ContextResponse(snippets=0, usage={USAGE_LINE})"),
    (FACT, f"EntailmentResult(entailment='contradicted', fact='{CUT}')"),
    (SCORES, "AlignmentScores(correctness=1.000, completeness=0.500, alignment=0.667)"),
    (
        pa.AlignmentResult(scores=SCORES, facts=[FACT], usage=USAGE),
        "AlignmentResult(alignment=0.667, correctness=1.000, completeness=0.500, facts=1, "
        f"usage={USAGE_LINE})",
    ),
    (
        pa.AssistantFileModel(name="a", id="f", status="Available", size=3, percent_done=0.5),
        "AssistantFileModel(name='a', id='f', status='Available', size=3, percent_done=50.0%)",
    ),
    (
        pa.AssistantModel(name="a", status="Ready", host="x.io", instructions="y" * 50, metadata={"a": 1}),
        "AssistantModel(name='a', status='Ready', host='https://x.io', "
        f"instructions='{'y' * 40}...', metadata=<1 keys>)",
    ),
    (
        pa.OperationModel(operation_id="o", status="Failed", error="bad"),
        "OperationModel(operation_id='o', status='Failed', error='bad')",
    ),
    (pa.ListFilesResponse(files=[FILE]), "ListFilesResponse(count=1, next=None)"),
    (pa.ListAssistantsResponse(assistants=[]), "ListAssistantsResponse(count=0, next=None)"),
    (pa.ContextOptions(), "ContextOptions(<default>)"),
    (pa.ContextOptions(top_k=3, multimodal=False), "ContextOptions(top_k=3, multimodal=False)"),
    (pa.StreamMessageStart(model="m", role="r"), "StreamMessageStart(model='m', role='r')"),
    (pa.StreamContentDelta(content=LONG), f"StreamContentDelta(content='{CUT}')"),
    (
        pa.StreamContentChunk(id="i", delta=pa.StreamContentDelta(content="a"), model="m"),
        "StreamContentChunk(id='i', delta=StreamContentDelta(content='a'), model='m')",
    ),
    (
        pa.StreamCitationChunk(id="i", citation=CITATION),
        "StreamCitationChunk(id='i', citation=ChatCitation(position=1, references=1))",
    ),
    (pa.StreamMessageEnd(id="i", usage=USAGE), f"StreamMessageEnd(id='i', usage={USAGE_LINE})"),
    (pa.ChatCompletionStreamDelta(), "ChatCompletionStreamDelta(<empty>)"),
    (DELTA, "ChatCompletionStreamDelta(content='a')"),
    (
        pa.ChatCompletionStreamChoice(index=0, delta=DELTA, finish_reason="stop"),
        f"ChatCompletionStreamChoice(index=0, delta={DELTA!r}, finish_reason='stop')",
    ),
    (
        pa.ChatCompletionStreamChunk(
            id="i", model="m", choices=[pa.ChatCompletionStreamChoice(index=0, delta=DELTA)]
        ),
        "ChatCompletionStreamChunk(id='i', model='m', choices=1)",
    ),
]


class Printer:
    """As much of IPython's printer as models use."""

    def __init__(self) -> None:
        self.out = ""

    def text(self, text: str) -> None:
        self.out += text

    def breakable(self, sep: str = " ") -> None:
        self.out += sep + "\n"

    def group(self, indent: int, begin: str, end: str) -> Any:
        printer = self

        class Group:
            def __enter__(self) -> None:
                printer.out += begin

            def __exit__(self, *exc: object) -> None:
                printer.out += end

        return Group()


@pytest.mark.parametrize(("model", "line"), SHOWN)
def test_what_models_show(model: Any, line: str) -> None:
    assert repr(model) == line
    printer = Printer()
    model._repr_pretty_(printer, False)
    assert printer.out.startswith(f"{type(model).__name__}(")
    assert printer.out.endswith(")")
    assert "display error" not in printer.out
    cycle = Printer()
    model._repr_pretty_(cycle, True)
    assert cycle.out == f"{type(model).__name__}(...)"
    html = model._repr_html_()
    assert type(model).__name__ in html
    assert "display error" not in html


@pytest.mark.parametrize(("model", "line"), SHOWN)
def test_what_models_are(model: Any, line: str) -> None:
    assert copy.copy(model) == copy.deepcopy(model) == pickle.loads(pickle.dumps(model)) == model
    assert model != object()
    with pytest.raises(TypeError):
        hash(model)
    with pytest.raises(KeyError):
        model["nothing"]
    assert model.get("nothing", 3) == 3
    assert json.loads(model.to_json()) == json.loads(json.dumps(model.to_dict()))
    assert tuple(model.keys()) == model.__struct_fields__
    assert [key for key, _ in model.items()] == list(model.keys())
    with pytest.raises(TypeError):
        type(model)("positional")


def test_html_is_escaped() -> None:
    assert "<b>" not in pa.Message(content="<b>bold</b>")._repr_html_()


def test_a_display_never_raises() -> None:
    broken = pa.ChatCitation(position=1, references=3)  # type: ignore[arg-type]
    assert repr(broken) == "<ChatCitation (display error)>"


def test_kinds_are_kept_through_dicts() -> None:
    answer = pa.ContextResponse(snippets=[TEXT, BOTH], usage=USAGE)
    again = answer.to_dict()
    assert [snippet["type"] for snippet in again["snippets"]] == ["text", "multimodal"]
    assert TEXT.type == TEXT["type"] == "text"
    assert BOTH.content[1].to_dict()["image_data"]["mime_type"] == "image/png"


def test_answers_are_read_leniently() -> None:
    answer = decode(
        b'{"id": "i", "message": {"role": "assistant", "content": null}, "usage": null, "new": 1, '
        b'"finish_reason": "content_filter", "context_snippet_count": 2, "citations": null}',
        pa.ChatResponse,
    )
    assert answer.message.content == ""
    assert answer.usage.total_tokens == 0
    assert answer.citations == []
    assert answer.context_snippet_count == 2
    page = decode(b'{"files": [{"id": "f", "name": "a"}, {"id": 3}], "pagination": {}}', pa.ListFilesResponse)
    assert [file.id for file in page] == ["f"]
    assert page.next is None


def test_unknown_snippets_and_blocks_are_kept() -> None:
    known = {
        "type": "text",
        "content": "c",
        "score": 1,
        "reference": {"type": "pdf", "file": {"name": "n", "id": "i"}},
    }
    mixed = {
        **known,
        "type": "multimodal",
        "content": [{"type": "text", "text": "t"}, {"type": "table", "rows": 3}],
    }
    wire = {"snippets": [known, {"type": "video", "url": "u"}, mixed], "usage": {"total_tokens": 3}}
    found: Any = decode(json.dumps(wire).encode(), pa.ContextResponse)
    assert isinstance(found.snippets[0], pa.TextSnippet)
    assert found.snippets[0].reference.type == "pdf"
    assert found.snippets[1].type == "video"
    assert found.snippets[1].url == "u"
    assert [block.type for block in found.snippets[2].content] == ["text", "table"]
    with pytest.raises(AttributeError, match="has no 'score'"):
        found.snippets[1].score  # noqa: B018
    assert found.to_dict()["snippets"][1] == {"type": "video", "url": "u"}


def test_bad_evaluations_are_parsing_errors() -> None:
    for body in (b"{}", b"[]", b"no", b'{"metrics": {}, "reasoning": {"evaluated_facts": []}, "usage": {}}'):
        with pytest.raises(ResponseParsingError, match="AlignmentResult"):
            decode(body, pa.AlignmentResult)


def test_small_constructors() -> None:
    assert pa.Message.from_dict({"content": "a", "role": None, "x": 1}).role is None
    with pytest.raises(KeyError):
        pa.Message.from_dict({"role": "user"})
    assert pa.ChatUsage.from_dict({"total_tokens": 3}).prompt_tokens == 0
    assert pa.ContextOptions.from_dict({"top_k": 1, "x": 2}) == pa.ContextOptions(top_k=1)


def test_an_assistant_takes_further_attributes() -> None:
    model = pa.AssistantModel(name="a", status="Ready", host="https://https://x.io/")
    model.note = 1  # type: ignore[attr-defined]
    assert model.host == "https://x.io"
    assert pickle.loads(pickle.dumps(model)).note == 1
    assert pa.AssistantModel(name="a", status="Ready", host="").host == ""
