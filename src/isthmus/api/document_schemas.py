"""The components of documents, made from the very models that validate them."""

from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel

from isthmus.api.schemas import ID, TIME, Schema, array
from isthmus.model.connection import ConnectionRoot
from isthmus.model.export import Export
from isthmus.model.flow import Flow
from isthmus.model.iclient import IClient
from isthmus.model.import_ import Import
from isthmus.model.integration import Integration
from isthmus.sdk.registry import connection_types

_PLACE: Final = "#/components/schemas/"
_SERVER: Final[dict[str, Schema]] = {"_id": ID, "createdAt": TIME, "lastModified": TIME}
_QUEUES: Final = array(
    {"type": "object", "properties": {"name": {"type": "string"}, "size": {"type": "integer", "minimum": 0}}}
)
_MODELS: Final[dict[str, type[BaseModel]]] = {
    "Export": Export,
    "Import": Import,
    "Flow": Flow,
    "Integration": Integration,
    "IClient": IClient,
}

_NAMELESS: Final = frozenset({"IClient"})


@lru_cache(maxsize=1)
def document_components() -> dict[str, Schema]:
    """Give the components by name: of each kind one as it comes out, and one (`...Input`) as it goes in."""
    found = _connection()
    for name, model in _MODELS.items():
        inner, parts = _split(model, name)
        found |= parts
        found |= _both_ways(name, inner, required=[] if name in _NAMELESS else ["name"])
    return found


def _connection() -> dict[str, Schema]:
    root, parts = _split(ConnectionRoot, "Connection")
    types = connection_types()
    root["properties"]["type"] = {"type": "string", "enum": [*types], "description": "Also names the block below."}
    for name, spec in types.items():
        block, inner = _split(spec.block, f"{name}Connection")
        parts |= {**inner, f"{name}Connection": block}
        root["properties"][name] = {"anyOf": [{"$ref": f"{_PLACE}{name}Connection"}, {"type": "null"}]}
    return {**parts, **_both_ways("Connection", root, required=["name", "type"], more={"queues": _QUEUES})}


def _both_ways(name: str, schema: Schema, *, required: list[str], more: dict[str, Schema] | None = None) -> Schema:
    shown = {**_SERVER, **schema["properties"], **(more or {})}
    return {
        name: {**schema, "properties": shown, "required": ["_id"]},
        f"{name}Input": {**schema, "required": required},
    }


def _split(model: type[BaseModel], prefix: str) -> tuple[Schema, dict[str, Schema]]:
    """Take a model's schema apart into itself and its parts, whose names begin with `prefix`."""
    schema = model.model_json_schema(by_alias=True, ref_template=f"{_PLACE}{prefix}{{model}}")
    parts = schema.pop("$defs", {})
    return _plain(schema), {f"{prefix}{name}": _plain(part) for name, part in parts.items()}


def _plain(node: Any) -> Any:
    """Leave out what pydantic adds for itself: titles made from names, and defaults of None."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: value for key, value in node.items() if not (key == "title" and isinstance(value, str))}
    if kept.get("default", 0) is None:
        del kept["default"]
    return {
        key: {name: _plain(schema) for name, schema in value.items()} if key == "properties" else _plain(value)
        for key, value in kept.items()
    }
