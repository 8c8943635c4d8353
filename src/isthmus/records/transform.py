"""Transforms 1.0 and 2.0. Source: mapping.md section 5."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from isthmus.model.json import Document, Json, Record
from isthmus.records.coerce import copy_json
from isthmus.records.context import MappingContext
from isthmus.records.errors import Problems, RecordError
from isthmus.records.lookup import compile_lookups
from isthmus.records.mapper.generate2 import compile2
from isthmus.records.mapper.plan2 import plan2
from isthmus.records.paths import MISSING, Path, Setter, compile_path, compile_setter

Transform = Callable[[Record], Record]
_SCRIPT: Final = "Scripts are not run here; use an expression."
MAX_DEPTH: Final = 100


def compile_transform(document: Document | None, variables: Mapping[str, Json] | None = None) -> Transform:
    """Compile a `transform` object; None, and one without rules, leave records as they are.

    `variables` are what templates of a 2.0 transform see besides the record. Raises RuleError, whose fields begin with
    `transform`; the function raises RecordError with source `transformation`.
    """
    if document is None or document == {}:
        return _same
    problems = Problems()
    transform = _compile(document, variables or {}, problems)
    problems.raise_any()
    return transform


def _same(record: Record) -> Record:
    return record


def _compile(document: Any, variables: Mapping[str, Json], problems: Problems) -> Transform:
    if not isinstance(document, dict):
        problems.add("transform", "A transform must be an object.")
        return _same
    if document.get("type") == "script":
        problems.add("transform.type", _SCRIPT)
        return _same
    bare = isinstance(document.get("rules"), list)
    expression, at = (document, "transform") if bare else (document.get("expression"), "transform.expression")
    if not isinstance(expression, dict):
        return _same
    if isinstance(expression.get("rulesTwoDotZero"), dict) and str(expression.get("version", "2")) == "2":
        return _two(expression["rulesTwoDotZero"], f"{at}.rulesTwoDotZero", variables, problems)
    return _one(expression.get("rules"), f"{at}.rules", problems)


# 1.0


def _one(rules: Any, at: str, problems: Problems) -> Transform:
    """`rules` is a list of lists of rules; all of them make one new record."""
    found: list[tuple[Path, Setter]] = []
    for outer, group in enumerate(rules if isinstance(rules, list) else []):
        inner = group if isinstance(group, list) else [group]
        for index, rule in enumerate(inner):
            field = f"{at}[{outer}][{index}]" if isinstance(group, list) else f"{at}[{outer}]"
            if not isinstance(rule, dict):
                problems.add(field, "A rule must be an object with extract and generate.")
                continue
            _rule(rule, field, found, problems)
    if not found:
        return _same
    return lambda record: _apply_one(found, record)


def _rule(rule: Document, field: str, found: list[tuple[Path, Setter]], problems: Problems) -> None:
    read: Path | None = None
    with problems.within(f"{field}.extract"):
        read = compile_path(_plain(rule.get("extract")))
    with problems.within(f"{field}.generate"):
        write = compile_setter(_generate(rule.get("generate")))
        if read is not None:
            found.append((read, write))


def _plain(extract: Any) -> str:
    """An XML path `/a/b` reads what the dotted path `a.b` reads."""
    if isinstance(extract, str) and extract.startswith("/") and len(extract) > 1:
        return ".".join(part for part in extract.split("/") if part)
    return extract if isinstance(extract, str) else ""


def _generate(generate: Any) -> str:
    """`*.x` in generate keeps the rows, and is the row's `x`."""
    return generate.removeprefix("*.") if isinstance(generate, str) else ""


def _apply_one(rules: Sequence[tuple[Path, Setter]], record: Record) -> Record:
    if isinstance(record, list):
        rowwise = [pair for pair in rules if pair[0].text.startswith("*.")]
        if rowwise:
            return [_row(rules, record, row) for row in record]
    made: dict[str, Json] = {}
    for read, write in rules:
        value = read(record)
        if value is not MISSING:
            write(made, copy_json(value))
    return made


def _row(rules: Sequence[tuple[Path, Setter]], record: Record, row: Json) -> Json:
    """One row of a record that is an array: `*.x` is the row's, any other path the record's."""
    made: dict[str, Json] = {}
    for read, write in rules:
        inner = read.text.startswith("*.")
        value = compile_path(read.text[2:])(row) if inner else read(record)
        if value is not MISSING:
            write(made, copy_json(value))
    return made


# 2.0


def _two(rules: Document, at: str, variables: Mapping[str, Json], problems: Problems) -> Transform:
    mode = rules.get("mode") or "create"
    if mode not in ("create", "modify"):
        problems.add(f"{at}.mode", "The mode must be create or modify.")
    name = "mappingsForModify" if mode == "modify" and rules.get("mappingsForModify") else "mappings"
    entries = plan2(rules.get(name), f"{at}.{name}", problems)
    lookups = compile_lookups(rules.get("lookups"), f"{at}.lookups", problems)
    context = MappingContext(variables=variables)
    apply = compile2(entries, lookups)

    def transform(record: Record) -> Record:
        try:
            made = apply(record, context)
            return merged(record, made) if mode == "modify" else made
        except RecordError as error:
            raise (error if error.source == "lookup" else error.at("transformation")) from error
        except RecursionError as error:
            raise RecordError("too_deep", "The record nests too deep.", "transformation") from error

    return transform if entries else _same


def merged(record: Json, made: Json, depth: int = 0) -> Json:
    """Lay what was made over a record: objects key by key, anything else replaced; the record is not changed."""
    if not isinstance(record, dict) or not isinstance(made, dict) or depth > MAX_DEPTH:
        return made
    return {**record, **{key: merged(record.get(key), value, depth + 1) for key, value in made.items()}}
