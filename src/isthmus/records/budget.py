"""How long the rules of one call may work, all its records together, and when others must have a turn.

Rules run without a pause, so whatever they take everybody waits for. One render has its own fuel; a mapping may render
ten thousand times, and a call has ten thousand records. Source: hostile-cases 84.
"""

from contextvars import ContextVar
from math import inf
from time import monotonic
from typing import Final

from isthmus.records.errors import RecordError

RECORD_SECONDS: Final = 2.0
CALL_SECONDS: Final = 120.0
TURN_SECONDS: Final = 0.02
"""After so long a while without one, others get their turn."""


class Budget:
    """The time of one call. Work on one record stands in a `with` block, without a pause in it.

    Entering raises RecordError where the time is used up; templates rendered inside end at `deadline`. Where a turn of
    others is `due`, whoever can pause does so before the next record, and says `turned`.
    """

    __slots__ = ("_began", "_left", "_turned", "deadline", "due")

    def __init__(self, seconds: float = CALL_SECONDS) -> None:
        self.deadline = inf
        self.due = False
        self._left = seconds
        self._began = self._turned = monotonic()

    def __enter__(self) -> None:
        """Begin a record's work."""
        self._began = monotonic()
        if self._left <= 0:
            raise RecordError("rules_too_slow", "The rules of this call take too long: send fewer records in one call.")
        self.deadline = self._began + min(RECORD_SECONDS, self._left)

    def __exit__(self, *_error: object) -> None:
        """End it, and count what it took."""
        ended = monotonic()
        self._left -= ended - self._began
        self.deadline = inf
        self.due = ended - self._turned > TURN_SECONDS

    def turned(self) -> None:
        """Note that the others had their turn."""
        self._turned, self.due = monotonic(), False


_CURRENT: Final[ContextVar[Budget | None]] = ContextVar("budget", default=None)


def begin_budget() -> Budget:
    """Give the call at hand, and whatever it starts from here on, a budget."""
    budget = Budget()
    _CURRENT.set(budget)
    return budget


def current_budget() -> Budget:
    """Give the budget of the call at hand; one without an end where nobody began one."""
    return _CURRENT.get() or Budget(inf)


def current_deadline() -> float:
    """Tell until when (`time.monotonic`) the record at hand may be worked on."""
    budget = _CURRENT.get()
    return inf if budget is None else budget.deadline
