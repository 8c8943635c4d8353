"""Whether a record is created, updated or ignored, before it is mapped. Source: imports.md sections 1 and 3."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from isthmus.adaptors.http.fields import block, text
from isthmus.adaptors.http.import_plan import lookups_of, request_types
from isthmus.model.errors import InvalidDocument, Rejected, invalid
from isthmus.model.json import Document, Json, Record
from isthmus.records.paths import MISSING, compile_path
from isthmus.sdk import Decision

Find = Callable[[Document, Record], Awaitable[list[Json]]]
"""Runs a dynamic lookup and gives every value found."""


@dataclass(frozen=True, slots=True)
class Existence:
    """How an import tells whether a record exists: by a path of the incoming record, or by a lookup."""

    extract: str = ""
    lookup: str = ""

    def __bool__(self) -> bool:
        """Whether the import says how at all."""
        return bool(self.extract or self.lookup)


async def decide(document: Document, source: Record, find: Find) -> Decision:
    """Decide for one record. Raises what a lookup raises, and Rejected where a lookup finds several."""
    http = block(document, "http")
    types = request_types(http)
    upsert = Existence(text(http, "existingExtract"), text(http, "existingLookupName"))
    ignore = Existence(text(http, "ignoreExtract"), text(http, "ignoreLookupName")) or upsert
    skips_existing, skips_missing = document.get("ignoreExisting") is True, document.get("ignoreMissing") is True
    exists: bool | None = None
    if (skips_existing or skips_missing) and ignore:
        exists = await _exists(document, ignore, source, find)
        if exists if skips_existing else not exists:
            return "ignore"
        if skips_missing and skips_existing:
            return "ignore"
    if "CREATE" in types and "UPDATE" in types and upsert:
        known = exists if exists is not None and upsert == ignore else await _exists(document, upsert, source, find)
        return "update" if known else "create"
    return "update" if types[:1] == ["UPDATE"] else "create"


async def _exists(document: Document, how: Existence, source: Record, find: Find) -> bool:
    if how.extract:
        value = compile_path(how.extract)(source)
        return value is not MISSING and value is not None and value not in ("", [], {})
    definition = next((entry for entry in lookups_of(document) if entry["name"] == how.lookup), None)
    if definition is None:
        why = f"The import has no lookup named {how.lookup}."
        raise InvalidDocument(invalid("http.existingLookupName", why))
    found = await find(definition, source)
    if len(found) > 1:
        message = f"The lookup {how.lookup} found {len(found)} records, so that it does not tell which one is meant."
        raise Rejected("ambiguous_lookup", message)
    return bool(found)
