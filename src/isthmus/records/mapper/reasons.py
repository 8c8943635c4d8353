"""What became of a rule, as a word for the code and as a sentence for people."""

from enum import Enum
from typing import Final

from isthmus.records.explain import Note, Outcome, quoted
from isthmus.records.mapper.plan1 import FieldPlan
from isthmus.records.mapper.plan2 import Entry, Literal
from isthmus.records.paths.read import Path


class Step(Enum):
    """How a rule ended."""

    WRITTEN = "written"
    DEFAULT = "default"
    NOT_MET = "not met"
    IMMUTABLE = "immutable"
    SET = "set"
    EMPTY = "empty"
    DISCARDED = "discarded"


_OUTCOMES: Final[dict[Step, Outcome]] = {Step.WRITTEN: "written", Step.DEFAULT: "default"}


def note1(plan: FieldPlan, step: Step, rows: tuple[int, ...] = ()) -> Note:
    """Tell what a rule of Mapper 1.0 did."""
    if plan.template is not None:
        source = "The template"
    elif plan.path is not None:
        source = f"The extract {quoted(plan.path.text)}"
    else:
        source = "The hard-coded value"
    how = _how(plan.lookup, plan.kind)
    condition = plan.condition.when if plan.condition else ""
    return Note(plan.at, plan.write.text, _OUTCOMES.get(step, "skipped"), _why(step, source, how, condition), rows)


def note2(entry: Entry, step: Step, rows: tuple[int, ...] = ()) -> Note:
    """Tell what an entry of Mapper 2.0 did."""
    if entry.builds:
        source = "The array made by buildArrayHelper"
    elif entry.entries:
        source = "The object made by its mappings"
    elif isinstance(entry.source, Path):
        source = f"The extract {quoted(entry.source.text)}"
    else:
        source = "The hard-coded value" if isinstance(entry.source, Literal) else "The template"
        source = source if entry.source is not None else "The entry without an extract"
    plain = not entry.builds and not entry.entries
    how = _how(entry.lookup, ("date" if entry.dates else entry.kind) if plain else "")
    condition = entry.condition.when if entry.condition else ""
    return Note(entry.at, entry.key, _OUTCOMES.get(step, "skipped"), _why(step, source, how, condition), rows)


def _how(lookup: str | None, kind: str) -> str:
    looked = f", looked up in {quoted(lookup)}" if lookup else ""
    return looked + (f", converted to {kind}" if kind else "")


def _why(step: Step, source: str, how: str, condition: str) -> str:
    nothing = f"{source} gives nothing{how.partition(', converted')[0]}"
    return {
        Step.WRITTEN: f"{source} gives the value{how}.",
        Step.DEFAULT: f"{nothing}: the default stands in.",
        Step.NOT_MET: f"The condition {condition} does not hold.",
        Step.IMMUTABLE: "The field is immutable: it is not written when a record is updated.",
        Step.SET: "An earlier rule wrote the field, and the condition is ignore_if_set.",
        Step.EMPTY: f"{nothing}, and the rule has no default.",
        Step.DISCARDED: f"{nothing}, and discardIfEmpty leaves the field out.",
    }[step]
