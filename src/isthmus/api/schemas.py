"""JSON Schemas of what goes in and out, for the OpenAPI document. Components stand under `#/components/schemas/`."""

from typing import Any, Final

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    """Point at a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def array(items: Schema, *, least: int = 0) -> Schema:
    """An array of one kind of item."""
    return {"type": "array", "items": items, **({"minItems": least} if least else {})}


def or_null(schema: Schema) -> Schema:
    """The same, or null, which counts as absent."""
    return {**schema, "type": [schema["type"], "null"]}


ID: Final[Schema] = {"type": "string", "pattern": "^[0-9a-f]{24}$", "description": "24 lower-case hex digits."}
TIME: Final[Schema] = {"type": "string", "format": "date-time", "description": "ISO 8601, UTC, milliseconds."}
RESULTS: Final[Schema] = array(
    {
        "type": "object",
        "required": ["statusCode"],
        "properties": {
            "statusCode": {"type": "integer", "enum": [200, 403, 422]},
            "id": {"type": "string"},
            "ignored": {"type": "boolean"},
            "errors": array(ref("Fault")),
            "_json": {},
            "dataURI": {"type": "string"},
        },
    }
)

_PROBLEM: Final[Schema] = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {
        "code": {"type": "string", "description": "What is wrong, for programs."},
        "message": {"type": "string", "description": "What is wrong and what to do, for people."},
        "field": {"type": "string", "description": "The dotted path of the field that is wrong."},
        "source": {"type": "string", "description": "`application` where another system is at fault."},
    },
}
_DEPENDANT: Final[Schema] = {
    "type": "object",
    "required": ["id", "paths", "accessLevel", "dependencyIds"],
    "properties": {
        "id": ID,
        "name": {"type": "string"},
        "paths": array({"type": "string"}),
        "accessLevel": {"type": "string"},
        "dependencyIds": {"type": "object", "additionalProperties": array(ID)},
    },
}
_PAGE_STATE: Final[Schema] = {
    "type": "object",
    "description": "The way to the next page: send it back as it is, with the same export.",
    "required": ["done", "issuedAt", "sig"],
    "properties": {
        "pageSize": {"type": "integer"},
        "done": {"type": "boolean"},
        "issuedAt": {"type": "integer", "description": "Unix seconds."},
        "sig": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    },
}
_EXPORTED: Final[Schema] = {
    "type": "object",
    "required": ["data"],
    "properties": {"data": array({}), "dataURIs": array({"type": ["string", "null"]})},
}

COMPONENTS: Final[dict[str, Schema]] = {
    "Errors": {
        "type": "object",
        "required": ["errors"],
        "properties": {"errors": array(_PROBLEM, least=1)},
    },
    "Fault": {**_PROBLEM, "description": "What went wrong with one record or one ping."},
    "Ping": {
        "type": "object",
        "required": ["code"],
        "properties": {"code": {"type": "integer"}, "errors": array(ref("Fault"))},
    },
    "Exported": _EXPORTED,
    "ExportedPage": {
        **_EXPORTED,
        "properties": {**_EXPORTED["properties"], "pagedExportState": ref("PagedExportState")},
    },
    "PagedExportState": _PAGE_STATE,
    "Results": RESULTS,
    "Dependencies": {"type": "object", "additionalProperties": array(_DEPENDANT)},
    "AuditEntry": {
        "type": "object",
        "required": ["_id", "resourceType", "_resourceId", "source", "event", "time", "byUser", "fieldChanges"],
        "properties": {
            "_id": ID,
            "resourceType": {"type": "string"},
            "_resourceId": ID,
            "source": {"type": "string"},
            "event": {"type": "string"},
            "time": TIME,
            "byUser": {"type": "object"},
            "fieldChanges": array(
                {
                    "type": "object",
                    "required": ["fieldPath"],
                    "properties": {"fieldPath": {"type": "string"}, "oldValue": {}, "newValue": {}},
                }
            ),
        },
    },
    "Patch": {
        "type": "array",
        "description": "JSON Patch: replace, add and remove, on the fields that may be patched.",
        "items": {
            "type": "object",
            "required": ["op", "path"],
            "properties": {"op": {"enum": ["replace", "add", "remove"]}, "path": {"type": "string"}, "value": {}},
        },
    },
    "Clone": {
        "type": ["object", "null"],
        "properties": {
            "connectionMap": {"type": ["object", "null"], "description": "Old connection id to new one."},
            "name": {"type": ["string", "null"]},
        },
    },
    "Cloned": {
        "oneOf": [
            {"type": "object"},
            array({"type": "object", "properties": {"model": {"type": "string"}, "_id": ID}}),
        ]
    },
}
