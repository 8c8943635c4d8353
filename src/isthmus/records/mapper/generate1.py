"""Mapper 1.0: plans turned into Python.

The common rules (a path, a default, a conversion) become straight code; every other rule is a call of `run_field`, the
oracle itself.
"""

from typing import Any, Final

from isthmus.model.json import Record
from isthmus.records.coerce import Coercion, to_number, to_string
from isthmus.records.lookup import Lookups
from isthmus.records.mapper.plan1 import FieldPlan, ListPlan, Plan1
from isthmus.records.mapper.run1 import Scene, is_fixed, rows_of, run1, run_field, run_row
from isthmus.records.mapper.source import Apply, Known, PythonSource, guarded
from isthmus.records.paths import MISSING, Path, Setter

_MOST: Final = 500
"""Mappings of more rules are run by the oracle: making Python of them would take too long."""

_SAME: Final[dict[Coercion, str]] = {to_string: "str", to_number: "int"}
"""Of which type a value is that a conversion leaves as it is."""


def compile1(plan: Plan1, lookups: Lookups) -> Apply:
    """Make the function of a mapping."""
    if len(plan.fields) + sum(len(rows.fields) for rows in plan.lists) > _MOST:
        return guarded(lambda record, context: run1(plan, record, context, lookups))
    writer = _Writer(plan, lookups)
    apply: Apply = writer.source.function("apply")
    return apply


def _is_plain(plan: FieldPlan) -> bool:
    simple = plan.condition is None and plan.lookup is None and not plan.immutable and plan.template is None
    fixed = not any(value and isinstance(value[0], dict | list) for value in (plan.constant, plan.default))
    by_keys = fixed and all(isinstance(step, str) for step in plan.write.steps)
    return simple and by_keys and (is_fixed(plan) or (plan.path is not None and not plan.path.many))


def _literals(plan: Plan1) -> frozenset[str]:
    """Give the texts of dotted paths: a record that has one of them for a key is mapped by the oracle."""
    paths = [rule.path for rule in plan.fields if _is_plain(rule)]
    return frozenset(path.text for path in paths if path is not None and path.steps != (path.text,))


class _Writer:
    """Writes `apply(r, x)`."""

    def __init__(self, plan: Plan1, lookups: Lookups) -> None:
        self.source = PythonSource(
            FIELD=run_field,
            SCENE=Scene,
            ROW=run_row,
            ROWS=rows_of,
            P=_fallen,
            L=lookups,
            RUN=lambda record, context: run1(plan, record, context, lookups),
        )
        self._line, self._constant = self.source.line, self.source.constant
        self._write(plan)

    def _write(self, plan: Plan1) -> None:
        literals = _literals(plan)
        unlike = f" or not r.keys().isdisjoint({self._constant(literals)})" if literals else ""
        self.source.begin()
        self._line(1, f"if type(r) is not dict{unlike}: return RUN(r, x)")
        self._line(1, "o = {}")
        if not all(map(_is_plain, (*plan.fields, *(rule for rows in plan.lists for rule in rows.fields)))):
            self._line(1, "s = SCENE(r, x, L)")
        known: Known = {}
        for rule in plan.fields:
            self._field(1, rule, ("r", "o", "s"), known)
        for rows in plan.lists:
            self._list(rows, known)
        self._line(1, "return o")
        self.source.end()

    def _field(self, depth: int, plan: FieldPlan, names: tuple[str, str, str], known: Known) -> None:
        source, target, scene = names
        if not _is_plain(plan):
            self._line(depth, f"FIELD({self._constant(plan)}, {scene}, {target})")
            return
        if plan.path is None:
            value = plan.constant[0] if plan.constant else MISSING
            converted = plan.convert(value) if plan.convert is not None and value not in (None, "") else value
            self._put(depth, plan.write, target, self._constant(converted))
            return
        value = self._read(depth, (source, plan.path), known, fallback=plan.fallback)
        self._line(depth, f'if {value} is not None and {value} != "":')
        self._put(depth + 1, plan.write, target, self._converted(plan, value))
        if plan.default is not None and not plan.discard:
            self._line(depth, "else:")
            self._put(depth + 1, plan.write, target, self._constant(plan.default[0]))

    def _converted(self, plan: FieldPlan, value: str) -> str:
        if plan.convert is None:
            return value
        call = f"{self._constant(plan.convert)}({value})"
        quick = _SAME.get(plan.convert)
        return f"{value} if type({value}) is {quick} else {call}" if quick else call

    def _read(self, depth: int, at: tuple[str, Path], known: Known, *, fallback: bool) -> str:
        """Read what a path finds into a variable, None for a missing value."""
        source, path = at
        code = self.source.read(depth, (source, path.steps), known)
        if source == "r":
            return code
        if path.steps != (path.text,):
            self._line(depth, f"v = row.get({self._constant(path.text)}, {code})")
            code = "v"
        if fallback:
            self._line(depth, f"v = P({self._constant(path)}, row, r) if {code} is None else {code}")
            code = "v"
        return code

    def _put(self, depth: int, write: Setter, target: str, code: str) -> None:
        keys = [self._constant(step) for step in write.steps]
        for level, key in enumerate(keys[:-1]):
            self._line(depth, f"n{level} = {target}.get({key})")
            self._line(depth, f"if type(n{level}) is not dict: n{level} = {target}[{key}] = {{}}")
            target = f"n{level}"
        self._line(depth, f"{target}[{keys[-1]}] = {code}")

    def _list(self, plan: ListPlan, known: Known) -> None:
        constant = self._constant(plan)
        self._line(1, "made = []")
        if plan.rows is not None and not plan.rows.many and plan.rows.steps == (plan.rows.text,):
            code = self.source.read(1, ("r", plan.rows.steps), known)
            self._line(1, f"for row in {code} if type({code}) is list else ROWS({constant}, r):")
        else:
            self._line(1, f"for row in ROWS({constant}, r):")
        self._line(2, "if type(row) is not dict:")
        self._line(3, f"ROW({constant}, SCENE(r, x, L, row), made)")
        self._line(3, "continue")
        self._line(2, "item = {}")
        if not all(map(_is_plain, plan.fields)):
            self._line(2, "t = s.inside(row)")
        inner: Known = {}
        for rule in plan.fields:
            self._field(2, rule, ("row", "item", "t"), inner)
        self._line(2, "if item: made.append(item)")
        self._line(1, "if made:")
        if all(isinstance(step, str) for step in plan.write.steps):
            self._put(2, plan.write, "o", "made")
        else:
            self._line(2, f"{self._constant(plan.write)}(o, made)")


def _fallen(path: Path, row: Any, record: Record) -> Any:
    """A row that has the name keeps its null; only where it lacks it the record's own field counts."""
    found = path(record) if path(row) is MISSING else None
    return None if found is MISSING else found
