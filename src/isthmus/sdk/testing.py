"""What every connection type has to hold: run it against your own `SPEC`.

    from isthmus.sdk.testing import check_connection_type
    check_connection_type(SPEC, [{"name": "Mine", "type": "mine", "mine": {...}}])

Every clause raises AssertionError with a message; no test framework is needed. The `SPEC` has to be installed (as a
folder of `isthmus.adaptors`, or by an entry point), since documents are validated through the registry.
"""

import copy
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from isthmus.model.connection import ConnectionRoot
from isthmus.model.errors import InvalidDocument
from isthmus.model.json import Document
from isthmus.model.look import at
from isthmus.model.secret import join, masks_in, split
from isthmus.model.shape import fields_of
from isthmus.sdk.connection_type import ConnectionType
from isthmus.sdk.documents import connection_secrets, read_only_fields, validate_connection
from isthmus.sdk.registry import connection_types

Validate = Callable[[Document], Document]

_KINDS: Final = frozenset({"connections", "exports", "imports", "flows", "integrations", "iclients"})
_PATCH_TYPES: Final = frozenset({"string", "number", "boolean", "date", "array", "object"})
_ODD: Final[tuple[Any, ...]] = (None, "", "x", 0, -1, 1.5, True, [], [None], [{}], {}, {"": None}, "\x00", "{{")


def check_connection_type(spec: ConnectionType, examples: Sequence[Document]) -> None:
    """Run every clause against a connection type and valid example documents of it. Raises AssertionError."""
    _hold(examples, "give at least one valid example")
    for clause in SPEC_CLAUSES:
        clause(spec)
    for document in examples:
        for example_clause in EXAMPLE_CLAUSES:
            example_clause(spec, document)


def is_registered(spec: ConnectionType) -> None:
    """The registry finds the type under its own name."""
    _hold(connection_types().get(spec.name) is spec, f"{spec.name} is not registered")


def names_its_blocks(spec: ConnectionType) -> None:
    """Each prefix of `adaptorType` has its block, and models are given for those blocks only."""
    _hold(len(spec.adaptor_types) == len(spec.blocks), "adaptor_types and blocks go in pairs")
    strangers = (spec.export_blocks.keys() | spec.import_blocks.keys()) - set(spec.blocks)
    _hold(not strangers, f"models for blocks that the type does not have: {sorted(strangers)}")


def points_at_fields(spec: ConnectionType) -> None:
    """Destination, immutable and referring fields exist; they are neither secret nor read-only."""
    known = _known(spec)
    hidden = {".".join(path) for path in connection_secrets(spec.name)} | set(read_only_fields(spec.name))
    for field in (*spec.destination, *spec.immutable, *(reference.field for reference in spec.references)):
        _hold(field in known, f"{field} is no field of {spec.name}")
        _hold(field not in hidden, f"{field} is secret or read-only: it cannot decide anything in the open")


def refers_to_kinds(spec: ConnectionType) -> None:
    """Every reference leads to a kind of resource that there is."""
    for reference in spec.references:
        _hold(reference.kind in _KINDS, f"{reference.field} refers to the unknown kind {reference.kind}")


def patches_fields(spec: ConnectionType) -> None:
    """What PATCH may change exists, is no secret, and has a known type."""
    known = _known(spec)
    hidden = {"/" + "/".join(path) for path in connection_secrets(spec.name)}
    for pointer, kind in spec.patchable.items():
        _hold(pointer.removeprefix("/").replace("/*", "[*]").replace("/", ".") in known, f"{pointer} is no field")
        _hold(pointer not in hidden, f"{pointer} is secret")
        _hold(kind in _PATCH_TYPES, f"{pointer} has the unknown type {kind}")


def bounds_concurrency(spec: ConnectionType) -> None:
    """The level by default is one that a client could set."""
    _hold(1 <= spec.concurrency <= 50, "concurrency must lie within 1 and 50")  # noqa: PLR2004  # api.md section 4


def accepts(spec: ConnectionType, document: Document) -> None:
    """The example is valid and of this type, and validating does not change what was handed in."""
    before = copy.deepcopy(document)
    cleaned = validate_connection(document)
    _hold(cleaned["type"] == spec.name, "the example is of another type")
    _hold(document == before, "validation changed the document that it was given")


def is_idempotent(_spec: ConnectionType, document: Document, validate: Validate = validate_connection) -> None:
    """Validating a validated document changes nothing, nor does adding fields that nobody knows."""
    cleaned = validate(document)
    _hold(validate(cleaned) == cleaned, "validating twice gives something else")
    _hold(validate({**document, "nobodyKnowsThis": {"a": 1}}) == cleaned, "an unknown field was kept")


def masks_every_secret(spec: ConnectionType, document: Document) -> None:
    """Every secret is taken out, the masked document is valid as it stands, and putting them back gives the whole."""
    cleaned = validate_connection(document)
    paths = connection_secrets(spec.name)
    masked, secrets = split(cleaned, paths)
    _hold(masks_in(masked, paths) == set(secrets), "a secret is left in the open")
    _hold(validate_connection(masked) == masked, "a document as it was read cannot be sent back")
    _hold(join(masked, secrets) == cleaned, "secrets do not go back to where they were")


def drops_read_only_fields(spec: ConnectionType, document: Document) -> None:
    """What a client sends for a field of the service is dropped."""
    cleaned = validate_connection(document)
    for field in read_only_fields(spec.name):
        _hold(at(validate_connection(_with(document, field, {"forged": True})), field) is None, f"{field} was kept")
        _hold(at(cleaned, field) is None, f"the example itself sets {field}")


def refuses_in_order(spec: ConnectionType, document: Document, validate: Validate = validate_connection) -> None:
    """Whatever stands in a field, the answer is a document or InvalidDocument, and no message repeats a secret."""
    canary = "CANARY-5e3c9a"
    for path in ("name", spec.name, *_places(document[spec.name], spec.name)):
        for odd in (*_ODD, canary, [canary], {canary: canary}):
            _try(_with(document, path, odd), canary, validate)


def _try(document: Document, canary: str, validate: Validate) -> None:
    try:
        cleaned = validate(document)
    except InvalidDocument as refusal:
        _hold(refusal.problems, "a refusal without a problem")
        _hold(canary not in str([problem.message for problem in refusal.problems]), "a message repeats a value")
    else:
        _hold(validate(cleaned) == cleaned, "validating twice gives something else")


def _hold(condition: object, message: str) -> None:
    if not condition:
        raise AssertionError(message)


def _known(spec: ConnectionType) -> set[str]:
    block = (path for path, _field in fields_of(spec.block, spec.name))
    return {path for path, _field in fields_of(ConnectionRoot)} | set(block)


def _places(node: Any, prefix: str) -> Iterator[str]:
    for key, value in node.items() if isinstance(node, dict) else ():
        if "." not in key:
            yield f"{prefix}.{key}"
            yield from _places(value, f"{prefix}.{key}")


def _with(document: Document, path: str, value: Any) -> Document:
    key, _, rest = path.partition(".")
    inner = document.get(key)
    return {**document, key: _with(inner if isinstance(inner, dict) else {}, rest, value) if rest else value}


SPEC_CLAUSES: Final[Iterable[Callable[[ConnectionType], None]]] = (
    is_registered,
    names_its_blocks,
    points_at_fields,
    refers_to_kinds,
    patches_fields,
    bounds_concurrency,
)
"""What holds of a type by itself."""

EXAMPLE_CLAUSES: Final[Iterable[Callable[[ConnectionType, Document], None]]] = (
    accepts,
    is_idempotent,
    masks_every_secret,
    drops_read_only_fields,
    refuses_in_order,
)
"""What holds of a type and each valid document of it."""
