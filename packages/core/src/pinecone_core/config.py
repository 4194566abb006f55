"""What a client is told: key, host, time limits, retries, headers, proxy and TLS.

The only file that reads the environment, and it does so when a configuration is made.
"""

from __future__ import annotations

import os
import sys

import pinecone_core as core

from .checks import header_value, integer, seconds
from .hosts import normalize_host, validate_host
from .on_demand import assign, dataclass

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from typing import Any

__all__ = [
    "DEFAULT_HOST",
    "RETRYABLE_STATUS_CODES",
    "PineconeConfig",
    "RetryConfig",
    "Timeout",
    "environment",
    "mask_headers",
    "mask_key",
]

DEFAULT_HOST = "https://api.pinecone.io"
RETRYABLE_STATUS_CODES = frozenset({408, 429, 500, 502, 503, 504})

_SOURCE_TAG = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_: ")
_SECRET_HEADERS = frozenset({"api-key", "authorization", "proxy-authorization", "cookie", "set-cookie"})


def environment(name: str) -> str:
    """Return an environment variable, or an empty string."""
    return os.environ.get(name, "")


def may_name_proxies() -> bool:
    """Say whether the system may name a proxy; where only the environment can, whether it does."""
    return sys.platform in ("darwin", "win32") or any(name.lower().endswith("_proxy") for name in os.environ)


@dataclass(frozen=True, init=False)
class Timeout:
    """How long a call may take, in seconds; None means no limit.

    Attributes:
        total: The whole call, with all its tries and waits.
        connect: Making one connection, TLS included.
        read: Waiting for the next piece of an answer.
        write: Sending one piece of a request.
        pool: Waiting for a free connection.

    Example:
        >>> Timeout(total=20, connect=2).read is None
        True
    """

    total: float | None = 30.0
    connect: float | None = None
    read: float | None = None
    write: float | None = None
    pool: float | None = None

    def __init__(
        self,
        total: float | None = 30.0,
        connect: float | None = None,
        read: float | None = None,
        write: float | None = None,
        pool: float | None = None,
    ) -> None:
        assign(self, locals())
        self.__post_init__()

    def __post_init__(self) -> None:
        for name in ("total", "connect", "read", "write", "pool"):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, seconds(f"timeout.{name}", value))

    @classmethod
    def of(cls, value: Any, name: str = "timeout") -> Timeout:
        """Read a time limit in any accepted spelling.

        Args:
            value: A ``Timeout``, a number of seconds for the whole call, None for no limit, or an
                object with ``connect``, ``read``, ``write`` and ``pool``, as HTTP libraries have.
            name: The argument's name, for errors.

        Returns:
            The limits.

        Raises:
            PineconeTypeError: It is none of these.
            PineconeValueError: A number is not a finite number above 0.
        """
        if isinstance(value, cls):
            return value
        if value is None:
            return cls(total=None)
        if isinstance(value, int | float):
            return cls(total=seconds(name, value))
        parts = ("connect", "read", "write", "pool")
        if all(hasattr(value, part) for part in parts):
            return cls(total=None, **{part: getattr(value, part) for part in parts})
        raise core.errors.PineconeTypeError(
            f"{name} must be a number of seconds, a Timeout or None, got {type(value).__name__}"
        )


def mask_key(key: str) -> str:
    """Show no more of a key than its last four characters, and nothing of a short one."""
    return f"...{key[-4:]}" if len(key) >= 8 else "***"


def mask_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Hide the values of headers that carry secrets."""
    return {k: "***" if k.lower() in _SECRET_HEADERS else v for k, v in headers.items()}


def _mask_url(url: str) -> str:
    if not url:
        return ""
    from urllib.parse import urlsplit, urlunsplit  # slow to load, and rarely needed

    parts = urlsplit(url)
    if parts.username is None and parts.password is None:
        return url
    machine = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"***@{machine}"))


def _headers_from_environment() -> dict[str, str]:
    text = environment("PINECONE_ADDITIONAL_HEADERS")
    if not text:
        return {}
    import json  # slow to load, and rarely needed

    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        # The text may hold secrets, so it is not shown.
        _warn("Failed to parse PINECONE_ADDITIONAL_HEADERS: it is not a JSON object; ignored")
        return {}
    return _headers(
        "PINECONE_ADDITIONAL_HEADERS", {key: str(value) for key, value in found.items() if value is not None}
    )


def _headers(name: str, given: Any) -> dict[str, str]:
    if given is None or given == {}:
        return {}
    from .headers import checked  # rarely needed

    return checked(name, given)


def _warn(message: str, *values: object) -> None:
    from .logs import Log  # rarely needed

    Log("pinecone.config").warning(message, *values)


def _api_key(value: Any) -> str:
    if value is not None and not isinstance(value, str):
        raise core.errors.PineconeTypeError(f"api_key must be a string, got {type(value).__name__}")
    return header_value("api_key", (value or environment("PINECONE_API_KEY")).strip())


def _proxy_url(value: str | None) -> str:
    if not value:
        return ""
    if not isinstance(value, str):
        raise core.errors.PineconeTypeError(f"proxy_url must be a string, got {type(value).__name__}")
    from urllib.parse import urlsplit  # slow to load, and rarely needed

    parts = urlsplit(value)
    if parts.scheme not in ("http", "https", "socks5", "socks5h") or not parts.hostname:
        raise core.errors.PineconeValueError(
            f"proxy_url must look like 'http://[user:password@]host:port' "
            f"(http, https, socks5 or socks5h), got {_mask_url(value)!r}"
        )
    return value


def normalize_source_tag(tag: str | None) -> str:
    """Put a source tag into the form in which it is sent: ``a-z 0-9 _ :`` only."""
    return "".join(char for char in (tag or "").lower() if char in _SOURCE_TAG).replace(" ", "_")


@dataclass(frozen=True, init=False)
class RetryConfig:
    """How failed requests are repeated.

    Attributes:
        max_retries: Repeats after the first try; 0 means none.
        backoff_factor: By how much the ceiling of the wait grows with each repeat. The wait is
            drawn evenly between 0 and the ceiling, which starts at 0.1 s after a fault and at 1 s
            after the service asked to slow down. Below 1 it counts as 1, so that waits never shrink.
        max_wait: The longest wait in seconds, also for what a ``Retry-After`` header asks for.
        retryable_status_codes: The statuses that are worth a repeat.

    Raises:
        PineconeValueError: A number is out of range.
        PineconeTypeError: A value has the wrong type.

    Example:
        >>> RetryConfig(max_retries=0).max_retries
        0
    """

    max_retries: int = 3
    backoff_factor: float = 2.0
    max_wait: float = 60.0
    retryable_status_codes: frozenset[int] = RETRYABLE_STATUS_CODES

    def __init__(
        self,
        max_retries: int = 3,
        backoff_factor: float = 2.0,
        max_wait: float = 60.0,
        retryable_status_codes: frozenset[int] = RETRYABLE_STATUS_CODES,
    ) -> None:
        assign(self, locals())
        self.__post_init__()

    def __post_init__(self) -> None:
        if isinstance(self.max_retries, bool) or not isinstance(self.max_retries, int):
            raise core.errors.PineconeTypeError(
                f"max_retries must be an integer, got {type(self.max_retries).__name__}"
            )
        if self.max_retries < 0:
            raise core.errors.PineconeValueError(
                f"max_retries must be 0 (no repeats) or more, got {self.max_retries}"
            )
        for name in ("backoff_factor", "max_wait"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise core.errors.PineconeTypeError(f"{name} must be a number, got {type(value).__name__}")
            if not 0 <= value < float("inf"):
                raise core.errors.PineconeValueError(
                    f"{name} must be a finite number of 0 or more, got {value!r}"
                )
        codes = frozenset(self.retryable_status_codes)
        if not all(isinstance(code, int) and 100 <= code <= 599 for code in codes):
            raise core.errors.PineconeValueError(
                f"retryable_status_codes must hold HTTP statuses, got {sorted(codes, key=str)!r}"
            )
        object.__setattr__(self, "retryable_status_codes", codes)


@dataclass(frozen=True, init=False)
class PineconeConfig:
    """What every client is built from. Values are checked and normalised here, once.

    Attributes:
        api_key: The key; falls back to ``PINECONE_API_KEY``.
        host: The control plane; falls back to ``PINECONE_CONTROLLER_HOST``; empty for the default.
        timeout: Seconds for a whole call with all its tries, a ``Timeout``, or None for no limit.
        additional_headers: Sent with every request; they replace the SDK's own, whatever their
            case. Falls back to ``PINECONE_ADDITIONAL_HEADERS`` (a JSON object).
        source_tag: Names the integration in the user agent.
        proxy_url: ``http://[user:password@]host:port``; https and socks5 too.
        proxy_headers: Sent to the proxy.
        ssl_ca_certs: A file or folder of CA certificates, or a ready ``ssl.SSLContext``.
        ssl_verify: False accepts any certificate. A CA given beats it.
        connection_pool_maxsize: The most connections at once; 0 chooses.
        retry_config: How failed requests are repeated.
        client_cert: A certificate file to show the server, or a pair of certificate and key files.
        trust_env: Whether proxies and certificates named by the environment are used.
        http2: Whether to offer HTTP/2.

    Raises:
        PineconeValueError: A value cannot be used; the message names the argument.
        PineconeTypeError: A value has the wrong type.

    Example:
        >>> PineconeConfig(api_key="0123456789abcdef", host="api.example.com").host
        'https://api.example.com'
    """

    api_key: str = ""
    host: str = ""
    timeout: Timeout | float | None = 30.0
    additional_headers: dict[str, str] = None  # type: ignore[assignment]
    source_tag: str = ""
    proxy_url: str = ""
    proxy_headers: dict[str, str] = None  # type: ignore[assignment]
    ssl_ca_certs: str | os.PathLike[str] | ssl.SSLContext | None = None
    ssl_verify: bool = True
    connection_pool_maxsize: int = 0
    retry_config: RetryConfig = None  # type: ignore[assignment]
    client_cert: str | tuple[str, str] | None = None
    trust_env: bool = True
    http2: bool = False

    def __init__(
        self,
        api_key: str = "",
        host: str = "",
        timeout: Timeout | float | None = 30.0,
        additional_headers: Mapping[str, str] | None = None,
        source_tag: str = "",
        proxy_url: str = "",
        proxy_headers: Mapping[str, str] | None = None,
        ssl_ca_certs: str | os.PathLike[str] | ssl.SSLContext | None = None,
        ssl_verify: bool = True,
        connection_pool_maxsize: int = 0,
        retry_config: RetryConfig | None = None,
        client_cert: str | tuple[str, str] | None = None,
        trust_env: bool = True,
        http2: bool = False,
    ) -> None:
        assign(self, locals())
        self.__post_init__()

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "api_key", _api_key(self.api_key))
        for name in ("host", "source_tag"):
            if not isinstance(getattr(self, name), str | None):
                raise core.errors.PineconeTypeError(
                    f"{name} must be a string, got {type(getattr(self, name)).__name__}"
                )
        host = self.host or environment("PINECONE_CONTROLLER_HOST")
        put(self, "host", validate_host(host) if normalize_host(host) else "")
        Timeout.of(self.timeout)
        headers = _headers("additional_headers", self.additional_headers)
        put(self, "additional_headers", headers or _headers_from_environment())
        put(self, "source_tag", normalize_source_tag(self.source_tag))
        put(self, "proxy_url", _proxy_url(self.proxy_url))
        put(self, "proxy_headers", _headers("proxy_headers", self.proxy_headers))
        put(self, "ssl_ca_certs", _ca(self.ssl_ca_certs))
        put(self, "client_cert", _client_cert(self.client_cert))
        for name in ("ssl_verify", "trust_env", "http2"):
            put(self, name, _switch(name, getattr(self, name), name != "http2"))
        put(
            self,
            "connection_pool_maxsize",
            max(0, integer("connection_pool_maxsize", self.connection_pool_maxsize or 0)),
        )
        if self.retry_config is None:
            put(self, "retry_config", RetryConfig())
        elif not isinstance(self.retry_config, RetryConfig):
            raise core.errors.PineconeTypeError(
                f"retry_config must be a RetryConfig, got {type(self.retry_config).__name__}"
            )

    @property
    def limits(self) -> Timeout:
        """The time limits in their full form."""
        return Timeout.of(self.timeout)

    def __deepcopy__(self, memo: dict[int, Any]) -> PineconeConfig:
        return self  # frozen; and a TLS context in it could not be copied

    def __repr__(self) -> str:
        shown = {
            "api_key": mask_key(self.api_key),
            "host": self.host,
            "timeout": self.timeout,
            "additional_headers": mask_headers(self.additional_headers),
            "source_tag": self.source_tag,
            "proxy_url": _mask_url(self.proxy_url),
            "proxy_headers": dict.fromkeys(self.proxy_headers, "***"),
            "ssl_ca_certs": self.ssl_ca_certs,
            "ssl_verify": self.ssl_verify,
            "connection_pool_maxsize": self.connection_pool_maxsize,
        }
        return f"PineconeConfig({', '.join(f'{k}={v!r}' for k, v in shown.items())})"


def _ca(value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, str | os.PathLike):
        if not os.path.exists(value):  # noqa: PTH110 - pathlib is slow to load
            raise core.errors.PineconeValueError(
                f"ssl_ca_certs names no file or folder: {os.fspath(value)!r}"
            )
        return os.fspath(value)
    if hasattr(value, "wrap_socket"):
        return value
    raise core.errors.PineconeTypeError(
        f"ssl_ca_certs must be a path or an ssl.SSLContext, got {type(value).__name__}"
    )


def _client_cert(value: Any) -> Any:
    if value is None or value == "":
        return None
    files = value if isinstance(value, tuple | list) else (value,)
    if not 1 <= len(files) <= 2 or not all(isinstance(file, str | os.PathLike) for file in files):
        raise core.errors.PineconeTypeError(
            "client_cert must be the path of a certificate, or a pair with that of its key"
        )
    for file in files:
        if not os.path.isfile(file):  # noqa: PTH113 - pathlib is slow to load
            raise core.errors.PineconeValueError(f"client_cert names no file: {os.fspath(file)!r}")
    paths = tuple(os.fspath(file) for file in files)
    return paths if len(paths) == 2 else paths[0]


def _switch(name: str, value: Any, default: bool) -> bool:
    if value is None:
        return default
    if not isinstance(value, bool):
        raise core.errors.PineconeTypeError(f"{name} must be True or False, got {type(value).__name__}")
    return value
