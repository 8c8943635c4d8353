"""Rules to records: mapping, lookups, transforms, filters and templates. Pure functions, no I/O; usable as a library.

Rules are compiled once (`compile_*`, raising `RuleError` with every problem) and run many times (raising `RecordError`
for the one record that will not do). Source: mapping.md, handlebars.md.
"""

from isthmus.records.context import LookupFailed, MappingContext, Operation
from isthmus.records.errors import RecordError, RuleError
from isthmus.records.explain import Explanation, Note
from isthmus.records.filter import compile_filter
from isthmus.records.mapping import Mapping, compile_mapping
from isthmus.records.template import Destination, Template, compile_template
from isthmus.records.transform import compile_transform

__all__ = [
    "Destination",
    "Explanation",
    "LookupFailed",
    "Mapping",
    "MappingContext",
    "Note",
    "Operation",
    "RecordError",
    "RuleError",
    "Template",
    "compile_filter",
    "compile_mapping",
    "compile_template",
    "compile_transform",
]
