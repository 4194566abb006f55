"""The commands."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.shell_completion import get_completion_class

from pinecone_core.errors import PineconeError, PineconeTypeError, PineconeValueError

from .._sync.client import Admin
from .apply import Secrets, apply_changes, compare, load_plan
from .output import plain, show, write_secret
from .settings import credentials

__all__ = ["cli", "run"]


class Settings:
    """What the options before the command said; the client is made when it is needed."""

    def __init__(
        self, given: dict[str, str | None], file: Path | None, profile: str | None, transport: Any
    ) -> None:
        self._arguments = (given, file, profile)
        self._transport = transport
        self.form = "table"

    def admin(self) -> Admin:
        """Return the client."""
        options: dict[str, Any] = dict(credentials(*self._arguments))
        return Admin(transport=self._transport, **options)


def _failure(error: Exception) -> str:
    text = " ".join(str(error).split())
    request_id = getattr(error, "request_id", None)
    return f"{text} (request id {request_id})" if request_id and request_id not in text else text


def _reported(function: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except (PineconeError, OSError) as error:
            click.echo(f"Error: {_failure(error)}", err=True)
            sys.exit(2 if isinstance(error, PineconeValueError | PineconeTypeError) else 1)

    return call


def _command(group: click.Group, name: str, *options: Any) -> Callable[[Callable[..., None]], Any]:
    def add(function: Callable[..., None]) -> Any:
        made: Any = click.pass_obj(_reported(function))
        for option in reversed(options):
            made = option(made)
        return group.command(name, help=function.__doc__)(made)

    return add


class OneLine(click.Group):
    """Commands whose failures are one line each on stderr."""

    def main(self, *args: Any, **options: Any) -> Any:
        """Run, and leave with the exit code."""
        options["standalone_mode"] = False
        try:
            code = super().main(*args, **options)
        except click.ClickException as error:
            # By name, as older releases of click do not have it: without a command, the help is shown.
            if type(error).__name__ == "NoArgsIsHelpError":
                error.show()
                sys.exit(error.exit_code)
            click.echo(f"Error: {' '.join(error.format_message().split())}", err=True)
            sys.exit(error.exit_code)
        except click.Abort:
            click.echo("Error: nothing was done", err=True)
            sys.exit(1)
        sys.exit(code if isinstance(code, int) else 0)


@click.group(cls=OneLine, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--client-id", help="Else PINECONE_CLIENT_ID, else the profile.")
@click.option("--client-secret", help="Else PINECONE_CLIENT_SECRET, else the profile.")
@click.option("--host", help="The API's host.")
@click.option("--oauth-host", help="The token server.")
@click.option("--profile-file", type=click.Path(path_type=Path), help="Else ~/.config/pinecone/admin.toml.")
@click.option("--profile", help="A table of the profile file; else default.")
@click.option("--output", type=click.Choice(["table", "json", "yaml"]), default="table")
@click.pass_context
def cli(context: click.Context, /, output: str, profile_file: Path | None, **given: str | None) -> None:
    """Manage Pinecone organizations, projects and API keys."""
    profile = given.pop("profile")
    context.obj = Settings(given, profile_file, profile, context.obj)
    context.obj.form = output


@cli.group()
def organizations() -> None:
    """Organizations."""


@cli.group()
def projects() -> None:
    """Projects."""


@cli.group("api-keys")
def api_keys() -> None:
    """Keys for the API."""


DRY = click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
YES = click.option("--yes", is_flag=True, help="Do not ask.")
NAME = click.option("--name", required=True)
NEW_NAME = click.option("--name")
PODS = click.option("--max-pods", type=click.IntRange(0))
CMEK = click.option("--force-encryption-with-cmek", is_flag=True, default=None)
ROLE = click.option("--role", "roles", multiple=True, help="May be given several times.")
PROJECT = click.option("--project-id", required=True)
ID = click.argument("identifier", metavar="ID")


def _planned(dry_run: bool, what: str) -> bool:
    if dry_run:
        click.echo(f"would {what}")
    return dry_run


def _confirm(yes: bool, what: str) -> None:
    if not yes and not click.confirm(f"{what[0].upper()}{what[1:]}?", err=True):
        click.echo("Error: nothing was done", err=True)
        sys.exit(1)


def _resource(settings: Settings, kind: str) -> Any:
    return getattr(settings.admin(), kind)


def _reading(group: click.Group, kind: str, key: str, *options: Any) -> None:
    def list_all(settings: Settings, **given: str) -> None:
        show([plain(item) for item in _resource(settings, kind).list(**given)], settings.form)

    def describe(settings: Settings, identifier: str) -> None:
        show(plain(_resource(settings, kind).describe(**{key: identifier})), settings.form)

    def delete(settings: Settings, identifier: str, yes: bool, dry_run: bool) -> None:
        what = f"delete {key.removesuffix('_id').replace('_', ' ')} {identifier}"
        if not _planned(dry_run, what):
            _confirm(yes, what)
            _resource(settings, kind).delete(**{key: identifier})

    list_all.__doc__, describe.__doc__, delete.__doc__ = "List all.", "Show one.", "Delete one."
    _command(group, "list", *options)(list_all)
    _command(group, "describe", ID)(describe)
    if kind != "projects":
        _command(group, "delete", ID, YES, DRY)(delete)


_reading(organizations, "organizations", "organization_id")
_reading(projects, "projects", "project_id")
_reading(api_keys, "api_keys", "api_key_id", PROJECT)


@_command(organizations, "update", ID, NAME, DRY)
def update_organization(settings: Settings, identifier: str, name: str, dry_run: bool) -> None:
    """Rename one."""
    if not _planned(dry_run, f"rename organization {identifier} to {name}"):
        found = settings.admin().organizations.update(organization_id=identifier, name=name)
        show(plain(found), settings.form)


CLEANUP = click.option("--cleanup", is_flag=True, help="Delete all it holds, too.")


@_command(projects, "delete", ID, CLEANUP, YES, DRY)
def delete_project(settings: Settings, identifier: str, cleanup: bool, yes: bool, dry_run: bool) -> None:
    """Delete one. To look into it, --cleanup makes a temporary key, with --dry-run too."""
    what = f"delete project {identifier}" + (" and all it holds" if cleanup else "")
    if cleanup and dry_run:
        found = settings.admin().projects.delete_with_cleanup(project_id=identifier, dry_run=True)
        show(plain(found), settings.form)
    elif not _planned(dry_run, what):
        _confirm(yes, what)
        if not cleanup:
            settings.admin().projects.delete(project_id=identifier)
            return
        done = settings.admin().projects.delete_with_cleanup(
            project_id=identifier,
            on_progress=lambda kind, name: click.echo(f"deleted {kind}: {name}", err=True),
        )
        show(plain(done), settings.form)


@_command(projects, "create", NAME, PODS, CMEK, DRY)
def create_project(settings: Settings, dry_run: bool, **given: Any) -> None:
    """Create one."""
    if not _planned(dry_run, f"create project {given['name']}"):
        show(plain(settings.admin().projects.create(**given)), settings.form)


@_command(projects, "update", ID, NEW_NAME, PODS, CMEK, DRY)
def update_project(settings: Settings, identifier: str, dry_run: bool, **given: Any) -> None:
    """Change one."""
    if not _planned(dry_run, f"update project {identifier}"):
        show(plain(settings.admin().projects.update(project_id=identifier, **given)), settings.form)


SECRET_FILE = click.option(
    "--secret-file",
    type=click.Path(path_type=Path),
    help="A new file for secrets of new keys, instead of printing them.",
)


@_command(api_keys, "create", PROJECT, NAME, ROLE, SECRET_FILE, DRY)
def create_key(
    settings: Settings,
    project_id: str,
    name: str,
    roles: tuple[str, ...],
    secret_file: Path | None,
    dry_run: bool,
) -> None:
    """Create one. Its secret is shown this once."""
    if _planned(dry_run, f"create API key {name} in project {project_id}"):
        return
    admin = settings.admin()
    opened = None
    if secret_file is not None:
        # Before the key is made: a secret that cannot be kept would be lost.
        opened = os.open(secret_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        made = admin.api_keys.create(project_id=project_id, name=name, roles=list(roles) or None)
    except BaseException:
        if secret_file is not None and opened is not None:
            os.close(opened)
            secret_file.unlink()
        raise
    shown = plain(made.key)
    if secret_file is not None and opened is not None:
        write_secret(secret_file, opened, made.value)
    else:
        shown["value"] = made.value
    show(shown, settings.form)


@_command(api_keys, "update", ID, NEW_NAME, ROLE, DRY)
def update_key(
    settings: Settings, identifier: str, name: str | None, roles: tuple[str, ...], dry_run: bool
) -> None:
    """Change one; the roles given replace all it has."""
    if not _planned(dry_run, f"update API key {identifier}"):
        found = settings.admin().api_keys.update(api_key_id=identifier, name=name, roles=list(roles) or None)
        show(plain(found), settings.form)


@_command(cli, "whoami")
def whoami(settings: Settings) -> None:
    """Show the organizations that the credentials belong to."""
    show([plain(item) for item in settings.admin().organizations.list()], settings.form)


@_command(
    cli,
    "apply",
    click.argument("plan", type=click.Path(path_type=Path)),
    CLEANUP,
    SECRET_FILE,
    YES,
    DRY,
)
def apply(
    settings: Settings, plan: Path, cleanup: bool, secret_file: Path | None, yes: bool, dry_run: bool
) -> None:
    """Bring projects and API keys to what the YAML file PLAN declares.

    What is not declared stays as it is; what has "state: absent" is deleted.
    """
    declared = load_plan(plan)
    admin = settings.admin()
    changes = compare(admin, declared)
    for change in changes:
        click.echo(change.line, err=not dry_run)
    if not changes:
        click.echo("nothing to do: all is as declared", err=True)
    if dry_run or not changes:
        return
    _confirm(yes, f"make {'this change' if len(changes) == 1 else f'these {len(changes)} changes'}")
    secrets = Secrets(secret_file)
    if any(change.action == "create" and change.kind == "api_key" for change in changes):
        secrets.open()
    done: list[dict[str, Any]] = []
    try:
        for row in apply_changes(admin, changes, secrets, cleanup=cleanup):
            done.append(row)
    finally:
        secrets.close()
        if done:  # also after a failure: the secrets of new keys are shown this once
            show(done, settings.form)


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes the command in a shell.

    Such as: eval "$(pinecone-admin completion bash)"
    """
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(cli, {}, "pinecone-admin", "_PINECONE_ADMIN_COMPLETE").source())


def run() -> None:
    """Run the command."""
    cli(prog_name="pinecone-admin")
