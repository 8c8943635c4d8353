"""All that the author of an adaptor imports, and nothing else.

An adaptor is one folder, `adaptors/<type>/`, whose package offers `SPEC` (a `ConnectionType`). It is found by its
place, or by the entry point group `isthmus.adaptors` when it comes from another distribution.
"""

from isthmus.model.json import Document, Json, Record
from isthmus.sdk.adaptor import (
    Adaptor,
    Decider,
    Decision,
    Export,
    Fault,
    Import,
    LookupMiss,
    LookupSource,
    Opening,
    Outgoing,
    Pingable,
    PingResult,
    Reader,
    SecretKeeper,
    Writer,
    WriteResult,
)
from isthmus.sdk.connection_type import Block, ConnectionType, Opener, Reference
from isthmus.sdk.paging import Cursor, Page

__all__ = [
    "Adaptor",
    "Block",
    "ConnectionType",
    "Cursor",
    "Decider",
    "Decision",
    "Document",
    "Export",
    "Fault",
    "Import",
    "Json",
    "LookupMiss",
    "LookupSource",
    "Opener",
    "Opening",
    "Outgoing",
    "Page",
    "PingResult",
    "Pingable",
    "Reader",
    "Record",
    "Reference",
    "SecretKeeper",
    "WriteResult",
    "Writer",
]
