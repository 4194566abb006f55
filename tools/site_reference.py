"""The reference: a directive that documents public names, and a check that none is left out.

A page lists names at the paths where readers look for them::

    .. names::

       pinecone.models.indexes.index.IndexModel

Each becomes the class or function with its docstring, and can be linked to by all of its public paths.
What is listed under a name that is not its own is shown as another name of it.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

__all__ = ["PACKAGES", "Names", "public_names", "setup"]

PACKAGES = ["pinecone"] + [
    f"pinecone_{room}" for room in ("core", "db", "inference", "assistant", "admin", "local")
]

# Members of these are not repeated under every class that inherits them.
_PLAIN = "Struct, DictLikeStruct, StructDictMixin, Listing, Generic, BaseException, dict, str, Enum, tuple"

# Attributes of clients that are documented as models.
_ELSEWHERE = "EmbedModel, RerankModel"

_log = logging.getLogger(__name__)


def public_names() -> Iterator[tuple[str, Any]]:
    """Yield every public name of every package with what it stands for."""
    for package in PACKAGES:
        module = import_module(package)
        for name in module.__all__:
            if name != "__version__":
                yield f"{package}.{name}", getattr(module, name)


def resolve(path: str) -> Any:
    """Return what a dotted path names."""
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def _is_alias(value: Any) -> bool:
    return isinstance(value, types.UnionType) or typing.get_origin(value) is not None


def _shown(part: Any) -> str:
    if not inspect.isclass(part):
        return f"``{part!r}``"
    return f":py:class:`~{part.__module__}.{part.__qualname__}`"


def lines(path: str, value: Any) -> list[str]:
    """Return the markup that documents one name."""
    if _is_alias(value):
        parts = typing.get_args(value)
        return [f".. py:data:: {path}", "", f"   One of {', '.join(map(_shown, parts))}.", ""]
    own = path.rpartition(".")[2]
    if own != getattr(value, "__name__", own):
        return [f".. py:data:: {path}", "", f"   Another name of {_shown(value)}.", ""]
    if not inspect.isclass(value):
        return [f".. autofunction:: {path}", ""]
    return [
        f".. autoclass:: {path}",
        f"   :inherited-members: {_PLAIN}",
        f"   :exclude-members: {_ELSEWHERE}",
        "",
    ]


class Names(SphinxDirective):
    """``.. names::`` with one path a line."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Document the names."""
        markup: list[str] = []
        values = {line.strip(): resolve(line.strip()) for line in self.content if line.strip()}
        for path, value in values.items():
            markup += lines(path, value)
        node = nodes.container()
        source = self.get_source_info()[0]
        self.state.nested_parse(StringList(markup, source), self.content_offset, node)
        self._note(values)
        return node.children

    def _note(self, values: dict[str, Any]) -> None:
        """Let every public path of what is documented here lead here."""
        domain = self.env.domains.python_domain
        public = list(public_names())
        for path, value in values.items():
            entry = domain.objects.get(path)
            if entry is None:
                continue
            own = path.rpartition(".")[2]
            for other, same in public:
                if same is value and other.rpartition(".")[2] == own and other not in domain.objects:
                    domain.note_object(other, entry.objtype, entry.node_id, aliased=True)


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Complain of public names that no page documents."""
    known = env.domains.python_domain.objects
    for path, _ in public_names():
        if path not in known:
            _log.warning("%s is public and stands on no page of docs/reference", path)


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.add_directive("names", Names)
    app.connect("env-check-consistency", check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
