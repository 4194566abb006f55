"""Emptying a project with a key of its own, so that it can be deleted."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING

from pinecone_core._async.concurrency import shielded
from pinecone_core.errors import ApiError, ForbiddenError, NotFoundError, PineconeError

from .._protocol.cleanup import (
    KINDS,
    TEMPORARY_KEY,
    delete_one,
    explain_refusal,
    left_over,
    list_page,
    names_in,
    next_page,
)
from ..models.project import CleanupReport

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..models.api_key import APIKeyWithSecret
    from .api_keys import AsyncApiKeys
    from .signing import AsyncSigningExecutor

__all__ = ["AsyncCleanup"]

_DROP_SECONDS = 30.0

_log = logging.getLogger("pinecone.admin.projects")


class AsyncCleanup:
    """One clean-up of one project.

    Args:
        executor: What sends the operations.
        api_keys: Where the temporary key is made.
        project_id: The project.
        on_progress: Called with kind and name after each deletion.
    """

    def __init__(
        self,
        executor: AsyncSigningExecutor,
        api_keys: AsyncApiKeys,
        project_id: str,
        on_progress: Callable[[str, str], None] | None,
    ) -> None:
        self._executor = executor
        self._api_keys = api_keys
        self._project_id = project_id
        self._on_progress = on_progress
        self._key = ""

    async def run(self, max_attempts: int, retry_delay: float, *, dry_run: bool) -> CleanupReport:
        """List what there is, and delete it unless it is a dry run."""
        report = CleanupReport(project_id=self._project_id, dry_run=dry_run)
        made = await self._make_key()
        self._key = made.value
        try:
            if dry_run:
                _note(report, await self._find())
            else:
                await self._empty(report, max_attempts, retry_delay)
        finally:
            # Also on the way out of a cancelled task, or the key would live on.
            with shielded(_DROP_SECONDS):
                await self._drop_key(made.key.id)
        return report

    async def _make_key(self) -> APIKeyWithSecret:
        # A name of its own, by which a key is found whose answer was lost.
        name = f"{TEMPORARY_KEY}_{secrets.token_hex(4)}"
        try:
            return await self._api_keys.create(
                project_id=self._project_id, name=name, roles=["ProjectEditor"]
            )
        except ForbiddenError as error:
            raise explain_refusal(error) from error
        except ApiError:
            raise
        except BaseException:
            # The service may have made it all the same.
            with shielded(_DROP_SECONDS):
                await self._drop_lost_key(name)
            raise

    async def _drop_lost_key(self, name: str) -> None:
        try:
            for key in await self._api_keys.list(project_id=self._project_id):
                if key.name == name:
                    await self._drop_key(key.id)
        except PineconeError as error:
            _log.warning(
                "whether the temporary key %r was made in project %s is not known: %s",
                name,
                self._project_id,
                error,
            )

    async def _empty(self, report: CleanupReport, max_attempts: int, retry_delay: float) -> None:
        for attempt in range(max_attempts):
            try:
                found = await self._find()
                _note(report, found)
                failure = await self._delete(found)
                # What is being torn down stays listed for a while.
                found = await self._find()
                if not any(found.values()):
                    return
                failure = failure or PineconeError(
                    f"Project {self._project_id} could not be emptied and was not deleted; still there: "
                    f"{left_over(found)}. Call it again to go on."
                )
            except PineconeError as error:
                failure = error
            if attempt + 1 == max_attempts:
                raise failure
            _log.warning("clean-up of project %s: pass %d: %s", self._project_id, attempt + 1, failure)
            await self._executor.clock.sleep(retry_delay)

    async def _find(self) -> dict[str, list[str]]:
        return {kind: await self._names(kind) for kind in KINDS}

    async def _names(self, kind: str) -> list[str]:
        names: list[str] = []
        seen: set[str | None] = set()
        token: str | None = None
        while token not in seen:
            seen.add(token)
            page = await self._executor.send_with_key(list_page(kind, token), self._key)
            names += names_in(kind, page)
            token = next_page(page)
            if token is None:
                break
        return list(dict.fromkeys(names))

    async def _delete(self, found: dict[str, list[str]]) -> PineconeError | None:
        """Delete all that can be; return the first failure."""
        failure: PineconeError | None = None
        for kind, names in found.items():
            for name in names:
                try:
                    await self._executor.send_with_key(delete_one(kind, name), self._key)
                except NotFoundError:
                    continue
                except PineconeError as error:
                    failure = failure or error
                    continue
                if self._on_progress is not None:
                    self._on_progress(kind, name)
        return failure

    async def _drop_key(self, api_key_id: str) -> None:
        reason: object = f"no answer within {_DROP_SECONDS:g} s"
        try:
            await self._api_keys.delete(api_key_id=api_key_id)
            reason = None
        except PineconeError as error:
            reason = error
        finally:
            if reason is not None:
                _log.warning("temporary key %s could not be deleted: %s", api_key_id, reason)


def _note(report: CleanupReport, found: dict[str, list[str]]) -> None:
    for kind, names in found.items():
        known = report[kind]
        known += [name for name in names if name not in known]
