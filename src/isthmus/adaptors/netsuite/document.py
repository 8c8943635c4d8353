"""The `netsuite` block of a connection. Source: connections.md "netsuite"."""
# ruff: noqa: N815  # fields carry the names that they have in documents

import re
from collections.abc import Iterable
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from isthmus.model.errors import Problem
from isthmus.model.field_types import Free, Id, SecretText, any_case, wrong
from isthmus.model.json import Document, Json
from isthmus.model.look import Look
from isthmus.model.part import ReadOnly
from isthmus.model.pieces import Concurrency
from isthmus.sdk.connection_type import Block

_ACCOUNT: Final = re.compile(r"[A-Za-z0-9_-]+\Z")


def _account(value: str) -> str:
    """Upper case, as NetSuite writes it; it becomes part of host names, so nothing else may stand in it."""
    if not _ACCOUNT.match(value):
        raise wrong("must be an account id such as 1234567 or 1234567_SB1.")
    return value.upper()


def _wsdl(value: str) -> str:
    """Anything but `next` counts as `latest`."""
    return "next" if value.strip().lower() == "next" else "latest"


class NetSuite(Concurrency, Block):
    """The whole block."""

    authType: Annotated[str, any_case("token", "token-auto", "basic")]
    account: Annotated[str, AfterValidator(_account)] | None = None
    environment: Annotated[str, any_case("production", "sandbox", "sandbox2.0", "beta")] | None = None
    tokenId: SecretText = None
    tokenSecret: SecretText = None
    tokenName: str | None = None
    email: str | None = None
    password: SecretText = None
    roleId: str | None = None
    roleName: str | None = None
    entityId: str | None = None
    applicationId: str | None = None
    accountName: str | None = None
    requestLevelCredentials: bool | None = None
    wsdlVersion: Annotated[str, AfterValidator(_wsdl)] | None = None
    iclient_id: Id | None = Field(None, alias="_iClientId")
    dataCenterURLs: Annotated[Free | None, ReadOnly()] = None
    suiteAppInstalled: Annotated[Json, ReadOnly()] = None


_NEEDS: Final = {
    "token": ("account", "environment", "tokenId", "tokenSecret"),
    "token-auto": ("account",),
    "basic": ("email", "password"),
}


def check(document: Document) -> Iterable[Problem]:
    """Name what the kind of authentication demands."""
    look = Look(document, "netsuite")
    return look.need(*_NEEDS.get(look.choice("authType"), ()))
