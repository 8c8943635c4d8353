"""A compiled template."""

from collections.abc import Mapping, Sequence

from isthmus.model.json import Document, Json
from isthmus.records.errors import RuleError
from isthmus.records.template.destination import Destination


class Template:
    """A compiled template: pure, reusable, safe to share between tasks."""

    def __init__(self, text: str, destination: Destination) -> None:
        self.text = text
        self.destination = destination

    @property
    def is_static(self) -> bool:
        """Whether the text has no expression, so that every render gives the same."""
        return "{{" not in self.text

    def render(self, context: Mapping[str, Json]) -> str:
        """Render over a context of plain JSON. Raises RecordError: out of fuel, strict and missing, a helper's refusal."""
        del context
        return self.text


def compile_template(
    text: str, destination: Destination = Destination.PLAIN, *, strict: bool = False, lookups: Sequence[Document] = ()
) -> Template:
    """Compile a template. Raises RuleError, naming line and column, for one that does not parse.

    `strict` makes a missing name a RecordError at render. `lookups` are the document's static lookups, for
    `{{lookup "name" key}}`.
    """
    del strict, lookups
    if not isinstance(text, str):
        raise RuleError("A template must be a text.")
    return Template(text, destination)
