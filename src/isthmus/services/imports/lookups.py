"""The dynamic lookups of an import, run for each record through the import's own connection.

The mapping names those that it wants; the templates of URIs, headers and bodies read others as `{{lookup.name}}`.
Source: imports.md section 6.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import orjson

from isthmus.model.json import Document, Json, Record
from isthmus.records import LookupFailed, RecordError
from isthmus.records.errors import Problems
from isthmus.records.lookup import Lookups, compile_lookups
from isthmus.sdk import LookupMiss, LookupSource


@dataclass(frozen=True, slots=True)
class Found:
    """The results for one record: as the mapping takes them, and as templates do, where a miss shows its default."""

    mapping: Mapping[str, Json | LookupFailed]
    templates: Mapping[str, Json]


_NOTHING = Found({}, {})


class ImportLookups:
    """The lookups that one import model wants. Safe to share between runs."""

    def __init__(self, model: Document, wanted: Iterable[str]) -> None:
        self._definitions = {lookup["name"]: lookup for lookup in _declared(model)}
        self._rules: Lookups = compile_lookups(list(self._definitions.values()), "lookups", Problems())
        self._read = tuple(name for name in _mentioned(model, self._definitions) if self._rules.is_dynamic(name))
        self.names = tuple(dict.fromkeys((*wanted, *self._read)))

    async def run(self, source: LookupSource | None, record: Record) -> Found:
        """Run them for one record. Raises RecordError for a miss that fails it, and what the lookup itself raises."""
        if not self.names:
            return _NOTHING
        results = {name: await self._one(name, source, record) for name in self.names}
        shown = {name: value for name, value in results.items() if not isinstance(value, LookupFailed)}
        return Found(results, {**shown, **{name: self._rules.find(name, None, results) for name in self._read}})

    async def _one(self, name: str, source: LookupSource | None, record: Record) -> Json | LookupFailed:
        definition = self._definitions.get(name)
        if definition is None or source is None:
            why = "is not declared" if definition is None else "cannot be run through a connection of this type"
            raise RecordError("lookup_failed", f"The lookup '{name[:100]}' {why}.", "lookup")
        try:
            return await source.lookup(definition, record)
        except LookupMiss as miss:
            return LookupFailed(str(miss))


def _declared(model: Document) -> Iterator[Document]:
    """Give the lookups of the adaptor's block, then those of the root, which win."""
    for place in (*(part for part in model.values() if isinstance(part, dict)), model):
        declared = place.get("lookups")
        for lookup in declared if isinstance(declared, list) else ():
            if isinstance(lookup, dict) and isinstance(lookup.get("name"), str):
                yield lookup


def _mentioned(model: Document, names: Iterable[str]) -> Iterator[str]:
    """Give the lookups that templates outside the mapping read; what only looks like a name costs a call, no more."""
    templates = {key: value for key, value in model.items() if key not in ("mapping", "mappings", "lookups")}
    text = orjson.dumps(templates).decode()
    return (name for name in names if f"lookup.{name}" in text or f"lookup.[{name}]" in text)
