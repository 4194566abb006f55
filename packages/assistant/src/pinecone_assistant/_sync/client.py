# Made from ../_async/client.py by tools/make_sync.py; do not edit.
"""The client of assistants, with the spellings of earlier generations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pinecone_core.errors import PineconeValueError

from .chat import ChatMethods
from .control import ControlMethods
from .files import FileMethods

if TYPE_CHECKING:
    from ..models.assistant import AssistantModel
    from ..models.evaluation import AlignmentResult
    from ..models.lists import ListAssistantsResponse

__all__ = ["AssistantNamespaceProxy", "Assistants"]


class Assistants(ControlMethods, FileMethods, ChatMethods):
    """Assistants: make them, give them files, ask them.

    Making one does no I/O. Works alone, and as ``pc.assistants``.

    Args:
        config: A whole configuration, or an API key; the other arguments of the connection then count
            for nothing but ``transport``, ``observers`` and ``clock``. Left out, they count.
        api_key: The key; falls back to ``PINECONE_API_KEY``.
        host: The control plane's host; falls back to ``PINECONE_CONTROLLER_HOST``, then to
            ``PINECONE_PLUGIN_ASSISTANT_CONTROL_HOST``, then to the public service.
        data_host: Where files and chats go; falls back to ``PINECONE_PLUGIN_ASSISTANT_DATA_HOST``, then
            to what the service says for each assistant.
        evaluation_host: Where evaluations go; falls back to ``PINECONE_PLUGIN_ASSISTANT_DATA_HOST``,
            then to ``host`` where that is not the public service, then to the public service.
        timeout: Seconds for a whole call with all its tries, a ``Timeout``, or None for no limit.
            Chats have 300 seconds where this is left as it is; uploads have it for each piece.

    All other arguments are those of every client.

    Example:
        >>> Assistants(api_key="0123456789abcdef")
        Assistants()
    """

    def list_assistants(self) -> list[AssistantModel]:
        """List all assistants; the older spelling of ``list().to_list()``."""
        return self.list().to_list()

    def list_assistants_paginated(
        self,
        limit: int | None = None,
        pagination_token: str | None = None,
        *,
        page_size: int | None = None,
        **kwargs: Any,
    ) -> ListAssistantsResponse:
        """List one page of assistants; the older spelling of ``list_page``."""
        size = limit if limit is not None else page_size
        return self.list_page(page_size=size, pagination_token=pagination_token, **kwargs)

    def describe_assistant(
        self, assistant_name: str | None = None, *, name: str | None = None, **kwargs: Any
    ) -> AssistantModel:
        """Describe an assistant; the older spelling of ``describe``."""
        if assistant_name is not None and name is not None:
            raise PineconeValueError("received both 'assistant_name' (legacy) and 'name' (current); pass one")
        return self.describe(name=assistant_name if assistant_name is not None else name, **kwargs)

    def create_assistant(
        self,
        assistant_name: str | None = None,
        instructions: str | None = None,
        metadata: dict[str, Any] | None = None,
        region: str = "us",
        timeout: int | None = None,
        *,
        name: str | None = None,
        **kwargs: Any,
    ) -> AssistantModel:
        """Make an assistant; the older spelling of ``create``."""
        return self.create(
            name=assistant_name if assistant_name is not None else name,
            instructions=instructions,
            metadata=metadata,
            region=region,
            timeout=timeout,
            **kwargs,
        )

    def update_assistant(
        self,
        assistant_name: str | None = None,
        instructions: str | None = None,
        metadata: dict[str, Any] | None = None,
        *,
        name: str | None = None,
        **kwargs: Any,
    ) -> AssistantModel:
        """Change an assistant; the older spelling of ``update``."""
        return self.update(
            name=assistant_name if assistant_name is not None else name,
            instructions=instructions,
            metadata=metadata,
            **kwargs,
        )

    def delete_assistant(
        self,
        assistant_name: str | None = None,
        timeout: int | None = None,
        *,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Delete an assistant; the older spelling of ``delete``."""
        self.delete(name=assistant_name if assistant_name is not None else name, timeout=timeout, **kwargs)

    @property
    def evaluation(self) -> Evaluation:
        """Evaluations, by their older spelling ``evaluation.metrics.alignment(...)``."""
        made: Evaluation = self.__dict__.setdefault("_evaluation", Evaluation(self))
        return made


class Evaluation:
    """The older spelling of evaluations."""

    def __init__(self, assistants: Assistants) -> None:
        self.metrics = Metrics(assistants)


class Metrics:
    """The older spelling of evaluations."""

    def __init__(self, assistants: Assistants) -> None:
        self._assistants = assistants

    def alignment(
        self, question: str, answer: str, ground_truth_answer: str, **kwargs: Any
    ) -> AlignmentResult:
        """Measure how well an answer agrees with the truth; see ``evaluate_alignment``."""
        return self._assistants.evaluate_alignment(
            question=question, answer=answer, ground_truth_answer=ground_truth_answer, **kwargs
        )


class AssistantNamespaceProxy:
    """What ``pc.assistant`` is: the methods of ``pc.assistants``, and a call that describes one.

    Args:
        assistants: The client.
    """

    def __init__(self, assistants: Assistants) -> None:
        self._target = assistants

    def __call__(self, name: str) -> AssistantModel:
        """Describe an assistant."""
        return self._target.describe(name=name)

    def __getattr__(self, attribute: str) -> Any:
        if attribute == "_target":  # while a copy is being made
            raise AttributeError(attribute)
        return getattr(self._target, attribute)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for {self._target!r}>"
