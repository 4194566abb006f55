"""Where a host is, and through what it is reached. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Proxy", "Route", "login_of"]


class Proxy(msgspec.Struct, frozen=True):
    """An HTTP proxy.

    Attributes:
        host: Its name or address.
        port: Its port.
        headers: What it is sent besides the request, secrets included.
    """

    host: str
    port: int
    headers: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        return f"Proxy({self.host!r}, {self.port})"

    @classmethod
    def of(
        cls, host: str, port: int, login: tuple[str, str] | None, extra: Iterable[tuple[str, str]]
    ) -> Proxy:
        """Return a proxy.

        Args:
            host: Its name or address.
            port: Its port.
            login: User and password, or None.
            extra: Further headers for it.
        """
        headers = list(extra)
        if login is not None:
            import base64  # rarely needed

            token = base64.b64encode(":".join(login).encode()).decode()
            headers.append(("Proxy-Authorization", f"Basic {token}"))
        return cls(host, port, tuple(headers))


class Route(msgspec.Struct, frozen=True):
    """Where an origin is and how it is reached.

    Attributes:
        secure: Whether it is spoken to under TLS.
        host: Its name or address.
        port: Its port.
        authority: What stands in the ``Host`` header.
        proxy: The HTTP proxy in between, or None.
        pooled: The key of the HTTP library's own pool for what only that can do, or None.
    """

    secure: bool
    host: str
    port: int
    authority: str
    proxy: Proxy | None
    pooled: str | None

    # The key may hold a proxy's password.
    def __repr__(self) -> str:
        return f"Route({self.authority!r}, secure={self.secure}, proxy={self.proxy!r})"


def login_of(address: str) -> tuple[str, str] | None:
    """Return user and password that stand in an address, or None."""
    from urllib.parse import unquote, urlsplit  # slow to load, and rarely needed

    parts = urlsplit(address)
    if parts.username is None:
        return None
    return unquote(parts.username), unquote(parts.password or "")
