from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any

import pytest

from pinecone_core import errors
from pinecone_core.errors import (
    ApiError,
    IndexInitFailedError,
    IndexTerminatedError,
    NotFoundError,
    PineconeClosedError,
    PineconeConnectionError,
    PineconeError,
    PineconeTimeoutError,
    PineconeTypeError,
    PineconeValueError,
    RateLimitError,
    ResponseParsingError,
    ServiceError,
    UnexpectedArgumentError,
    error_class,
)

BY_STATUS = [
    (400, "BadRequestError", "Bad request"),
    (401, "UnauthorizedError", "Invalid or missing API key"),
    (402, "PaymentRequiredError", "Payment required"),
    (403, "ForbiddenError", "Forbidden"),
    (404, "NotFoundError", "Resource not found"),
    (409, "ConflictError", "Resource conflict"),
    (412, "FailedPreconditionError", "Failed precondition"),
    (413, "PayloadTooLargeError", "Payload too large"),
    (422, "UnprocessableEntityError", "Unprocessable entity"),
    (429, "RateLimitError", "Too many requests"),
    (500, "ServiceError", "Internal server error"),
]

INSTANCES = [
    PineconeError("a"),
    ApiError(
        "a", 418, {"b": [1]}, reason="r", headers={"c": "d"}, error_code="E", request_id="q", retry_after=2.0
    ),
    *(getattr(errors, name)(f"{name} happened", request_id="q") for _, name, _ in BY_STATUS),
    PineconeTimeoutError("late", sent=False, response={"partial": 1}),
    PineconeConnectionError("broke", sent=False, permanent=True, stale=True),
    PineconeValueError("bad", "records[2].id"),
    PineconeTypeError("bad", "records[2].id"),
    ResponseParsingError("bad", ValueError("x")),
    UnexpectedArgumentError("nothing takes 'x'"),
    PineconeClosedError("closed"),
    IndexInitFailedError("movies"),
    IndexTerminatedError("movies", "Terminating"),
]


@pytest.mark.parametrize(("status", "name", "message"), BY_STATUS)
def test_a_class_for_each_status(status: int, name: str, message: str) -> None:
    kind: Any = getattr(errors, name)
    error = kind()
    assert error_class(status) is kind
    assert isinstance(error, ApiError)
    assert (error.message, error.status_code, error.body, error.args) == (message, status, None, (message,))
    parameters = inspect.signature(kind).parameters
    assert parameters["message"].default == message
    assert parameters["status_code"].default == status
    assert list(parameters) == list(inspect.signature(ApiError).parameters)
    assert kind("m", 499, {"a": 1}, reason="r", headers={}, error_code="c", request_id="i").reason == "r"


def test_a_class_of_the_callers_own() -> None:
    class Mine(NotFoundError):
        pass

    assert (Mine().status_code, Mine("gone").message) == (404, "gone")
    assert isinstance(pickle.loads(pickle.dumps(NotFoundError("gone"))), NotFoundError)


def test_other_statuses() -> None:
    assert error_class(503) is error_class(599) is ServiceError
    assert error_class(302) is error_class(418) is error_class(600) is ApiError


def test_kinds() -> None:
    assert issubclass(PineconeTimeoutError, TimeoutError)
    assert issubclass(PineconeConnectionError, ConnectionError)
    assert issubclass(PineconeValueError, ValueError)
    assert issubclass(PineconeTypeError, TypeError)
    assert issubclass(UnexpectedArgumentError, PineconeTypeError)
    assert issubclass(UnexpectedArgumentError, PineconeValueError)
    assert issubclass(PineconeClosedError, RuntimeError)
    for name in errors.__all__:
        found = getattr(errors, name)
        if inspect.isclass(found):
            assert issubclass(found, PineconeError)
            assert found.__doc__


@pytest.mark.parametrize("error", INSTANCES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_every_error_can_be_copied(error: Any, duplicate: Any) -> None:
    error.operation, error.host = "query", "https://x.com"
    twin = duplicate(error)
    assert type(twin) is type(error)
    assert (str(twin), repr(twin), twin.args) == (str(error), repr(error), error.args)
    assert twin.args == (error.message,)
    # Exceptions compare by identity, hence the text.
    assert {k: repr(v) for k, v in vars(twin).items()} == {k: repr(v) for k, v in vars(error).items()}


@pytest.mark.parametrize("error", INSTANCES, ids=lambda error: type(error).__name__)
def test_the_text_is_one_line(error: Any) -> None:
    assert str(error)
    assert "\n" not in str(error)


def test_the_text_of_an_api_error() -> None:
    assert str(ApiError("no", 418)) == "[418] no"
    assert str(NotFoundError("no", error_code="NOT_FOUND")) == "[404 NOT_FOUND] no"
    assert str(ApiError("no", 418, error_code="X", request_id="r")) == "[418 X] no (request_id: r)"


class Unprintable:
    def __repr__(self) -> str:
        raise RuntimeError


def test_the_repr_of_an_api_error() -> None:
    assert repr(NotFoundError("no")) == "NotFoundError(status_code=404, message='no')"
    full = ApiError("m" * 101, 400, Unprintable(), error_code="E", request_id="r")
    assert repr(full) == (
        f"ApiError(status_code=400, message='{'m' * 97}...', error_code='E', request_id='r', "
        "body=<unrenderable>)"
    )
    assert repr(ApiError("no", 400, {"a": 1})) == "ApiError(status_code=400, message='no', body={'a': 1})"


def test_positions() -> None:
    assert str(PineconeValueError("bad", "records[2].metadata.n")) == "at records[2].metadata.n: bad"
    assert str(PineconeTypeError("bad")) == "bad"
    assert PineconeTypeError("bad").path is None


def test_a_cause_is_told_once() -> None:
    cause = ValueError("expected int")
    assert str(ResponseParsingError("no fit", cause)) == "no fit (caused by ValueError: expected int)"
    assert str(ResponseParsingError("no fit: expected int", cause)) == "no fit: expected int"
    assert str(ResponseParsingError("no fit")) == "no fit"


def test_waiting_for_an_index() -> None:
    error: Any = IndexInitFailedError("movies")
    assert error.index_name == "movies"
    assert "entered InitializationFailed state" in str(error)
    error = IndexTerminatedError("movies", "Disabled")
    assert (error.name, error.state) == ("movies", "Disabled")
    assert "entered terminal state 'Disabled'" in str(error)
    assert "pc.describe_index(name='movies')" in str(error)


def test_a_limit_that_was_exceeded() -> None:
    assert RateLimitError(retry_after=3.0).retry_after == 3.0


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        *(
            (alias, "PineconeError")
            for alias in (
                "PineconeException",
                "PineconeProtocolError",
                "PineconeApiAttributeError",
                "PineconeApiKeyError",
                "ListConversionException",
            )
        ),
        ("PineconeApiException", "ApiError"),
        ("NotFoundException", "NotFoundError"),
        ("UnauthorizedException", "UnauthorizedError"),
        ("ForbiddenException", "ForbiddenError"),
        ("ServiceException", "ServiceError"),
        ("RateLimitException", "RateLimitError"),
        ("PineconeConfigurationError", "PineconeValueError"),
        ("PineconeApiValueError", "PineconeValueError"),
        ("ValidationError", "PineconeValueError"),
        ("PineconeApiTypeError", "PineconeTypeError"),
    ],
)
def test_names_of_earlier_generations(alias: str, name: str) -> None:
    assert getattr(errors, alias) is getattr(errors, name)
    assert {alias, name} <= set(errors.__all__)


def test_what_connection_errors_and_timeouts_know() -> None:
    broken = PineconeConnectionError("it broke")
    assert (str(broken), broken.sent, broken.permanent, broken.stale) == ("it broke", True, False, False)
    other = PineconeConnectionError("x", sent=False, permanent=True, stale=True)
    assert (other.sent, other.permanent, other.stale) == (False, True, True)
    late = PineconeTimeoutError("late")
    assert (str(late), late.sent, late.response) == ("late", True, None)
    assert PineconeTimeoutError("late", sent=False).sent is False
