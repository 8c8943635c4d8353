"""Runs a model over what a client sent, and puts every problem into Celigo's codes and words. Source: api.md section 1.

No message holds a value: the field might be secret.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from isthmus.model.errors import InvalidDocument, Problem, invalid, invalid_ref, missing
from isthmus.model.json import Document
from isthmus.model.part import dump

MAX_PROBLEMS: Final = 200
"""Problems told in one answer."""

_MANY: Final = 1000

MAX_DEPTH: Final = 100
"""Levels that a document may nest."""

_KINDS: Final[Mapping[str, str]] = {
    "string_type": "a string",
    "string_unicode": "a string of Unicode characters",
    "int_type": "a whole number",
    "int_parsing_size": "a smaller number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "an array",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
}

_BOUNDS: Final[Mapping[str, tuple[str, str]]] = {
    "string_too_long": ("max_length", "at most {} characters long"),
    "string_too_short": ("min_length", "at least {} characters long"),
    "too_short": ("min_length", "an array of at least {} items"),
    "too_long": ("max_length", "an array of at most {} items"),
    "greater_than_equal": ("ge", "{} or more"),
    "less_than_equal": ("le", "{} or less"),
}


def dotted(location: Iterable[str | int]) -> str:
    """Write a place as the API does: `http.headers[0].name`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return text.removeprefix(".")


def run(model: type[BaseModel], sent: Document, prefix: str = "") -> tuple[Document, list[Problem]]:
    """Validate `sent` against `model`: the cleaned document (empty when there are problems) and all the problems."""
    try:
        return dump(model.model_validate(sent), sent), []
    except ValidationError as error:
        return {}, [_translate(detail, prefix) for detail in _details(error, model, sent)[:MAX_PROBLEMS]]


def _details(error: ValidationError, model: type[BaseModel], sent: Document) -> list[ErrorDetails]:
    """Tell what is wrong; of very many errors (a kilobyte each) those in the beginnings of arrays and objects."""
    if error.error_count() > _MANY:
        try:
            model.model_validate(_beginning(sent))
        except ValidationError as fewer:
            error = fewer
    if error.error_count() > _MANY * MAX_PROBLEMS:
        raise InvalidDocument(f"The document has {error.error_count():,} errors.")
    return error.errors(include_url=False, include_input=False)


def _beginning(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _beginning(value) for key, value in islice(node.items(), MAX_PROBLEMS)}
    return [_beginning(value) for value in node[:MAX_PROBLEMS]] if isinstance(node, list) else node


def _translate(detail: ErrorDetails, prefix: str) -> Problem:
    field = dotted((prefix, *detail["loc"]) if prefix else detail["loc"]) or "body"
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        return missing(field)
    if kind == "invalid_ref":
        return invalid_ref(field)
    if kind == "invalid_field":
        return invalid(field, f"{field} {detail['msg']}")
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return invalid(field, f"{field} must be {words.format(context.get(name))}.")
    return invalid(field, f"{field} must be {_KINDS.get(kind, 'of another kind')}.")


def settle(found: Iterable[Problem]) -> list[Problem]:
    """Keep one problem for each field, the first, and none for what lies inside a field that is wrong as a whole."""
    kept: dict[str | None, Problem] = {}
    for problem in found:
        if problem.field not in kept and not _inside(problem.field, kept):
            kept[problem.field] = problem
    return list(kept.values())[:MAX_PROBLEMS]


def _inside(field: str | None, kept: Mapping[str | None, Problem]) -> bool:
    steps = (field or "").replace("[", ".[").split(".")
    outer = (".".join(steps[:end]).replace(".[", "[") for end in range(1, len(steps)))
    return any(place in kept for place in outer)


def refuse_if(problems: Iterable[Problem]) -> None:
    """Raise InvalidDocument with all the problems, if there are any."""
    settled = settle(problems)
    if settled:
        raise InvalidDocument.of(settled)


def require_document(sent: Any) -> None:
    """Refuse anything but an object of bounded depth; looks at it without recursion."""
    if not isinstance(sent, dict):
        raise InvalidDocument("The document must be a JSON object.")
    level: list[Any] = [sent]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in _children(node) if isinstance(child, (dict, list))]
        if not level:
            return
    raise InvalidDocument(f"The document is nested more than {MAX_DEPTH} levels deep.")


def _children(node: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return node.values() if isinstance(node, dict) else node
