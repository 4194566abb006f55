"""Faults on purpose: latency, refusals and cut connections, by a seeded script."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from .errors import ConnectionCutError
from .http import ApiFault, Call, Reply

__all__ = ["Fault", "Faults"]

_CODES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    412: "FAILED_PRECONDITION",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


@dataclass
class Fault:
    """What goes wrong, with which calls and how often.

    Attributes:
        path: Which calls, as a pattern over the verb and the path, such as ``POST /query`` or
            ``* /vectors/*``. The path is the one below an index's host.
        status: An HTTP status to refuse with, or None.
        retry_after: Seconds to send as ``Retry-After`` with the status, or None.
        latency: Seconds each call is held up.
        drop: ``before`` cuts the connection before the call is acted on, ``after`` cuts it when it was.
        rate: The share of calls that are hit, 0 to 1.
        times: How many calls are hit before the fault is used up; None is no end.
        skip: How many calls pass unharmed first.
    """

    path: str = "* *"
    status: int | None = None
    retry_after: float | None = None
    latency: float = 0.0
    drop: str | None = None
    rate: float = 1.0
    times: int | None = None
    skip: int = 0
    hits: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        if self.drop not in (None, "before", "after"):
            raise ValueError(f"drop must be 'before' or 'after', got {self.drop!r}")
        if not 0 <= self.rate <= 1:
            raise ValueError(f"rate must be from 0 to 1, got {self.rate!r}")
        if self.latency < 0:
            raise ValueError(f"latency must not be negative, got {self.latency!r}")
        if self.status is not None and not 400 <= self.status <= 599:
            raise ValueError(f"status must be from 400 to 599, got {self.status!r}")

    def refusal(self) -> ApiFault:
        """Return the answer that refuses a call."""
        status = self.status or 503
        headers = {} if self.retry_after is None else {"retry-after": f"{self.retry_after:g}"}
        code = _CODES.get(status, "UNKNOWN")
        return ApiFault(status, code, f"A fault on purpose: {status}.", headers=headers)


class Faults:
    """A script of faults, the same for the same seed and the same order of calls.

    Args:
        script: The faults, or mappings with their attributes. The first one that hits a call counts.
        seed: Steers which calls a ``rate`` below 1 hits.
        sleep: Waits a number of seconds.

    Example:
        >>> from pinecone_local import Fault, Faults, LocalEngine
        >>> faults = Faults([Fault("POST /query", status=429, retry_after=0.1, times=2)])
        >>> with LocalEngine(faults=faults) as engine:
        ...     transport = engine.transport()
    """

    def __init__(
        self,
        script: Iterable[Fault | Mapping[str, Any]] = (),
        *,
        seed: int = 0,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        self._lock = threading.Lock()
        self._seed = seed
        self._sleep = sleep if sleep is not None else time.sleep  # noqa: TID251 - holding up is the point
        self._random = random.Random(seed)
        self._script: list[Fault] = []
        self.replace(script)

    @property
    def script(self) -> Sequence[Fault]:
        """The faults, with the number of calls each has hit."""
        return tuple(self._script)

    def replace(self, script: Iterable[Fault | Mapping[str, Any]], seed: int | None = None) -> None:
        """Start a new script."""
        faults = [one if isinstance(one, Fault) else Fault(**one) for one in script]
        with self._lock:
            self._script = faults
            self._random = random.Random(self._seed if seed is None else seed)

    def _next(self, call: Call) -> Fault | None:
        name = f"{call.method} {call.path}"
        with self._lock:
            for fault in self._script:
                if fault.times == 0 or not fnmatchcase(name, fault.path):
                    continue
                if fault.skip:
                    fault.skip -= 1
                    continue
                if fault.rate < 1 and self._random.random() >= fault.rate:
                    continue
                if fault.times is not None:
                    fault.times -= 1
                fault.hits += 1
                return fault
        return None

    def before(self, call: Call) -> None:
        """Hold up, cut or refuse a call that is about to be acted on."""
        fault = self._next(call)
        call.fault = fault
        if fault is None:
            return
        if fault.latency:
            self._sleep(fault.latency)
        if fault.drop == "before":
            raise ConnectionCutError(sent=False)
        if fault.status is not None:
            raise fault.refusal()

    def after(self, call: Call, reply: Reply) -> Reply:
        """Cut the connection of a call that was acted on, or let the answer pass."""
        if call.fault is not None and call.fault.drop == "after":
            raise ConnectionCutError(sent=True)
        return reply
