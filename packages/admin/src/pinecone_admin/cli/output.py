"""What the command prints: tables for people, tab-separated text for pipes, JSON and YAML."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import yaml  # type: ignore[import-untyped, unused-ignore]
from rich.console import Console
from rich.table import Table
from rich.text import Text

__all__ = ["plain", "show", "write_secret"]


def plain(model: Any) -> dict[str, Any]:
    """Return a model as JSON values."""
    values: dict[str, Any] = json.loads(json.dumps(model.to_dict(), default=str))
    return values


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    # A name may hold what would break the line or steer the terminal.
    return "".join(char if char.isprintable() else " " for char in text)


def show(found: dict[str, Any] | list[dict[str, Any]], form: str) -> None:
    """Print one thing or a list of them."""
    if form == "json":
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    if form == "yaml":
        click.echo(yaml.safe_dump(found, sort_keys=False, allow_unicode=True), nl=False)
        return
    rows: list[Mapping[str, Any]] = [*found] if isinstance(found, list) else [found]
    names = list(dict.fromkeys(name for row in rows for name in row))
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(_cell(row.get(name)) for name in names))
        return
    shown = [name for name in names if name != "value"]
    table = Table(*shown)
    for row in rows:
        table.add_row(*(Text(_cell(row.get(name))) for name in shown))
    Console().print(table)
    for row in rows:
        if row.get("value"):  # a secret in a narrow table would be broken into pieces
            click.echo(f"secret of {_cell(row.get('name'))}, shown this once: {row['value']}")


def write_secret(path: Path, opened: int, secret: str) -> None:
    """Write a secret into the file that was opened for it."""
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.write(secret + "\n")
    click.echo(f"secret written to {path}", err=True)
