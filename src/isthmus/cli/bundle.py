"""Documents of an account in one file: found out what they are, put into an order, told to refer to new ids.

A file holds one document, an array of documents, or an object of arrays by kind (`{"connections": [...]}`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from isthmus.model.errors import IsthmusError
from isthmus.model.ids import is_id
from isthmus.model.json import Document, Json

KINDS: Final = ("iclients", "integrations", "connections", "exports", "imports", "flows")
"""In the order of their making: each refers to those before it."""

MASKS: Final = ("******", "****")


class BadBundle(IsthmusError):
    """The file holds something else than documents of an account."""


@dataclass(frozen=True, slots=True)
class Item:
    """One document of the file. `old` is the id that it has there, "" where it has none."""

    kind: str
    old: str
    document: Document

    @property
    def label(self) -> str:
        """Name it for people."""
        return f"{self.kind[:-1]} {self.document.get('name') or self.old or '(no name)'}"


def read_bundle(content: Json) -> list[Item]:
    """Find the documents in a file's JSON, in the order of their making. Raises BadBundle."""
    items = [Item(kind, _id(document), document) for kind, document in _documents(content)]
    if not items:
        raise BadBundle("The file holds no documents.")
    return sorted(items, key=_rank)


def _rank(item: Item) -> tuple[int, bool]:
    borrows = "_borrowConcurrencyFromConnectionId" in item.document
    return KINDS.index(item.kind), borrows


def _id(document: Document) -> str:
    found = document.get("_id")
    return found if isinstance(found, str) else ""


def _documents(content: Json) -> Iterator[tuple[str, Document]]:
    if isinstance(content, list):
        for place, document in enumerate(content):
            yield _kind(document, f"[{place}]"), document
        return
    if not isinstance(content, dict):
        raise BadBundle("The file must hold a JSON object or array.")
    by_kind = {key: kind for key in content if (kind := _kind_named(key)) and isinstance(content[key], list)}
    if not by_kind:
        yield _kind(content, "the document"), content
    for key, kind in by_kind.items():
        for place, document in enumerate(content[key]):
            if not isinstance(document, dict):
                raise BadBundle(f"{key}[{place}] is not a document.")
            yield kind, document


def _kind_named(key: str) -> str | None:
    folded = key.lower()
    return next((kind for kind in KINDS if folded in (kind, kind[:-1])), None)


def _kind(document: Json, place: str) -> str:
    """Tell a document's kind by its looks."""
    if isinstance(document, dict):
        adaptor = str(document.get("adaptorType", ""))
        if adaptor.endswith("Export"):
            return "exports"
        if adaptor.endswith("Import"):
            return "imports"
        if {"pageGenerators", "pageProcessors", "routers"} & document.keys():
            return "flows"
        if isinstance(kind := document.get("type"), str) and isinstance(document.get(kind), dict):
            return "connections"
        if "provider" in document:
            return "iclients"
        if {"_registeredConnectionIds", "install", "installSteps"} & document.keys() or "name" in document:
            return "integrations"
    raise BadBundle(f"It cannot be told what {place} is. Group documents by kind: {{'connections': [...], ...}}.")


def renamed(value: Json, ids: Mapping[str, str]) -> Json:
    """Put new ids in the place of old ones, wherever a field's name says that it refers to something."""
    if isinstance(value, dict):
        return {key: _reference(item, ids) if _refers(key) else renamed(item, ids) for key, item in value.items()}
    return [renamed(item, ids) for item in value] if isinstance(value, list) else value


def _refers(key: str) -> bool:
    return key.startswith("_") and key.endswith(("Id", "Ids"))


def _reference(value: Json, ids: Mapping[str, str]) -> Json:
    if isinstance(value, list):
        return [_reference(item, ids) for item in value]
    return ids.get(value, value) if is_id(value) else value


def without_masks(document: Document) -> tuple[Document, list[str]]:
    """Take every mask out of a document; tells the dotted fields where one stood."""
    fields: list[str] = []
    return _unmasked(document, "", fields), fields


def _unmasked(value: Json, at: str, fields: list[str]) -> Any:
    if isinstance(value, list):
        return [_unmasked(item, f"{at}[{place}]", fields) for place, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    kept = {}
    for key, item in value.items():
        path = f"{at}.{key}" if at else key
        if item in MASKS:
            fields.append(path)
        else:
            kept[key] = _unmasked(item, path, fields)
    return kept


def with_value(document: Document, path: str, value: Json) -> Document:
    """Set a dotted field of objects; parts that are not there are made."""
    first, _, rest = path.partition(".")
    inner = document.get(first)
    return {**document, first: with_value(inner if isinstance(inner, dict) else {}, rest, value) if rest else value}


def dropped(document: Document, names: Iterable[str]) -> Document:
    """Leave fields of the root out."""
    unwanted = set(names)
    return {key: value for key, value in document.items() if key not in unwanted}
