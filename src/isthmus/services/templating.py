"""What a template of an export or import sees beside the platform's own names. Source: handlebars.md section 2."""

from collections.abc import Mapping

from isthmus.model.json import Json, Record
from isthmus.records import Template, compile_template


def template_or_none(text: Json) -> Template | None:
    """Compile a template; an absent or empty one is none. Raises RuleError."""
    return compile_template(text) if isinstance(text, str) and text else None


def context_of(record: Record, platform: Mapping[str, Json]) -> dict[str, Json]:
    """Spread a record at the root and under `record` (`rows` for a grouped one); the platform's names win."""
    if isinstance(record, dict):
        return {**record, "record": record, "data": [record], **platform}
    return {"record": record, "rows": record, "data": record, **platform}
