"""The `mongodb` block of a connection. Source: connections.md "mongodb"."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from typing import Annotated

from pydantic import Field

from isthmus.model.field_types import Host
from isthmus.model.pieces import Concurrency
from isthmus.model.secret import Secret
from isthmus.sdk.connection_type import Block


class MongoDb(Concurrency, Block):
    """The whole block; `host` lists the members as `name:port`."""

    host: list[Host] = Field(min_length=1)
    username: str
    password: Annotated[str, Secret()]
    database: str | None = None
    replicaSet: str | None = None
    ssl: bool | None = None
    authSource: str | None = None
