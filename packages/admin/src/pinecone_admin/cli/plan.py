"""A plan: which projects and API keys there should be, and what that takes. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pinecone_core.errors import PineconeValueError

from ..models.api_key import APIKeyRole

if TYPE_CHECKING:
    from ..models.api_key import APIKeyModel
    from ..models.project import ProjectModel

__all__ = ["Change", "Key", "Project", "differences", "read_plan"]

ROLES = [role.value for role in APIKeyRole]
SETTINGS: dict[str, type] = {"max_pods": int, "force_encryption_with_cmek": bool}
DEFAULT_ROLES = ["ProjectEditor"]


@dataclass
class Key:
    """An API key as it is declared.

    Attributes:
        name: Its name.
        roles: What it may do; None for whatever it may, or the service's default when it is new.
        absent: Whether there should be none.
    """

    name: str
    roles: list[str] | None = None
    absent: bool = False


@dataclass
class Project:
    """A project as it is declared.

    Attributes:
        name: Its name.
        settings: The settings that are declared; others stay as they are.
        api_keys: Its declared keys; others stay as they are.
        absent: Whether there should be none.
    """

    name: str
    settings: dict[str, Any] = field(default_factory=dict)
    api_keys: list[Key] = field(default_factory=list)
    absent: bool = False


@dataclass
class Change:
    """One step from what there is to what is declared.

    Attributes:
        action: ``create``, ``update`` or ``delete``.
        kind: ``project`` or ``api_key``.
        project: The project's name.
        name: The key's name; None for the project itself.
        identifier: The id of what is changed or deleted.
        before: Its settings now, those that change.
        after: Its settings then.
    """

    action: str
    kind: str
    project: str
    name: str | None = None
    identifier: str | None = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """The change in a line, such as ``+ API key ci in films (roles: DataPlaneViewer)``."""
        what = f"project {self.project}" if self.name is None else f"API key {self.name} in {self.project}"
        sign = {"create": "+", "update": "~", "delete": "-"}[self.action]
        if self.action == "delete":
            return f"{sign} {what}"
        pairs = [
            f"{key}: {_shown(self.before[key])} -> {_shown(value)}"
            if self.action == "update"
            else f"{key}: {_shown(value)}"
            for key, value in self.after.items()
        ]
        return f"{sign} {what}{' (' + '; '.join(pairs) + ')' if pairs else ''}"


def _shown(value: Any) -> str:
    return ", ".join(value) or "none" if isinstance(value, list) else str(value)


# ---- reading


def read_plan(data: Any) -> list[Project]:
    """Make a plan of what a file holds.

    Args:
        data: The decoded file: ``{"projects": [{"name", "state", "max_pods",
            "force_encryption_with_cmek", "api_keys": [{"name", "state", "roles"}]}]}``.

    Raises:
        PineconeValueError: It is no plan; the message names the place.
    """
    top = _mapping(data, "the plan", {"projects"})
    projects = [
        _project(item, f"projects[{place}]") for place, item in enumerate(_list(top, "projects", "projects"))
    ]
    _distinct(projects, "projects")
    return projects


def _project(data: Any, path: str) -> Project:
    found = _mapping(data, path, {"name", "state", "api_keys", *SETTINGS})
    settings: dict[str, Any] = {name: found[name] for name in SETTINGS if found.get(name) is not None}
    for name, value in settings.items():
        if isinstance(value, bool) is not (SETTINGS[name] is bool) or not isinstance(value, int) or value < 0:
            wanted = "true or false" if SETTINGS[name] is bool else "a whole number, 0 or more"
            raise PineconeValueError(f"must be {wanted}, got {value!r}", f"{path}.{name}")
    keys = [
        _key(item, f"{path}.api_keys[{place}]")
        for place, item in enumerate(_list(found, "api_keys", f"{path}.api_keys"))
    ]
    _distinct(keys, f"{path}.api_keys")
    project = Project(_name(found, path, 512), settings, keys, _absent(found, path))
    if project.absent and (settings or keys):
        raise PineconeValueError("a project that is to be absent has no settings and no keys", path)
    return project


def _key(data: Any, path: str) -> Key:
    found = _mapping(data, path, {"name", "state", "roles"})
    roles = None if found.get("roles") is None else _list(found, "roles", f"{path}.roles")
    for place, role in enumerate(roles or ()):
        if role not in ROLES:
            raise PineconeValueError(
                f"{role!r} is no role; choose from {', '.join(ROLES)}", f"{path}.roles[{place}]"
            )
    if roles is not None and not roles:
        raise PineconeValueError("name at least one role, or leave roles out", f"{path}.roles")
    return Key(_name(found, path, 80), roles, _absent(found, path))


def _mapping(data: Any, path: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise PineconeValueError(f"must be a mapping with {', '.join(sorted(known))}, got {data!r:.60}", path)
    for name in data:
        if name not in known:
            raise PineconeValueError(f"does not know {name!r}; it takes {', '.join(sorted(known))}", path)
    return data


def _list(data: dict[str, Any], name: str, path: str) -> list[Any]:
    found = data.get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise PineconeValueError(f"must be a list, got {type(found).__name__}", path)
    return found


def _name(data: dict[str, Any], path: str, longest: int) -> str:
    name = data.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > longest:
        raise PineconeValueError(
            f"must be a text of 1 to {longest} characters, got {name!r:.60}", f"{path}.name"
        )
    return name


def _absent(data: dict[str, Any], path: str) -> bool:
    state = data.get("state", "present")
    if state not in ("present", "absent"):
        raise PineconeValueError(f"must be present or absent, got {state!r}", f"{path}.state")
    return bool(state == "absent")


def _distinct(items: Iterable[Project | Key], path: str) -> None:
    seen: dict[str, int] = {}
    for place, item in enumerate(items):
        first = seen.setdefault(item.name, place)
        if first != place:
            raise PineconeValueError(f"{item.name!r} stands at [{first}] already", f"{path}[{place}].name")


# ---- comparing


def differences(
    plan: list[Project], projects: list[ProjectModel], keys: dict[str, list[APIKeyModel]]
) -> list[Change]:
    """Return what it takes, in the order in which it is to be done: creations first, deletions last.

    Args:
        plan: What is declared.
        projects: The projects there are.
        keys: The keys of the declared projects, by the project's id.

    Raises:
        PineconeValueError: A declared name is that of several projects or keys.
    """
    changes: list[Change] = []
    for place, wanted in enumerate(plan):
        found = _the_one(projects, wanted.name, f"projects[{place}].name")
        changes += _project_changes(wanted, found)
        if not wanted.absent:
            present = [] if found is None else keys[found.id]
            for at, key in enumerate(wanted.api_keys):
                known = _the_one(present, key.name, f"projects[{place}].api_keys[{at}].name")
                changes += _key_changes(wanted.name, key, known)
    return sorted(changes, key=lambda change: change.action == "delete")


def _the_one(found: Any, name: str, path: str) -> Any:
    named = [item for item in found if item.name == name]
    if len(named) > 1:
        ids = ", ".join(item.id for item in named)
        raise PineconeValueError(
            f"{name!r} is the name of several ({ids}); rename or delete all but one", path
        )
    return named[0] if named else None


def _project_changes(wanted: Project, found: ProjectModel | None) -> list[Change]:
    if found is None:
        return [] if wanted.absent else [Change("create", "project", wanted.name, after=wanted.settings)]
    if wanted.absent:
        return [Change("delete", "project", wanted.name, identifier=found.id)]
    return _update(Change("update", "project", wanted.name, identifier=found.id), found, wanted.settings)


def _key_changes(project: str, wanted: Key, found: APIKeyModel | None) -> list[Change]:
    if found is None:
        roles = wanted.roles or DEFAULT_ROLES
        made = Change("create", "api_key", project, wanted.name, after={"roles": roles})
        return [] if wanted.absent else [made]
    if wanted.absent:
        return [Change("delete", "api_key", project, wanted.name, found.id)]
    settings = {} if wanted.roles is None else {"roles": wanted.roles}
    return _update(Change("update", "api_key", project, wanted.name, found.id), found, settings)


def _update(change: Change, found: Any, settings: dict[str, Any]) -> list[Change]:
    for name, value in settings.items():
        now = getattr(found, name)
        if isinstance(now, list):
            now = [str(getattr(role, "value", role)) for role in now]
            if set(now) == set(value):
                continue
        if now != value:
            change.before[name], change.after[name] = now, value
    return [change] if change.after else []
