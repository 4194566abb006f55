# Made from ../_async/client.py by tools/make_sync.py; do not edit.
"""The client."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pinecone_core._sync.client import Client
from pinecone_core.config import DEFAULT_HOST, Timeout, environment

from .._protocol.tokens import credential, oauth_base
from .api_keys import ApiKeys
from .organizations import Organizations
from .projects import Projects
from .signing import SigningExecutor, Tokens

if TYPE_CHECKING:
    import os
    import ssl
    from collections.abc import Mapping

    from pinecone_core._sync.concurrency import Clock
    from pinecone_core.config import RetryConfig
    from pinecone_core.observe import Observer
    from pinecone_core.transport import Transport

__all__ = ["Admin"]


class Admin(Client):
    """Organizations, projects and API keys. Making one does no I/O.

    Args:
        client_id: The service account's client id; falls back to ``PINECONE_CLIENT_ID``.
        client_secret: Its secret; falls back to ``PINECONE_CLIENT_SECRET``.
        additional_headers: Sent with every request but that for the token.
        proxy_url: ``http://[user:password@]host:port``; https and socks5 too.
        ssl_verify: False accepts any certificate.
        source_tag: Names your integration in the user agent.
        host: The API's host; falls back to ``PINECONE_CONTROLLER_HOST``, then to the public service.
        oauth_host: The token server; None for the public one.
        proxy_headers: Sent to the proxy.
        ssl_ca_certs: A file or folder of CA certificates, or an ``ssl.SSLContext``.
        timeout: Seconds for a whole call with all its tries, a ``Timeout``, or None for no limit.
        connection_pool_maxsize: The most connections at once; 0 chooses.
        retry_config: How failed requests are repeated.
        client_cert: A certificate file, or a pair of certificate and key files.
        trust_env: Whether proxies and certificates named by the environment are used.
        http2: Whether to offer HTTP/2.
        transport: What moves requests instead of HTTP.
        observers: Who is told about every call.
        clock: The time; for tests.

    Raises:
        PineconeValueError: A credential is missing, or an argument cannot be used.
    """

    _needs_key = False
    _executor: SigningExecutor

    def __init__(
        self,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        additional_headers: Mapping[str, str] | None = None,
        proxy_url: str | None = None,
        ssl_verify: bool = True,
        source_tag: str | None = None,
        host: str | None = None,
        oauth_host: str | None = None,
        proxy_headers: Mapping[str, str] | None = None,
        ssl_ca_certs: str | os.PathLike[str] | ssl.SSLContext | None = None,
        timeout: Timeout | float | None = 30.0,
        connection_pool_maxsize: int = 0,
        retry_config: RetryConfig | None = None,
        client_cert: str | tuple[str, str] | None = None,
        trust_env: bool = True,
        http2: bool = False,
        transport: Transport | None = None,
        observers: tuple[Observer, ...] = (),
        clock: Clock | None = None,
    ) -> None:
        known = credential("client_id", client_id, environment("PINECONE_CLIENT_ID"))
        secret = credential("client_secret", client_secret, environment("PINECONE_CLIENT_SECRET"))
        super().__init__(
            host=host,
            additional_headers=additional_headers,
            source_tag=source_tag,
            proxy_url=proxy_url,
            proxy_headers=proxy_headers,
            ssl_ca_certs=ssl_ca_certs,
            ssl_verify=ssl_verify,
            timeout=timeout,
            connection_pool_maxsize=connection_pool_maxsize,
            retry_config=retry_config,
            client_cert=client_cert,
            trust_env=trust_env,
            http2=http2,
            transport=transport,
            observers=observers,
            clock=clock,
        )
        self._executor = SigningExecutor(
            self.config,
            self.config.host or DEFAULT_HOST,
            Tokens(oauth_base(oauth_host), known, secret),
            transport=transport,
            observers=observers,
            clock=clock,
        )

    @property
    def organizations(self) -> Organizations:
        """The organizations."""
        made = self.__dict__.setdefault("_organizations", Organizations(http=self._executor))
        return cast("Organizations", made)

    @property
    def projects(self) -> Projects:
        """The projects."""
        made = self.__dict__.setdefault("_projects", Projects(http=self._executor, admin=self))
        return cast("Projects", made)

    @property
    def api_keys(self) -> ApiKeys:
        """The API keys."""
        made = self.__dict__.setdefault("_api_keys", ApiKeys(http=self._executor))
        return cast("ApiKeys", made)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(organizations=<Organizations>, projects=<Projects>, api_keys=<ApiKeys>)"
        )
