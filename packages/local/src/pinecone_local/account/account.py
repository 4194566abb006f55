"""The service account of an engine: tokens, and the organization, projects and keys it manages."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from ..http import ApiFault, Call
from ..store.rows import ResourceRow, Store
from .rights import may, needed_right
from .rows import KeyRow, OrganizationRow, ProjectRow

__all__ = ["Account", "ServiceAccount"]

R = TypeVar("R", OrganizationRow, ProjectRow, KeyRow)

_KINDS: dict[type, str] = {
    OrganizationRow: "admin_organization",
    ProjectRow: "admin_project",
    KeyRow: "admin_key",
}


@dataclass(frozen=True)
class ServiceAccount:
    """The credentials that administer an engine.

    An engine that has them asks for an API key at every call, lets in the keys that were made for its
    projects, each as far as its roles go, and keeps the projects apart.

    Args:
        client_id: The account's name.
        client_secret: Its secret.
        token_lifetime: Seconds for which a token is good.

    Example:
        >>> from pinecone_local import LocalEngine, ServiceAccount
        >>> with LocalEngine(account=ServiceAccount("admin", "a secret")) as engine:
        ...     transport = engine.transport()  # Admin(client_id=..., client_secret=..., transport=transport)
    """

    client_id: str
    client_secret: str = field(repr=False)
    token_lifetime: int = 1800

    def __post_init__(self) -> None:
        """Refuse credentials that let anybody in."""
        for name in ("client_id", "client_secret"):
            if not getattr(self, name):
                raise ValueError(f"{name} must be a non-empty string")
        if self.token_lifetime < 1:
            raise ValueError(f"token_lifetime must be at least 1 second, got {self.token_lifetime!r}")


class Account:
    """What a service account manages, in memory and in the store. Whoever changes it takes ``lock``.

    Args:
        credentials: The account.
        store: Where organizations, projects and keys are kept. Tokens end with the engine.
        clock: Seconds since the epoch.
    """

    def __init__(self, credentials: ServiceAccount, store: Store, clock: Callable[[], float]) -> None:
        self.credentials = credentials
        self.lock = threading.RLock()
        self._store = store
        self._clock = clock
        self._tokens: dict[str, float] = {}
        rows = store.resources()
        self.organizations = _read(rows, OrganizationRow)
        self.projects = _read(rows, ProjectRow)
        self.keys = _read(rows, KeyRow)
        self._by_digest = {key.digest: key for key in self.keys.values()}
        if not self.organizations:
            self._begin()

    def _begin(self) -> None:
        """Make the organization, and the project that holds what the engine held so far."""
        now = self._clock()
        organization = OrganizationRow(uid=f"-{secrets.token_hex(8)}", name="local", created=now)
        self.keep(self.organizations, organization)
        self.keep(
            self.projects,
            ProjectRow(str(uuid.uuid4()), "default", organization.uid, now, max_pods=5, at_root=True),
        )

    # ---- changes

    def keep(self, where: dict[str, R], row: R) -> None:
        """Write a row and show it."""
        with self._store.batch() as batch:
            batch.put_resource(ResourceRow(_KINDS[type(row)], row.uid, msgspec.json.encode(row)))
        where[row.uid] = row
        if isinstance(row, KeyRow):
            self._by_digest[row.digest] = row

    def drop(self, where: dict[str, R], row: R) -> None:
        """Remove a row; with a project go its keys."""
        keys = [key for key in self.keys.values() if key.uid == row.uid or key.project_uid == row.uid]
        with self._store.batch() as batch:
            batch.drop_resource(_KINDS[type(row)], row.uid)
            for key in keys:
                batch.drop_resource(_KINDS[KeyRow], key.uid)
        for key in keys:
            self._by_digest.pop(key.digest, None)
            self.keys.pop(key.uid, None)
        where.pop(row.uid, None)

    def new_key(self, project: ProjectRow, name: str, roles: list[str]) -> tuple[KeyRow, str]:
        """Make a key and return it with its secret, which is not kept."""
        secret = f"pckey_{secrets.token_hex(4)}_{secrets.token_urlsafe(32)}"
        key = KeyRow(str(uuid.uuid4()), name, project.uid, roles, _digest(secret), self._clock())
        self.keep(self.keys, key)
        return key, secret

    # ---- who asks

    def new_token(self, client_id: str, client_secret: str) -> str | None:
        """Return a new token, or None for wrong credentials."""
        known = self.credentials
        right_id = hmac.compare_digest(client_id.encode(), known.client_id.encode())
        if not (hmac.compare_digest(client_secret.encode(), known.client_secret.encode()) and right_id):
            return None
        now = self._clock()
        token = secrets.token_urlsafe(32)
        with self.lock:
            self._tokens = {digest: end for digest, end in self._tokens.items() if end > now}
            self._tokens[_digest(token)] = now + known.token_lifetime
        return token

    def check_token(self, call: Call) -> None:
        """Refuse a call that has no token, or one that is over.

        Raises:
            ApiFault: 401.
        """
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        end = self._tokens.get(_digest(token))
        if scheme.lower() != "bearer" or end is None or end <= self._clock():
            raise ApiFault(401, "UNAUTHENTICATED", "Invalid or expired access token.")

    def project_for(self, call: Call, data_plane: bool) -> ProjectRow:
        """Return the project that a call's key opens.

        Raises:
            ApiFault: 401 without a key that is known, 403 when its roles do not go as far.
        """
        given = call.headers.get("api-key") or call.headers.get("authorization", "").removeprefix("Bearer ")
        key = self._by_digest.get(_digest(given))
        if key is None:
            raise ApiFault(401, "UNAUTHENTICATED", "Invalid API key.")
        right = needed_right(call, data_plane)
        if not may(key.roles, right):
            plane, _, what = (right or "").partition(":")
            raise ApiFault(
                403,
                "FORBIDDEN",
                f"The API key {key.name!r} may not {what} the {plane} plane; its roles are "
                f"{', '.join(key.roles) or 'none'}.",
            )
        return self.projects[key.project_uid]


def _read(rows: list[ResourceRow], type_: type[R]) -> dict[str, R]:
    found = [msgspec.json.decode(row.body, type=type_) for row in rows if row.kind == _KINDS[type_]]
    return {row.uid: row for row in sorted(found, key=lambda row: row.created)}


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
