"""Why a field is there or not: what each rule of a mapping did with one record.

Explanations come from the oracles, which do what the generated code does, step by step. They name rules, never values.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from isthmus.model.json import Document, Json
from isthmus.records.errors import RecordError

Outcome: TypeAlias = Literal["written", "default", "skipped", "failed"]
MOST: Final = 1_000
"""How many notes one record may have: rules in arrays make one for each element."""
_LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Note:
    """What one rule did. `rule` is where it stands in the document; `rows` the elements that it was run for."""

    rule: str
    generate: str
    outcome: Outcome
    why: str
    rows: tuple[int, ...] = ()

    def as_dict(self) -> Document:
        """Give the note as the API shows it."""
        shown: Document = {"rule": self.rule, "generate": self.generate, "outcome": self.outcome, "why": self.why}
        return {**shown, "rows": list(self.rows)} if self.rows else shown


@dataclass(slots=True)
class Explanation:
    """One record as it is mapped (`record`; or `error`, where it cannot be), and the notes in the order of the work."""

    record: Json = None
    error: RecordError | None = None
    notes: list[Note] = field(default_factory=list)

    def add(self, note: Note) -> None:
        """Add a note; those over the cap are left out, which a last one says."""
        if len(self.notes) < MOST:
            self.notes.append(note)
        elif len(self.notes) == MOST:
            self.notes.append(Note("", "", "skipped", f"There are more than {MOST:,} notes; the others are left out."))

    def fail(self, rule: str, generate: str, error: RecordError, rows: tuple[int, ...] = ()) -> None:
        """Note which rule failed the record: the first that is told, as that is the innermost."""
        if self.error is None:
            self.error = error
            self.notes.append(Note(rule, generate, "failed", error.message, rows))

    def run(self, work: Callable[[], Json]) -> "Explanation":
        """Do the work that makes the record."""
        try:
            self.record = work()
        except RecordError as error:
            self.fail("mapping", "", error)
        except RecursionError:
            self.fail("mapping", "", RecordError("too_deep", "The record nests too deep to be mapped."))
        return self


def quoted(text: str) -> str:
    """Quote a part of a rule, cut where it is long."""
    return f"'{text}'" if len(text) <= _LONGEST else f"'{text[:_LONGEST]}...'"
