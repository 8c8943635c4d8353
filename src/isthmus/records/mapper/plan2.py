"""Mapper 2.0: rules read into plans. Source: mapping.md section 3."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from isthmus.records.coerce import COERCIONS
from isthmus.records.dates import Conversion, compile_conversion
from isthmus.records.errors import Problems
from isthmus.records.mapper.condition import Condition, compile_condition
from isthmus.records.paths import Path, compile_path
from isthmus.records.paths.parse import is_json_path
from isthmus.records.template import Template, compile_template

MAX_DEPTH: Final = 32
MAX_RULES: Final = 5_000
NO_STATUS: Final = "Mapping object must have status field present"


@dataclass(frozen=True, slots=True)
class Literal:
    """A hard-coded extract."""

    text: str


Source: TypeAlias = Path | Template | Literal
"""The three forms of an extract."""


@dataclass(frozen=True, slots=True)
class Build:
    """An entry of `buildArrayHelper`: what to walk over (`sources`, none: once) and what to make of each match."""

    sources: tuple[Source, ...]
    entries: tuple["Entry", ...]
    skip_empty: bool = False
    default: tuple[Any] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One mapping. `key` is "" where the value has no name of its own; `at` is where it stands in the document."""

    key: str
    kind: str
    source: Source | None = None
    condition: Condition | None = None
    lookup: str | None = None
    default: tuple[Any] | None = None
    dates: Conversion | None = None
    entries: tuple["Entry", ...] = ()
    builds: tuple[Build, ...] = field(default=())
    at: str = ""


def plan2(mappings: Any, at: str, problems: Problems) -> tuple[Entry, ...]:
    """Read `mappings`. Problems name `at`, e.g. `mappings[0].buildArrayHelper[1].extract`."""
    return _Planner(problems).entries(mappings, at, _Place(0, nameless=True))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where entries stand: how deep, and whether they may lack `generate`."""

    depth: int
    nameless: bool = False


class _Planner:
    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._count = 0

    def entries(self, found: Any, at: str, place: _Place) -> tuple[Entry, ...]:
        if found is None:
            return ()
        if not isinstance(found, list):
            self._problems.add(at, "This must be an array of mappings.")
            return ()
        if place.depth > MAX_DEPTH:
            self._problems.add(at, f"Mappings nest deeper than {MAX_DEPTH} levels.")
            return ()
        made = [self._entry(rule, f"{at}[{index}]", place) for index, rule in enumerate(found)]
        if place.nameless and place.depth == 0 and len(made) > 1 and any(e is not None and not e.key for e in made):
            self._problems.add(
                f"{at}.generate", "A mapping without generate is the whole output, and must stand alone."
            )
        return tuple(entry for entry in made if entry is not None)

    def _entry(self, rule: Any, at: str, place: _Place) -> Entry | None:
        self._count += 1
        if self._count > MAX_RULES:
            self._problems.add(at, f"There are more than {MAX_RULES:,} mappings.")
            return None
        if not isinstance(rule, dict):
            self._problems.add(at, "A mapping must be an object.")
            return None
        if not rule.get("status"):
            self._problems.add(f"{at}.status", NO_STATUS)
        kind, key = rule.get("dataType"), rule.get("generate")
        if not isinstance(kind, str) or kind not in COERCIONS:
            self._problems.add(f"{at}.dataType", f"The data type must be one of {', '.join(COERCIONS)}.")
            return None
        if (not isinstance(key, str) or not key) and not (place.nameless and not key):
            self._problems.add(f"{at}.generate", "The name of the field must be a text and not empty.")
            return None
        made = self._complete(rule, at, (key or "", kind), place)
        return made if rule.get("status", "Active") == "Active" else None

    def _complete(self, rule: Mapping[str, Any], at: str, named: tuple[str, str], place: _Place) -> Entry:
        key, kind = named
        lookup = rule.get("lookupName") or None
        if lookup is not None and not isinstance(lookup, str):
            self._problems.add(f"{at}.lookupName", "The name of a lookup must be a text.")
        inner = _Place(place.depth + 1)
        nested = self.entries(rule.get("mappings"), f"{at}.mappings", inner) if kind == "object" else ()
        return Entry(
            key,
            kind,
            source=self._source(rule, at),
            condition=compile_condition(rule, at, self._problems),
            lookup=lookup if isinstance(lookup, str) else None,
            default=(rule["default"],) if "default" in rule else None,
            dates=compile_conversion(rule, at, self._problems) if kind == "string" else None,
            entries=nested,
            builds=self._builds(rule, at, kind, inner) if kind.endswith("array") else (),
            at=at,
        )

    def _source(self, rule: Mapping[str, Any], at: str) -> Source | None:
        sources = self._sources(rule.get("extract"), at, several=False)
        return sources[0] if sources else None

    def _sources(self, extract: Any, at: str, *, several: bool) -> tuple[Source, ...]:
        if extract is None or extract == "":
            return ()
        if not isinstance(extract, str):
            self._problems.add(f"{at}.extract", "An extract must be a text.")
            return ()
        with self._problems.within(f"{at}.extract"):
            if "{{" in extract:
                return (compile_template(extract),)
            parts = [part.strip() for part in extract.split(",")] if several else [extract]
            if all(is_json_path(part) for part in parts):
                return tuple(compile_path(part) for part in parts)
            return (compile_path(extract),) if is_json_path(extract) else (Literal(extract),)
        return ()

    def _builds(self, rule: Mapping[str, Any], at: str, kind: str, place: _Place) -> tuple[Build, ...]:
        helpers = rule.get("buildArrayHelper")
        if not helpers:
            helpers, at = ([{"mappings": rule["mappings"]}], f"{at}.mappings") if rule.get("mappings") else ([], at)
        if not isinstance(helpers, list):
            self._problems.add(f"{at}.buildArrayHelper", "This must be an array.")
            return ()
        inner = _Place(place.depth, nameless=kind == "arrayarray")
        return tuple(
            build
            for index, helper in enumerate(helpers)
            if (build := self._build(helper, f"{at}.buildArrayHelper[{index}]", inner)) is not None
        )

    def _build(self, helper: Any, at: str, place: _Place) -> Build | None:
        if not isinstance(helper, dict):
            self._problems.add(at, "An entry of buildArrayHelper must be an object.")
            return None
        condition = compile_condition(helper, at, self._problems)
        return Build(
            self._sources(helper.get("extract"), at, several=True),
            self.entries(helper.get("mappings"), f"{at}.mappings", place),
            skip_empty=condition is not None and condition.when == "extract_not_empty",
            default=(helper["default"],) if "default" in helper else None,
        )


def names_in(entries: Sequence[Entry]) -> Iterator[str]:
    """Name every lookup that entries use, in order."""
    for entry in entries:
        if entry.condition is not None and entry.condition.lookup:
            yield entry.condition.lookup
        if entry.lookup:
            yield entry.lookup
        for source in (entry.source, *(source for build in entry.builds for source in build.sources)):
            if isinstance(source, Template):
                yield from source.lookups
        yield from names_in(entry.entries)
        for build in entry.builds:
            yield from names_in(build.entries)
