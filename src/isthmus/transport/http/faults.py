"""What can go wrong on the wire, as errors of the model. Messages name the destination as the client wrote it.

Codes: name_not_found, connection_refused, connection_failed, connection_lost, timed_out, tls_failed, truncated,
too_large, bad_answer, bad_encoding, unsupported_encoding, too_many_redirects, redirect_refused.
"""

import errno

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ClientError,
    ClientOSError,
    ClientPayloadError,
    ServerDisconnectedError,
)

from isthmus.model.errors import EgressDenied, IsthmusError, Unreachable
from isthmus.transport.egress import denied
from isthmus.transport.http.resolver import ForbiddenAddressError


class LostError(Unreachable):
    """The connection went away before the first byte of the answer; the request may or may not have arrived."""

    def __init__(self, shown: str) -> None:
        super().__init__("connection_lost", f"{shown} closed the connection without an answer.")


def translate(error: Exception, shown: str) -> IsthmusError:
    """Turn what the client library or the socket raised into an error of the model."""
    if isinstance(error, EgressDenied):
        return denied(shown)
    if isinstance(error, ClientConnectorError):
        return _not_connected(error, shown)
    if isinstance(error, TimeoutError):
        return Unreachable("timed_out", f"{shown} did not answer in time.")
    if _is_cut_off(error):
        return cut_off(shown)
    if isinstance(error, ServerDisconnectedError | ClientOSError | OSError):
        return LostError(shown)
    return Unreachable("bad_answer", f"{shown} sent something that is not a valid HTTP answer.")


def _is_cut_off(error: Exception) -> bool:
    begun = isinstance(error, ServerDisconnectedError) and not isinstance(error.message, str)
    return begun or isinstance(error, ClientPayloadError)


def _not_connected(error: ClientConnectorError, shown: str) -> IsthmusError:
    cause = error.os_error
    if isinstance(cause, ForbiddenAddressError):
        return denied(shown)
    if isinstance(error, ClientConnectorDNSError):
        return Unreachable("name_not_found", f"The host name of {shown} cannot be resolved.")
    if isinstance(error, ClientConnectorSSLError):
        return Unreachable("tls_failed", f"{shown} and this service found no way to talk TLS.")
    if cause.errno == errno.ECONNREFUSED:
        return Unreachable("connection_refused", f"{shown} refused the connection.")
    return Unreachable("connection_failed", f"{shown} cannot be reached.")


def translate_certificate(error: ClientConnectorCertificateError, shown: str) -> Unreachable:
    """Say what is wrong with the certificate of the other side."""
    reason = getattr(error.certificate_error, "verify_message", "") or "it is not valid for this host"
    return Unreachable("tls_failed", f"The certificate of {shown} is not trusted: {reason}.")


WIRE_ERRORS = (ClientError, OSError, EgressDenied)
"""All that a call on the wire may raise; timeouts are OSErrors."""


def cut_off(shown: str) -> Unreachable:
    """Say that an answer ended in its middle."""
    return Unreachable("truncated", f"{shown} closed the connection in the middle of its answer.")


def too_large(shown: str, cap: int) -> Unreachable:
    """Say that an answer is over the cap, in bytes."""
    return Unreachable("too_large", f"The answer of {shown} is larger than {cap} bytes.")
