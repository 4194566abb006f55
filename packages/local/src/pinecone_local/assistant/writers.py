"""Writers that ask a language model: any service that speaks the OpenAI chat interface."""

from __future__ import annotations

import json
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from ..http import ApiFault
from .answers import Question

__all__ = ["OpenAIWriter"]


class OpenAIWriter:
    """Has an OpenAI-compatible service write the answers.

    Args:
        base_url: Where it is, such as ``http://127.0.0.1:11434/v1``.
        model: The model to ask; None passes on the one that the caller of the assistant names.
        api_key: The key, or None.
        timeout: Seconds an answer may take.
    """

    def __init__(
        self, base_url: str, *, model: str | None = None, api_key: str | None = None, timeout: float = 120.0
    ) -> None:
        if urlsplit(base_url).scheme not in ("http", "https"):
            raise ValueError(f"base_url must start with http:// or https://, got {base_url!r}")
        self._url = f"{base_url.rstrip('/')}/chat/completions"
        self._model = model
        self._api_key = api_key
        self._timeout = timeout

    def __call__(self, question: Question) -> str:
        """Return the answer."""
        body: dict[str, Any] = {
            "model": self._model or question.model,
            "messages": [{"role": "system", "content": _system(question)}, *question.messages],
        }
        if question.temperature is not None:
            body["temperature"] = question.temperature
        headers = {"Content-Type": "application/json"}
        if self._api_key:
            headers["Authorization"] = f"Bearer {self._api_key}"
        request = urllib.request.Request(self._url, json.dumps(body).encode(), headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:
                return str(json.load(answer)["choices"][0]["message"]["content"])
        except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
            raise ApiFault(
                503, "UNAVAILABLE", f"The language model at {self._url} failed: {error}"
            ) from error

    def __repr__(self) -> str:
        return f"OpenAIWriter({self._url!r}, model={self._model!r})"


def _system(question: Question) -> str:
    parts = [question.instructions] if question.instructions else []
    parts.append("Answer from these passages only. Say so when they do not hold the answer.")
    parts += [
        f"[{i}] {found.file.name}\n{found.passage.text}" for i, found in enumerate(question.passages, 1)
    ]
    return "\n\n".join(parts)
