"""The root of an export document. Source: exports.md sections 1 and 4."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from typing import Annotated

from pydantic import Field

from isthmus.model.field_types import Free, one_of
from isthmus.model.json import Json
from isthmus.model.part import Part
from isthmus.model.step import Step


class Delta(Part):
    """Reads only what changed since the last run. `lagOffset` is in milliseconds and may be negative."""

    dateField: str | None = None
    dateFormat: str | None = None
    lagOffset: int | None = None
    startDate: str | None = None


class Once(Part):
    """Reads what a flag does not yet call read."""

    booleanField: str | None = None


class Test(Part):
    """Reads a few records only."""

    limit: int | None = Field(None, ge=1, le=100)


class Export(Step):
    """The root fields of an export."""

    type: (
        Annotated[str, one_of("delta", "once", "test", "distributed", "webhook", "blob", "simple", "stream")] | None
    ) = None
    isLookup: bool | None = None
    pageSize: int | None = Field(None, ge=1)
    groupByFields: list[str] | None = None
    inputFilter: Free | None = None
    delta: Delta | None = None
    once: Once | None = None
    test: Test | None = None
    mockOutput: Json = None
    skipRetries: bool | None = None
    file: Free | None = None
    webhook: Free | None = None
    simple: Free | None = None
