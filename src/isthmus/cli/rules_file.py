"""The rules of an import in a file, run over single lines of JSON."""

from dataclasses import dataclass, field

import orjson

from isthmus.model.errors import IsthmusError
from isthmus.model.json import Document, Json, Record
from isthmus.records import (
    LookupFailed,
    MappingContext,
    Note,
    RecordError,
    compile_filter,
    compile_mapping,
    compile_transform,
)
from isthmus.records.one_to_many import split


class BadRules(IsthmusError):
    """The file of rules cannot be read."""


@dataclass(slots=True)
class Outcome:
    """What became of one line: the records it gave, how many the filter left out, and what failed, in sentences."""

    records: list[Json] = field(default_factory=list)
    left_out: int = 0
    problems: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def fail(self, error: RecordError, rule: str = "") -> None:
        """Add a problem."""
        where = f"{rule}: " if rule else ""
        self.problems.append(f"{where}{error.message} ({error.source})")

    def as_dict(self) -> Document:
        """Show it with its notes; `records` is a list, as one line may give many."""
        shown: Document = {"records": self.records, "explain": [note.as_dict() for note in self.notes]}
        return {**shown, "errors": self.problems} if self.problems else shown


class RulesFile:
    """An import, compiled. Raises BadRules for what is no JSON, and RuleError with every problem of its rules."""

    def __init__(self, content: bytes, name: str) -> None:
        try:
            found = orjson.loads(content)
        except orjson.JSONDecodeError as error:
            raise BadRules(f"{name} is not JSON (line {error.lineno}, column {error.colno}).") from None
        if isinstance(found, dict) and isinstance(found.get("import"), dict):
            found = found["import"]
        if not isinstance(found, dict):
            raise BadRules(f"{name} must hold an import: an object with mapping or mappings.")
        self._transform = compile_transform(found.get("transform"))
        self._keep = compile_filter(found.get("filter"), "input_filter")
        self._mapping = compile_mapping(found)
        self._path = found.get("pathToMany") if found.get("oneToMany") else None
        failed = LookupFailed("dynamic lookups are not run here")
        self._context = MappingContext(lookups=dict.fromkeys(self._mapping.lookups, failed))

    def map(self, line: bytes) -> Outcome:
        """Map one line. Never raises for the line's sake."""
        return self._run(line, explain=False)

    def explain(self, line: bytes) -> Outcome:
        """Map one line and note what every rule did."""
        return self._run(line, explain=True)

    def _run(self, line: bytes, *, explain: bool) -> Outcome:
        outcome = Outcome()
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            outcome.problems.append(f"The line is not JSON (column {error.colno}).")
            return outcome
        if not isinstance(record, dict | list):
            outcome.problems.append("A record must be an object, or an array of rows.")
            return outcome
        try:
            children = [record] if self._path is None else split(record, str(self._path))
        except RecordError as error:
            outcome.fail(error)
            return outcome
        for child in children:
            self._one(child, outcome, explain=explain)
        return outcome

    def _one(self, child: Record, outcome: Outcome, *, explain: bool) -> None:
        try:
            record = self._transform(child)
            if not self._keep(record):
                outcome.left_out += 1
                outcome.notes.append(Note("filter", "", "skipped", "The filter leaves the record out."))
                return
        except RecordError as error:
            outcome.fail(error)
            return
        if not explain:
            try:
                outcome.records.append(self._mapping.apply(record, self._context))
            except RecordError:
                explain = True  # to learn which rule it was
            else:
                return
        told = self._mapping.explain(record, self._context)
        outcome.notes += told.notes
        if told.error is not None:
            outcome.fail(told.error, next((note.rule for note in told.notes if note.outcome == "failed"), ""))
        else:
            outcome.records.append(told.record)
