from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinecone_core.config import RETRYABLE_STATUS_CODES, RetryConfig
from pinecone_core.errors import (
    NotFoundError,
    PineconeConnectionError,
    PineconeError,
    PineconeTimeoutError,
    PineconeTypeError,
    PineconeValueError,
    RateLimitError,
    ResponseParsingError,
    ServiceError,
)
from pinecone_core.retry import (
    RetryBudget,
    may_have_acted,
    may_have_moved,
    may_repeat,
    parse_retry_after,
    retry_cost,
    retry_delay,
)

CONFIG = RetryConfig()
FAULT = ServiceError(status_code=500)
THROTTLED = RateLimitError()


def test_defaults() -> None:
    assert dataclasses.astuple(CONFIG) == (3, 2.0, 60.0, RETRYABLE_STATUS_CODES)
    assert {408, 429, 500, 502, 503, 504} == RETRYABLE_STATUS_CODES
    assert RetryConfig(1, 3.0, 5.0, frozenset({418})) == RetryConfig(
        max_retries=1, backoff_factor=3.0, max_wait=5.0, retryable_status_codes=frozenset({418})
    )
    assert hash(CONFIG) == hash(RetryConfig())
    assert RetryConfig(retryable_status_codes={500}).retryable_status_codes == frozenset({500})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"max_retries": -1}, PineconeValueError),
        ({"max_retries": 1.5}, PineconeTypeError),
        ({"max_retries": True}, PineconeTypeError),
        ({"backoff_factor": -1}, PineconeValueError),
        ({"backoff_factor": float("nan")}, PineconeValueError),
        ({"backoff_factor": "2"}, PineconeTypeError),
        ({"max_wait": float("inf")}, PineconeValueError),
        ({"max_wait": None}, PineconeTypeError),
        ({"retryable_status_codes": {99}}, PineconeValueError),
        ({"retryable_status_codes": {600}}, PineconeValueError),
        ({"retryable_status_codes": {"500"}}, PineconeValueError),
    ],
)
def test_bad_policies(arguments: dict[str, Any], error: Any) -> None:
    with pytest.raises(error, match=next(iter(arguments))):
        RetryConfig(**arguments)


def test_the_first_and_the_last_status() -> None:
    ends = frozenset({100, 599})
    assert RetryConfig(retryable_status_codes=ends).retryable_status_codes == ends


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5", 5.0),
        ("0", 0.0),
        (" 1.5 ", 1.5),
        ("Thu, 01 Jan 1970 00:01:00 GMT", 50.0),
        ("Thu, 01 Jan 1970 00:00:05 GMT", 0.0),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("Thu, 99 Jan 1970 00:00:05 GMT", None),
    ],
)
def test_retry_after(text: Any, seconds: Any) -> None:
    assert parse_retry_after(text, 10.0) == seconds


@given(st.text())
def test_any_retry_after_is_read_or_ignored(text: str) -> None:
    seconds = parse_retry_after(text, 0.0)
    assert seconds is None or seconds >= 0


@given(st.integers(0, 2000), st.floats(0, 1), st.sampled_from([FAULT, THROTTLED, PineconeTimeoutError("x")]))
def test_waits_stay_within_bounds(attempt: int, jitter: float, error: PineconeError) -> None:
    assert 0.0 <= retry_delay(CONFIG, error, attempt=attempt, jitter=jitter) <= CONFIG.max_wait


def test_waits_grow() -> None:
    assert [retry_delay(CONFIG, FAULT, attempt=n, jitter=1.0) for n in range(4)] == [0.1, 0.2, 0.4, 0.8]
    assert [retry_delay(CONFIG, THROTTLED, attempt=n, jitter=1.0) for n in range(3)] == [1.0, 2.0, 4.0]
    assert retry_delay(CONFIG, FAULT, attempt=3, jitter=0.0) == 0.0
    for status in (408, 428, 430):
        error = ServiceError(status_code=status)
        assert retry_delay(CONFIG, error, attempt=0, jitter=1.0) == 0.1
    for factor in (0, 0.5, 1):
        steady = RetryConfig(backoff_factor=factor)
        assert [retry_delay(steady, FAULT, attempt=n, jitter=1.0) for n in range(3)] == [0.1] * 3
    short = RetryConfig(max_wait=0.3)
    assert retry_delay(short, THROTTLED, attempt=5, jitter=1.0) == 0.3


def test_what_the_service_asks_for() -> None:
    for asked, least, most in ((5.0, 5.0, 6.25), (3600.0, 60.0, 75.0), (0.0, 0.0, 0.0)):
        error = ServiceError(status_code=503, retry_after=asked)
        assert retry_delay(CONFIG, error, attempt=9, jitter=0.0) == least
        assert retry_delay(CONFIG, error, attempt=9, jitter=1.0) == most


@pytest.mark.parametrize(
    ("error", "safe", "unsafe"),
    [
        (ServiceError(status_code=500), True, False),
        (ServiceError(status_code=503), True, True),
        (ServiceError(status_code=501), False, False),
        (RateLimitError(), True, True),
        (PineconeConnectionError("x"), True, False),
        (PineconeConnectionError("x", sent=False), True, True),
        (PineconeConnectionError("x", sent=False, permanent=True), False, False),
        (PineconeTimeoutError("x"), True, False),
        (PineconeTimeoutError("x", sent=False), True, True),
        (PineconeError("x"), False, False),
    ],
)
def test_what_may_be_repeated(error: PineconeError, safe: bool, unsafe: bool) -> None:
    assert may_repeat(CONFIG, error, repeat_safe=True) is safe
    assert may_repeat(CONFIG, error, repeat_safe=False) is unsafe


@pytest.mark.parametrize(
    ("error", "moved"),
    [
        (NotFoundError(), True),
        (PineconeConnectionError("x"), True),
        (PineconeTimeoutError("connecting", sent=False), True),
        (PineconeTimeoutError("reading"), False),
        (FAULT, False),
        (ValueError(), False),
    ],
)
def test_what_may_be_elsewhere_by_now(error: Exception, moved: bool) -> None:
    assert may_have_moved(error) is moved


def test_the_callers_statuses_count() -> None:
    config = RetryConfig(retryable_status_codes=frozenset({409}))
    assert may_repeat(config, ServiceError(status_code=409), repeat_safe=True)
    assert not may_repeat(config, RateLimitError(), repeat_safe=True)


def test_the_budget() -> None:
    budget = RetryBudget()
    assert sum(budget.take(retry_cost(FAULT)) for _ in range(50)) == 10
    assert not budget.take(retry_cost(THROTTLED))
    for _ in range(9):
        budget.succeed()
    assert not budget.take(retry_cost(FAULT))
    budget.succeed()
    assert budget.take(retry_cost(FAULT))
    for _ in range(1000):
        budget.succeed()
    assert budget.tokens == 100.0
    assert sum(budget.take(retry_cost(THROTTLED)) for _ in range(100)) == 50


@pytest.mark.parametrize(
    ("error", "acted"),
    [
        (ServiceError(status_code=500), True),
        (ServiceError(status_code=504), True),
        (ServiceError(status_code=503), False),
        (RateLimitError(), False),
        (NotFoundError(), False),
        (ServiceError(status_code=501), False),
        (PineconeConnectionError("x", sent=True), True),
        (PineconeConnectionError("x", sent=False), False),
        (PineconeTimeoutError("x", sent=True), True),
        (PineconeTimeoutError("x", sent=False), False),
        (ResponseParsingError("x"), True),
    ],
)
def test_what_may_have_been_carried_out(error: PineconeError, acted: bool) -> None:
    assert may_have_acted(error) is acted


def test_the_edges_and_the_words_of_a_policy() -> None:
    assert RetryConfig(max_retries=0).max_retries == 0
    for arguments, said in (
        ({"max_retries": "3"}, "max_retries must be an integer, got str"),
        ({"backoff_factor": "2"}, "backoff_factor must be a number, got str"),
        ({"max_wait": None}, "max_wait must be a number, got NoneType"),
    ):
        with pytest.raises(PineconeTypeError) as caught:
            RetryConfig(**arguments)
        assert str(caught.value) == said
    with pytest.raises(PineconeValueError) as refused:
        RetryConfig(retryable_status_codes={9, "x"})  # type: ignore[arg-type]
    assert str(refused.value) == "retryable_status_codes must hold HTTP statuses, got [9, 'x']"
    assert isinstance(RetryConfig(retryable_status_codes=[500]).retryable_status_codes, frozenset)  # type: ignore[arg-type]
