"""The rules of a virtual import, compiled once, and the steps before a record is written. Source: imports.md section 1.

Order: one-to-many split, transform, input filter, create-update-or-ignore, dynamic lookups, mapping.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from isthmus.model.json import Document, Json, Record
from isthmus.records import (
    LookupFailed,
    MappingContext,
    RecordError,
    Template,
    compile_filter,
    compile_mapping,
    compile_transform,
)
from isthmus.records import Mapping as CompiledMapping
from isthmus.records.one_to_many import split
from isthmus.sdk import Decider, Decision, Import, LookupMiss, LookupSource, Outgoing, WriteResult
from isthmus.services.faults import IGNORED, RECORD_FAULTS, failed, refused
from isthmus.services.openings import Opened
from isthmus.services.templating import context_of, template_or_none


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Everything compiled that an import model holds. Safe to share between runs."""

    transform: Callable[[Record], Record]
    keep: Callable[[Record], bool]
    mapping: CompiledMapping
    lookups: Mapping[str, Document]
    path_to_many: str | None
    lock: Template | None
    data_uri: Template | None


@dataclass(frozen=True, slots=True)
class Child:
    """One record to be mapped and written.

    `last` where the input record has no further one, `only` where it was not split at all, `result` where there is
    nothing to do.
    """

    record: Record = None
    last: bool = True
    only: bool = True
    result: WriteResult | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A child once prepared: to be written (`outgoing`, under `lock` if it has one), or with its result known."""

    child: Child
    outgoing: Outgoing | None = None
    result: WriteResult | None = None
    lock: str | None = None


def compile_import(model: Document) -> ImportPlan:
    """Compile the rules of a validated import. Raises RuleError."""
    return ImportPlan(
        transform=compile_transform(model.get("transform")),
        keep=compile_filter(model.get("filter")),
        mapping=compile_mapping(model),
        lookups=_definitions(model),
        path_to_many=model.get("pathToMany") if model.get("oneToMany") else None,
        lock=template_or_none(model.get("idLockTemplate")),
        data_uri=template_or_none(model.get("dataURITemplate")),
    )


class Preparation:
    """The steps before writing, for one run through one opened connection."""

    def __init__(self, plan: ImportPlan, import_: Import, opened: Opened) -> None:
        self._plan = plan
        self._import = import_
        adaptor = opened.adaptor
        self._decider = adaptor if isinstance(adaptor, Decider) else None
        self._source = adaptor if isinstance(adaptor, LookupSource) else None
        self._variables = variables(import_.document, opened)

    @property
    def calls_out(self) -> bool:
        """Whether preparing a record may call the other system."""
        return self._decider is not None or bool(self._plan.mapping.lookups)

    def children(self, data: Iterable[Json]) -> Iterator[Child]:
        """Split each record where the import is one-to-many; what is no record at all comes with its result."""
        for record in data:
            if isinstance(record, dict | list):
                yield from self._split(record)
            else:
                yield Child(result=_NO_RECORD)

    async def prepare(self, child: Child) -> Prepared:
        """Prepare one record. Never raises for the record's sake."""
        if child.result is not None:
            return Prepared(child, result=child.result)
        step = "application"
        try:
            source = self._plan.transform(child.record)
            decision = await self._decide(source) if self._plan.keep(source) else "ignore"
            if decision == "ignore":
                return Prepared(child, result=IGNORED)
            step = "lookup"
            lookups = await self._look_up(source)
            mapped = self._plan.mapping.apply(source, MappingContext(decision, lookups, self._variables))
            return Prepared(child, Outgoing(source, mapped, decision, _found(lookups)), lock=self._lock(source))
        except RECORD_FAULTS as error:
            return Prepared(child, result=failed(error, step))

    def data_uri(self, outgoing: Outgoing, result: WriteResult) -> str | None:
        """Render the link of a written record; None where there is no template, or it cannot be rendered."""
        if self._plan.data_uri is None:
            return None
        answer = {"id": result.id, "_json": result.json}
        try:
            return self._plan.data_uri.render({**context_of(outgoing.source, self._variables), **answer})
        except RecordError:
            return None

    def _split(self, record: Record) -> Iterator[Child]:
        if self._plan.path_to_many is None:
            yield Child(record)
            return
        try:
            parts = split(record, self._plan.path_to_many)
        except RecordError as error:
            yield Child(result=failed(error))
            return
        if not parts:
            yield Child(result=IGNORED)
        for index, part in enumerate(parts, start=1):
            yield Child(part, last=index == len(parts), only=False)

    async def _decide(self, source: Record) -> Decision:
        return "create" if self._decider is None else await self._decider.decide(self._import, source)

    async def _look_up(self, source: Record) -> dict[str, Json | LookupFailed]:
        return {name: await self._one_lookup(name, source) for name in self._plan.mapping.lookups}

    async def _one_lookup(self, name: str, source: Record) -> Json | LookupFailed:
        definition = self._plan.lookups.get(name)
        if definition is None or self._source is None:
            why = "is not declared" if definition is None else "cannot be run through a connection of this type"
            raise RecordError("lookup", f"The lookup {name} {why}.", "lookup")
        try:
            return await self._source.lookup(definition, source)
        except LookupMiss as miss:
            return LookupFailed(str(miss))

    def _lock(self, source: Record) -> str | None:
        return None if self._plan.lock is None else self._plan.lock.render(context_of(source, self._variables))


def variables(model: Document, opened: Opened) -> dict[str, Json]:
    """What templates and mappings of an import see beside the record; every secret in it reads as ""."""
    display = opened.opening.display
    settings = {"connection": display.get("settings") or {}, "import": model.get("settings") or {}}
    return {"connection": display, "import": model, "settings": settings, "job": {}}


_NO_RECORD = refused("invalid_record", "A record must be an object, or an array of rows.")


def _found(lookups: Mapping[str, Json | LookupFailed]) -> dict[str, Json]:
    return {name: value for name, value in lookups.items() if not isinstance(value, LookupFailed)}


def _definitions(model: Document) -> dict[str, Document]:
    found: dict[str, Document] = {}
    for block in (*(part for part in model.values() if isinstance(part, dict)), model):
        for lookup in block.get("lookups") or ():
            if isinstance(lookup, dict) and isinstance(lookup.get("name"), str):
                found[lookup["name"]] = lookup
    return found
