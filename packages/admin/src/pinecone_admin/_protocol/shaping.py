"""Arguments of admin calls, checked and put into the form in which they are sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pinecone_core.checks import at_least, enum_value, non_empty_string
from pinecone_core.errors import NotFoundError, PineconeError, PineconeTypeError, PineconeValueError

from ..models.api_key import APIKeyRole

if TYPE_CHECKING:
    from ..models.project import ProjectModel

__all__ = ["key_body", "organization_body", "project_body", "role_values", "the_one_named"]

LONGEST_PROJECT_NAME = 512
LONGEST_KEY_NAME = 80

_KNOWN_ROLES = frozenset(role.value for role in APIKeyRole)


def role_values(roles: Any) -> list[str] | None:
    """Return roles as the strings that are sent; None stays None."""
    if roles is None:
        return None
    if isinstance(roles, str) or not isinstance(roles, Iterable):
        raise PineconeTypeError(
            f"roles must be a list of roles, such as ['ProjectEditor'], got {type(roles).__name__}"
        )
    found = []
    for position, role in enumerate(roles):
        value = enum_value(role)
        if not isinstance(value, str) or value not in _KNOWN_ROLES:
            raise PineconeValueError(
                f"Invalid role {value!r} at roles[{position}]; valid roles: {sorted(_KNOWN_ROLES)}"
            )
        found.append(value)
    return found


def _name(value: Any, longest: int) -> str:
    name = non_empty_string("name", value)
    if len(name) > longest:
        raise PineconeValueError(f"name cannot be longer than {longest} characters, got {len(name)}")
    if "\x00" in name:
        raise PineconeValueError("name cannot contain null characters")
    return name


def _some(body: dict[str, Any]) -> dict[str, Any]:
    given = {key: value for key, value in body.items() if value is not None}
    if not given:
        raise PineconeValueError(f"Nothing to change: give at least one of {', '.join(body)}")
    return given


def organization_body(name: Any) -> dict[str, Any]:
    """Return the body that renames an organization."""
    return {"name": _name(name, LONGEST_PROJECT_NAME)}


def project_body(name: Any, max_pods: Any, force_encryption_with_cmek: Any, *, new: bool) -> dict[str, Any]:
    """Return the body that creates or changes a project."""
    if new or name is not None:
        name = _name(name, LONGEST_PROJECT_NAME)
    if max_pods is not None:
        max_pods = at_least("max_pods", max_pods, 0)
    if not isinstance(force_encryption_with_cmek, bool | None):
        raise PineconeTypeError(
            "force_encryption_with_cmek must be True or False, "
            f"got {type(force_encryption_with_cmek).__name__}"
        )
    return _some(
        {"name": name, "max_pods": max_pods, "force_encryption_with_cmek": force_encryption_with_cmek}
    )


def key_body(name: Any, roles: Any, *, new: bool) -> dict[str, Any]:
    """Return the body that creates or changes an API key."""
    if new or name is not None:
        name = _name(name, LONGEST_KEY_NAME)
    return _some({"name": name, "roles": role_values(roles)})


def the_one_named(projects: Iterable[ProjectModel], name: str) -> ProjectModel:
    """Return the project of that name; refuse none and several."""
    found = [project for project in projects if project.name == name]
    if not found:
        raise NotFoundError(f"No project found with name {name!r}", 404)
    if len(found) > 1:
        ids = ", ".join(project.id for project in found)
        raise PineconeError(f"Multiple projects found with name {name!r} ({ids}); use project_id instead")
    return found[0]
