"""Validates connections, exports and imports with what their connection type declares.

Every function takes a document as a client sent it and never changes it. Source: api.md sections 2, 5 and 7,
connections.md, exports.md, imports.md.
"""

from typing import Any

from isthmus.model import shape
from isthmus.model.connection import ConnectionRoot, check_root
from isthmus.model.errors import InvalidDocument, Problem, invalid, missing
from isthmus.model.iclient import IClient
from isthmus.model.json import Document
from isthmus.model.secret import Secret, SecretPath, secret_paths
from isthmus.model.validation import refuse_if, require_document, run
from isthmus.sdk.connection_type import ConnectionType
from isthmus.sdk.registry import connection_type
from isthmus.sdk.steps import StepRules, validate_step


def validate_connection(document: Document, *, virtual: bool = False) -> Document:
    """Clean and normalise a connection: unknown and read-only fields dropped, the order of its keys as sent.

    A `virtual` one is not stored and needs no name. Masks stay where they stand. Raises InvalidDocument with all
    problems; no message holds a value.
    """
    require_document(document)
    root, problems = run(ConnectionRoot, document)
    problems += check_root(document, virtual=virtual)
    spec, faults = _type_of(document)
    block: Document = {}
    if spec is not None:
        block, faults = _run_block(spec.name, spec.block, document)
        faults += spec.check(document)
    refuse_if([*problems, *faults])
    found = {**root, spec.name: block} if spec else root
    cleaned = {key: found[key] for key in document if key in found}
    return spec.normalise(cleaned) if spec else cleaned


def connection_secrets(type_name: str) -> dict[SecretPath, Secret]:
    """Tell which fields of a connection of this type are secret, as paths from the root of the document."""
    block = secret_paths(connection_type(type_name).block)
    return {**secret_paths(ConnectionRoot), **{(type_name, *path): mark for path, mark in block.items()}}


def document_secrets(kind: str, document: Document) -> dict[SecretPath, Secret]:
    """Tell which fields of a document of any kind (`connections`, `exports` ...) are secret."""
    if kind == "connections":
        return connection_secrets(document["type"])
    if kind == "iclients":
        return secret_paths(IClient)
    return {}


def _type_of(document: Document) -> tuple[ConnectionType | None, list[Problem]]:
    name = document.get("type")
    if name is None or name == "":
        return None, [missing("type")]
    try:
        return connection_type(name), []
    except InvalidDocument as refusal:
        return None, list(refusal.problems)


def _run_block(name: str, model: type[Any], document: Document) -> tuple[Document, list[Problem]]:
    block = document.get(name)
    if block is None:
        return {}, [missing(name)]
    if not isinstance(block, dict):
        return {}, [invalid(name, f"{name} must be an object.")]
    return run(model, block, name)


def validate_export(document: Document, *, connection_type: str | None, virtual: bool = False) -> Document:
    """Clean and normalise an export that runs on a connection of this type (None: the type is not known).

    A `virtual` one needs neither name nor connection. `adaptorType` is filled in where the block or the type of the
    connection tells it. Raises InvalidDocument with all problems.
    """
    return validate_step(document, StepRules("Export", connection_type, virtual))


def validate_import(
    document: Document, *, connection_type: str | None, virtual: bool = False, mapping_only: bool = False
) -> Document:
    """As validate_export, for an import. With `mapping_only` the adaptor's block may be absent (`import/map`)."""
    return validate_step(document, StepRules("Import", connection_type, virtual, block_required=not mapping_only))


def read_only_fields(type_name: str) -> tuple[str, ...]:
    """Name the fields of a connection of this type that only the service writes; what a client sends is dropped.

    Whoever replaces a document carries them over from the stored one.
    """
    return (
        *shape.read_only_fields(ConnectionRoot),
        *shape.read_only_fields(connection_type(type_name).block, type_name),
    )
