"""Mapper 2.0: plans run over a record. Source: mapping.md section 3."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from isthmus.model.json import Json, Record
from isthmus.records.coerce import COERCIONS, ELEMENTS, copy_json
from isthmus.records.context import MappingContext
from isthmus.records.errors import RecordError
from isthmus.records.explain import Explanation
from isthmus.records.lookup import Lookups
from isthmus.records.mapper.composite import composites
from isthmus.records.mapper.condition import BEFORE, holds
from isthmus.records.mapper.plan2 import Build, Entry, Literal, Source
from isthmus.records.mapper.reasons import Step, note2
from isthmus.records.paths.read import MISSING, MOST, Path
from isthmus.records.template import Template
from isthmus.records.template.contexts import named
from isthmus.records.values import is_empty


@dataclass(frozen=True, slots=True)
class Scene:
    """What rules see: the root (the record, or a composite of it) and, inside of an array helper, the element."""

    root: Any
    context: MappingContext
    lookups: Lookups
    element: Any = MISSING
    rows: tuple[int, ...] = ()
    told: Explanation | None = None
    fuel: list[int] = field(default_factory=lambda: [MOST])


def burn(fuel: list[int]) -> None:
    """Count one element. Raises RecordError where helpers inside of helpers make far more than any target takes."""
    fuel[0] -= 1
    if fuel[0] < 0:
        raise RecordError("too_many", f"Nested arrays of the mapping walk over more than {MOST:,} elements.")


def run2(
    entries: Sequence[Entry],
    record: Record,
    context: MappingContext,
    lookups: Lookups,
    told: Explanation | None = None,
) -> Json:
    """Map one record; with `told`, note there what every entry does. Raises RecordError."""
    scene = Scene(record, context, lookups, told=told)
    if len(entries) == 1 and not entries[0].key:
        value = evaluate(entries[0], scene)
        return ([] if entries[0].kind.endswith("array") else {}) if value is MISSING else value
    return make_object(entries, scene)


def make_object(entries: Sequence[Entry], scene: Scene) -> dict[str, Any]:
    """Make an object, its keys in the order of the rules; rules that give nothing leave no key."""
    made: dict[str, Any] = {}
    for entry in entries:
        value = evaluate(entry, scene)
        if value is not MISSING:
            made[entry.key] = value
    return made


def evaluate(entry: Entry, scene: Scene) -> Any:
    """Give the value of one entry, MISSING where it emits nothing. Raises RecordError."""
    if scene.told is None:
        return _evaluate(entry, scene)[0]
    try:
        value, step = _evaluate(entry, scene)
    except RecordError as error:
        scene.told.fail(entry.at, entry.key, error, scene.rows)
        raise
    scene.told.add(note2(entry, step, scene.rows))
    return value


def _evaluate(entry: Entry, scene: Scene) -> tuple[Any, Step]:
    condition = entry.condition
    if condition is not None and condition.when in BEFORE and scene.context.operation != BEFORE[condition.when]:
        return MISSING, Step.NOT_MET
    value = extract(entry.source, scene) if entry.source is not None else MISSING
    if condition is not None and not holds(condition, value, scene.lookups, scene.context):
        return MISSING, Step.NOT_MET
    if entry.lookup is not None:
        value = scene.lookups.find(entry.lookup, value, scene.context.lookups)
    made = _made(entry, value, scene)
    if made is not MISSING:
        return made, Step.WRITTEN
    return (MISSING, Step.EMPTY) if entry.default is None else (_default(entry), Step.DEFAULT)


def _default(entry: Entry) -> Any:
    value = copy_json(entry.default[0] if entry.default else None)
    return value if value is None or value in ("", [], {}) else COERCIONS[entry.kind](value)


def _made(entry: Entry, value: Any, scene: Scene) -> Any:
    if entry.builds:
        items = [item for build in entry.builds for item in items_of(build, entry.kind, scene)]
        return items or MISSING
    if entry.kind == "object" and entry.entries:
        return _object(entry, scene)
    if is_empty(value) or (value == [] and entry.kind != "string"):
        return MISSING
    if entry.dates is not None:
        value = entry.dates(value)
    return COERCIONS[entry.kind](value)


def _object(entry: Entry, scene: Scene) -> Any:
    """Children make the object; with an extract they see the first composite of it."""
    if isinstance(entry.source, Path):
        found = next(composites(scene.root, entry.source), None)
        if found is None:
            return MISSING
        scene = replace(scene, root=found[0], element=found[1])
    return make_object(entry.entries, scene) or MISSING


def extract(source: Source, scene: Scene) -> Any:
    """Find a value: by JSON path from the root, by template, or the literal text."""
    if isinstance(source, Literal):
        return source.text
    if isinstance(source, Template):
        return source.render(named(scene.root, scene.context), tables=scene.lookups.tables)
    if not source.steps and scene.element is not MISSING and not isinstance(scene.element, dict | list):
        return scene.element
    found = source(scene.root)
    return MISSING if source.many and found == [] else found


def items_of(build: Build, kind: str, scene: Scene) -> list[Any]:
    """Make what one entry of `buildArrayHelper` adds to its array."""
    return list(_build(build, kind, scene))


def _build(build: Build, kind: str, scene: Scene) -> Iterator[Any]:
    if not build.entries:
        yield from _appended(build, kind, scene)
        return
    if not build.sources:
        yield from _one(build, kind, scene)
        return
    count = 0
    for source in build.sources:
        for root, element in _matches(source, scene):
            if scene.rows:
                burn(scene.fuel)
            yield from _one(build, kind, replace(scene, root=root, element=element, rows=(*scene.rows, count)))
            count += 1
    if not count and build.default is not None:
        yield copy_json(build.default[0])


def _matches(source: Source, scene: Scene) -> Iterator[tuple[Any, Any]]:
    if isinstance(source, Path):
        yield from composites(scene.root, source)
        return
    value = extract(source, scene)
    if not is_empty(value):
        yield scene.root, value


def _one(build: Build, kind: str, scene: Scene) -> Iterator[Any]:
    """Make what one match gives: an object, or for an array of arrays each of the child arrays."""
    if kind == "arrayarray":
        for entry in build.entries:
            value = evaluate(entry, scene)
            if value is not MISSING:
                yield value
        return
    made = make_object(build.entries, scene)
    if made:
        yield made


def _appended(build: Build, kind: str, scene: Scene) -> Iterator[Any]:
    """Append what the extracts find, lists flattened one level, each element converted."""
    for source in build.sources:
        value = extract(source, scene)
        if is_empty(value) or value == []:
            if build.default is not None and not build.skip_empty:
                yield copy_json(build.default[0])
            continue
        yield from _elements(value, kind)


def _elements(value: Any, kind: str) -> Iterator[Any]:
    if kind == "arrayarray":
        yield value if isinstance(value, list) else [value]
        return
    items = value if isinstance(value, list) else [value]
    if kind == "objectarray":
        flat = (inner for item in items for inner in (item if isinstance(item, list) else [item]))
        yield from COERCIONS[kind]([item for item in flat if item is not None])
        return
    convert = COERCIONS[ELEMENTS[kind]]
    for item in items:
        for inner in item if isinstance(item, list) else [item]:
            if isinstance(inner, list):
                raise RecordError("invalid_type", "A list nests deeper than the one level that is flattened.")
            yield None if inner is None else convert(inner)
