"""What each kind of database demands of a connection. Source: connections.md "rdbms"."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from isthmus.model.errors import Problem, invalid
from isthmus.model.json import Document
from isthmus.model.look import Look, given


def check(document: Document) -> Iterable[Problem]:
    """Name what the kind of database demands, and what a client certificate does."""
    look = Look(document, "rdbms")
    needs = _NEEDS.get(look.choice("type"))
    yield from needs(look) if needs else ()
    if look.has("ssl.cert") != look.has("ssl.key"):
        yield from look.need("ssl.cert", "ssl.key")


def _server(look: Look) -> Iterator[Problem]:
    """A client certificate stands in for the password."""
    password = () if look.has("ssl.cert") and look.has("ssl.key") else ("password",)
    return look.need("host", "database", "user", *password)


def _mssql(look: Look) -> Iterator[Problem]:
    if look.choice("mssql.authType") == "azure-service-principal":
        return look.need("host", "database", "version", "_iClientId")
    return look.need("host", "database", "version", "user", "password")


def _snowflake(look: Look) -> Iterator[Problem]:
    yield from look.need("host", "database", "user", "snowflake.authType")
    kind = look.choice("snowflake.authType")
    if kind == "keypair":
        yield from look.need("key")
    elif kind == "basic":
        yield from look.need("password")


def _oracle(look: Look) -> Iterator[Problem]:
    yield from look.need("host", "user", "password")
    if not given(look.document, "_agentId"):
        yield Problem("agent_mode_only", "The Oracle connection requires Agent: give its id as _agentId.", "_agentId")


def _bigquery(look: Look) -> Iterator[Problem]:
    return look.need(*(f"bigquery.{name}" for name in ("projectId", "dataset", "clientEmail", "privateKey")))


def _redshift(look: Look) -> Iterator[Problem]:
    yield from look.need("database", "user", "redshift.region")
    if look.choice("redshift.authType", "accesskey") == "awsiam":
        yield from look.need("_iClientId")
        if look.has("redshift.clusterIdentifier") == look.has("redshift.workgroupName"):
            field = look.field("redshift.clusterIdentifier")
            why = "Exactly one of clusterIdentifier or workgroupName must be set when authType is awsIam."
            yield invalid(field, why)
        return
    yield from look.need("redshift.aws.accessKeyId", "redshift.aws.secretAccessKey")
    if look.has("redshift.workgroupName"):
        field = look.field("redshift.workgroupName")
        yield invalid(field, "Redshift Serverless (workgroupName) requires authType=awsIam.")


_NEEDS: Final[Mapping[str, Callable[[Look], Iterator[Problem]]]] = MappingProxyType(
    {
        "mysql": _server,
        "postgresql": _server,
        "mariadb": _server,
        "azuresynapse": _server,
        "mssql": _mssql,
        "snowflake": _snowflake,
        "oracle": _oracle,
        "bigquery": _bigquery,
        "redshift": _redshift,
    }
)
