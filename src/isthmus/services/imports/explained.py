"""Explained records: the plain answer beside what every rule did; the steps before the mapping have own notes."""

from collections.abc import Sequence
from typing import Final

from isthmus.model.json import Document, Json
from isthmus.records import Note
from isthmus.sdk import WriteResult
from isthmus.services.imports.faults import fault_of

LEFT_OUT: Final = Note("filter", "", "skipped", "The filter leaves the record out.")
NOT_WANTED: Final = Note("", "", "skipped", "The import ignores the record: ignoreExisting or ignoreMissing.")
_RULES: Final = {"transformation": "transform", "input_filter": "filter", "lookup": "lookups", "mapping": "mapping"}


def note_of(error: Exception, step: str) -> Note:
    """Note what failed a record before its mapping began."""
    fault = fault_of(error, step)
    return Note(_RULES.get(fault.source, ""), "", "failed", fault.message)


def note_of_child(result: WriteResult) -> Note:
    """Note why there is nothing to map: no record, or no children in it."""
    if result.ignored:
        return Note("pathToMany", "", "skipped", "There are no children at pathToMany.")
    return Note("", "", "failed", result.errors[0].message)


def explained(record: Json, children: Sequence[Sequence[Note]], *, split: bool) -> Document:
    """Show one record of the plain answer with its notes; those of a record that was split name the child."""
    notes = [
        {**note.as_dict(), **({"child": number} if split else {})}
        for number, notes in enumerate(children)
        for note in notes
    ]
    return {"record": record, "explain": notes}
