"""`conditional.when`, the same in both mappers. Source: mapping.md section 2."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from isthmus.records.context import MappingContext
from isthmus.records.errors import Problems, RecordError
from isthmus.records.lookup import Lookups
from isthmus.records.values import is_empty

BEFORE: Final = {"record_created": "create", "record_updated": "update"}
EXTRACTED: Final = ("extract_not_empty", "lookup_not_empty", "lookup_empty")
CONDITIONS: Final = {
    "record_created": "the record is created in the target, not updated",
    "record_updated": "the record is updated in the target, not created",
    "extract_not_empty": "the extract finds something other than null and an empty text",
    "lookup_not_empty": "the lookup named by `conditional.lookupName` finds something",
    "lookup_empty": "the lookup named by `conditional.lookupName` finds nothing",
    "ignore_if_set": "no earlier rule wrote the field (Mapper 1.0)",
}
"""Every `conditional.when`, and when it holds."""


@dataclass(frozen=True, slots=True)
class Condition:
    """When a rule counts; `lookup` is the name that `lookup_empty` and `lookup_not_empty` test."""

    when: str
    lookup: str | None = None


def compile_condition(rule: Mapping[str, Any], field: str, problems: Problems) -> Condition | None:
    """Read the `conditional` of a rule; None where it has none. Problems name `field`."""
    document = rule.get("conditional")
    if not isinstance(document, dict) or not document.get("when"):
        return None
    when, lookup = document["when"], document.get("lookupName") or rule.get("lookupName")
    if not isinstance(when, str) or when not in CONDITIONS:
        problems.add(f"{field}.conditional.when", f"The condition must be one of {', '.join(CONDITIONS)}.")
        return None
    if when.startswith("lookup_") and not isinstance(lookup, str):
        problems.add(f"{field}.conditional.lookupName", "This condition needs the name of a lookup.")
        return None
    return Condition(when, lookup if isinstance(lookup, str) else None)


def holds(condition: Condition, value: Any, lookups: Lookups, context: MappingContext) -> bool:
    """Tell whether a condition holds for an extracted value; `ignore_if_set` is the caller's business."""
    when = condition.when
    if when in BEFORE:
        return context.operation == BEFORE[when]
    if when == "extract_not_empty":
        return not is_empty(value)
    if when in EXTRACTED:
        return _found(condition.lookup or "", value, lookups, context) is (when == "lookup_not_empty")
    return True


def _found(name: str, value: Any, lookups: Lookups, context: MappingContext) -> bool:
    if name not in lookups.declared:
        raise RecordError("lookup_failed", f"There is no lookup named '{name[:100]}'.", "lookup")
    try:
        return not is_empty(lookups.find(name, value, context.lookups))
    except RecordError:
        return False
