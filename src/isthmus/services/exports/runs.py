"""What one run of a virtual export remembers from page to page: its times and how many records it took.

Source: exports.md section 4. A virtual export has no history: the last run is what `postData` says, else the delta's
`startDate`, else the epoch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from isthmus.model.clock import Clock, from_iso, to_iso
from isthmus.model.errors import InvalidDocument, Problem, invalid
from isthmus.model.json import Document, Json
from isthmus.records.dates import compile_writer

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST, _CURRENT = "lastExportDateTime", "currentExportDateTime"


@dataclass(frozen=True, slots=True)
class ExportRun:
    """The variables that templates see, and for a `test` export how many records may still come (else None)."""

    variables: Mapping[str, Json] = field(default_factory=dict)
    left: int | None = None

    def after(self, taken: int) -> "ExportRun":
        """The run once so many more records were taken."""
        return self if self.left is None else ExportRun(self.variables, max(0, self.left - taken))

    def remembered(self, *, times: bool) -> Document:
        """What the next page must know, as JSON; the times only where the model can see them."""
        kept: Document = {} if self.left is None else {"left": self.left}
        if times:
            kept["variables"] = dict(self.variables)
        return kept

    def resumed(self, kept: Mapping[str, Json]) -> "ExportRun":
        """This run as it was when the state was issued."""
        return ExportRun(kept.get("variables", self.variables), kept.get("left", self.left))


def start_run(model: Document, post_data: Json, clock: Clock) -> ExportRun:
    """Begin a run. Raises InvalidDocument for times that are none."""
    delta = model.get("delta") or {} if model.get("type") == "delta" else {}
    given, problems = _given(post_data, delta)
    if problems:
        raise InvalidDocument.of(problems)
    last = given.get(_LAST, EPOCH) - timedelta(milliseconds=_number(delta.get("lagOffset")))
    pattern = delta.get("dateFormat")
    variables = {_LAST: _written(last, pattern), _CURRENT: _written(given.get(_CURRENT) or clock(), pattern)}
    return ExportRun(variables, _limit(model))


def _given(post_data: Json, delta: Document) -> tuple[dict[str, datetime], list[Problem]]:
    named = post_data if isinstance(post_data, dict) else {}
    fields = {_LAST: ("delta.startDate", delta.get("startDate"))}
    fields |= {name: (f"postData.{name}", named[name]) for name in (_LAST, _CURRENT) if named.get(name)}
    times: dict[str, datetime] = {}
    problems = []
    for name, (where, value) in fields.items():
        try:
            if value:
                times[name] = from_iso(value)
        except (TypeError, ValueError):
            problems.append(invalid(where, f"The field {where} must be an ISO 8601 time."))
    return times, problems


def _limit(model: Document) -> int | None:
    if model.get("type") != "test":
        return None
    return max(1, min(100, int(_number((model.get("test") or {}).get("limit")) or 1)))


def _number(value: Json) -> float:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0


def _written(instant: datetime, pattern: Json) -> str:
    return compile_writer(pattern)(instant) if isinstance(pattern, str) and pattern else to_iso(instant)
