"""What a service acknowledged, and what it may have done when it died before it could say so."""

import threading
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Known:
    """A document as it was last acknowledged: its content, and the events of its audit rows, oldest first."""

    kind: str
    content: dict[str, Any] | None
    events: tuple[str, ...]

    @property
    def resource(self) -> str:
        return self.kind[:-1]

    def after(self, event: str, content: dict[str, Any] | None) -> "Known":
        return replace(self, content=content, events=(*self.events, event))


@dataclass
class Ledger:
    """Everything that was acknowledged. A document in doubt is as it was, or as the unanswered request wanted it."""

    documents: dict[str, Known] = field(default_factory=dict)
    doubts: dict[str, Known] = field(default_factory=dict)
    unanswered_creates: int = 0
    live_tokens: set[str] = field(default_factory=set)
    dead_tokens: set[str] = field(default_factory=set)
    acknowledged: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self, id_: str, known: Known) -> None:
        with self._lock:
            self.documents[id_] = known
            self.acknowledged += 1

    def doubt(self, id_: str | None, wanted: Known) -> None:
        with self._lock:
            if id_ is None:
                self.unanswered_creates += 1
            else:
                self.doubts[id_] = wanted

    def token(self, value: str, *, live: bool) -> None:
        with self._lock:
            (self.live_tokens if live else self.dead_tokens).add(value)
            if not live:
                self.live_tokens.discard(value)
            self.acknowledged += 1
