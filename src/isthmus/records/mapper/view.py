"""What rules of a generated mapping see: the root, and the elements that took the place of arrays in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from isthmus.records.context import MappingContext
from isthmus.records.lookup import Lookups
from isthmus.records.paths.parse import Step
from isthmus.records.paths.read import MISSING, read_all
from isthmus.records.template import Template
from isthmus.records.template.contexts import named

Prefix = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Names of variables: of the root, of each value on the walk by its place, and of the innermost element.

    With every place that is in `places` the places above it are, too.
    """

    root: str
    places: Mapping[Prefix, str] = field(default_factory=dict)
    element: str | None = None

    @property
    def variables(self) -> tuple[str, ...]:
        """Every variable, once."""
        found = (self.root, *self.places.values(), *((self.element,) if self.element else ()))
        return tuple(dict.fromkeys(found))

    def nearest(self, steps: Prefix) -> tuple[str, Prefix]:
        """Give the variable from which a path is read, and the steps that are left."""
        for length in range(len(steps), 0, -1):
            if steps[:length] in self.places:
                return self.places[steps[:length]], steps[length:]
        return self.root, steps

    def has_below(self, steps: Prefix) -> bool:
        """Tell whether a path ends above a place, or leaves the keys there: then the value is a composite."""
        place = steps[: len(steps) - len(self.nearest(steps)[1])]
        further = steps[len(place) :]
        whole = not further or not isinstance(further[0], str)
        return whole and any(len(other) > len(place) and other[: len(place)] == place for other in self.places)

    def at(self, steps: Prefix, variable: str) -> "View":
        """Add a place."""
        return replace(self, places={**self.places, steps: variable})

    def below(self, steps: Prefix) -> list[tuple[Step, Prefix]]:
        """Give the places right under one."""
        return [
            (place[-1], place) for place in self.places if len(place) == len(steps) + 1 and place[: len(steps)] == steps
        ]


def code_of_root(view: View, constant: Callable[[Any], str], at: Sequence[Step] = ()) -> str:
    """Write the composite of the root, or of one place: copies with every element in the place of its array."""
    here = tuple(at)
    own = view.places[here] if here else view.root
    inner = [f"{constant(step)}: {code_of_root(view, constant, place)}" for step, place in view.below(here)]
    return f"{{**{own}, {', '.join(inner)}}}" if inner else own


def many_or_none(value: Any, steps: Prefix) -> Any:
    """Read along steps with a wildcard; None where nothing was found."""
    found = read_all(value, steps)
    return None if found is MISSING or found == [] else found


def rendered(template: Template, root: Any, context: MappingContext, lookups: Lookups) -> str:
    """Render a template of Mapper 2.0."""
    return template.render(named(root, context), tables=lookups.tables)
