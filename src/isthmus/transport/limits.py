"""How long and how large an outbound call may be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one outbound call. Times are in seconds, sizes in bytes.

    `total` spans one attempt: connecting, sending, every redirect and the whole body, but not the wait at the gate.
    `idle` is the longest silence of the other side. `body` bounds the answer as decoded, and as it came over the wire.
    `header_size` bounds one header field and the status line, `headers` their number.
    """

    connect: float = 10.0
    total: float = 120.0
    idle: float = 60.0
    body: int = 64 * 1024 * 1024
    header_size: int = 32 * 1024
    headers: int = 200
    redirects: int = 5
