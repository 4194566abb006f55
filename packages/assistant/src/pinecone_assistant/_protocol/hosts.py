"""Which host an operation goes to."""

from __future__ import annotations

from pinecone_core.checks import one_of
from pinecone_core.config import DEFAULT_HOST
from pinecone_core.hosts import validate_host

__all__ = ["chosen_data_url", "control_url", "evaluation_url"]

_EVALUATION = {"us": "https://prod-1-data.ke.pinecone.io", "eu": "https://prod-eu-data.ke.pinecone.io"}


def control_url(base_url: str, given: str, plugin_host: str) -> str:
    """Return where assistants are made.

    Args:
        base_url: Where the client sends its operations.
        given: The host that the client was given; empty for none.
        plugin_host: The host that the environment names for assistants alone; empty for none.
    """
    if plugin_host and not given and base_url == DEFAULT_HOST:
        base_url = validate_host(plugin_host, "PINECONE_PLUGIN_ASSISTANT_CONTROL_HOST")
    return f"{base_url}/assistant"


def chosen_data_url(data_host: str | None, plugin_host: str) -> str:
    """Return where all assistants' files and chats are, or nothing when the service is to say it."""
    if data_host is not None:
        return f"{validate_host(data_host, 'data_host')}/assistant"
    if plugin_host:
        return f"{validate_host(plugin_host, 'PINECONE_PLUGIN_ASSISTANT_DATA_HOST')}/assistant"
    return ""


def evaluation_url(chosen: str, base_url: str, region: str) -> str:
    """Return where answers are evaluated.

    Args:
        chosen: The host that was chosen for it; empty for none.
        base_url: Where the client sends its operations; a private host serves evaluations too.
        region: ``"us"`` or ``"eu"``, for the public service.
    """
    region = one_of("region", region, ("us", "eu"))
    if chosen:
        return f"{validate_host(chosen, 'evaluation_host')}/assistant"
    return f"{_EVALUATION[region] if base_url == DEFAULT_HOST else base_url}/assistant"
