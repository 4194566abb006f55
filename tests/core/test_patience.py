"""How long to wait, how often to look, and which faults to pass over: no clock but the test's."""

from __future__ import annotations

import pytest

from pinecone_core.errors import (
    ForbiddenError,
    NotFoundError,
    PineconeConnectionError,
    PineconeTimeoutError,
    RateLimitError,
    ServiceError,
)
from pinecone_core.patience import NOT_SEEN_YET, Patience


def test_looks_come_quickly_at_first_and_end_at_the_deadline() -> None:
    patience = Patience(20.0, 100.0, "too late")
    now, delays = 100.0, []
    while now < 120.0:
        delays.append(patience.delay(now))
        now += delays[-1]
    assert delays == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0, 2.5]
    with pytest.raises(PineconeTimeoutError, match="too late") as caught:
        patience.delay(now, last="seen last")
    assert caught.value.response == "seen last"
    assert Patience(None, 0.0, "").delay(1e9) == 0.5


def test_a_look_takes_no_longer_than_what_is_left() -> None:
    patience = Patience(20.0, 100.0, "")
    assert patience.look_limit(100.0, 30.0) == 20.0
    assert patience.look_limit(100.0, None) == 20.0
    assert patience.look_limit(100.0, 10.0) is None
    assert patience.look_limit(119.9, 30.0) == 1.0
    assert Patience(None, 0.0, "").look_limit(1e9, 30.0) is None


def test_single_faults_are_forgiven_and_several_in_a_row_are_not() -> None:
    patience = Patience(None, 0.0, "")
    faults = [PineconeConnectionError("x"), ServiceError("x"), RateLimitError("x"), PineconeTimeoutError("x")]
    assert all(patience.forgive(fault, 1.0) for fault in faults)
    assert not patience.forgive(faults[0], 1.0)
    patience.saw()
    assert patience.forgive(faults[0], 1.0)
    assert not patience.forgive(ForbiddenError("x"), 1.0)


def test_what_was_just_made_may_be_unknown_for_a_while() -> None:
    patience = Patience(None, 100.0, "")
    assert patience.forgive(NotFoundError("x"), 100.0 + NOT_SEEN_YET - 1)
    assert not patience.forgive(NotFoundError("x"), 100.0 + NOT_SEEN_YET)
    patience.saw()
    assert not patience.forgive(NotFoundError("x"), 101.0)


def test_a_permanent_fault_ends_the_wait() -> None:
    patience = Patience(20.0, 0.0, "")
    assert not patience.forgive(PineconeConnectionError("refused", permanent=True), 0.0)
    assert patience.forgive(PineconeConnectionError("broke"), 0.0)
    assert patience.forgive(RateLimitError(), 0.0)


def test_the_last_moment_and_the_error_at_the_end() -> None:
    patience = Patience(20.0, 0.0, "late")
    assert patience.delay(19.5) == 0.5
    assert patience.look_limit(0.0, 20.0) is None
    with pytest.raises(PineconeTimeoutError, match="late") as caught:
        patience.delay(20.0)
    assert caught.value.sent is True


def test_a_sight_makes_up_for_all_faults_before_it() -> None:
    patience = Patience(None, 0.0, "")
    for _ in range(2):
        assert [patience.forgive(ServiceError(), 0.0) for _ in range(5)] == [True] * 4 + [False]
        patience.saw()
