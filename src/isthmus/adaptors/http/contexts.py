"""What templates see, and under which names. Source: handlebars.md section 2.

Both generations are served: `record` beside the fields of the record at the root. Names of the platform always win.
"""

from collections.abc import Mapping, Sequence

from isthmus.adaptors.http.fields import block
from isthmus.model.json import Document, Json, Record


def of_connection(connection: Document, iclient: Document | None) -> dict[str, Json]:
    """The context of pings, logins, refreshes and connection headers."""
    shown: dict[str, Json] = {"connection": connection, "settings": {"connection": block(connection, "settings")}}
    if iclient is not None:
        shown["iClient"] = iclient
    return shown


def with_step(base: Mapping[str, Json], name: str, step: Document) -> dict[str, Json]:
    """Add the export or import itself and its settings; `name` is `export` or `import`."""
    settings = {**base["settings"], name: block(step, "settings")}
    return {**base, name: step, "settings": settings}


def with_records(base: Mapping[str, Json], records: Sequence[Record]) -> dict[str, Json]:
    """Add the record that a request is about (the first one of a batch) and all of them as `data`."""
    record = records[0] if records else {}
    spread = record if isinstance(record, dict) else {}
    return {**spread, "record": record, "data": list(records), **base}


def with_batch(base: Mapping[str, Json], records: Sequence[Record]) -> dict[str, Json]:
    """Add a batch as `batch_of_records`, rows of a grouped record under `rows`."""
    batch = [{"rows": record} if isinstance(record, list) else {"record": record} for record in records]
    return {**with_records(base, records), "batch_of_records": batch}


def with_paging(base: Mapping[str, Json], paging: Mapping[str, Json]) -> dict[str, Json]:
    """Put `page`, `skip` or `token` of the request at hand where `export.http.paging` shows it."""
    export = block(base, "export") if isinstance(base, dict) else {}
    http = block(export, "http")
    current = {**block(http, "paging"), **paging}
    return {**base, "export": {**export, "http": {**http, "paging": current}}}
