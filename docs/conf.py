"""How Sphinx builds the site; run it by `hatch run docs`."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
project = "pinecone"
author = "the authors of these packages"
project_copyright = author
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "pinecone for Python"
html_static_path = ["_static"]
html_extra_path = ["_extra"]
html_theme_options = {"top_of_page_buttons": []}
html_show_copyright = False
html_show_sphinx = False
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
napoleon_google_docstring = True
napoleon_use_rtype = False
napoleon_use_ivar = True
suppress_warnings = ["ref.python", "autodoc.import_object"]
nitpicky = False

ROOMS = {
    "pinecone_db": "Database: indexes, vectors, records, documents",
    "pinecone_inference": "Inference: embed, rerank, models",
    "pinecone_assistant": "Assistant",
    "pinecone_admin": "Admin",
    "pinecone_local": "The embedded engine",
}
CORE = {
    "pinecone_core.errors": "Errors",
    "pinecone_core.config": "Configuration",
    "pinecone_core.retry": "Retries",
    "pinecone_core.filters": "Filters",
    "pinecone_core.pages": "Pages",
    "pinecone_core.response_info": "What an answer's headers say",
    "pinecone_core.transport": "Transports",
    "pinecone_core.batching": "Bulk calls",
    "pinecone_core.unknown": "What is not known yet",
}


# The groups of models, and where each lies in the unified namespace.
MODELS = {
    "Index models": ["models.indexes"],
    "Vector models": [
        "models.vectors.vector",
        "models.vectors.sparse",
        "models.vectors.responses",
        "models.response_info",
    ],
    "Search models": ["models.vectors.search", "models.vectors.query_aggregator"],
    "Inference models": ["models.inference"],
    "Import models": ["models.imports"],
    "Collection models": ["models.collections"],
    "Backup and restore models": ["models.backups"],
    "Namespace models": ["models.namespaces"],
    "Pagination models": ["models.pagination"],
    "Batch models": ["models.batch"],
    "Enums": ["models.enums"],
    "Admin models": ["models.admin"],
    "Assistant models": ["models.assistant"],
    "Preview models": ["preview.models"],
    "Filter builder": ["utils.filter_builder"],
}


def models() -> str:
    """Return a page of all models by what they are about, at their paths in the unified namespace."""
    from pinecone._table import HOMES, MODULES

    lines = ["Models", "======", "", "All at their paths in the unified namespace.", ""]
    for title, places in MODELS.items():
        lines += [title, "-" * len(title), ""]
        shown: set[str] = set()
        for path in sorted(MODULES):
            if not path.removeprefix("pinecone.").startswith(tuple(places)):
                continue
            for name, proper in sorted(MODULES[path].items()):
                value = getattr(importlib.import_module(HOMES[proper]), proper)
                if inspect.isclass(value) and name not in shown:
                    shown.add(name)
                    lines += [f".. autoclass:: {path}.{name}", "   :members:", "   :no-index:", ""]
    return "\n".join(lines)


def listed(module: str) -> list[str]:
    """Return the public names of a module."""
    found = importlib.import_module(module)
    return [name for name in found.__all__ if not name.startswith("_")]


def options(module: str, value: Any) -> list[str]:
    """Return how a class is shown; one of another package is described there."""
    if value.__module__.partition(".")[0] != module.partition(".")[0]:
        return [":no-index:"]
    hidden = "Exception,BaseException,str,int,Enum,Struct,dict,tuple"
    return [":members:", f":inherited-members: {hidden}", ":exclude-members: EmbedModel,RerankModel"]


def page(module: str, title: str) -> str:
    """Return a page with every public name of a module."""
    lines = [title, "=" * len(title), "", f".. module:: {module}", ""]
    for name in sorted(listed(module), key=str.lower):
        value = getattr(importlib.import_module(module), name)
        if inspect.isclass(value):
            lines += [
                f".. autoclass:: {module}.{name}",
                *(f"   {option}" for option in options(module, value)),
                "",
            ]
        elif callable(value):
            lines += [f".. autofunction:: {module}.{name}", ""]
        else:
            lines += [f".. data:: {name}", ""]
    return "\n".join(lines)


def unified() -> str:
    """Return a page that says where each name of the unified namespace comes from."""
    from pinecone._table import HOMES, TOP

    rows = []
    for name in sorted(TOP, key=str.lower):
        proper = TOP[name]
        home = HOMES[proper].split("._")[0].split(".models")[0].split(".cli")[0]
        rows.append(f"* - ``{name}``\n  - ``{home}``" + (f", as ``{proper}``" if proper != name else ""))
    body = "\n".join("   " + line for row in rows for line in row.splitlines())
    title = "The unified namespace: pinecone"
    return (
        f"{title}\n{'=' * len(title)}\n\n"
        "``from pinecone import NAME`` gives the same objects as the packages.\n\n"
        f".. autoclass:: pinecone.Pinecone\n   :members:\n   :inherited-members:\n\n"
        f".. autoclass:: pinecone.AsyncPinecone\n   :members:\n   :inherited-members:\n\n"
        f".. list-table::\n   :header-rows: 1\n\n   * - name\n     - from\n{body}\n"
    )


def write(app: Any) -> None:
    """Write the reference, the changelogs and llms.txt."""
    reference = HERE / "reference"
    pages = {"pinecone": unified(), "models": models()}
    pages |= {module: page(module, f"{title} ({module})") for module, title in {**ROOMS, **CORE}.items()}
    toc = "\n".join(f"   {name}" for name in pages)
    pages["index"] = f"Reference\n=========\n\n.. toctree::\n   :maxdepth: 1\n\n{toc}\n"
    for name, text in pages.items():
        put(reference / f"{name}.rst", text)
    logs = ["# Changelogs", ""]
    for folder in sorted((HERE.parent / "packages").iterdir()):
        logs += [f"## {folder.name}", ""]
        log = (folder / "CHANGELOG.md").read_text("utf-8").partition("\n")[2].strip()
        notes = sorted(file for file in (folder / "changes").glob("*.md") if file.name != "README.md")
        if notes:
            logs += [
                "Not released yet:",
                "",
                *(f"- {' '.join(file.read_text('utf-8').split())}" for file in notes),
                "",
            ]
        logs += [log.replace("\n## ", "\n### ").removeprefix("## "), ""]
    put(HERE / "changelogs.md", "\n".join(logs))
    put(HERE / "_extra" / "llms.txt", llms())


def llms() -> str:
    """Return the site's contents in the form that language models are given."""
    lines = [
        "# pinecone for Python",
        "",
        "> A Python SDK for Pinecone in small packages, and an engine that runs offline.",
        "",
    ]
    lines += ["## Guides", ""]
    for file in [HERE / "start.md", HERE / "concepts.md", *sorted((HERE / "guides").glob("*.md"))]:
        text = file.read_text("utf-8")
        title = text.partition("\n")[0].removeprefix("# ")
        lines.append(f"- [{title}]({file.relative_to(HERE).with_suffix('.html').as_posix()})")
    lines += [
        "",
        "## Facts",
        "",
        "- [The embedded engine](local.html)",
        "- [Compatibility](compatibility.html)",
        "",
    ]
    lines += ["## All guides in full", ""]
    lines += [
        file.read_text("utf-8") for file in [HERE / "start.md", *sorted((HERE / "guides").glob("*.md"))]
    ]
    return "\n".join(lines)


def put(file: Path, text: str) -> None:
    """Write a file if it is not so already, as Sphinx builds anew what changed."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists() or file.read_text("utf-8") != text:
        file.write_text(text, "utf-8")


def setup(app: Any) -> None:
    """Have the pages written before Sphinx looks which there are."""
    write(app)
