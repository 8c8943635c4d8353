"""Turns what went wrong with one call into the faults that clients see. Source: imports.md section 2."""

from isthmus.model.errors import EgressDenied, IsthmusError, Refused, RemoteError
from isthmus.records import RecordError
from isthmus.sdk import Fault


def as_faults(error: IsthmusError) -> tuple[Fault, ...]:
    """Shape an error of one record or one ping; the messages of all of these hold no secret."""
    if isinstance(error, RecordError):
        return (Fault(error.code, error.message, error.source),)
    if isinstance(error, RemoteError):
        return (Fault(error.code, error.message),)
    if isinstance(error, EgressDenied):
        return (Fault(error.code, str(error), "connection"),)
    if isinstance(error, Refused):
        return tuple(Fault(problem.code, problem.message) for problem in error.problems)
    return (Fault("internal_error", "The record could not be sent.", "internal"),)
