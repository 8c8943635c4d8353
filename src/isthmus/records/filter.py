"""Filters: S-expressions made into functions. Source: mapping.md section 6."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from isthmus.model.json import Document, Json, Record
from isthmus.records.errors import Problems, RecordError, Source
from isthmus.records.filters.operators import OPERATORS, boolean_of
from isthmus.records.paths import MISSING, compile_path
from isthmus.records.regexes import compile_pattern

MAX_DEPTH: Final = 64
MAX_NODES: Final = 5_000
SCOPES: Final = ("flow", "export", "import", "integration", "connection")

Evaluate = Callable[[Record, Mapping[str, Json]], Any]


class Filter:
    """A compiled filter: call it with a record to learn whether the record is kept."""

    def __init__(self, evaluate: Evaluate | None, source: Source) -> None:
        self._evaluate = evaluate
        self._source: Source = source

    def __call__(self, record: Record, variables: Mapping[str, Json] | None = None) -> bool:
        """Tell whether a record is kept; `variables` holds `settings`. Raises RecordError."""
        if self._evaluate is None:
            return True
        try:
            return boolean_of(self._evaluate(record, variables or {}))
        except RecordError as error:
            raise error.at(self._source) from error
        except RecursionError as error:
            raise RecordError("too_deep", "The record nests too deep for the filter.", self._source) from error


def compile_filter(document: Document | None, source: Source = "output_filter") -> Filter:
    """Compile a `filter` object; None, and one without rules, keep everything. Raises RuleError."""
    problems = Problems()
    compiler = _Compiler(problems)
    evaluate = compiler.document(document)
    problems.raise_any()
    return Filter(evaluate, source)


class _Compiler:
    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._nodes = 0

    def document(self, document: Any) -> Evaluate | None:
        if document is None or document == {}:
            return None
        if not isinstance(document, dict):
            self._problems.add("filter", "A filter must be an object.")
            return None
        if document.get("type") == "script":
            self._problems.add("filter.type", "Scripts are not run here; use an expression.")
            return None
        bare = isinstance(document.get("rules"), list)
        expression, at = (document, "filter") if bare else (document.get("expression"), "filter.expression")
        rules = expression.get("rules") if isinstance(expression, dict) else None
        if rules is None or rules == []:
            return None
        return self._node(rules, f"{at}.rules", 0)

    def _node(self, node: Any, at: str, depth: int) -> Evaluate:
        if not isinstance(node, list):
            return _constant(node)
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            return self._refuse(
                at, f"The rules nest deeper than {MAX_DEPTH} levels or have more than {MAX_NODES:,} parts."
            )
        name = node[0] if node else None
        if not isinstance(name, str):
            return self._refuse(at, "A rule must begin with the name of an operator.")
        if name in ("extract", "settings"):
            return self._extract(node, at) if name == "extract" else self._settings(node, at)
        return self._operation(name, node, at, depth)

    def _operation(self, name: str, node: list[Any], at: str, depth: int) -> Evaluate:
        operator = OPERATORS.get(name)
        if operator is None:
            return self._refuse(at, f"There is no operator '{name[:40]}'.")
        if not operator.low <= len(node) - 1 <= operator.high:
            return self._refuse(at, f"The operator {name} takes {operator.counts}.")
        parts = [self._part(name, part, f"{at}[{index}]", depth) for index, part in enumerate(node[1:], 1)]
        self._check_pattern(name, node, at)
        return _call(operator.call, parts)

    def _part(self, operator: str, part: Any, at: str, depth: int) -> Evaluate:
        literal = operator == "anyof" and isinstance(part, list) and not _is_rule(part)
        return _constant(part) if literal else self._node(part, at, depth + 1)

    def _check_pattern(self, name: str, node: list[Any], at: str) -> None:
        if name == "matches" and isinstance(node[2], str):
            with self._problems.within(f"{at}[2]"):
                compile_pattern(node[2])

    def _extract(self, node: list[Any], at: str) -> Evaluate:
        if len(node) > 1 and not isinstance(node[1], str):
            return self._refuse(f"{at}[1]", "A path must be a text.")
        with self._problems.within(f"{at}[1]"):
            path = compile_path(node[1] if len(node) > 1 else "")
            return lambda record, _: path(record)
        return _constant(MISSING)

    def _settings(self, node: list[Any], at: str) -> Evaluate:
        text = node[1] if len(node) > 1 and isinstance(node[1], str) else ""
        if text.partition(".")[0] not in SCOPES:
            return self._refuse(f"{at}[1]", f"Settings belong to one of {', '.join(SCOPES)}.")
        with self._problems.within(f"{at}[1]"):
            path = compile_path(text)
            return lambda _, variables: path(variables.get("settings"))
        return _constant(MISSING)

    def _refuse(self, at: str, why: str) -> Evaluate:
        self._problems.add(at, why)
        return _constant(MISSING)


def _is_rule(part: list[Any]) -> bool:
    return bool(part) and isinstance(part[0], str) and (part[0] in OPERATORS or part[0] in ("extract", "settings"))


def _constant(value: Any) -> Evaluate:
    return lambda *_: value


def _call(function: Callable[..., Any], parts: list[Evaluate]) -> Evaluate:
    if len(parts) == 1:
        only = parts[0]
        return lambda record, variables: function(only(record, variables))
    if len(parts) == 2:  # noqa: PLR2004  # nearly every operator
        left, right = parts
        return lambda record, variables: function(left(record, variables), right(record, variables))
    return lambda record, variables: function(*[part(record, variables) for part in parts])
