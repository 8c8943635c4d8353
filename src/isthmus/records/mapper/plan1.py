"""Mapper 1.0: rules read into plans. Source: mapping.md section 2."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from isthmus.records.coerce import COERCIONS, Coercion, copy_json
from isthmus.records.dates import compile_conversion
from isthmus.records.dates.convert import KEYS
from isthmus.records.dates.read import read_any
from isthmus.records.dates.write import write_iso
from isthmus.records.errors import Problems, RecordError, RuleError
from isthmus.records.mapper.condition import Condition, compile_condition
from isthmus.records.paths import MISSING, Path, Setter, compile_path, compile_setter
from isthmus.records.template import Template, compile_template

TYPES: Final = ("string", "number", "boolean", "date", "numberarray", "stringarray")
MAX_RULES: Final = 5_000
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d(T|$)", re.ASCII)


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """One rule. Exactly one of `path`, `template` and `constant` is its source; `constant` is a tuple of one value.

    `fallback` lets a rule of a list read the record where its row lacks the name; `row_only` rules it out. `at` is
    where the rule stands in the document, `kind` what its value is converted to.
    """

    write: Setter
    path: Path | None = None
    template: Template | None = None
    constant: tuple[Any] | None = None
    condition: Condition | None = None
    lookup: str | None = None
    default: tuple[Any] | None = None
    discard: bool = False
    immutable: bool = False
    convert: Coercion | None = None
    row_only: bool = False
    fallback: bool = False
    at: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ListPlan:
    """A list: for each row that `rows` finds (the record's own rows without it) an object made of `fields`."""

    write: Setter
    rows: Path | None
    fields: tuple[FieldPlan, ...]
    at: str = ""


@dataclass(frozen=True, slots=True)
class Plan1:
    """A whole mapping."""

    fields: tuple[FieldPlan, ...]
    lists: tuple[ListPlan, ...]


def plan1(mapping: Any, field: str, problems: Problems) -> Plan1:
    """Read `mapping`. Problems name `field`, e.g. `mapping.fields[2].generate`."""
    if not isinstance(mapping, dict):
        problems.add(field, "The mapping must be an object with fields and lists.")
        return Plan1((), ())
    fields = _fields(mapping.get("fields"), f"{field}.fields", problems)
    rules = _rules(mapping.get("lists"), f"{field}.lists", problems)
    made = (_list(rule, f"{field}.lists[{index}]", problems) for index, rule in rules)
    lists = tuple(plan for plan in made if plan is not None)
    return Plan1(_guarded(fields, [plan.write for plan in lists]), lists)


def _rules(found: Any, field: str, problems: Problems) -> list[tuple[int, Mapping[str, Any]]]:
    if found is None:
        return []
    if not isinstance(found, list):
        problems.add(field, "This must be an array of rules.")
        return []
    if len(found) > MAX_RULES:
        problems.add(field, f"There are more than {MAX_RULES:,} rules.")
        return []
    for index, rule in enumerate(found):
        if not isinstance(rule, dict):
            problems.add(f"{field}[{index}]", "A rule must be an object.")
    return [(index, rule) for index, rule in enumerate(found) if isinstance(rule, dict)]


def _fields(found: Any, field: str, problems: Problems) -> tuple[FieldPlan, ...]:
    plans = (_field(rule, f"{field}[{index}]", problems) for index, rule in _rules(found, field, problems))
    return tuple(plan for plan in plans if plan is not None)


def _setter(rule: Mapping[str, Any], field: str, problems: Problems) -> Setter | None:
    with problems.within(f"{field}.generate"):
        return compile_setter(rule.get("generate") or "")
    return None


def _field(rule: Mapping[str, Any], field: str, problems: Problems) -> FieldPlan | None:
    write = _setter(rule, field, problems)
    condition = compile_condition(rule, field, problems)
    convert = _conversion(rule, field, problems)
    source = _source(rule, field, problems)
    lookup = rule.get("lookupName") or None
    if lookup is not None and not isinstance(lookup, str):
        problems.add(f"{field}.lookupName", "The name of a lookup must be a text.")
    if write is None:
        return None
    return FieldPlan(
        write,
        **source,
        condition=condition,
        lookup=lookup if isinstance(lookup, str) else None,
        default=_default(rule, convert, field, problems),
        discard=rule.get("discardIfEmpty") is True,
        immutable=rule.get("immutable") is True,
        convert=convert,
        row_only=str(rule.get("extract")).startswith("*."),
        at=field,
        kind="date" if any(rule.get(key) for key in KEYS) else (rule.get("dataType") or ""),
    )


def _source(rule: Mapping[str, Any], field: str, problems: Problems) -> dict[str, Any]:
    extract, fixed = rule.get("extract"), rule.get("hardCodedValue")
    if "hardCodedValue" in rule and (fixed is not None or not extract):
        return {"constant": (fixed,)}
    if not extract:
        return {"constant": (MISSING,)}
    if not isinstance(extract, str):
        problems.add(f"{field}.extract", "An extract must be a text.")
        return {}
    with problems.within(f"{field}.extract"):
        if "{{" in extract:
            return {"template": compile_template(extract)}
        return {"path": compile_path(extract)}
    return {}


def _conversion(rule: Mapping[str, Any], field: str, problems: Problems) -> Coercion | None:
    kind = rule.get("dataType") or None
    if kind is not None and kind not in TYPES:
        problems.add(f"{field}.dataType", f"The data type must be one of {', '.join(TYPES)}.")
        return None
    dates = compile_conversion(rule, field, problems)
    if dates is not None:
        return dates
    if kind == "date":
        return _iso
    return COERCIONS[kind] if kind else None


def _iso(value: Any) -> str:
    """A date without formats: one in ISO 8601 stays as it is, any other becomes it."""
    found = read_any(value)
    return value if isinstance(value, str) and _ISO.match(value) else write_iso(found)


def _default(rule: Mapping[str, Any], convert: Coercion | None, field: str, problems: Problems) -> tuple[Any] | None:
    if "default" not in rule:
        return None
    value, kind = rule["default"], rule.get("dataType")
    if value is None or value == "" or convert is None or kind not in COERCIONS:
        return (value,)
    with problems.within(f"{field}.default"):
        return (_checked(COERCIONS[kind], value),)
    return None


def _checked(convert: Coercion, value: Any) -> Any:
    try:
        return convert(value)
    except RecordError as error:
        raise RuleError("The default does not fit the data type.") from error


def _list(rule: Mapping[str, Any], field: str, problems: Problems) -> ListPlan | None:
    write = _setter(rule, field, problems)
    fields = _fields(rule.get("fields"), f"{field}.fields", problems)
    rows: Path | None = None
    json_path = rule.get("jsonPath") or _common_list(rule.get("fields"))
    if json_path and not isinstance(json_path, str):
        problems.add(f"{field}.jsonPath", "A path must be a text.")
    elif json_path:
        with problems.within(f"{field}.jsonPath"):
            rows = compile_path(json_path)
    if write is None:
        return None
    inner = [_within(plan, json_path) for plan in fields]
    own = _guarded([replace(plan, fallback=rows is not None and not plan.row_only) for plan in inner])
    return ListPlan(write, rows, own, field)


def _common_list(fields: Any) -> str | None:
    """Without `jsonPath`, extracts such as `items[*].sku` tell which list they walk over."""
    for rule in fields if isinstance(fields, list) else []:
        extract = rule.get("extract") if isinstance(rule, dict) else None
        if (
            isinstance(extract, str)
            and "{{" not in extract
            and "[*]." in extract
            and not extract.startswith(("*", "$"))
        ):
            return extract.partition("[*].")[0]
    return None


def _within(plan: FieldPlan, json_path: Any) -> FieldPlan:
    """Make an extract relative to the rows: `*.x` and, for rows of `items`, `items[*].x` are the row's `x`."""
    if plan.path is None:
        return plan
    text = plan.path.text
    for prefix in ("*.", f"{json_path}[*]." if json_path else "*."):
        if text.startswith(prefix) and len(text) > len(prefix):
            return replace(plan, path=compile_path(text[len(prefix) :]), row_only=True)
    return plan


def _guarded(plans: Sequence[FieldPlan], others: Sequence[Setter] = ()) -> tuple[FieldPlan, ...]:
    """Where another rule writes into what a rule wrote, the latter writes a copy: records are never changed."""
    setters = [*(plan.write for plan in plans), *others]
    deeper = {write.steps[:length] for write in setters for length in range(1, len(write.steps))}
    return tuple(
        replace(plan, convert=_copying(plan.convert)) if plan.write.steps in deeper else plan for plan in plans
    )


def _copying(convert: Coercion | None) -> Coercion:
    return lambda value: copy_json(convert(value) if convert else value)
