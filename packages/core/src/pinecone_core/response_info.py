"""What an answer says about itself: request id and log sequence numbers."""

from __future__ import annotations

import msgspec

from .structs import StructDictMixin

__all__ = ["BatchResponseInfo", "ResponseInfo", "merge_response_infos"]

REQUEST_ID_HEADERS = ("x-pinecone-request-id", "x-request-id")
RECONCILED_HEADERS = ("x-pinecone-max-indexed-lsn", "x-pinecone-lsn-reconciled")
COMMITTED_HEADERS = ("x-pinecone-request-lsn", "x-pinecone-lsn-committed")


def _first_int(headers: dict[str, str], names: tuple[str, ...]) -> int | None:
    for name in names:
        try:
            return int(headers[name])
        except (KeyError, ValueError):
            continue
    return None


class ResponseInfo(StructDictMixin, kw_only=True):
    """The headers of an answer and what can be read from them.

    Attributes:
        raw_headers: Every header of the answer, names in lower case, repeats joined with a comma.

    Example:
        >>> ResponseInfo(raw_headers={"x-pinecone-request-id": "r-1"}).request_id
        'r-1'
    """

    raw_headers: dict[str, str] = msgspec.field(default_factory=dict)

    @property
    def request_id(self) -> str | None:
        """What to quote to support, or None."""
        for name in REQUEST_ID_HEADERS:
            if value := self.raw_headers.get(name):
                return value
        return None

    @property
    def lsn_reconciled(self) -> int | None:
        """The last write this answer reflects, or None when the service did not say."""
        return _first_int(self.raw_headers, RECONCILED_HEADERS)

    @property
    def lsn_committed(self) -> int | None:
        """The sequence number given to this write, or None when the service did not say."""
        return _first_int(self.raw_headers, COMMITTED_HEADERS)

    def is_reconciled(self, target: int) -> bool:
        """Say whether this answer reflects the write numbered ``target``."""
        known = self.lsn_reconciled
        return known is not None and known >= target


class BatchResponseInfo(StructDictMixin, kw_only=True):
    """The highest sequence numbers seen over the requests of one batched call.

    Attributes:
        lsn_reconciled: The highest reconciled number, or None.
        lsn_committed: The highest committed number, or None.
    """

    lsn_reconciled: int | None = None
    lsn_committed: int | None = None

    def is_reconciled(self, target: int) -> bool:
        """Say whether the write numbered ``target`` was reflected."""
        return self.lsn_reconciled is not None and self.lsn_reconciled >= target


def merge_response_infos(infos: list[ResponseInfo]) -> BatchResponseInfo | None:
    """Take the maxima over the answers of one batched call.

    Args:
        infos: One entry an answer, in any order.

    Returns:
        The maxima, or None when no answer reported a sequence number.
    """
    reconciled = [n for info in infos if (n := info.lsn_reconciled) is not None]
    committed = [n for info in infos if (n := info.lsn_committed) is not None]
    if not reconciled and not committed:
        return None
    return BatchResponseInfo(
        lsn_reconciled=max(reconciled, default=None), lsn_committed=max(committed, default=None)
    )
