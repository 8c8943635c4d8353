"""Validates exports and imports with what the type of their connection declares. Source: exports.md, imports.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from isthmus.model.errors import Problem, invalid, missing
from isthmus.model.export import Export
from isthmus.model.import_ import Import
from isthmus.model.json import Document
from isthmus.model.look import need_root
from isthmus.model.validation import refuse_if, require_document, run
from isthmus.sdk.connection_type import ConnectionType
from isthmus.sdk.registry import connection_types

Direction = Literal["Export", "Import"]

_UNCONNECTED = frozenset({"Webhook", "Simple", "AIAgent"})
"""Prefixes of `adaptorType` that run without a connection (api.md section 12)."""


@dataclass(frozen=True, slots=True)
class StepRules:
    """How one export or import is looked at."""

    direction: Direction
    connection_type: str | None
    virtual: bool = False
    block_required: bool = True


def validate_step(document: Document, rules: StepRules) -> Document:
    """Clean an export or import: the root, and the adaptor's block by its own model where it has one.

    A virtual one runs on the connection of the request's path, so its own `_connectionId` is ignored.
    """
    require_document(document)
    if rules.virtual:
        document = {key: value for key, value in document.items() if key != "_connectionId"}
    root, problems = run(Export if rules.direction == "Export" else Import, document)
    if not rules.virtual:
        problems += need_root(document, "name")
    adaptor_type, faults = _adaptor_type(document, rules)
    problems += faults
    blocks: Document = {}
    if adaptor_type:
        blocks, faults = _blocks(document, adaptor_type, rules)
        problems += faults
        if not rules.virtual and adaptor_type.removesuffix(rules.direction) not in _UNCONNECTED:
            problems += need_root(document, "_connectionId")
    refuse_if(problems)
    found = {**root, **blocks, "adaptorType": adaptor_type}
    order = [key for key in document if key in found]
    return {key: found[key] for key in dict.fromkeys((*order, *found))}


def _specs(rules: StepRules) -> list[ConnectionType]:
    """The connection types that the step may run on: that of its connection, or all while that is not known."""
    types = connection_types()
    known = types.get(rules.connection_type) if rules.connection_type else None
    return [known] if known else list(types.values())


def _adaptor_type(document: Document, rules: StepRules) -> tuple[str, list[Problem]]:
    """Read `adaptorType`, or derive it from the block or the connection's type (exports.md section 1)."""
    specs = _specs(rules)
    allowed = [prefix + rules.direction for spec in specs for prefix in spec.adaptor_types]
    if rules.connection_type is None:
        allowed += [prefix + rules.direction for prefix in sorted(_UNCONNECTED)]
    sent = document.get("adaptorType")
    if sent is not None and sent != "":
        return (sent, []) if sent in allowed else ("", [_not_allowed(allowed)])
    for spec in specs:
        for prefix, block in zip(spec.adaptor_types, spec.blocks, strict=False):
            if document.get(block) is not None:
                return prefix + rules.direction, []
    if rules.connection_type is None or not specs[0].adaptor_types:
        return "", [missing("adaptorType")]
    return allowed[0], []


def _not_allowed(allowed: list[str]) -> Problem:
    names = ", ".join(dict.fromkeys(allowed))
    why = (
        f"adaptorType must be one of: {names}." if names else "Nothing can be exported or imported by this connection."
    )
    return invalid("adaptorType", why)


def _blocks(document: Document, adaptor_type: str, rules: StepRules) -> tuple[Document, list[Problem]]:
    """Clean the blocks of the adaptor's system. One has to be there: `rest` will do for HTTP, and the reverse."""
    prefix = adaptor_type.removesuffix(rules.direction)
    spec = next((spec for spec in _specs(rules) if prefix in spec.adaptor_types), None)
    if spec is None:
        return {}, []
    models = spec.export_blocks if rules.direction == "Export" else spec.import_blocks
    found: Document = {}
    problems: list[Problem] = []
    for name in spec.blocks:
        if document.get(name) is not None:
            found[name], faults = _block(name, models, document)
            problems += faults
    if not found and rules.block_required:
        problems.append(missing(spec.blocks[spec.adaptor_types.index(prefix)]))
    return found, problems


def _block(name: str, models: Mapping[str, type[BaseModel]], document: Document) -> tuple[Document, list[Problem]]:
    block = document[name]
    if not isinstance(block, dict):
        return {}, [invalid(name, f"{name} must be an object.")]
    return run(models[name], block, name) if name in models else (block, [])
