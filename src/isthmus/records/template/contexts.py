"""The contexts that templates of rules see. Source: handlebars.md section 2."""

from typing import Any

from isthmus.model.json import Json, Record
from isthmus.records.context import LookupFailed, MappingContext


def _lookups(context: MappingContext) -> dict[str, Json]:
    return {name: None if isinstance(found, LookupFailed) else found for name, found in context.lookups.items()}


def named(record: Record, context: MappingContext) -> dict[str, Any]:
    """Mapper 2.0: the record under `record`, or its rows under `rows`, beside the variables."""
    rows = {"rows": record} if isinstance(record, list) else {}
    return {**context.variables, "lookup": _lookups(context), **rows, "record": record}


def bare(record: Record, context: MappingContext) -> dict[str, Any]:
    """Mapper 1.0: the fields of the record (the first row) at the root, which never hide a variable of the platform."""
    row = record[0] if isinstance(record, list) and record else record
    fields = row if isinstance(row, dict) else {}
    return {**fields, **named(record, context)}
