"""Pinecone admin client: organizations, projects and API keys."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from ._async.api_keys import AsyncApiKeys
    from ._async.client import AsyncAdmin
    from ._async.organizations import AsyncOrganizations
    from ._async.projects import AsyncProjects
    from ._sync.api_keys import ApiKeys
    from ._sync.client import Admin
    from ._sync.organizations import Organizations
    from ._sync.projects import Projects
    from .models.api_key import APIKeyList, APIKeyModel, APIKeyRole, APIKeyWithSecret
    from .models.organization import OrganizationList, OrganizationModel
    from .models.project import CleanupReport, ProjectList, ProjectModel

__all__ = [
    "APIKeyList",
    "APIKeyModel",
    "APIKeyRole",
    "APIKeyWithSecret",
    "Admin",
    "ApiKeys",
    "AsyncAdmin",
    "AsyncApiKeys",
    "AsyncOrganizations",
    "AsyncProjects",
    "CleanupReport",
    "OrganizationList",
    "OrganizationModel",
    "Organizations",
    "ProjectList",
    "ProjectModel",
    "Projects",
    "__version__",
]

_HOMES = {
    "pinecone_admin._async.api_keys": ("AsyncApiKeys",),
    "pinecone_admin._async.client": ("AsyncAdmin",),
    "pinecone_admin._async.organizations": ("AsyncOrganizations",),
    "pinecone_admin._async.projects": ("AsyncProjects",),
    "pinecone_admin._sync.api_keys": ("ApiKeys",),
    "pinecone_admin._sync.client": ("Admin",),
    "pinecone_admin._sync.organizations": ("Organizations",),
    "pinecone_admin._sync.projects": ("Projects",),
    "pinecone_admin.models.api_key": ("APIKeyList", "APIKeyModel", "APIKeyRole", "APIKeyWithSecret"),
    "pinecone_admin.models.organization": ("OrganizationList", "OrganizationModel"),
    "pinecone_admin.models.project": ("CleanupReport", "ProjectList", "ProjectModel"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
