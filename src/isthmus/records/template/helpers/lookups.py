"""The helper `lookup`. Source: handlebars.md section 4."""

from typing import Any

from isthmus.records.paths.read import MISSING, child
from isthmus.records.template.fuel import Run
from isthmus.records.template.helpers.registry import Example, inline
from isthmus.records.template.runtime import look
from isthmus.records.values import to_text, truthy


@inline(
    "lookup name key",
    Example("{{lookup a b}}", "1", {"a": {"x": 1}, "b": "x"}),
    Example('{{lookup a "constructor"}}', "", {"a": {}}),
    wants_run=True,
)
def lookup(run: Run, _: Any, name: Any, key: Any = MISSING) -> Any:
    """Look a key up in the static lookup of that name, or in an object or list.

    A lookup of the document wins over a field; without one of that name it is Handlebars' own `lookup object key`.
    """
    if isinstance(name, str):
        table = run.tables.get(name)
        if table is not None:
            return table(key)
        dynamic = child(child(run.root, "lookup"), name)
        if dynamic is not MISSING:
            return child(dynamic, to_text(key)) if isinstance(dynamic, dict) and key is not MISSING else dynamic
    return look(name, _key(key)) if truthy(name) else name


def _key(value: Any) -> str:
    if value is None or value is MISSING:
        return "undefined" if value is MISSING else "null"
    return to_text(value)
