"""Virtual exports and imports as they come in: unwrapped, validated, and refused where nothing here can run them yet.

Source: api.md section 6, decisions.md "Not built yet".
"""

from collections.abc import Callable, Hashable, Iterator
from typing import Final, Generic, TypeVar

import orjson

from isthmus.model.errors import InvalidDocument, Problem, Unsupported, invalid, missing
from isthmus.model.ids import is_id
from isthmus.model.json import Document, Json
from isthmus.sdk.lru import Lru

T = TypeVar("T")
_LONGEST: Final = 32 * 1024

_CODE_KEYS: Final = frozenset({"_scriptId", "_stackId"})
_OTHER_KEYS: Final = {
    "_asyncHelperId": "Async helpers cannot be run yet.",
    "_lookupCacheId": "Lookup caches cannot be read yet.",
}
_SCRIPTS: Final = "Scripts and stacks cannot be run yet; remove it, or say the same with expression rules."
_PUSHED: Final = frozenset({"webhook", "distributed", "simple", "stream"})


class ModelCache(Generic[T]):
    """What was made of the models that were sent last: a client sends the same one with every page or record.

    Long ones are made anew each time, so that the cache stays within some megabytes whatever clients send.
    """

    def __init__(self) -> None:
        self._kept: Lru[T] = Lru()

    def get(self, sent: Document, variant: Hashable, make: Callable[[], T]) -> T:
        """Give what `make` makes of a model that is used in this way; what it raises is raised and not kept."""
        text = orjson.dumps(sent)
        return make() if len(text) > _LONGEST else self._kept.get((variant, text), make)


def unwrap(body: Json, key: str) -> Document:
    """Take the model out of its mandatory wrapper, `{"export": {...}}`. Raises InvalidDocument."""
    if not isinstance(body, dict) or body.get(key) is None:
        raise InvalidDocument(missing(key))
    model = body[key]
    if not isinstance(model, dict):
        raise InvalidDocument(invalid(key, f"The field {key} must be an object."))
    return model


def with_id(model: Document, sent: Document) -> Document:
    """Give a validated model the id that it was sent with, under which the debug log files what it does."""
    return {"_id": sent["_id"], **model} if is_id(sent.get("_id")) else model


def records_of(body: Document) -> list[Json]:
    """Take the records of an import out of its body. Raises InvalidDocument on `data`."""
    if body.get("data") is None:
        raise InvalidDocument(missing("data"))
    data = body["data"]
    if not isinstance(data, list):
        raise InvalidDocument(invalid("data", "The field data must be an array of records."))
    return data


def refuse_unrunnable(model: Document) -> None:
    """Refuse what would have to be ignored silently. Raises Unsupported naming every such field, dotted."""
    problems = tuple(dict.fromkeys(_unrunnable(model)))
    if problems:
        raise Unsupported(*problems)


def refuse_unrunnable_export(model: Document) -> None:
    """As `refuse_unrunnable`, and exports that are pushed to or grouped. Raises Unsupported."""
    problems = list(_unrunnable(model))
    if model.get("type") in _PUSHED:
        problems.append(_problem("type", "An export of this type is sent to, it cannot be run; it can be stored."))
    if model.get("groupByFields"):
        problems.append(_problem("groupByFields", "Grouping of records cannot be run yet; remove it."))
    if problems:
        raise Unsupported(*dict.fromkeys(problems))


def _unrunnable(model: Document) -> Iterator[Problem]:
    hooks = model.get("hooks")
    if isinstance(hooks, dict):
        yield from (_problem(f"hooks.{name}", f"Hooks: {_SCRIPTS}") for name, hook in hooks.items() if hook)
    for field in ("transform", "filter", "inputFilter"):
        rules = model.get(field)
        if isinstance(rules, dict) and rules.get("type") == "script":
            yield _problem(field, _SCRIPTS)
    yield from _keys({name: value for name, value in model.items() if name not in ("hooks", "mockOutput")})


def _keys(model: Document) -> Iterator[Problem]:
    """Walk without recursion: how deep a body may be is for the API to say."""
    todo: list[tuple[str, Json]] = [("", model)]
    while todo:
        path, node = todo.pop()
        if isinstance(node, list):
            todo += [(f"{path}[{index}]", item) for index, item in enumerate(node)]
        elif isinstance(node, dict):
            for key, value in node.items():
                here = f"{path}.{key}" if path else key
                if key in _CODE_KEYS and value:
                    yield _problem(here, _SCRIPTS)
                elif key in _OTHER_KEYS and value:
                    yield _problem(here, _OTHER_KEYS[key])
                else:
                    todo.append((here, value))


def _problem(field: str, why: str) -> Problem:
    return Problem(Unsupported.code, why, field)
