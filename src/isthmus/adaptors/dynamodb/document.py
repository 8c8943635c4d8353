"""The `dynamodb` block of a connection. Regions belong to exports and imports. Source: connections.md "dynamodb"."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from typing import Annotated

from isthmus.model.pieces import Concurrency
from isthmus.model.secret import Secret
from isthmus.sdk.connection_type import Block


class Aws(Block):
    """A pair of keys."""

    accessKeyId: str
    secretAccessKey: Annotated[str, Secret()]


class DynamoDb(Concurrency, Block):
    """The whole block."""

    aws: Aws
