"""The one tree of errors. Everything raised on purpose by these packages is a ``PineconeError``.

Every error carries only plain data of its own, pickles, and says in one line what happened and,
where that helps, what to do next.
"""

from __future__ import annotations

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from types import FunctionType
    from typing import Any

__all__ = [
    "ApiError",
    "BadRequestError",
    "ConflictError",
    "FailedPreconditionError",
    "ForbiddenError",
    "ForbiddenException",
    "IndexInitFailedError",
    "IndexTerminatedError",
    "ListConversionException",
    "NotFoundError",
    "NotFoundException",
    "PayloadTooLargeError",
    "PaymentRequiredError",
    "PineconeApiAttributeError",
    "PineconeApiException",
    "PineconeApiKeyError",
    "PineconeApiTypeError",
    "PineconeApiValueError",
    "PineconeClosedError",
    "PineconeConfigurationError",
    "PineconeConnectionError",
    "PineconeError",
    "PineconeException",
    "PineconeProtocolError",
    "PineconeTimeoutError",
    "PineconeTypeError",
    "PineconeValueError",
    "RateLimitError",
    "RateLimitException",
    "ResponseParsingError",
    "ServiceError",
    "ServiceException",
    "UnauthorizedError",
    "UnauthorizedException",
    "UnexpectedArgumentError",
    "UnprocessableEntityError",
    "ValidationError",
    "error_class",
]

_LONG = 100


def _rebuild(cls: type[PineconeError], args: tuple[Any, ...], state: dict[str, Any]) -> PineconeError:
    error = cls.__new__(cls)
    error.args = args
    error.__dict__.update(state)
    return error


class PineconeError(Exception):
    """Any failure of these packages.

    Attributes:
        message: What happened, in one line.
        operation: The operation that failed, such as ``"query"``, or None outside a request.
        host: The host that was asked, or None.
        response: What had been received before the failure, or None.
    """

    operation: str | None = None
    host: str | None = None
    response: Any = None

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    # The stock reduction calls the class with args alone, which loses or garbles what richer
    # constructors take.
    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__.copy())


class ApiError(PineconeError):
    """The service answered with a status that is not a success.

    Attributes:
        message: The service's own explanation.
        status_code: The HTTP status.
        body: The decoded JSON body, or None when it was not JSON.
        reason: The HTTP reason phrase, or None.
        headers: The headers of the answer, lower-case names, or None.
        error_code: The service's code, such as ``"NOT_FOUND"``, or None.
        request_id: What to quote to support, or None.
        retry_after: Seconds the service asks to wait, or None.
    """

    def __init__(
        self,
        message: str,
        status_code: int,
        body: Any = None,
        *,
        reason: str | None = None,
        headers: dict[str, str] | None = None,
        error_code: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.body = body
        self.reason = reason
        self.headers = headers
        self.error_code = error_code
        self.request_id = request_id
        self.retry_after = retry_after

    def __str__(self) -> str:
        code = f" {self.error_code}" if self.error_code else ""
        suffix = f" (request_id: {self.request_id})" if self.request_id else ""
        return f"[{self.status_code}{code}] {self.message}{suffix}"

    def __repr__(self) -> str:
        message = str(self.message)
        if len(message) > _LONG:
            message = message[: _LONG - 3] + "..."
        parts = [f"status_code={self.status_code!r}", f"message={message!r}"]
        if self.error_code is not None:
            parts.append(f"error_code={self.error_code!r}")
        if self.request_id is not None:
            parts.append(f"request_id={self.request_id!r}")
        if self.body is not None:
            try:
                parts.append(f"body={self.body!r}")
            except Exception:
                parts.append("body=<unrenderable>")
        return f"{type(self).__name__}({', '.join(parts)})"


class _StatusError(ApiError):
    """An answer with one particular status, which the constructor knows by default."""

    def __init__(
        self,
        message: str = "",
        status_code: int = 0,
        body: Any = None,
        *,
        reason: str | None = None,
        headers: dict[str, str] | None = None,
        error_code: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        ApiError.__init__(
            self,
            message,
            status_code,
            body,
            reason=reason,
            headers=headers,
            error_code=error_code,
            request_id=request_id,
            retry_after=retry_after,
        )

    def __init_subclass__(cls, *, status: int | None = None, message: str = "") -> None:
        super().__init_subclass__()
        if status is None:
            return
        # A constructor of its own, so that signatures and help() show each class's real defaults.
        shared: FunctionType = _StatusError.__init__  # type: ignore[assignment]
        own = type(shared)(shared.__code__, shared.__globals__, "__init__", (message, status, None))
        own.__kwdefaults__ = dict(shared.__kwdefaults__ or {})
        own.__annotations__ = shared.__annotations__
        own.__qualname__ = f"{cls.__name__}.__init__"
        cls.__init__ = own  # type: ignore[method-assign]


class BadRequestError(_StatusError, status=400, message="Bad request"):
    """The service refused the request as malformed."""


class UnauthorizedError(_StatusError, status=401, message="Invalid or missing API key"):
    """The key is missing, wrong or revoked."""


class PaymentRequiredError(_StatusError, status=402, message="Payment required"):
    """The account's plan does not allow this, or a payment is due."""


class ForbiddenError(_StatusError, status=403, message="Forbidden"):
    """The key may not do this, or deletion protection is on."""


class NotFoundError(_StatusError, status=404, message="Resource not found"):
    """There is no such resource."""


class ConflictError(_StatusError, status=409, message="Resource conflict"):
    """The resource exists already, or is busy."""


class FailedPreconditionError(_StatusError, status=412, message="Failed precondition"):
    """The resource is not in a state that allows this."""


class PayloadTooLargeError(_StatusError, status=413, message="Payload too large"):
    """The request is over the service's size limit; send less at once."""


class UnprocessableEntityError(_StatusError, status=422, message="Unprocessable entity"):
    """The request is well formed but cannot be carried out."""


class RateLimitError(_StatusError, status=429, message="Too many requests"):
    """The service asks to slow down; ``retry_after`` says for how long, if it said so."""


class ServiceError(_StatusError, status=500, message="Internal server error"):
    """The service failed (any 5xx)."""


_BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequestError,
    401: UnauthorizedError,
    402: PaymentRequiredError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    412: FailedPreconditionError,
    413: PayloadTooLargeError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def error_class(status: int) -> type[ApiError]:
    """Return the class of error that stands for an HTTP status.

    Args:
        status: The status of an answer that is not a success.

    Returns:
        A subclass of ``ApiError`` where there is one for the status, else ``ApiError``.
    """
    if 500 <= status <= 599:
        return ServiceError
    return _BY_STATUS.get(status, ApiError)


class PineconeTimeoutError(PineconeError, TimeoutError):
    """The call did not finish in the time it was given.

    Attributes:
        sent: False when no byte of the request can have reached the server, so that a repeat is
            safe; True when it is unknown whether the server acted on it.
    """

    def __init__(self, message: str, *, sent: bool = True, response: Any = None) -> None:
        super().__init__(message)
        self.sent = sent
        self.response = response


class PineconeConnectionError(PineconeError, ConnectionError):
    """The server could not be reached, or the connection broke.

    Attributes:
        sent: False when no byte of the request can have reached the server, so that a repeat is
            safe; True when it is unknown whether the server acted on it.
        permanent: True when a repeat would fail in the same way, as with a refused certificate.
        stale: True when a connection kept from an earlier request broke before any of the answer
            came, most likely because the server had ended it in the meantime.
    """

    def __init__(
        self, message: str, *, sent: bool = True, permanent: bool = False, stale: bool = False
    ) -> None:
        super().__init__(message)
        self.sent = sent
        self.permanent = permanent
        self.stale = stale


class _ArgumentError(PineconeError):
    def __init__(self, message: str, path: str | None = None) -> None:
        super().__init__(message)
        self.path = path

    def __str__(self) -> str:
        return f"at {self.path}: {self.message}" if self.path else str(self.message)


class PineconeValueError(_ArgumentError, ValueError):
    """An argument has the right type but a value that cannot be used.

    Attributes:
        path: Where in the argument the value stands, such as ``records[2].metadata.n``, or None.
    """


class PineconeTypeError(_ArgumentError, TypeError):
    """An argument has a type that cannot be used.

    Attributes:
        path: Where in the argument the value stands, such as ``records[2].metadata.n``, or None.
    """


class UnexpectedArgumentError(PineconeValueError, PineconeTypeError):
    """A call has a keyword argument that it does not take. It is a ``ValueError`` too, as it used to be."""


class ResponseParsingError(PineconeError):
    """The answer was a success but not of the shape that was expected.

    Attributes:
        cause: What the decoder said, or None.
        request_id: What to quote to support, or None.
    """

    request_id: str | None = None

    def __init__(self, message: str, cause: Exception | None = None) -> None:
        super().__init__(message)
        self.cause = cause

    def __str__(self) -> str:
        if self.cause is None or str(self.cause) in str(self.message):
            return str(self.message)
        return f"{self.message} (caused by {type(self.cause).__name__}: {self.cause})"


class PineconeClosedError(PineconeError, RuntimeError):
    """The client was closed before the call."""


class IndexInitFailedError(PineconeError):
    """An index that was waited for could not be initialised.

    Attributes:
        index_name: The index.
    """

    def __init__(self, index_name: str) -> None:
        super().__init__(
            f"Index '{index_name}' entered InitializationFailed state; delete it and create it again"
        )
        self.index_name = index_name


class IndexTerminatedError(PineconeError):
    """An index that was waited for is going away.

    Attributes:
        name: The index.
        state: The state it was found in.
    """

    def __init__(self, name: str, state: str) -> None:
        super().__init__(
            f"Index '{name}' entered terminal state '{state}'; see pc.describe_index(name='{name}')"
        )
        self.name = name
        self.state = state


# The names of earlier generations. Each is the class it stands for.
PineconeException = PineconeError
PineconeProtocolError = PineconeError
PineconeApiAttributeError = PineconeError
PineconeApiKeyError = PineconeError
ListConversionException = PineconeError
PineconeApiException = ApiError
NotFoundException = NotFoundError
UnauthorizedException = UnauthorizedError
ForbiddenException = ForbiddenError
ServiceException = ServiceError
RateLimitException = RateLimitError
ValidationError = PineconeValueError
PineconeConfigurationError = PineconeValueError
PineconeApiValueError = PineconeValueError
PineconeApiTypeError = PineconeTypeError
