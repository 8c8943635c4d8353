"""Errors of one record, shaped as import results. Source: imports.md section 2.

`statusCode` is 422 for a fault of the record and 403 where the connection lost its credentials.
"""

from typing import Final

from isthmus.model.errors import CredentialsRejected, EgressDenied, Refused, RemoteError
from isthmus.records import RecordError
from isthmus.sdk import Fault, WriteResult

RECORD_FAULTS: Final = (RecordError, RemoteError, EgressDenied, Refused)
"""What may happen to one record without stopping the others; Refused where a line is full or a lookup cannot run."""

IGNORED: Final = WriteResult(ignored=True)


def fault_of(error: Exception, source: str = "application") -> Fault:
    """Shape one of RECORD_FAULTS; `source` is where a remote error came about."""
    if isinstance(error, RecordError):
        return Fault(error.code, error.message, error.source)
    if isinstance(error, RemoteError):
        return Fault(error.code, error.message, source)
    code = error.problems[0].code if isinstance(error, Refused) else EgressDenied.code
    return Fault(code, str(error), "connection" if isinstance(error, EgressDenied) else source)


def failed(error: Exception, source: str = "application") -> WriteResult:
    """Make the result of a record that met one of RECORD_FAULTS."""
    errors = (fault_of(error, source),)
    return (
        WriteResult(403, errors=errors) if isinstance(error, CredentialsRejected) else WriteResult(422, errors=errors)
    )


def refused(code: str, message: str, source: str = "internal") -> WriteResult:
    """Make the result of a record that will not do."""
    return WriteResult(422, errors=(Fault(code, message, source),))
