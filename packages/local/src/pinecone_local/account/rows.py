"""Organizations, projects and API keys, as they are stored."""

from __future__ import annotations

import msgspec

__all__ = ["KeyRow", "OrganizationRow", "ProjectRow"]


class OrganizationRow(msgspec.Struct):
    """An organization."""

    uid: str
    name: str
    created: float


class ProjectRow(msgspec.Struct):
    """A project.

    Attributes:
        uid: Its id.
        name: Its name.
        organization_uid: The organization it belongs to.
        created: Seconds since the epoch.
        max_pods: How many pods its indexes may have in all.
        cmek: Whether its data must be encrypted with a key of the customer's.
        at_root: Whether its data is what the engine held before it had an account.
    """

    uid: str
    name: str
    organization_uid: str
    created: float
    max_pods: int = 0
    cmek: bool = False
    at_root: bool = False


class KeyRow(msgspec.Struct):
    """An API key; the secret itself is not kept.

    Attributes:
        uid: Its id.
        name: Its name.
        project_uid: The project it opens.
        roles: What it may do there.
        digest: The SHA-256 of the secret, in hexadecimal.
        created: Seconds since the epoch.
    """

    uid: str
    name: str
    project_uid: str
    roles: list[str]
    digest: str
    created: float
