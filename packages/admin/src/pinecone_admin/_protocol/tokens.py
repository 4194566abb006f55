"""The token request, and how long a token is used."""

from __future__ import annotations

from urllib.parse import urlsplit

from pinecone_core.errors import PineconeTypeError, PineconeValueError
from pinecone_core.hosts import normalize_host, validate_host
from pinecone_core.operation import Operation

from ..models.token import TokenResponse

__all__ = ["DEFAULT_OAUTH_HOST", "credential", "oauth_base", "token_request", "use_for"]

DEFAULT_OAUTH_HOST = "https://login.pinecone.io"

_AUDIENCE = "https://api.pinecone.io/"
_LONGEST_MARGIN = 300.0


def credential(name: str, given: str | None, from_environment: str) -> str:
    """Return a credential; refuse to go on without one."""
    if not isinstance(given, str | None):
        raise PineconeTypeError(f"{name} must be a string, got {type(given).__name__}")
    value = (given or from_environment).strip()
    if not value:
        raise PineconeValueError(
            f"No {name} provided. Pass {name}='...' or set the PINECONE_{name.upper()} environment variable."
        )
    return value


def oauth_base(host: str | None) -> str:
    """Return the token server's base URL; a full token URL is accepted too."""
    url = validate_host(normalize_host(host or DEFAULT_OAUTH_HOST), "oauth_host")
    return url[: -len("/oauth/token")] if urlsplit(url).path.endswith("/oauth/token") else url


def token_request(base_url: str, client_id: str, client_secret: str) -> Operation[TokenResponse]:
    """Return the operation that trades credentials for a token."""
    body = {
        "client_id": client_id,
        "client_secret": client_secret,
        "grant_type": "client_credentials",
        "audience": _AUDIENCE,
    }
    return Operation(
        "get_token", "POST", "/oauth/token", TokenResponse, body, repeat_safe=True, base_url=base_url
    )


def use_for(expires_in: float | None) -> float | None:
    """Return for how many seconds a token is used before another is fetched; None for no limit."""
    if expires_in is None or expires_in <= 0:
        return None
    return expires_in - min(_LONGEST_MARGIN, expires_in / 2)
