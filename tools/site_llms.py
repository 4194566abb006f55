"""Write ``llms.txt`` and ``llms-full.txt`` into the site: what it holds, for language models.

The first lists every page with its first sentence, as https://llmstxt.org asks; the second has the pages'
whole text. Pages written in Markdown are put beside the site's own as ``page.html.md``, and linked to there;
the reference, which comes from docstrings, is linked to as it is.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from site_changes import markup

__all__ = ["first_sentence", "plain", "setup"]

_SECTIONS = {"": "Start", "guides": "Guides", "reference": "Reference"}


def first_sentence(text: str) -> str:
    """Return the first sentence of a page's first paragraph, without its markup."""
    blocks = re.split(r"\n\s*\n", text)
    plain = [
        b for b in blocks if not re.match(r"(#|```|:::|\.\.|\||=|- |<|\()", b.strip()) and "\n===" not in b
    ]
    if not plain:
        return ""
    line = " ".join(plain[0].split())
    line = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", line)
    line = re.sub(r":\w+:`+([^`]+)`+", r"\1", line)
    return re.split(r"(?<=[.!?])\s", line, maxsplit=1)[0].rstrip(":")


def plain(text: str, folder: Path) -> str:
    """Return a page without what only the site understands: changelogs put in, drawings told in words."""

    def told(drawing: re.Match[str]) -> str:
        found = re.search(r"<desc[^>]*>(.*?)</desc>", (folder / drawing[1]).read_text("utf-8"), re.S)
        return f"(A drawing. {found[1]})" if found else ""

    text = re.sub(r"```\{changes\} (\w+)\n```", lambda package: "\n".join(markup(package[1])), text)
    return re.sub(r":::\{container\} frame\n\n```\{raw\} html\n:file: (\S+)\n```\n\n:::", told, text)


def _title(app: Sphinx, name: str) -> str:
    return app.env.titles[name].astext()


def _entries(app: Sphinx) -> dict[str, list[str]]:
    """Return the pages in reading order, by section."""
    found: dict[str, list[str]] = {section: [] for section in _SECTIONS.values()}
    seen: set[str] = set()

    def walk(name: str) -> None:
        for child in app.env.toctree_includes.get(name, []):
            if child in seen:
                continue
            seen.add(child)
            folder = child.partition("/")[0] if "/" in child else ""
            found[_SECTIONS.get(folder, "Start")].append(child)
            walk(child)

    walk("index")
    return found


def write(app: Sphinx, failure: Exception | None) -> None:
    """Write the files."""
    if failure is not None or app.builder.format != "html":
        return
    front = Path(app.env.doc2path("index")).read_text("utf-8")
    lines = [f"# {app.config.project}", "", f"> {first_sentence(front)}", ""]
    whole = list(lines)
    for section, names in _entries(app).items():
        lines += [f"## {section}", ""]
        for name in names:
            source = Path(app.env.doc2path(name))
            text = plain(source.read_text("utf-8"), source.parent)
            about = first_sentence(text)
            address = f"{name}.html"
            if source.suffix == ".md":
                address += ".md"
                (Path(app.outdir) / address).write_text(text, "utf-8")
                whole += [f"<!-- {name}.html -->", "", text.strip(), ""]
            link = f"- [{_title(app, name)}]({address})"
            lines.append(f"{link}: {about}" if about else link)
        lines.append("")
    out = Path(app.outdir)
    (out / "llms.txt").write_text("\n".join(lines).rstrip() + "\n", "utf-8")
    (out / "llms-full.txt").write_text("\n".join(whole).rstrip() + "\n", "utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
