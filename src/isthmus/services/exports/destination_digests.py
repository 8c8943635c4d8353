"""A digest of where a connection leads, to tell whether it still leads there.

Source: decisions.md "Destination fields".
"""

from typing import Final

from isthmus.model.json import Document
from isthmus.model.look import at
from isthmus.sdk.registry import connection_type
from isthmus.services.canonical import digest

_NEVER_MATTERS: Final = frozenset({"_id", "name", "createdAt", "lastModified", "offline", "debugDate", "debugUntil"})


def destination_of(display: Document) -> str:
    """Digest the destination fields of a connection without secrets.

    Where one of them is a template, everything that it could read counts as part of it.
    """
    fields = {field: at(display, field) for field in connection_type(display.get("type")).destination}
    read = {}
    if any("{{" in str(value) for value in fields.values()):
        read = {key: value for key, value in display.items() if key not in _NEVER_MATTERS}
    return digest([display.get("type"), fields, read])
