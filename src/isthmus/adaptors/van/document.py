"""The `van` block of a connection: a value-added network for EDI. Source: connections.md "van"."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from typing import Annotated

from isthmus.model.json import Json
from isthmus.model.part import ReadOnly
from isthmus.model.pieces import Concurrency, ContentBasedFlowRouter
from isthmus.sdk.connection_type import Block


class Van(Concurrency, Block):
    """The whole block."""

    as2Id: str | None = None
    mailboxId: Annotated[Json, ReadOnly()] = None
    contentBasedFlowRouter: ContentBasedFlowRouter | None = None
