"""All helpers of handlebars.md sections 3 and 4, by theme. Importing a theme registers its helpers."""

from isthmus.records.template.helpers import (
    arrays,
    aws,
    blocks,
    cases,
    crypto,
    dates,
    encoding,
    logic,
    lookups,
    numbers,
    regex,
    text,
    walks,
)
from isthmus.records.template.helpers.registry import BLOCKS, INLINE, Example, Helper

THEMES = (numbers, text, cases, arrays, encoding, dates, regex, crypto, aws, logic, lookups, blocks, walks)

__all__ = ["BLOCKS", "INLINE", "THEMES", "Example", "Helper"]
