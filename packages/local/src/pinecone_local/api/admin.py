"""The admin API: tokens, organizations, projects and API keys."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import parse_qs

import msgspec

from ..account.rights import ROLES
from ..account.rows import KeyRow, OrganizationRow, ProjectRow
from ..http import ApiFault, Call, Reply, Route, bad_request, json_reply, not_found
from ..state.resources import iso_time

if TYPE_CHECKING:
    from ..account.account import Account
    from ..engine import LocalEngine

__all__ = ["ROUTES"]

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=512)]
KeyName = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Pods = Annotated[int, msgspec.Meta(ge=0)]


def _account(engine: LocalEngine) -> Account:
    if engine.account is None:
        raise ApiFault(
            501,
            "UNIMPLEMENTED",
            "This engine has no service account; give it one with account=ServiceAccount(...), or "
            "`pinecone-local serve --client-id ID --client-secret SECRET`.",
        )
    return engine.account


# ---- tokens


class TokenRequest(msgspec.Struct):
    """The body of ``POST /oauth/token``."""

    client_id: str
    client_secret: str
    grant_type: str
    audience: str


def _refused(status: int, error: str, description: str) -> Reply:
    return json_reply({"error": error, "error_description": description}, status=status)


def get_token(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``POST /oauth/token``."""
    account = _account(engine)
    try:
        if call.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            form = {name: values[-1] for name, values in parse_qs(call.body.decode("utf-8")).items()}
            request = msgspec.convert(form, TokenRequest)
        else:
            request = msgspec.json.decode(call.body, type=TokenRequest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return _refused(400, "invalid_request", f"The request does not fit: {error}.")
    if request.grant_type != "client_credentials":
        return _refused(400, "unsupported_grant_type", "grant_type must be client_credentials.")
    token = account.new_token(request.client_id, request.client_secret)
    if token is None:
        return _refused(401, "access_denied", "Unauthorized")
    lifetime = account.credentials.token_lifetime
    return json_reply({"access_token": token, "token_type": "Bearer", "expires_in": lifetime})


# ---- organizations


def _organization(account: Account, uid: str) -> OrganizationRow:
    found = account.organizations.get(uid)
    if found is None:
        raise not_found(f"Organization {uid} not found.")
    return found


def _show_organization(row: OrganizationRow) -> dict[str, Any]:
    return {
        "id": row.uid,
        "name": row.name,
        "plan": "Dedicated",
        "payment_status": "Active",
        "created_at": iso_time(row.created),
        "support_tier": "Free",
    }


class RenameRequest(msgspec.Struct):
    """The body of ``PATCH /admin/organizations/{organization_id}``."""

    name: Name | None = None


def list_organizations(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``GET /admin/organizations``."""
    rows = list(_account(engine).organizations.values())
    return json_reply({"data": [_show_organization(row) for row in rows]})


def describe_organization(engine: LocalEngine, call: Call, organization_id: str) -> Reply:
    """Answer ``GET /admin/organizations/{organization_id}``."""
    return json_reply(_show_organization(_organization(_account(engine), organization_id)))


def update_organization(engine: LocalEngine, call: Call, organization_id: str) -> Reply:
    """Answer ``PATCH /admin/organizations/{organization_id}``."""
    account, request = _account(engine), call.read(RenameRequest)
    with account.lock:
        row = _organization(account, organization_id)
        account.keep(account.organizations, msgspec.structs.replace(row, name=request.name or row.name))
    return describe_organization(engine, call, organization_id)


def delete_organization(engine: LocalEngine, call: Call, organization_id: str) -> Reply:
    """Answer ``DELETE /admin/organizations/{organization_id}``."""
    account = _account(engine)
    with account.lock:
        row = _organization(account, organization_id)
        held = [project.name for project in account.projects.values() if project.organization_uid == row.uid]
        if held:
            raise ApiFault(
                412,
                "FAILED_PRECONDITION",
                f"The organization still has projects ({', '.join(held)}); delete them first.",
            )
        account.drop(account.organizations, row)
    return Reply(202)


# ---- projects


def _project(account: Account, uid: str) -> ProjectRow:
    found = account.projects.get(uid)
    if found is None:
        raise not_found(f"Project {uid} not found.")
    return found


def _show_project(row: ProjectRow) -> dict[str, Any]:
    return {
        "id": row.uid,
        "name": row.name,
        "max_pods": row.max_pods,
        "force_encryption_with_cmek": row.cmek,
        "organization_id": row.organization_uid,
        "created_at": iso_time(row.created),
    }


class CreateProjectRequest(msgspec.Struct):
    """The body of ``POST /admin/projects``."""

    name: Name
    max_pods: Pods = 0
    force_encryption_with_cmek: bool = False


class UpdateProjectRequest(msgspec.Struct):
    """The body of ``PATCH /admin/projects/{project_id}``."""

    name: Name | None = None
    max_pods: Pods | None = None
    force_encryption_with_cmek: bool | None = None


def list_projects(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``GET /admin/projects``."""
    return json_reply({"data": [_show_project(row) for row in list(_account(engine).projects.values())]})


def create_project(engine: LocalEngine, call: Call) -> Reply:
    """Answer ``POST /admin/projects``."""
    account, request = _account(engine), call.read(CreateProjectRequest)
    with account.lock:
        organization = next(iter(account.organizations.values()), None)
        if organization is None:
            raise not_found("The service account has no organization.")
        row = ProjectRow(
            str(uuid.uuid4()),
            request.name,
            organization.uid,
            engine.clock(),
            request.max_pods,
            request.force_encryption_with_cmek,
        )
        account.keep(account.projects, row)
    return json_reply(_show_project(row))


def describe_project(engine: LocalEngine, call: Call, project_id: str) -> Reply:
    """Answer ``GET /admin/projects/{project_id}``."""
    return json_reply(_show_project(_project(_account(engine), project_id)))


def update_project(engine: LocalEngine, call: Call, project_id: str) -> Reply:
    """Answer ``PATCH /admin/projects/{project_id}``."""
    account, request = _account(engine), call.read(UpdateProjectRequest)
    with account.lock:
        row = _project(account, project_id)
        if row.cmek and request.force_encryption_with_cmek is False:
            raise bad_request("Encryption with a customer-managed key cannot be disabled once enabled.")
        changed = msgspec.structs.replace(
            row,
            name=request.name or row.name,
            max_pods=row.max_pods if request.max_pods is None else request.max_pods,
            cmek=row.cmek or bool(request.force_encryption_with_cmek),
        )
        account.keep(account.projects, changed)
    return json_reply(_show_project(changed))


def delete_project(engine: LocalEngine, call: Call, project_id: str) -> Reply:
    """Answer ``DELETE /admin/projects/{project_id}``."""
    account = _account(engine)
    with account.lock:
        row = _project(account, project_id)
        held = engine.engine_of(row).held()
        if held:
            raise ApiFault(
                412,
                "FAILED_PRECONDITION",
                f"The project {row.name!r} still holds {', '.join(held)}; delete them first.",
            )
        account.drop(account.projects, row)
        engine.forget(row)
    return Reply(202)


# ---- API keys


def _key(account: Account, uid: str) -> KeyRow:
    found = account.keys.get(uid)
    if found is None:
        raise not_found(f"API key {uid} not found.")
    return found


def _show_key(row: KeyRow) -> dict[str, Any]:
    return {"id": row.uid, "name": row.name, "project_id": row.project_uid, "roles": row.roles}


def _checked_roles(roles: list[str]) -> list[str]:
    for role in roles:
        if role not in ROLES:
            raise bad_request(f"The role {role!r} is not one of {', '.join(ROLES)}.")
    return roles


class CreateKeyRequest(msgspec.Struct):
    """The body of ``POST /admin/projects/{project_id}/api-keys``."""

    name: KeyName
    roles: list[str] = msgspec.field(default_factory=lambda: ["ProjectEditor"])


class UpdateKeyRequest(msgspec.Struct):
    """The body of ``PATCH /admin/api-keys/{api_key_id}``."""

    name: KeyName | None = None
    roles: list[str] | None = None


def list_keys(engine: LocalEngine, call: Call, project_id: str) -> Reply:
    """Answer ``GET /admin/projects/{project_id}/api-keys``."""
    account = _account(engine)
    project = _project(account, project_id)
    keys = [_show_key(key) for key in list(account.keys.values()) if key.project_uid == project.uid]
    return json_reply({"data": keys})


def create_key(engine: LocalEngine, call: Call, project_id: str) -> Reply:
    """Answer ``POST /admin/projects/{project_id}/api-keys``."""
    account, request = _account(engine), call.read(CreateKeyRequest)
    with account.lock:
        project = _project(account, project_id)
        key, secret = account.new_key(project, request.name, _checked_roles(request.roles))
    return json_reply({"key": _show_key(key), "value": secret}, status=201)


def describe_key(engine: LocalEngine, call: Call, api_key_id: str) -> Reply:
    """Answer ``GET /admin/api-keys/{api_key_id}``."""
    return json_reply(_show_key(_key(_account(engine), api_key_id)))


def update_key(engine: LocalEngine, call: Call, api_key_id: str) -> Reply:
    """Answer ``PATCH /admin/api-keys/{api_key_id}``."""
    account, request = _account(engine), call.read(UpdateKeyRequest)
    roles = None if request.roles is None else _checked_roles(request.roles)
    with account.lock:
        key = _key(account, api_key_id)
        changed = msgspec.structs.replace(
            key, name=request.name or key.name, roles=key.roles if roles is None else roles
        )
        account.keep(account.keys, changed)
    return json_reply(_show_key(changed))


def delete_key(engine: LocalEngine, call: Call, api_key_id: str) -> Reply:
    """Answer ``DELETE /admin/api-keys/{api_key_id}``."""
    account = _account(engine)
    with account.lock:
        account.drop(account.keys, _key(account, api_key_id))
    return Reply(202)


ROUTES = [
    Route("POST", "/oauth/token", get_token),
    Route("GET", "/admin/organizations", list_organizations),
    Route("GET", "/admin/organizations/{organization_id}", describe_organization),
    Route("PATCH", "/admin/organizations/{organization_id}", update_organization),
    Route("DELETE", "/admin/organizations/{organization_id}", delete_organization),
    Route("GET", "/admin/projects", list_projects),
    Route("POST", "/admin/projects", create_project),
    Route("GET", "/admin/projects/{project_id}", describe_project),
    Route("PATCH", "/admin/projects/{project_id}", update_project),
    Route("DELETE", "/admin/projects/{project_id}", delete_project),
    Route("GET", "/admin/projects/{project_id}/api-keys", list_keys),
    Route("POST", "/admin/projects/{project_id}/api-keys", create_key),
    Route("GET", "/admin/api-keys/{api_key_id}", describe_key),
    Route("PATCH", "/admin/api-keys/{api_key_id}", update_key),
    Route("DELETE", "/admin/api-keys/{api_key_id}", delete_key),
]
