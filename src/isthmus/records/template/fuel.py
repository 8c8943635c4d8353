"""The fuel of one render, and what else a helper may ask for: the time, the root context, the lookups."""

from collections.abc import Mapping
from datetime import datetime
from time import monotonic
from typing import Any, Final

from isthmus.model.clock import Clock, now
from isthmus.records.budget import current_deadline
from isthmus.records.errors import RecordError
from isthmus.records.limits import DEFAULT, Limits

_LUMP: Final = 256


class Run:
    """One render. Generated code, the interpreter and helpers spend its fuel; it ends in a RecordError."""

    __slots__ = ("_clock", "_deadline", "_limits", "_now", "room", "root", "steps", "tables")

    def __init__(
        self, root: dict[str, Any], tables: Mapping[str, Any], limits: Limits = DEFAULT, clock: Clock = now
    ) -> None:
        self.root = root
        self.tables = tables
        self.steps = limits.steps
        self.room = limits.output
        self._limits = limits
        self._deadline = min(monotonic() + limits.seconds, current_deadline())
        self._clock = clock
        self._now: datetime | None = None

    def charge(self, steps: int) -> None:
        """Spend steps. Raises RecordError where they, or the time, are used up."""
        self.steps -= steps
        if self.steps < 0:
            raise RecordError("template_too_costly", f"The template takes more than {self._limits.steps:,} steps.")
        if monotonic() > self._deadline:
            raise RecordError("template_too_slow", f"The template takes longer than {self._limits.seconds:g} s.")

    def grant(self, need: int) -> int:
        """Hand out steps in a lump, so that a loop need not look at the clock in every round."""
        self.charge(need + _LUMP)
        return need + _LUMP

    def full(self) -> RecordError:
        """The refusal of an output over the cap."""
        return RecordError("template_too_long", f"The template prints more than {self._limits.output:,} characters.")

    def check(self, size: int) -> None:
        """Refuse a text that a helper is about to make if it alone is over the cap of the output."""
        if size > self._limits.output:
            raise self.full()

    def seconds_left(self) -> float:
        """Tell how much time is left, in seconds; not below 0."""
        return max(0.0, self._deadline - monotonic())

    @property
    def now(self) -> datetime:
        """The instant of this render, the same for all of it."""
        if self._now is None:
            self._now = self._clock()
        return self._now
