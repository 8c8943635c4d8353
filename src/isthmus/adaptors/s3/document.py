"""The `s3` block of a connection. Source: connections.md "s3"."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from isthmus.model.errors import Problem
from isthmus.model.field_types import Id, SecretText, any_case
from isthmus.model.json import Document
from isthmus.model.look import Look
from isthmus.model.pieces import Concurrency
from isthmus.sdk.connection_type import Block


class S3(Concurrency, Block):
    """The whole block. Without `authType` it is `accesskey`."""

    authType: Annotated[str, any_case("accesskey", "awsIam")] | None = None
    accessKeyId: str | None = None
    secretAccessKey: SecretText = None
    pingBucket: str | None = None
    iclient_id: Id | None = Field(None, alias="_iClientId")


def check(document: Document) -> Iterable[Problem]:
    """Name what the kind of authentication demands: a pair of keys, or an iClient that holds the role."""
    look = Look(document, "s3")
    iam = look.choice("authType", "accesskey") == "awsiam"
    return look.need("_iClientId") if iam else look.need("accessKeyId", "secretAccessKey")
