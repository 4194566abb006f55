"""How a stream shows itself, without being read."""

from __future__ import annotations

from pinecone_core.display import render_table

__all__ = ["stream_line", "stream_table"]


def _iteration(name: str) -> str:
    return "single-pass async" if name.startswith("Async") else "single-pass"


def stream_line(name: str, kind: str) -> str:
    """Return one line about a stream.

    Args:
        name: The name of its class.
        kind: What it carries.
    """
    return f"{name}({_iteration(name)}, {kind}; iterate, or use text() or collect())"


def stream_table(name: str, kind: str) -> str:
    """Return a small HTML table about a stream."""
    hint = "iterate, or use .text() or .collect()"
    return render_table(name, [("Type", kind), ("Iteration", _iteration(name)), ("Usage hint", hint)])
