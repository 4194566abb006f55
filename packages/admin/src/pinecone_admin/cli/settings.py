"""Where the credentials come from: options, the environment, the profile file."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from pinecone_core.config import environment

__all__ = ["credentials"]


def _profile(path: Path, name: str) -> dict[str, Any]:
    try:
        profiles = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli").loads(
            path.read_text("utf-8")
        )
    except (OSError, ValueError) as error:
        # The parser's message may quote the file, which holds a secret.
        raise click.UsageError(f"cannot read {path}: {type(error).__name__}") from None
    found = profiles.get(name)
    if not isinstance(found, dict):
        raise click.UsageError(f"{path} has no profile [{name}]")
    return found


def credentials(given: dict[str, str | None], file: Path | None, profile: str | None) -> dict[str, str]:
    """Return the arguments of the client.

    Args:
        given: The options by name.
        file: The profile file named by an option; None for the usual one.
        profile: The profile named by an option; None for ``default``.
    """
    named = {"client_id": "PINECONE_CLIENT_ID", "client_secret": "PINECONE_CLIENT_SECRET"}
    found = {name: value for name, value in given.items() if value}
    for name, variable in named.items():
        if not found.get(name) and environment(variable):
            found[name] = environment(variable)
    usual = Path.home() / ".config" / "pinecone" / "admin.toml"
    asked = file is not None or profile is not None
    if asked or (not named.keys() <= found.keys() and usual.exists()):
        for name, value in _profile(file or usual, profile or "default").items():
            if name in given and isinstance(value, str):
                found.setdefault(name, value)
    return found
