"""What the service says about an assistant or a file while one waits for it."""

from __future__ import annotations

from pinecone_core.errors import PineconeError
from pinecone_core.patience import NOT_SEEN_YET

from ..models.assistant import AssistantModel
from ..models.file import AssistantFileModel
from ..models.operation import OperationModel

__all__ = ["Deletion", "assistant_is_ready", "file_is_there", "operation_is_done"]


class Deletion:
    """Decides whether a deletion that was accepted can still come to its end.

    For a while after it was accepted the service may still show what was there before.

    Args:
        started: The clock when it was accepted.
    """

    def __init__(self, started: float) -> None:
        self._started = started
        self._began = False

    def of_assistant(self, seen: AssistantModel, now: float) -> bool:
        """Say whether an assistant is as good as gone.

        Raises:
            PineconeError: It will not be.
        """
        if seen.status in ("Failed", "InitializationFailed") and self._is_stuck(now):
            raise PineconeError(
                f"Assistant '{seen.name}' could not be deleted: it is still there with status '{seen.status}'"
            )
        self._began |= seen.status == "Terminating"
        return seen.status == "Terminated"

    def of_file(self, seen: AssistantFileModel, now: float) -> bool:
        """Say that a file is still there.

        Raises:
            PineconeError: It will be.
        """
        if seen.status not in (None, "Deleting") and self._is_stuck(now):
            raise PineconeError(
                f"File deletion failed for '{seen.id}': {seen.error_message or 'Unknown deletion error'}"
            )
        self._began |= seen.status == "Deleting"
        return False

    def _is_stuck(self, now: float) -> bool:
        return self._began or now - self._started >= NOT_SEEN_YET


def assistant_is_ready(seen: AssistantModel) -> bool:
    """Say whether an assistant can be used.

    Raises:
        PineconeError: It never will be.
    """
    if seen.status in ("Failed", "InitializationFailed", "Terminated", "Terminating"):
        raise PineconeError(f"Assistant '{seen.name}' entered terminal state '{seen.status}'")
    return seen.status == "Ready"


def file_is_there(seen: AssistantFileModel) -> bool:
    """Say whether a file has been taken in. One whose status is not told counts as taken in.

    Raises:
        PineconeError: It never will be.
    """
    if seen.status == "ProcessingFailed":
        raise PineconeError(
            f"File processing failed for '{seen.id}': {seen.error_message or 'Unknown processing error'}"
        )
    if seen.status == "Deleting":
        raise PineconeError(f"File processing failed for '{seen.id}': the file is being deleted")
    return seen.status in (None, "Available")


def operation_is_done(seen: OperationModel) -> bool:
    """Say whether an upsert has come to its end.

    Raises:
        PineconeError: It failed.
    """
    if seen.status == "Failed":
        raise PineconeError(
            f"Upsert operation failed for operation '{seen.operation_id}': "
            f"{seen.error or 'Unknown operation error'}"
        )
    return seen.status != "Processing"
