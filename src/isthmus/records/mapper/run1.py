"""Mapper 1.0: plans run step by step. The oracle of the generated code, and what runs every rule it does not cover."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from isthmus.model.json import Json, Record
from isthmus.records.coerce import copy_json
from isthmus.records.context import MappingContext
from isthmus.records.errors import RecordError
from isthmus.records.explain import Explanation, Note
from isthmus.records.lookup import Lookups
from isthmus.records.mapper.condition import BEFORE, holds
from isthmus.records.mapper.plan1 import FieldPlan, ListPlan, Plan1
from isthmus.records.mapper.reasons import Step, note1
from isthmus.records.paths.read import MISSING, find
from isthmus.records.template.contexts import bare
from isthmus.records.values import is_empty


@dataclass(slots=True)
class Scene:
    """One record on its way: what rules see, and what was made of it so far."""

    record: Record
    context: MappingContext
    lookups: Lookups
    row: Any = MISSING
    rows: tuple[int, ...] = ()
    told: Explanation | None = None
    _bare: dict[str, Any] | None = field(default=None)

    @property
    def bare(self) -> dict[str, Any]:
        """The context of templates, made once for a record and once for a row."""
        if self._bare is None:
            self._bare = bare(self.record, self.context)
            if isinstance(self.row, dict):
                self._bare = {**self._bare, **self.row}
        return self._bare

    def inside(self, row: Any, number: int = 0) -> "Scene":
        """Give the scene of one row."""
        return Scene(self.record, self.context, self.lookups, row, (number,), self.told)


def run1(
    plan: Plan1, record: Record, context: MappingContext, lookups: Lookups, told: Explanation | None = None
) -> Json:
    """Map one record; with `told`, note there what every rule does. Raises RecordError."""
    scene, target = Scene(record, context, lookups, told=told), dict[str, Any]()
    run_rules(plan.fields, scene, target)
    for rows in plan.lists:
        run_list(rows, scene, target)
    return target


def run_rules(rules: Sequence[FieldPlan], scene: Scene, target: dict[str, Any]) -> None:
    """Run rules one after another."""
    if scene.told is None:
        for rule in rules:
            run_field(rule, scene, target)
        return
    for rule in rules:
        try:
            scene.told.add(note1(rule, run_field(rule, scene, target), scene.rows))
        except RecordError as error:
            scene.told.fail(rule.at, rule.write.text, error, scene.rows)
            raise


def run_list(plan: ListPlan, scene: Scene, target: dict[str, Any]) -> None:
    """Make a list; an empty one is left out."""
    made: list[Any] = []
    rows = rows_of(plan, scene.record)
    for number, row in enumerate(rows):
        run_row(plan, scene.inside(row, number), made)
    if made:
        plan.write(target, made)
    if scene.told is not None and not made:
        why = "None of its rows has a value." if rows else "There are no rows."
        scene.told.add(Note(plan.at, plan.write.text, "skipped", why))


def run_row(plan: ListPlan, scene: Scene, made: list[Any]) -> None:
    """Make the item of one row; an empty one is left out."""
    item: dict[str, Any] = {}
    run_rules(plan.fields, scene, item)
    if item:
        made.append(item)


def rows_of(plan: ListPlan, record: Record) -> list[Any]:
    """Find the rows that a list walks over."""
    if plan.rows is None:
        return record if isinstance(record, list) else [record]
    found = plan.rows(record)
    if found is MISSING or found is None:
        return []
    return found if isinstance(found, list) else [found]


def run_field(plan: FieldPlan, scene: Scene, target: dict[str, Any]) -> Step:
    """Run one rule: condition, value, lookup, default, conversion, write. Gives how it ended."""
    when = plan.condition.when if plan.condition else ""
    if when in BEFORE and scene.context.operation != BEFORE[when]:
        return Step.NOT_MET
    if plan.immutable and scene.context.operation == "update":
        return Step.IMMUTABLE
    value = extract(plan, scene)
    if plan.condition is not None:
        if not holds(plan.condition, value, scene.lookups, scene.context):
            return Step.NOT_MET
        if when == "ignore_if_set" and not is_empty(find(target, plan.write.text)):
            return Step.SET
    if plan.lookup is not None:
        value = scene.lookups.find(plan.lookup, value, scene.context.lookups)
    return finish(plan, value, target)


def finish(plan: FieldPlan, value: Any, target: dict[str, Any]) -> Step:
    """Apply default and conversion, then write. A hard-coded value, "" and null among them, counts as a value."""
    if is_empty(value) and not is_fixed(plan):
        if plan.discard:
            return Step.DISCARDED
        if plan.default is None:
            return Step.EMPTY
        plan.write(target, copy_json(plan.default[0]))
        return Step.DEFAULT
    if plan.convert is not None and not is_empty(value):
        value = plan.convert(value)
    plan.write(target, value)
    return Step.WRITTEN


def is_fixed(plan: FieldPlan) -> bool:
    """Whether the value stands in the rule and is written even where it is empty."""
    return plan.constant is not None and plan.constant[0] is not MISSING and plan.lookup is None and not plan.discard


def extract(plan: FieldPlan, scene: Scene) -> Any:
    """Find the value of a rule. In a list a plain path that the row lacks reads the record instead."""
    if plan.constant is not None:
        return copy_json(plan.constant[0])
    if plan.template is not None:
        return plan.template.render(scene.bare, tables=scene.lookups.tables)
    found: Any = MISSING
    if plan.path is not None:
        found = plan.path(scene.record if scene.row is MISSING else scene.row)
        if found is MISSING and plan.fallback:
            found = plan.path(scene.record)
    return found
