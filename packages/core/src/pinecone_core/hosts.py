"""Hosts and paths: put into one form, checked, and encoded, before a key is sent anywhere."""

from __future__ import annotations

import pinecone_core as core

__all__ = [
    "checked_target",
    "is_loopback",
    "is_loopback_name",
    "machine_and_port",
    "normalize_host",
    "path",
    "split_base_url",
    "validate_host",
]

_SCHEMES = ("https://", "http://")
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def normalize_host(host: str | None) -> str:
    """Put a host into the form ``scheme://host[:port][/prefix]``.

    Args:
        host: A host name or URL. Without a scheme it gets ``https://``; of stacked schemes the
            innermost counts; a trailing slash is dropped.

    Returns:
        The URL, or an empty string for an empty host.
    """
    rest = (host or "").strip()
    scheme = "https"
    while (inner := rest.lstrip()).lower().startswith(_SCHEMES):
        scheme, _, rest = inner.partition("://")
    rest = rest.rstrip("/")
    return f"{scheme.lower()}://{rest}" if rest else ""


def validate_host(host: str | None, name: str = "host") -> str:
    """Normalise a host and refuse what cannot be one.

    Args:
        host: A host name or URL.
        name: The argument's name, for errors.

    Returns:
        The URL without a trailing slash.

    Raises:
        PineconeTypeError: It is not a string.
        PineconeValueError: It is empty or not a host.
    """
    if host is not None and not isinstance(host, str):
        raise core.errors.PineconeTypeError(f"{name} must be a string, got {type(host).__name__}")
    url = normalize_host(host)
    if not url:
        raise core.errors.PineconeValueError(f"{name} must be a non-empty string")
    if _is_plain(url):
        return url
    from urllib.parse import urlsplit  # slow to load, and rarely needed

    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it checks it
        machine = parts.hostname or ""
    except ValueError as error:
        raise core.errors.PineconeValueError(f"{name} {host!r} is not a valid URL: {error}") from None
    if parts.username or parts.password:
        raise core.errors.PineconeValueError(f"{name} must not contain credentials; pass api_key instead")
    if parts.query or parts.fragment or not _is_printable(url) or "\\" in url:
        raise core.errors.PineconeValueError(
            f"{name} {host!r} does not appear to be a valid URL "
            "(it must be plain ASCII without spaces, query and fragment)"
        )
    if "." not in machine.strip(".") and ":" not in machine and machine != "localhost":
        raise core.errors.PineconeValueError(
            f"{name} {host!r} does not appear to be a valid URL (must contain a dot or 'localhost')"
        )
    return url


def _is_plain(url: str) -> bool:
    """Say whether this is surely a URL, of a name with a dot and if need be a port and path."""
    machine, _, prefix = url.partition("://")[2].partition("/")
    name, colon, port = machine.partition(":")
    return (
        ("." in name.strip(".") or name == "localhost")
        and set(name) <= _PLAIN
        and set(prefix) <= _PLAIN | {"/"}
        and (not colon or (port.isascii() and port.isdigit() and len(port) < 6 and int(port) < 65_536))
    )


def _is_printable(text: str) -> bool:
    """Say whether this is ASCII without spaces and control characters."""
    return text.isascii() and text.isprintable() and " " not in text


def split_base_url(url: str) -> tuple[str, str]:
    """Split ``scheme://host:port/prefix`` into origin and prefix (no trailing slash in either)."""
    scheme, _, rest = url.partition("://")
    machine, slash, prefix = rest.partition("/")
    return f"{scheme}://{machine}", f"{slash}{prefix}".rstrip("/")


def checked_target(target: str, name: str = "path") -> str:
    """Refuse a path that could not stand in a request line, or would lead to another host."""
    if not isinstance(target, str):
        raise core.errors.PineconeTypeError(f"{name} must be a string, got {type(target).__name__}")
    if not target.startswith("/"):
        raise core.errors.PineconeValueError(f"{name} must start with '/', got {target!r}")
    if "#" in target or not _is_printable(target):
        raise core.errors.PineconeValueError(
            f"{name} must be percent-encoded (plain ASCII without spaces and '#'), got {target!r}"
        )
    return target


def is_loopback(url: str) -> bool:
    """Say whether a URL names this machine."""
    return is_loopback_name(machine_and_port(url)[0])


def machine_and_port(url: str) -> tuple[str, int | None]:
    """Return the machine that a checked URL names, in lower case, and the port if it names one."""
    machine, colon, port = split_base_url(url)[0].partition("://")[2].partition(":")
    if set(machine) <= _PLAIN and (not colon or (port.isascii() and port.isdigit())):
        return machine.lower(), int(port) if port else None
    from urllib.parse import urlsplit  # slow to load, and rarely needed

    parts = urlsplit(url)
    return parts.hostname or "", parts.port


def is_loopback_name(machine: str) -> bool:
    """Say whether a host name or address, in lower case, can only mean this machine."""
    if machine in ("localhost", "127.0.0.1") or machine.endswith(".localhost"):
        return True
    if ":" not in machine and not machine.replace(".", "").isdigit():
        return False
    import ipaddress  # slow to load, and rarely needed

    try:
        return ipaddress.ip_address(machine).is_loopback
    except ValueError:
        return False


def path(template: str, *parts: str) -> str:
    """Fill a path template, encoding every part so that it stays one segment.

    Args:
        template: The path with ``{}`` for each part.
        parts: The names to fill in.

    Returns:
        The percent-encoded path.

    Example:
        >>> path("/indexes/{}", "a/b?c")
        '/indexes/a%2Fb%3Fc'
    """
    from urllib.parse import quote  # slow to load, and a query needs none

    encoded = []
    for part in parts:
        try:
            segment = quote(part, safe="")
        except UnicodeEncodeError:
            raise core.errors.PineconeValueError(
                f"{part!r} holds a lone surrogate and cannot be encoded"
            ) from None
        # Dots are never encoded by quote(), but alone they mean "here" and "up" in a path.
        encoded.append(segment.replace(".", "%2E") if segment in {".", ".."} else segment)
    return template.format(*encoded)
