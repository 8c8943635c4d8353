"""The walk of a `buildArrayHelper` over the arrays on its path, as nested loops."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from isthmus.records.mapper.source import PythonSource
from isthmus.records.mapper.view import View, code_of_root
from isthmus.records.paths.parse import WILD, Step, Wild
from isthmus.records.paths.read import Path

_LOOPS: Final = 6
_STEPS: Final = 12
"""Longer walks are the oracle's: Python has a limit to the depth of blocks."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Keys and wildcards from the root; the last step is always a wildcard, or there is none."""

    steps: tuple[Step, ...]

    @classmethod
    def of(cls, source: Any) -> "Walk | None":
        """Make the walk of an extract; None for one that only the oracle can walk."""
        if not isinstance(source, Path):
            return None
        steps = source.steps if source.steps and isinstance(source.steps[-1], Wild) else (*source.steps, WILD)
        loops = sum(isinstance(step, Wild) for step in steps)
        odd = any(isinstance(step, int) for step in steps) or any(
            isinstance(one, Wild) and isinstance(two, Wild) for one, two in pairwise(steps)
        )
        if odd or loops > _LOOPS or len(steps) > _STEPS or (len(steps) > 1 and isinstance(steps[0], Wild)):
            return None
        return cls(steps)

    def write(self, source: PythonSource, view: View, slow: str) -> tuple[int, View]:
        """Write the loops; give the depth inside of them, and what rules see there.

        `slow` is the line that hands everything to the oracle, where the data has another shape than the path.
        """
        if self.steps == (WILD,):
            whole, element = source.name("w"), source.name("e")
            source.line(1, f"{whole} = {code_of_root(view, source.constant)}")
            _loop(source, 1, whole, element)
            return 2, View(element, element=element)
        return self._down(source, view, slow)

    def _down(self, source: PythonSource, view: View, slow: str) -> tuple[int, View]:
        depth, value = 1, view.root
        at: tuple[Step, ...] = ()
        for step, after in pairwise(self.steps):
            if isinstance(step, Wild):
                continue
            source.line(depth, f"if {value} is not None:")
            source.line(depth + 1, f"if type({value}) is not dict: {slow}")
            depth, at = depth + 1, (*at, step)
            if at in view.places:
                value = view.places[at]
            else:
                inner = source.name("e")
                source.line(depth, f"{inner} = {value}.get({source.constant(step)})")
                value = inner
                view = view.at(at, value)
            if isinstance(after, Wild):
                if any(len(place) > len(at) and place[: len(at)] == at for place in view.places):
                    whole = source.name("w")
                    source.line(depth, f"{whole} = {code_of_root(view, source.constant, at)}")
                    value = whole
                inner = source.name("e")
                _loop(source, depth, value, inner)
                depth, value = depth + 1, inner
                places = {place: name for place, name in view.places.items() if place[: len(at)] != at}
                view = replace(view, places={**places, at: inner}, element=inner)
        return depth, view


def _loop(source: PythonSource, depth: int, value: str, element: str) -> None:
    source.line(depth, f"for {element} in {value} if type({value}) is list else ({value},):")
    source.line(depth + 1, f"if {element} is None: continue")
