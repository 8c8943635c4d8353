"""Lookups: static tables, and the results of dynamic ones, with one rule for what is not found.

Source: mapping.md section 4. A miss gives the `default` where there is one, nothing (null) where `allowFailures` is
true, and else fails the record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from isthmus.model.json import Document, Json
from isthmus.records.context import LookupFailed
from isthmus.records.errors import Problems, RecordError
from isthmus.records.paths.read import MISSING
from isthmus.records.values import is_empty, to_text

_DYNAMIC: Final = ("relativeURI", "method", "query", "recordType", "sObjectType", "whereClause", "_lookupCacheId")


@dataclass(frozen=True, slots=True)
class Lookup:
    """One declared lookup. `table` is None for a dynamic one, whose result is handed in."""

    name: str
    table: Mapping[str, Json] | None
    has_default: bool
    default: Json
    allow_failures: bool

    def __call__(self, key: Any) -> Json:
        """Look a key up in a static table; keys are compared as text, case counts. Raises RecordError for a miss."""
        if self.table is None:
            return self.miss("its result was not handed in")
        found = MISSING if is_empty(key) else self.table.get(to_text(key), MISSING)
        return self.miss("it has no entry for the value") if found is MISSING else found

    def result(self, found: "Json | LookupFailed") -> Json:
        """Take the result of a dynamic lookup. Raises RecordError for a miss."""
        if isinstance(found, LookupFailed):
            return self.miss(found.message)
        return self.miss("it found nothing") if found is MISSING or found is None else found

    def miss(self, why: str) -> Json:
        """Apply the rule for a miss."""
        if self.has_default:
            return self.default
        if self.allow_failures:
            return None
        raise RecordError("lookup_failed", f"The lookup '{self.name}' failed: {why}.", "lookup")


class Lookups:
    """All lookups that a document declares, by name."""

    def __init__(self, declared: Mapping[str, Lookup]) -> None:
        self.declared = declared
        self.tables = {name: lookup for name, lookup in declared.items() if lookup.table is not None}

    def is_dynamic(self, name: str) -> bool:
        """Tell whether a lookup's result has to be handed in."""
        lookup = self.declared.get(name)
        return lookup is not None and lookup.table is None

    def find(self, name: str, key: Any, results: Mapping[str, "Json | LookupFailed"]) -> Json:
        """Run a lookup for a key. Raises RecordError for a miss, and for one that nobody declared."""
        lookup = self.declared.get(name)
        if lookup is None:
            raise RecordError("lookup_failed", f"There is no lookup named '{name[:100]}'.", "lookup")
        return lookup(key) if lookup.table is not None else lookup.result(results.get(name, LookupFailed()))


def compile_lookups(declared: Any, field: str, problems: Problems) -> Lookups:
    """Read the `lookups` of a document. Problems name `field`."""
    found: dict[str, Lookup] = {}
    for index, document in enumerate(declared if isinstance(declared, list) else []):
        if not isinstance(document, dict) or not isinstance(document.get("name"), str) or not document["name"]:
            problems.add(f"{field}[{index}].name", "A lookup must be an object with a name.")
            continue
        found[document["name"]] = _lookup(document)
    return Lookups(found)


def _lookup(document: Document) -> Lookup:
    table = document.get("map")
    dynamic = not (isinstance(table, dict) and table) and any(document.get(key) for key in _DYNAMIC)
    return Lookup(
        document["name"],
        None if dynamic else (table if isinstance(table, dict) else {}),
        "default" in document,
        document.get("default"),
        document.get("allowFailures") is True,
    )


def compile_tables(declared: Sequence[Document]) -> dict[str, Lookup]:
    """Give the static lookups of a document by name, for templates."""
    return compile_lookups(list(declared), "lookups", Problems()).tables
