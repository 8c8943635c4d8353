"""One request on the wire and what came back: what the debug log is made of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from isthmus.model.clock import now
from isthmus.transport.http.message import Request, Response


@dataclass(frozen=True, slots=True)
class Exchange:
    """One hop: either `response` or `error` (the message of what went wrong) is there. `elapsed` is in seconds.

    Nothing in it is masked: `isthmus.transport.http.redact` is for that, before it is stored or shown.
    """

    request: Request
    response: Response | None = None
    error: str | None = None
    started: datetime = field(default_factory=now)
    elapsed: float = 0.0
    id: UUID = field(default_factory=uuid4)


Recorder = Callable[[Exchange], None]
"""Takes each exchange as it ends, redirects and repeated attempts one by one. Must be quick and must not raise."""
