"""A directive that shows a package's changelog, with what is not released yet above it.

```{changes} db
```
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from bump import KINDS, fragments
from release import ROOT

__all__ = ["Changes", "markup", "setup"]


def markup(package: str) -> list[str]:
    """Return a package's changelog in Markdown, without headings, for headings would break the page's."""
    folder = ROOT / "packages" / package
    waiting = fragments(folder)
    lines = ["**Not released yet**", ""] if waiting else []
    for kind, title in KINDS.items():
        texts = [" ".join(path.read_text("utf-8").split()) for path, found in waiting if found == kind]
        lines += [f"*{title}*", "", *(f"- {text}" for text in texts), ""] if texts else []
    _, mark, released = (folder / "CHANGELOG.md").read_text("utf-8").partition("\n## ")
    for line in (mark + released).splitlines():
        depth = len(line) - len(line.lstrip("#"))
        star = {2: "**", 3: "*"}.get(depth, "")
        lines.append(f"{star}{line[depth:].strip()}{star}" if star else line)
    return lines or ["Nothing yet."]


class Changes(SphinxDirective):
    """``{changes} package``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Show the changelog."""
        package = self.arguments[0]
        for path in (ROOT / "packages" / package).rglob("*.md"):
            if path.parent.name == "changes" or path.name == "CHANGELOG.md":
                self.env.note_dependency(str(path))
        node = nodes.container()
        source = self.get_source_info()[0]
        self.state.nested_parse(StringList(markup(package), source), self.content_offset, node)
        return node.children


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.add_directive("changes", Changes)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
