"""The `ftp` block of a connection: FTP, FTPS and SFTP. Source: connections.md "ftp"."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from collections.abc import Iterable
from typing import Annotated, Final

from pydantic import Field

from isthmus.model.errors import Problem
from isthmus.model.field_types import Host, Id, Port, SecretText, any_case
from isthmus.model.json import Document
from isthmus.model.look import Look
from isthmus.model.part import ReadOnly
from isthmus.model.pieces import Concurrency
from isthmus.sdk.connection_type import Block

_PARSERS: Final = (
    "UNIX",
    "UNIX-TRIM",
    "VMS",
    "WINDOWS",
    "OS/2",
    "OS/400",
    "AS/400",
    "MVS",
    "UNKNOWN-TYPE",
    "NETWARE",
    "MACOS-PETER",
)


class Ftp(Concurrency, Block):
    """The whole block. Ports by default: 21 for ftp, 22 for sftp, 21 for explicit and 990 for implicit ftps."""

    type: Annotated[str, any_case("ftp", "sftp", "ftps")]
    hostURI: Host
    username: str
    password: SecretText = None
    authKey: SecretText = None
    port: Port | None = None
    usePassiveMode: bool | None = None
    enableHostVerification: bool | None = None
    userDirectoryIsRoot: bool | None = None
    useImplicitFtps: bool | None = None
    requireSocketReUse: bool | None = None
    entryParser: Annotated[str, any_case(*_PARSERS)] | None = None
    pgpEncryptKey: SecretText = None
    pgpDecryptKey: SecretText = None
    pgpPassphrase: SecretText = None
    pgpKeyAlgorithm: str | None = None
    pgpSignAndVerify: bool | None = None
    tp_connector_id: Id | None = Field(None, alias="_tpConnectorId")
    tradingPartner: Annotated[bool | None, ReadOnly()] = None


def check(document: Document) -> Iterable[Problem]:
    """A password; for SFTP a key will do."""
    look = Look(document, "ftp")
    if look.choice("type") == "sftp" and look.has("authKey"):
        return ()
    return look.need("password")
