"""The mapping of an import: Mapper 2.0, Mapper 1.0 or none. Source: mapping.md section 1."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol

from isthmus.model.json import Document, Json, Record
from isthmus.records.context import MappingContext
from isthmus.records.errors import Problems
from isthmus.records.explain import Explanation, Note
from isthmus.records.lookup import compile_lookups
from isthmus.records.mapper.generate1 import compile1
from isthmus.records.mapper.generate2 import compile2
from isthmus.records.mapper.plan1 import FieldPlan, Plan1, plan1
from isthmus.records.mapper.plan2 import names_in, plan2
from isthmus.records.mapper.run1 import run1
from isthmus.records.mapper.run2 import run2
from isthmus.records.mapper.source import Apply

_BLOCKS: Final = (
    "netsuite_da",
    "netsuite",
    "salesforce",
    "http",
    "rest",
    "rdbms",
    "jdbc",
    "mongodb",
    "dynamodb",
    "wrapper",
)


class Mapping(Protocol):
    """A compiled mapping: pure, reusable, safe to share between tasks."""

    @property
    def lookups(self) -> tuple[str, ...]:
        """Names of the dynamic lookups whose results `apply` wants in its context, in order of use."""

    def apply(self, record: Record, context: MappingContext) -> Json:
        """Map one record. Raises RecordError; the record is not changed."""

    def explain(self, record: Record, context: MappingContext) -> Explanation:
        """Map one record and tell what every rule did. Never raises for the record's sake; slower than `apply`."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A mapping made into one function, and its oracle."""

    lookups: tuple[str, ...]
    apply: Apply
    _oracle: Callable[[Record, MappingContext, Explanation], Json]

    def explain(self, record: Record, context: MappingContext) -> Explanation:
        """Map one record by the oracle, which notes what every rule does."""
        told = Explanation()
        return told.run(lambda: self._oracle(record, context, told))


def _passed(record: Record, _: MappingContext, told: Explanation) -> Json:
    told.add(Note("mapping", "", "written", "There is no mapping: the record passes through as it is."))
    return record


def compile_mapping(import_document: Document) -> Mapping:
    """Compile the mapping of an import: `mappings` where non-empty, else `mapping`, else pass-through.

    Mapping and lookups may also stand in the adaptor's block. Raises RuleError with every problem.
    """
    problems = Problems()
    lookups = compile_lookups(*_declared(import_document), problems)
    mappings, mapping = import_document.get("mappings"), _mapping(import_document)
    if mappings:
        entries = plan2(mappings, "mappings", problems)
        problems.raise_any()
        names = tuple(name for name in dict.fromkeys(names_in(entries)) if lookups.is_dynamic(name))
        return _Compiled(names, compile2(entries, lookups), lambda r, x, told: run2(entries, r, x, lookups, told))
    if mapping is None:
        problems.raise_any()
        return _Compiled((), lambda record, _: record, _passed)
    plan = plan1(mapping[0], mapping[1], problems)
    problems.raise_any()
    names = tuple(name for name in dict.fromkeys(_names(plan)) if lookups.is_dynamic(name))
    return _Compiled(names, compile1(plan, lookups), lambda r, x, told: run1(plan, r, x, lookups, told))


def _blocks(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "", document
    for name in _BLOCKS:
        block = document.get(name)
        if isinstance(block, dict):
            yield f"{name}.", block


def _declared(document: Document) -> tuple[Any, str]:
    for prefix, block in _blocks(document):
        if block.get("lookups"):
            return block["lookups"], f"{prefix}lookups"
    return [], "lookups"


def _mapping(document: Document) -> tuple[Any, str] | None:
    """Find the `mapping` that has rules; one without any counts as none, so that records pass through."""
    for prefix, block in _blocks(document):
        found = block.get("mapping")
        if found and not (isinstance(found, dict) and not found.get("fields") and not found.get("lists")):
            return found, f"{prefix}mapping"
    return None


def _names(plan: Plan1) -> Iterator[str]:
    fields: list[FieldPlan] = [*plan.fields, *(rule for rows in plan.lists for rule in rows.fields)]
    for rule in fields:
        if rule.condition is not None and rule.condition.lookup:
            yield rule.condition.lookup
        if rule.lookup:
            yield rule.lookup
        if rule.template is not None:
            yield from rule.template.lookups
