"""Every error of the product, named by what the caller does next.

    IsthmusError
    |- Refused           the client's fault; never retried
    |   |- Malformed  InvalidDocument  NotFound  Conflict  InUse  Unauthorized  Forbidden
    |   |- Unsupported  UnsupportedMedia  TooLarge  RateLimited
    |- RemoteError       the other system's fault
    |   |- Unreachable   try again later
    |   |- Rejected      it answered with a refusal
    |   |- Throttled     it asks us to slow down
    |   |- CredentialsRejected   refresh once, then the connection is offline
    |- EgressDenied      the policy of this installation said no
    |- StoreUnavailable our own store cannot take the call now; nothing was kept
    |- SetupError       the operator has to put the installation right first
    |- Bug               ours; the client gets an incident id

No message may hold a secret. HTTP statuses are chosen in `api/problem.py` alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: Celigo's code, a sentence, and the dotted path of the field where there is one."""

    code: str
    message: str
    field: str | None = None

    def as_dict(self) -> dict[str, str]:
        """Shape it as a member of the error envelope (api.md section 1)."""
        body = {"code": self.code, "message": self.message}
        return body if self.field is None else {**body, "field": self.field}


def missing(field: str) -> Problem:
    """A required field is absent."""
    return Problem("missing_required_field", f"Expected field: {field} to be present.", field)


def invalid(field: str, why: str) -> Problem:
    """A field is there, but its value will not do; `why` is a whole sentence without the value itself."""
    return Problem("invalid_field", why, field)


def invalid_ref(field: str) -> Problem:
    """A field names a resource that is not there."""
    return Problem("invalid_ref", f"Invalid reference: {field}", field)


class IsthmusError(Exception):
    """The root of every error that isthmus raises on purpose."""


class Refused(IsthmusError):
    """The client's fault: carries every problem found, at least one."""

    code: ClassVar[str] = "refused"

    def __init__(self, *problems: Problem | str, field: str | None = None) -> None:
        self.problems = tuple(p if isinstance(p, Problem) else Problem(self.code, p, field) for p in problems)
        super().__init__("; ".join(p.message for p in self.problems))


class Malformed(Refused):
    """The request cannot be read at all: broken JSON, a bad query parameter."""

    code = "malformed_request"


class InvalidDocument(Refused):
    """The document was read and will not do."""

    code = "invalid_field"

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> "InvalidDocument":
        """Build it from any number of problems, each kept once, in order."""
        return cls(*dict.fromkeys(problems))


class NotFound(Refused):
    """No such resource, or none that this caller may know of."""

    code = "not_found"


class Conflict(Refused):
    """Somebody else changed the document in the meantime."""

    code = "conflict"


class InUse(Refused):
    """The resource has dependants; the message says which."""

    code = "invalid_ref"


class Unauthorized(Refused):
    """The token is absent, unknown, expired or revoked."""

    code = "unauthorized"


class Forbidden(Refused):
    """The token is good, but not for this."""

    code = "forbidden"


class Unsupported(Refused):
    """The document is valid, but nothing here can do this with it yet."""

    code = "unsupported"


class UnsupportedMedia(Refused):
    """The body is not of a media type that this route reads."""

    code = "unsupported_media_type"


class TooLarge(Refused):
    """The body, its depth or its count of nodes is over the cap."""

    code = "too_large"


class RateLimited(Refused):
    """The account's bucket is full. `retry_after` is in whole seconds."""

    code = "rate_limited"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RemoteError(IsthmusError):
    """The other system's fault.

    `code` is its status or the name of the fault; `status` its HTTP status if it had one.
    """

    def __init__(self, code: str, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


class Unreachable(RemoteError):
    """No answer: name not found, refused, reset, timed out, or cut off."""


class Rejected(RemoteError):
    """It answered, and the answer is a refusal."""


class Throttled(RemoteError):
    """It asks for fewer calls. `retry_after` is in seconds, None where it does not say."""

    def __init__(self, code: str, message: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(code, message, status=status)
        self.retry_after = retry_after


class CredentialsRejected(RemoteError):
    """It does not accept the credentials, and a refresh (where there is one) did not help."""


class EgressDenied(IsthmusError):
    """Policy forbids the destination; the message names it as the client wrote it, never what it resolves to."""

    code: ClassVar[str] = "egress_denied"


class StoreUnavailable(IsthmusError):
    """Our own store cannot take the call: disk full, locked, not reachable. Nothing was kept.

    `full` tells that room is missing on its disk.
    """

    code: ClassVar[str] = "store_unavailable"

    def __init__(self, message: str, *, full: bool = False) -> None:
        super().__init__(message)
        self.full = full


class SetupError(IsthmusError):
    """The operator has to put something right: a key file, a folder in use, a schema. The message says what to do."""


class Bug(IsthmusError):
    """Ours. Raised where an invariant is broken; the client sees an incident id alone."""
