"""Older spellings that make the same thing on both kinds of client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pinecone_core.config import PineconeConfig

__all__ = ["LegacyHandles"]


class LegacyHandles:
    """What is asynchronous on either client. Mixed into both."""

    if TYPE_CHECKING:

        @property
        def config(self) -> PineconeConfig: ...

    def IndexAsyncio(self, host: str, **kwargs: Any) -> Any:  # noqa: N802 - the name that callers know
        """Return an asynchronous handle on an index by its host; an older spelling of ``index``."""
        from pinecone_db import AsyncIndex

        config = self.config
        return AsyncIndex(
            host=host,
            api_key=config.api_key,
            additional_headers=config.additional_headers,
            source_tag=config.source_tag,
            proxy_url=config.proxy_url,
            proxy_headers=config.proxy_headers,
            ssl_ca_certs=config.ssl_ca_certs,
            ssl_verify=config.ssl_verify,
            timeout=config.timeout,
            connection_pool_maxsize=config.connection_pool_maxsize,
            retry_config=config.retry_config,
            **kwargs,
        )
