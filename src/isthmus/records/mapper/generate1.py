"""Mapper 1.0: plans turned into Python.

No text of a document is ever source: keys, defaults and functions enter as constants of the namespace. The common rules
(a path, a default, a conversion) become straight code; every other rule is a call of `run_field`, the oracle itself.
"""

from collections.abc import Callable
from typing import Any, Final

from isthmus.model.json import Json, Record
from isthmus.records.context import MappingContext
from isthmus.records.lookup import Lookups
from isthmus.records.mapper.plan1 import FieldPlan, ListPlan, Plan1
from isthmus.records.mapper.run1 import Scene, is_fixed, rows_of, run1, run_field
from isthmus.records.paths import MISSING, Path, Setter
from isthmus.records.paths.read import child

_MOST: Final = 500
"""Mappings of more rules are run by the oracle: making Python of them would take too long."""

Apply = Callable[[Record, MappingContext], Json]
Known = dict[tuple[Any, ...], str]
"""Which variable holds what a path begins with."""


def compile1(plan: Plan1, lookups: Lookups) -> Apply:
    """Make the function of a mapping."""
    if len(plan.fields) + sum(len(rows.fields) for rows in plan.lists) > _MOST:
        return lambda record, context: run1(plan, record, context, lookups)
    writer = _Writer(plan, lookups)
    namespace = writer.namespace
    exec(compile(writer.source(plan), "<mapping>", "exec"), namespace)  # noqa: S102  # no user text is source, see above
    apply: Apply = namespace["apply"]
    return apply


def _is_plain(plan: FieldPlan) -> bool:
    simple = plan.condition is None and plan.lookup is None and not plan.immutable and plan.template is None
    fixed = not any(value and isinstance(value[0], dict | list) for value in (plan.constant, plan.default))
    by_keys = fixed and all(isinstance(step, str) for step in plan.write.steps)
    return simple and by_keys and (is_fixed(plan) or (plan.path is not None and not plan.path.many))


class _Writer:
    def __init__(self, plan: Plan1, lookups: Lookups) -> None:
        self._lines: list[str] = []
        self._count = 0
        self.namespace: dict[str, Any] = {
            "C": _child, "FIELD": run_field, "SCENE": Scene, "ROWS": rows_of, "P": _fallen, "L": lookups, "dict": dict,
            "type": type, "list": list, "__builtins__": {},
            "RUN": lambda record, context: run1(plan, record, context, lookups),
        }  # fmt: skip

    def source(self, plan: Plan1) -> str:
        """Write `apply(r, x)`."""
        self._line(0, "def apply(r, x):")
        self._line(1, "if type(r) is not dict: return RUN(r, x)")
        self._line(1, "o = {}")
        if not all(map(_is_plain, plan.fields)) or not all(
            map(_is_plain, (f for rows in plan.lists for f in rows.fields))
        ):
            self._line(1, "s = SCENE(r, x, L)")
        known: Known = {}
        for rule in plan.fields:
            self._field(1, rule, ("r", "o", "s"), known)
        for rows in plan.lists:
            self._list(rows, known)
        self._line(1, "return o")
        return "\n".join(self._lines) + "\n"

    def _line(self, depth: int, text: str) -> None:
        self._lines.append("    " * depth + text)

    def _constant(self, value: Any) -> str:
        self._count += 1
        self.namespace[f"K{self._count}"] = value
        return f"K{self._count}"

    def _field(
        self, depth: int, plan: FieldPlan, names: tuple[str, str, str], known: dict[tuple[Any, ...], str]
    ) -> None:
        source, target, scene = names
        if not _is_plain(plan):
            self._line(depth, f"FIELD({self._constant(plan)}, {scene}, {target})")
            return
        if plan.path is None:
            value = plan.constant[0] if plan.constant else MISSING
            converted = plan.convert(value) if plan.convert is not None and value not in (None, "") else value
            self._put(depth, plan.write, target, self._constant(converted))
            return
        self._read(depth, plan, source, known)
        self._line(depth, 'if v is not None and v != "":')
        self._put(depth + 1, plan.write, target, f"{self._constant(plan.convert)}(v)" if plan.convert else "v")
        if plan.default is not None and not plan.discard:
            self._line(depth, "else:")
            self._put(depth + 1, plan.write, target, self._constant(plan.default[0]))

    def _read(self, depth: int, plan: FieldPlan, source: str, known: Known) -> None:
        """Put the value of a path into `v`, None for a missing one; what several paths begin with is read once."""
        path = plan.path
        if path is None:
            return
        code = self._steps(depth, (source, path.steps), known)
        if path.steps == (path.text,):
            self._line(depth, f"v = {code}")
        else:
            literal = f"{source}.get({self._constant(path.text)}, {code})"
            self._line(depth, f"v = {literal}" + ("" if source == "r" else f" if type({source}) is dict else {code}"))
        if source == "row" and plan.fallback:
            self._line(depth, f"if v is None: v = P({self._constant(path)}, row, r)")

    def _steps(self, depth: int, at: tuple[str, tuple[Any, ...]], known: Known) -> str:
        source, steps = at
        code = source
        for length in range(1, len(steps) + 1):
            prefix = steps[:length]
            if prefix not in known:
                self._count += 1
                known[prefix] = f"p{self._count}"
                self._line(depth, f"{known[prefix]} = {self._step(code, steps[length - 1])}")
            code = known[prefix]
        return code

    def _step(self, parent: str, step: Any) -> str:
        key = self._constant(step)
        if not isinstance(step, str):
            return f"C({parent}, {key})"
        quick = f"{parent}.get({key})"
        return quick if parent == "r" else f"{quick} if type({parent}) is dict else C({parent}, {key})"

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
            code = self._steps(1, ("r", plan.rows.steps), known)
            self._line(1, f"for row in {code} if type({code}) is list else ROWS({constant}, r):")
        else:
            self._line(1, f"for row in ROWS({constant}, r):")
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


def _child(value: Any, step: str | int) -> Any:
    found = child(value, step)
    return None if found is MISSING else found


def _fallen(path: Path, row: Any, record: Record) -> Any:
    """A row that has the name keeps its null; only where it lacks it the record's own field counts."""
    found = path(record) if path(row) is MISSING else None
    return None if found is MISSING else found
