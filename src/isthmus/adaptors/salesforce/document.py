"""The `salesforce` block of a connection. Source: connections.md "salesforce"."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from isthmus.model.errors import Problem
from isthmus.model.field_types import Free, Id, SecretText, Url, any_case
from isthmus.model.json import Document
from isthmus.model.look import Look
from isthmus.model.part import ReadOnly
from isthmus.model.pieces import Concurrency
from isthmus.sdk.connection_type import Block


class Salesforce(Concurrency, Block):
    """The whole block; `baseURI` is the instance, filled in when the connection is authorised."""

    sandbox: bool | None = None
    oauth2FlowType: Annotated[str, any_case("refreshToken", "jwtBearerToken")] | None = None
    username: str | None = None
    packagedOAuth: bool | None = None
    baseURI: Url | None = None
    bearerToken: SecretText = None
    refreshToken: SecretText = None
    scope: list[str] | None = None
    iclient_id: Id | None = Field(None, alias="_iClientId")
    info: Annotated[Free | None, ReadOnly()] = None


def check(document: Document) -> Iterable[Problem]:
    """Name the user whom a JWT stands for, where it is missing."""
    look = Look(document, "salesforce")
    return look.need("username") if look.choice("oauth2FlowType") == "jwtbearertoken" else ()
