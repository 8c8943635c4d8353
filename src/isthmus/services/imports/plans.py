"""The rules of a virtual import, compiled once, and the steps before a record is written. Source: imports.md section 1.

Order: one-to-many split, transform, input filter, create-update-or-ignore, dynamic lookups, mapping.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from isthmus.model.json import Document, Json, Record
from isthmus.records import Mapping as CompiledMapping
from isthmus.records import (
    MappingContext,
    Note,
    RecordError,
    Template,
    compile_filter,
    compile_mapping,
    compile_transform,
)
from isthmus.records.budget import current_budget
from isthmus.records.filter import Filter
from isthmus.records.one_to_many import split
from isthmus.sdk import Decider, Decision, Import, LookupSource, Outgoing, WriteResult
from isthmus.services.imports.explained import LEFT_OUT, NOT_WANTED, note_of, note_of_child
from isthmus.services.imports.faults import IGNORED, RECORD_FAULTS, failed, refused
from isthmus.services.imports.lookups import ImportLookups
from isthmus.services.opening.openings import Opened
from isthmus.services.templating import context_of, template_or_none
from isthmus.services.turns import Turns


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Everything compiled that an import model holds, for one opened connection. Safe to share between runs.

    `variables` is what templates and mappings see beside the record; every secret in it reads as "".
    """

    variables: Mapping[str, Json]
    transform: Callable[[Record], Record]
    keep: Filter
    mapping: CompiledMapping
    lookups: ImportLookups
    path_to_many: str | None
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
    """A child once prepared: to be written (`outgoing`), or with its result known; `notes` where it is explained."""

    child: Child
    outgoing: Outgoing | None = None
    result: WriteResult | None = None
    notes: tuple[Note, ...] = ()


def compile_import(model: Document, used: Opened) -> ImportPlan:
    """Compile the rules of a validated import. Raises RuleError."""
    display = used.opening.display
    settings = {"connection": display.get("settings") or {}, "import": model.get("settings") or {}}
    variables = {"connection": display, "import": model, "settings": settings, "job": {}}
    mapping = compile_mapping(model)
    return ImportPlan(
        variables=variables,
        transform=compile_transform(model.get("transform"), variables),
        keep=compile_filter(model.get("filter"), "input_filter"),
        mapping=mapping,
        lookups=ImportLookups(model, mapping.lookups),
        path_to_many=model.get("pathToMany") if model.get("oneToMany") else None,
        data_uri=template_or_none(model.get("dataURITemplate")),
    )


class Preparation:
    """The steps before writing, for one run through one opened connection."""

    def __init__(self, plan: ImportPlan, import_: Import, opened: Opened, *, explain: bool = False) -> None:
        self._plan = plan
        self._explain = explain
        self._import = import_
        self._budget = current_budget()
        self._turns = Turns(self._budget)
        adaptor = opened.adaptor
        self._decider = adaptor if isinstance(adaptor, Decider) else None
        self._source = adaptor if isinstance(adaptor, LookupSource) else None

    @property
    def calls_out(self) -> bool:
        """Whether preparing a record may call the other system."""
        return self._decider is not None or bool(self._plan.lookups.names)

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
            return Prepared(child, result=child.result, notes=(note_of_child(child.result),))
        step = "application"
        budget = self._budget
        try:
            if budget.due:
                await self._turns.take()
            with budget:
                source = self._plan.transform(child.record)
                kept = self._plan.keep(source, self._plan.variables)
            decision = await self._decide(source) if kept else "ignore"
            if decision == "ignore":
                return Prepared(child, result=IGNORED, notes=(LEFT_OUT if not kept else NOT_WANTED,))
            step = "lookup"
            found = await self._plan.lookups.run(self._source, source)
            context = MappingContext(decision, found.mapping, self._plan.variables)
            with budget:
                if self._explain:
                    outgoing = Outgoing(source, None, decision, found.templates)
                    return _explained(child, outgoing, self._plan.mapping, context)
                mapped = self._plan.mapping.apply(source, context)
            return Prepared(child, Outgoing(source, mapped, decision, found.templates))
        except RECORD_FAULTS as error:
            return Prepared(child, result=failed(error, step), notes=(note_of(error, step),))

    def data_uri(self, outgoing: Outgoing, result: WriteResult) -> str | None:
        """Render the link of a written record; None where there is no template, or it cannot be rendered."""
        if self._plan.data_uri is None:
            return None
        answer = {"id": result.id, "_json": result.json}
        try:
            with self._budget:
                return self._plan.data_uri.render({**context_of(outgoing.source, self._plan.variables), **answer})
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


def _explained(child: Child, outgoing: Outgoing, mapping: CompiledMapping, context: MappingContext) -> Prepared:
    told = mapping.explain(outgoing.source, context)
    notes = tuple(told.notes)
    if told.error is not None:
        return Prepared(child, result=failed(told.error), notes=notes)
    return Prepared(child, replace(outgoing, mapped=told.record), notes=notes)


_NO_RECORD = refused("invalid_record", "A record must be an object, or an array of rows.")
