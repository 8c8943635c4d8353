"""Mapper 2.0: plans turned into Python, of which `run2` is the oracle.

`apply(r, x)` maps one record. Every `buildArrayHelper` that walks over arrays is a function of its own, in which the
composite object is hardly ever made: a child's path is split where the walk has replaced an array by its element, and
read from there. What the generated code has no straight way for (indexes in such a walk, records that are no objects,
data of another shape than the path says) is handed to the oracle, one entry at a time.
"""

from collections.abc import Sequence
from typing import Any, Final

from isthmus.model.json import Record
from isthmus.records.coerce import COERCIONS, copy_json
from isthmus.records.context import MappingContext
from isthmus.records.errors import RecordError
from isthmus.records.lookup import Lookups
from isthmus.records.mapper.condition import BEFORE, holds
from isthmus.records.mapper.plan2 import Build, Entry, Literal
from isthmus.records.mapper.run2 import Scene, burn, evaluate, items_of, run2
from isthmus.records.mapper.source import Apply, Known, PythonSource, guarded
from isthmus.records.mapper.view import View, code_of_root, many_or_none, rendered
from isthmus.records.mapper.walks import Walk
from isthmus.records.paths.read import MISSING, MOST, Path
from isthmus.records.template import Template

_MOST: Final = 500
"""Mappings of more entries are run by the oracle: making Python of them would take too long."""
_DEEPEST: Final = 40
"""How deep lines may be indented: Python ends at a hundred."""
_SAME: Final = {"string": "str", "number": "int", "object": "dict"}
"""Of which type a value is that a conversion leaves as it is."""


def compile2(entries: Sequence[Entry], lookups: Lookups) -> Apply:
    """Make the function of a mapping."""

    def run(record: Record, context: MappingContext) -> Any:
        return run2(entries, record, context, lookups)

    if size_of(entries) > _MOST:
        return guarded(run)
    writer = _Writer(lookups, run)
    writer.mapping(entries)
    apply: Apply = writer.source.function("apply")
    return apply


def size_of(entries: Sequence[Entry]) -> int:
    """Count entries, nested ones among them."""
    inner = sum(size_of(entry.entries) + sum(1 + size_of(build.entries) for build in entry.builds) for entry in entries)
    return len(entries) + inner


class _Writer:
    """Writes the functions. `emit` in its methods is code with `{}` where the value goes."""

    def __init__(self, lookups: Lookups, run: Apply) -> None:
        self.source = PythonSource(
            ALL=many_or_none, BURN=burn, COPY=copy_json, ENTRY=evaluate, FIND=lookups.find, HOLDS=holds, ITEMS=items_of,
            L=lookups, M=MISSING, MOST=MOST, RENDER=rendered, RUN=run, SCENE=Scene,
        )  # fmt: skip
        self._line, self._constant = self.source.line, self.source.constant
        self._waiting: list[tuple[str, Build, str, View]] = []

    def mapping(self, entries: Sequence[Entry]) -> None:
        """Write `apply` and the functions that it needs."""
        self.source.begin()
        self._line(1, "if type(r) is not dict: return RUN(r, x)")
        if any(entry.kind == "object" or entry.builds for entry in entries):
            self._line(1, "q = [MOST]")
        view, known = View("r"), Known()
        if len(entries) == 1 and not entries[0].key:
            self._entry(1, entries[0], "return {}", (view, known))
            self._line(1, "return []" if entries[0].kind.endswith("array") else "return {}")
        else:
            self._line(1, "o = {}")
            self._object(1, entries, "o", (view, known))
            self._line(1, "return o")
        self.source.end()
        while self._waiting:
            self._function(*self._waiting.pop())

    def _object(self, depth: int, entries: Sequence[Entry], target: str, at: tuple[View, Known]) -> None:
        for entry in entries:
            self._entry(depth, entry, f"{target}[{self._constant(entry.key)}] = {{}}", at)

    def _scene(self, view: View) -> str:
        return f"SCENE({code_of_root(view, self._constant)}, x, L, {view.element or 'M'}, fuel=q)"

    def _entry(self, depth: int, entry: Entry, emit: str, at: tuple[View, Known]) -> None:
        view, known = at
        if depth > _DEEPEST or (entry.kind == "object" and entry.entries and entry.source is not None):
            self._line(depth, f"v = ENTRY({self._constant(entry)}, {self._scene(view)})")
            self._line(depth, f"if v is not M: {emit.format('v')}")
            return
        condition = entry.condition
        if condition is not None:
            known = Known(known)
            if condition.when in BEFORE:
                self._line(depth, f"if x.operation == {self._constant(BEFORE[condition.when])}:")
                depth += 1
        value = self._value(depth, entry, (view, known))
        if condition is not None and condition.when not in BEFORE:
            held = f"HOLDS({self._constant(condition)}, {value}, L, x)"
            quick = f'{value} is not None and {value} != ""'
            self._line(depth, f"if {quick if condition.when == 'extract_not_empty' else held}:")
            depth += 1
        if entry.lookup is not None:
            self._line(depth, f"v = FIND({self._constant(entry.lookup)}, {value}, x.lookups)")
            value = "v"
        self._made(depth, entry, (emit, value), (view, known))

    def _value(self, depth: int, entry: Entry, at: tuple[View, Known]) -> str:
        """Write what finds the value of an entry; give the code of it, a name or `None`."""
        view, known = at
        source = entry.source
        if source is None:
            return "None"
        if isinstance(source, Literal):
            return self._constant(source.text)
        if isinstance(source, Template):
            root = code_of_root(view, self._constant)
            self._line(depth, f"v = RENDER({self._constant(source)}, {root}, x, L)")
            return "v"
        return self._path(depth, source, view, known)

    def _path(self, depth: int, path: Path, view: View, known: Known) -> str:
        if not path.steps:
            root = code_of_root(view, self._constant)
            if view.element is not None:
                element = view.element
                root = f"{root} if type({element}) is dict or type({element}) is list else {element}"
            self._line(depth, f"v = {root}")
            return "v"
        base, rest = view.nearest(path.steps)
        if view.has_below(path.steps):
            base = self.source.name("w")
            place = path.steps[: len(path.steps) - len(rest)]
            self._line(depth, f"{base} = {code_of_root(view, self._constant, place)}")
        if path.many:
            self._line(depth, f"v = ALL({base}, {self._constant(rest)})")
            return "v"
        return self.source.read(depth, (base, rest), known)

    def _made(self, depth: int, entry: Entry, code: tuple[str, str], at: tuple[View, Known]) -> None:
        emit, value = code
        if entry.builds:
            value = self._builds(depth, entry, at[0])
            self._line(depth, f"if {value}: {emit.format(value)}")
        elif entry.kind == "object" and entry.entries:
            value = self.source.name("o")
            self._line(depth, f"{value} = {{}}")
            self._object(depth, entry.entries, value, at)
            self._line(depth, f"if {value}: {emit.format(value)}")
        elif (constant := _constant_of(entry)) is not None:
            self._line(depth, emit.format(self._constant(constant)))
            return
        else:
            listed = "" if entry.kind == "string" else f" and {value} != []"
            self._line(depth, f'if {value} is not None and {value} != ""{listed}:')
            self._line(depth + 1, emit.format(self._converted(entry, value)))
        if entry.default is not None:
            self._line(depth, "else:")
            self._default(depth + 1, entry, emit)

    def _default(self, depth: int, entry: Entry, emit: str) -> None:
        value = entry.default[0] if entry.default else None
        code = self._constant(value)
        if isinstance(value, dict | list):
            code = f"COPY({code})"
        if not (value is None or value in ("", [], {})):
            code = f"{self._constant(COERCIONS[entry.kind])}({code})"
        self._line(depth, emit.format(code))

    def _converted(self, entry: Entry, value: str) -> str:
        if entry.dates is not None:
            return f"{self._constant(entry.dates)}({value})"
        call = f"{self._constant(COERCIONS[entry.kind])}({value})"
        return f"{value} if type({value}) is {_SAME[entry.kind]} else {call}" if entry.kind in _SAME else call

    def _builds(self, depth: int, entry: Entry, view: View) -> str:
        """Write what makes the items of an array; give the variable of the list."""
        made = self.source.name("m")
        for number, build in enumerate(entry.builds):
            self._line(depth, f"{made} {'+=' if number else '='} {self._build(build, entry.kind, view)}")
        return made

    def _build(self, build: Build, kind: str, view: View) -> str:
        walks = [Walk.of(source) for source in build.sources]
        if not build.entries or any(walk is None for walk in walks):
            return f"ITEMS({self._constant(build)}, {self._constant(kind)}, {self._scene(view)})"
        name = self.source.name("b")
        self._waiting.append((name, build, kind, view))
        return f"{name}({', '.join(view.variables)}, x, q)"

    def _function(self, name: str, build: Build, kind: str, view: View) -> None:
        """Write the function of one entry of `buildArrayHelper`."""
        slow = f"return ITEMS({self._constant(build)}, {self._constant(kind)}, {self._scene(view)})"
        self._line(0, f"def {name}({', '.join(view.variables)}, x, q):")
        self._line(1, "m = []")
        if not build.sources:
            self._one(1, build.entries, kind, view)
        if build.default is not None and build.sources:
            self._line(1, "f = True")
        for walk in filter(None, map(Walk.of, build.sources)):
            depth, inner = walk.write(self.source, view, slow)
            if view.element is not None:
                self._line(depth, "BURN(q)")
            if build.default is not None:
                self._line(depth, "f = False")
            self._one(depth, build.entries, kind, inner)
        if build.default is not None and build.sources:
            self._line(1, f"if f: m.append(COPY({self._constant(build.default[0])}))")
        self._line(1, "return m")

    def _one(self, depth: int, entries: Sequence[Entry], kind: str, view: View) -> None:
        """Write what one match gives."""
        known = Known()
        if kind == "arrayarray":
            for entry in entries:
                self._entry(depth, entry, "m.append({})", (view, known))
            return
        self._line(depth, "o = {}")
        self._object(depth, entries, "o", (view, known))
        self._line(depth, "if o: m.append(o)")


def _constant_of(entry: Entry) -> Any:
    """Give the value of an entry that is the same for every record; None where there is none."""
    plain = entry.condition is None and entry.lookup is None and entry.dates is None
    if not plain or not isinstance(entry.source, Literal) or entry.kind not in ("string", "number", "boolean"):
        return None
    try:
        return COERCIONS[entry.kind](entry.source.text)
    except RecordError:
        return None
