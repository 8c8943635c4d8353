"""Splitting one record into many. Source: imports.md section 5."""

from typing import Final

from isthmus.model.json import Json, Record
from isthmus.records.errors import RecordError, RuleError
from isthmus.records.paths import MISSING, compile_path

PARENT: Final = "_PARENT"


def split(record: Record, path: str) -> list[Record]:
    """Split a record by the array at `path`: each child's fields at its root, the parent under `_PARENT`.

    A child that is no object stands under `value`. No array gives no children, an object one child. Raises RecordError
    for a path that is none, or that goes through an array.
    """
    try:
        read = compile_path(path)
    except RuleError as error:
        raise RecordError("invalid_path", "The path of the children is not valid.", "mapping") from error
    if read.many:
        raise RecordError("invalid_path", "The path of the children must not go through an array.", "mapping")
    found = read(record)
    if found is MISSING or found is None:
        return []
    return [_child(child, record) for child in (found if isinstance(found, list) else [found])]


def _child(child: Json, parent: Record) -> Record:
    fields = child if isinstance(child, dict) else {"value": child}
    return {**fields, PARENT: parent}
