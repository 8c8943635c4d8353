"""What changed between two versions of a document, as `fieldChanges` of an audit entry. Source: api.md section 8.

Both versions are masked documents, so no secret can appear. A secret that was given shows its mask on both sides,
whether or not its value is a new one: an entry only for real changes would tell whether a guess was right.
"""

from collections.abc import Collection, Iterator
from typing import Final

import orjson

from isthmus.model.json import Document, Json
from isthmus.model.secret import MASK
from isthmus.services.fields import dotted

_NOT_CHANGES: Final = frozenset({"_id", "createdAt", "lastModified"})
_ABSENT: Final = object()


def field_changes(old: Document, new: Document, given: Collection[str] = ()) -> list[Document]:
    """List the fields that differ: `{fieldPath, oldValue?, newValue?}`, in the order of the old document, then the new.

    Objects are compared field by field, arrays and everything else whole. An object that is there on one side alone is
    one entry. `given` holds the JSON Pointers of the secrets that the request carried.
    """
    changes = [
        change
        for key in dict.fromkeys((*old, *new))
        if key not in _NOT_CHANGES
        for change in _differences(key, old.get(key, _ABSENT), new.get(key, _ABSENT))
    ]
    told = {change["fieldPath"] for change in changes}
    for pointer in sorted(given):
        path = dotted(pointer)
        if not any(path == known or path.startswith((f"{known}.", f"{known}[")) for known in told):
            changes.append({"fieldPath": path, "oldValue": MASK, "newValue": MASK})
    return changes


def _differences(path: str, old: Json, new: Json) -> Iterator[Document]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            yield from _differences(f"{path}.{key}", old.get(key, _ABSENT), new.get(key, _ABSENT))
    elif old is _ABSENT or new is _ABSENT or not _same(old, new):
        sides = (("oldValue", old), ("newValue", new))
        yield {"fieldPath": path, **{name: value for name, value in sides if value is not _ABSENT}}


def _same(old: Json, new: Json) -> bool:
    """Compare as JSON does: 1 is not true."""
    sorted_keys = orjson.OPT_SORT_KEYS
    return orjson.dumps(old, option=sorted_keys) == orjson.dumps(new, option=sorted_keys)
