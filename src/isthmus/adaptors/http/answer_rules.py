"""What makes an answer a good one: what pings and exports share. Source: api.md section 3, exports.md section 2."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from isthmus.model.field_types import Value
from isthmus.sdk.connection_type import Block


class AnswerRules(Block):
    """Where an answer says that all went well, where that it did not, and where it says why."""

    successPath: str | None = None
    successValues: list[Value] | None = None
    allowArrayforSuccessPath: bool | None = None
    failPath: str | None = None
    failValues: list[Value] | None = None
    errorPath: str | None = None
