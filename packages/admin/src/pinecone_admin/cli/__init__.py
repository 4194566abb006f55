"""The command ``pinecone-admin``."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command; without what the extra installs, say how to install it."""
    try:
        from .commands import run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"click", "rich", "tomli", "yaml"}:
            raise
        sys.stderr.write(f"pinecone-admin needs {error.name}: pip install 'pinecone-admin[cli]'\n")
        sys.exit(2)
    run()
