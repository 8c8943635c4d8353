"""Mapper 1.0: plans run step by step. The oracle of the generated code, and what runs every rule it does not cover."""

from dataclasses import dataclass, field
from typing import Any

from isthmus.model.json import Json, Record
from isthmus.records.coerce import copy_json
from isthmus.records.context import MappingContext
from isthmus.records.lookup import Lookups
from isthmus.records.mapper.condition import BEFORE, holds
from isthmus.records.mapper.plan1 import FieldPlan, ListPlan, Plan1
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
    _bare: dict[str, Any] | None = field(default=None)

    @property
    def bare(self) -> dict[str, Any]:
        """The context of templates, made once for a record and once for a row."""
        if self._bare is None:
            self._bare = bare(self.record, self.context)
            if isinstance(self.row, dict):
                self._bare = {**self._bare, **self.row}
        return self._bare

    def inside(self, row: Any) -> "Scene":
        """Give the scene of one row."""
        return Scene(self.record, self.context, self.lookups, row)


def run1(plan: Plan1, record: Record, context: MappingContext, lookups: Lookups) -> Json:
    """Map one record. Raises RecordError."""
    scene, target = Scene(record, context, lookups), dict[str, Any]()
    for rule in plan.fields:
        run_field(rule, scene, target)
    for rows in plan.lists:
        run_list(rows, scene, target)
    return target


def run_list(plan: ListPlan, scene: Scene, target: dict[str, Any]) -> None:
    """Make a list; an empty one is left out."""
    made: list[Any] = []
    for row in rows_of(plan, scene.record):
        run_row(plan, scene, row, made)
    if made:
        plan.write(target, made)


def run_row(plan: ListPlan, scene: Scene, row: Any, made: list[Any]) -> None:
    """Make the item of one row; an empty one is left out."""
    inner, item = scene.inside(row), dict[str, Any]()
    for rule in plan.fields:
        run_field(rule, inner, item)
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


def run_field(plan: FieldPlan, scene: Scene, target: dict[str, Any]) -> None:
    """Run one rule: condition, value, lookup, default, conversion, write."""
    when = plan.condition.when if plan.condition else ""
    if (when in BEFORE and scene.context.operation != BEFORE[when]) or (
        plan.immutable and scene.context.operation == "update"
    ):
        return
    value = extract(plan, scene)
    if plan.condition is not None:
        if not holds(plan.condition, value, scene.lookups, scene.context):
            return
        if when == "ignore_if_set" and not is_empty(find(target, plan.write.text)):
            return
    if plan.lookup is not None:
        value = scene.lookups.find(plan.lookup, value, scene.context.lookups)
    finish(plan, value, target)


def finish(plan: FieldPlan, value: Any, target: dict[str, Any]) -> None:
    """Apply default and conversion, then write. A hard-coded value, "" and null among them, counts as a value."""
    if is_empty(value) and not is_fixed(plan):
        if plan.default is not None and not plan.discard:
            plan.write(target, copy_json(plan.default[0]))
        return
    if plan.convert is not None and not is_empty(value):
        value = plan.convert(value)
    plan.write(target, value)


def is_fixed(plan: FieldPlan) -> bool:
    """Whether the value stands in the rule and is written even where it is empty."""
    return plan.constant is not None and plan.constant[0] is not MISSING and plan.lookup is None and not plan.discard


def extract(plan: FieldPlan, scene: Scene) -> Any:
    """Find the value of a rule. In a list a plain path that the row lacks reads the record instead."""
    if plan.constant is not None:
        return copy_json(plan.constant[0])
    if plan.template is not None:
        return plan.template.render(scene.bare, tables=scene.lookups.tables)
    if plan.path is None:
        return MISSING
    if scene.row is MISSING:
        return plan.path(scene.record)
    found = plan.path(scene.row)
    return plan.path(scene.record) if found is MISSING and plan.fallback else found
