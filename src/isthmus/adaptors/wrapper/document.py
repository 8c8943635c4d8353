"""The `wrapper` block of a connection: code on a stack. Source: connections.md "wrapper"."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from typing import Annotated

from pydantic import Field

from isthmus.model.field_types import Encrypted, Free, Id
from isthmus.model.pieces import Concurrency, CustomField
from isthmus.model.secret import Secret
from isthmus.sdk.connection_type import Block


class Wrapper(Concurrency, Block):
    """The whole block."""

    pingFunction: str
    unencrypted: Free | None = None
    unencryptedFields: list[CustomField] | None = None
    encrypted: Annotated[Encrypted | None, Secret()] = None
    encryptedFields: list[CustomField] | None = None
    stack_id: Id | None = Field(None, alias="_stackId")
