"""The command that brings projects and API keys to what a file declares."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import yaml  # type: ignore[import-untyped, unused-ignore]

from pinecone_core.errors import PineconeError, PineconeValueError

from .._sync.client import Admin
from .plan import Change, Project, differences, read_plan

__all__ = ["Secrets", "apply_changes", "compare", "load_plan"]


def load_plan(path: Path) -> list[Project]:
    """Read a plan from a YAML file.

    Raises:
        PineconeValueError: It is no YAML, or no plan.
    """
    try:
        return read_plan(yaml.safe_load(path.read_text("utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PineconeValueError(f"{path} is no YAML: {error}") from error
    except PineconeValueError as error:
        raise PineconeValueError(f"{path}: {error}") from error


def compare(admin: Admin, plan: list[Project]) -> list[Change]:
    """Return what it takes to bring about a plan."""
    projects = list(admin.projects.list())
    named = {project.name for project in plan if project.api_keys}
    keys = {
        project.id: list(admin.api_keys.list(project_id=project.id)) if project.name in named else []
        for project in projects
    }
    return differences(plan, projects, keys)


class Secrets:
    """Where the secrets of new keys go: to the screen, or into a new file that only its owner may read.

    Args:
        path: The file; None for the screen. It is made before the first key is.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._opened: int | None = None
        self._kept = False

    def open(self) -> None:
        """Make the file: a secret that cannot be kept would be lost."""
        if self._path is not None:
            self._opened = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

    def keep(self, change: Change, secret: str) -> str | None:
        """Keep a secret; return it if it is to be shown."""
        if self._opened is None:
            return secret
        line = yaml.safe_dump({f"{change.project}/{change.name}": secret}, allow_unicode=True, width=1000)
        os.write(self._opened, line.encode())
        os.fsync(self._opened)
        self._kept = True
        return None

    def close(self) -> None:
        """Close the file, and remove it if it is empty."""
        if self._opened is None or self._path is None:
            return
        os.close(self._opened)
        self._opened = None
        if self._kept:
            click.echo(f"secrets written to {self._path}", err=True)
        else:
            self._path.unlink()


def apply_changes(
    admin: Admin, changes: list[Change], secrets: Secrets, *, cleanup: bool
) -> Iterator[dict[str, Any]]:
    """Make changes one after another, telling each on stderr.

    Args:
        admin: The client.
        changes: What to do.
        secrets: Where the secrets of new keys go.
        cleanup: Whether a project is deleted with all it holds.

    Yields:
        A row for each change that was made, new keys with their ``value`` unless it went into a file.

    Raises:
        PineconeError: A change failed; the message says how many were made.
    """
    known = {project.name: project.id for project in admin.projects.list()}
    for place, change in enumerate(changes):
        try:
            value = _make(admin, change, known, secrets, cleanup)
        except PineconeError as error:
            made = f"{place} of {len(changes)} changes were made; run it again to go on"
            error.message = f"{error.message} (at {change.line}; {made})"
            error.args = (error.message,)
            raise
        click.echo(f"done: {change.line}", err=True)
        row = {"action": change.action, "kind": change.kind, "project": change.project, "name": change.name}
        yield {**row, "id": change.identifier, **({} if value is None else {"value": value})}


def _make(admin: Admin, change: Change, known: dict[str, str], secrets: Secrets, cleanup: bool) -> str | None:
    if change.kind == "project":
        _make_project(admin, change, known, cleanup)
        return None
    if change.action == "create":
        made = admin.api_keys.create(project_id=known[change.project], name=str(change.name), **change.after)
        change.identifier = made.key.id
        return secrets.keep(change, made.value)
    if change.action == "update":
        admin.api_keys.update(api_key_id=str(change.identifier), **change.after)
    else:
        admin.api_keys.delete(api_key_id=str(change.identifier))
    return None


def _make_project(admin: Admin, change: Change, known: dict[str, str], cleanup: bool) -> None:
    identifier = str(change.identifier)
    if change.action == "create":
        change.identifier = known[change.project] = admin.projects.create(
            name=change.project, **change.after
        ).id
    elif change.action == "update":
        admin.projects.update(project_id=identifier, **change.after)
    elif cleanup:
        admin.projects.delete_with_cleanup(
            project_id=identifier,
            on_progress=lambda kind, name: click.echo(f"deleted {kind}: {name}", err=True),
        )
    else:
        admin.projects.delete(project_id=identifier)
