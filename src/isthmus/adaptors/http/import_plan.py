"""An import compiled for http: for each position its request and response rules. Made once for each digest."""

from dataclasses import dataclass
from typing import Final, Literal

from isthmus.adaptors.http.answers import Expected
from isthmus.adaptors.http.bodies import BodyRules, compile_body
from isthmus.adaptors.http.drafts import BLANK, Recipe, compile_headers
from isthmus.adaptors.http.fields import at_position, block, items, text, whole
from isthmus.adaptors.http.findings import Findings
from isthmus.adaptors.http.legacy_rest import translate_import
from isthmus.adaptors.http.verdicts import Verdicts
from isthmus.model.errors import InvalidDocument, Problem, Unsupported, missing
from isthmus.model.json import Document
from isthmus.records import Destination, Template, compile_template

Operation = Literal["create", "update"]
MAX_BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Position:
    """One request of an import: what is sent, and how the answer is read."""

    recipe: Recipe
    body_rules: BodyRules
    verdicts: Verdicts
    resource_path: str
    id_path: str


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Everything that writing a record needs and that does not change from record to record."""

    document: Document
    positions: dict[Operation, Position]
    expected: Expected
    batch_size: int
    sends_mapped: bool
    body_limit: int | None
    lock: Template | None
    """`idLockTemplate`: records for which it renders the same are written one after the other."""


def lookups_of(document: Document) -> tuple[Document, ...]:
    """The lookups of an import, whether they stand at its root or in its block; the block's own win."""
    named = {}
    for place in (document, block(document, "rest"), block(document, "http")):
        named.update({entry["name"]: entry for entry in items(place, "lookups") if _is_named(entry)})
    return tuple(named.values())


def _is_named(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("name"), str)


def request_types(http: Document) -> list[str]:
    """The operations of the positions, in their order; [] where the import does not say."""
    return [entry.upper() for entry in items(http, "requestType") if isinstance(entry, str)]


def position_of(http: Document, operation: Operation) -> int:
    """Tell which entry of the positional arrays belongs to an operation: the first one where only one is there."""
    types = request_types(http)
    return types.index(operation.upper()) if operation.upper() in types else 0


def compile_import(document: Document, media: str) -> ImportPlan:
    """Compile an import; `media` is the connection's. Raises InvalidDocument with all problems, or Unsupported."""
    document = translate_import(document)
    http = block(document, "http")
    if text(http, "type").lower() == "file":
        message = "Imports of http.type file cannot be run yet; leave it out to import records."
        raise Unsupported(Problem(Unsupported.code, message, "http.type"))
    if not items(http, "relativeURI"):
        raise InvalidDocument(missing("http.relativeURI"))
    findings = Findings()
    rules = BodyRules(
        media=text(http, "requestMediaType", media).lower(),
        strict=http.get("strictHandlebarEvaluation") is True,
        drop_empty=http.get("ignoreEmptyNodes") is True,
        lookups=lookups_of(document),
    )
    operations: tuple[Operation, ...] = ("create", "update")
    positions = {operation: _position(http, position_of(http, operation), rules, findings) for operation in operations}
    lock = findings.made("idLockTemplate", lambda: compile_template(text(document, "idLockTemplate")), BLANK)
    findings.raise_any()
    return ImportPlan(
        document=document,
        positions=positions,
        expected=Expected(text(http, "successMediaType").lower(), text(http, "errorMediaType").lower()),
        batch_size=min(whole(http, "batchSize") or 1, MAX_BATCH),
        sends_mapped=http.get("sendPostMappedData") is not False,
        body_limit=whole(http, "endPointBodyLimit"),
        lock=lock if lock.text else None,
    )


def _position(http: Document, index: int, rules: BodyRules, findings: Findings) -> Position:
    response = block(http, "response")
    own = {key: at_position(response, key, index) for key in ("successPath", "failPath")}
    own |= {key: _values_at(response, key, index) for key in ("successValues", "failValues")}
    return Position(
        _recipe(http, index, rules, findings),
        rules,
        Verdicts.of({**response, **own}),
        _path_at(response, "resourcePath", index),
        _path_at(response, "resourceIdPath", index),
    )


def _recipe(http: Document, index: int, rules: BodyRules, findings: Findings) -> Recipe:
    uri, method, body = (at_position(http, key, index) for key in ("relativeURI", "method", "body"))

    def compiled_uri() -> Template:
        source = uri if isinstance(uri, str) else ""
        return compile_template(source, Destination.URI, strict=rules.strict, lookups=rules.lookups)

    return Recipe(
        method.upper() if isinstance(method, str) and method else "POST",
        findings.made(f"http.relativeURI[{index}]", compiled_uri, BLANK),
        findings.made("http.headers", lambda: compile_headers(http, strict=rules.strict), ()),
        findings.made(f"http.body[{index}]", lambda: compile_body(body, rules), None),
    )


def _path_at(response: Document, key: str, index: int) -> str:
    path = at_position(response, key, index)
    return path if isinstance(path, str) else ""


def _values_at(response: Document, key: str, index: int) -> object:
    """Values of a position: an array of arrays; a flat array, as some clients send it, holds for every position."""
    values = items(response, key)
    return at_position(response, key, index) if any(isinstance(entry, list) for entry in values) else values or None
