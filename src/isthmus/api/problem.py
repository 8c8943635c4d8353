"""Every error -> `{"errors": [{"code", "message", "field"}]}`. The one table of exception class and HTTP status.

Source: api.md section 1 "Error envelope" and "Status codes"; architecture.md "Errors".
"""

import traceback
from typing import Final

import structlog

from isthmus.api.call import Answer, Header, json_answer
from isthmus.model import errors
from isthmus.model.json import Document

_log = structlog.get_logger("isthmus.api")

STATUS: Final[dict[type[BaseException], int]] = {
    errors.Malformed: 400,
    errors.Unauthorized: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    errors.UnsupportedMedia: 415,
    errors.InUse: 422,
    errors.InvalidDocument: 422,
    errors.Unsupported: 422,
    errors.Refused: 422,
    errors.RemoteError: 422,
    errors.EgressDenied: 422,
    errors.RateLimited: 429,
    errors.Bug: 500,
    errors.StoreUnavailable: 503,
}
"""The nearest class of an exception's line of descent decides; what is not here is a bug."""

INTERNAL: Final = 500
_UNAVAILABLE: Final = "The service cannot take this at the moment: try again shortly."
_FULL: Final = "The disk of the service is full, so nothing was kept; what is stored can still be read."


def status_of(error: BaseException) -> int:
    """Choose the status of an exception."""
    return next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), INTERNAL)


def problem_answer(error: BaseException, incident: str) -> Answer:
    """Render an exception. `incident` is what a 500 shows in place of anything about itself; it is logged with it."""
    status = status_of(error)
    if status == INTERNAL:
        _log.error("incident", incident=incident, error=type(error).__name__, at=_trace(error))
    if isinstance(error, errors.StoreUnavailable):
        _log.warning("unavailable", incident=incident, reason=str(error))
    return json_answer({"errors": _problems(error, status, incident)}, status=status, headers=_headers(error))


def release(error: BaseException) -> None:
    """Let go of everything that the frames of an answered error still hold: a page of a target's, often in a cycle.

    The garbage collector would come for it, but not before many more such pages.
    """
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            waiting += (one.__cause__, one.__context__)
            traceback.clear_frames(one.__traceback__)


def _problems(error: BaseException, status: int, incident: str) -> list[Document]:
    if isinstance(error, errors.Refused):
        return [problem.as_dict() for problem in error.problems]
    if isinstance(error, errors.RemoteError):
        return [{"code": error.code, "message": error.message, "source": "application"}]
    if isinstance(error, errors.EgressDenied):
        return [{"code": error.code, "message": str(error), "source": "application"}]
    if status == INTERNAL:
        return [{"code": "internal_error", "message": f"Something is wrong on our side. Report incident {incident}."}]
    full = isinstance(error, errors.StoreUnavailable) and error.full
    return [{"code": "unavailable", "message": _FULL if full else _UNAVAILABLE}]


def _headers(error: BaseException) -> tuple[Header, ...]:
    if isinstance(error, errors.Unauthorized):
        return ((b"www-authenticate", b'Bearer realm="isthmus"'),)
    if isinstance(error, errors.RateLimited):
        return ((b"retry-after", b"%d" % error.retry_after),)
    return ((b"retry-after", b"5"),) if isinstance(error, errors.StoreUnavailable) else ()


def _trace(error: BaseException) -> list[str]:
    """Give file and line of every frame, innermost last: an exception's text or a local might hold a secret."""
    frames, at = [], error.__traceback__
    while at is not None:
        code = at.tb_frame.f_code
        frames.append(f"{code.co_filename}:{at.tb_lineno} {code.co_name}")
        at = at.tb_next
    return frames
