"""What the token endpoint answers."""

from __future__ import annotations

import msgspec

__all__ = ["TokenResponse"]


class TokenResponse(msgspec.Struct, kw_only=True):
    """A token, and for how long it is good.

    Attributes:
        access_token: The token; never shown.
        token_type: ``Bearer``.
        expires_in: Seconds from now, or None when not told.
    """

    access_token: str = ""
    token_type: str | None = None
    expires_in: float | None = None

    def __repr__(self) -> str:
        return f"TokenResponse(access_token='***', expires_in={self.expires_in!r})"
