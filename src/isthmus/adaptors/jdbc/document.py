"""The `jdbc` block of a connection. Source: connections.md "jdbc"."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from collections.abc import Iterable
from typing import Annotated, Final

from isthmus.model.errors import Problem
from isthmus.model.field_types import Host, Port, SecretText, any_case
from isthmus.model.json import Document
from isthmus.model.look import Look, given
from isthmus.model.pieces import Concurrency, NameValue
from isthmus.sdk.connection_type import Block

_NEEDS: Final = {
    "db2": ("host", "user", "password", "database", "port", "properties"),
    "activedirectory": ("host",),
    "netsuitejdbc": ("host", "user", "properties"),
    "agent": ("host", "driverPath"),
    "workday": ("host", "user", "password", "properties"),
    "databricks": ("host",),
    "sqlserver": (),
}
_ON_AGENT: Final = frozenset({"agent", "activedirectory"})


class Jdbc(Concurrency, Block):
    """The whole block."""

    type: Annotated[str, any_case(*_NEEDS, "oracle:thin")]
    host: Host | None = None
    port: Port | None = None
    database: str | None = None
    user: str | None = None
    password: SecretText = None
    authType: Annotated[str, any_case("customjdbc", "wallet")] | None = None
    wallet: SecretText = None
    serviceName: str | None = None
    driverPath: str | None = None
    version: str | None = None
    properties: list[NameValue] | None = None


def check(document: Document) -> Iterable[Problem]:
    """Name what the driver demands."""
    look = Look(document, "jdbc")
    kind = look.choice("type")
    if kind == "oracle:thin":
        wallet = look.choice("authType") == "wallet"
        yield from look.need("user", "password", "authType", *(("wallet", "serviceName") if wallet else ("host",)))
    else:
        yield from look.need(*_NEEDS.get(kind, ()))
    if kind in _ON_AGENT and not given(document, "_agentId"):
        why = "The JDBC connection requires Agent. Expected field: _agentId to be present in the connection doc."
        yield Problem("agent_mode_only", why, "_agentId")
