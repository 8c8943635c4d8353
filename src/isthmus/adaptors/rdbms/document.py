"""The `rdbms` block of a connection. Source: connections.md "rdbms"."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from typing import Annotated, Final

from pydantic import Field

from isthmus.model.field_types import Host, Id, Port, SecretText, any_case
from isthmus.model.pieces import Concurrency, NameValue, Ssl
from isthmus.sdk.connection_type import Block

DATABASES: Final = (
    "mysql",
    "postgresql",
    "mssql",
    "snowflake",
    "oracle",
    "bigquery",
    "redshift",
    "mariadb",
    "azuresynapse",
)
MSSQL_VERSIONS: Final = (
    "SQL Server 2008 R2",
    "SQL Server 2012",
    "SQL Server 2014",
    "SQL Server 2016",
    "SQL Server 2017",
    "Azure",
)


class Mssql(Block):
    """How SQL Server authenticates; `basic` when absent."""

    authType: Annotated[str, any_case("basic", "azure-service-principal")] | None = None


class Snowflake(Block):
    """What Snowflake has besides."""

    authType: Annotated[str, any_case("keyPair", "basic")] | None = None
    warehouse: str | None = None
    schema_: str | None = Field(None, alias="schema")
    role: str | None = None


class BigQuery(Block):
    """A Google service account."""

    projectId: str | None = None
    dataset: str | None = None
    clientEmail: str | None = None
    privateKey: SecretText = None


class Aws(Block):
    """A pair of keys."""

    accessKeyId: str | None = None
    secretAccessKey: SecretText = None


class Redshift(Block):
    """Where a cluster or a serverless workgroup is, and how it is entered; `accesskey` when `authType` is absent."""

    authType: Annotated[str, any_case("accesskey", "awsIam")] | None = None
    aws: Aws | None = None
    region: str | None = None
    clusterIdentifier: str | None = None
    workgroupName: str | None = None


class Rdbms(Concurrency, Block):
    """The whole block."""

    type: Annotated[str, any_case(*DATABASES)]
    host: Host | None = None
    port: Port | None = None
    database: str | None = None
    instanceName: str | None = None
    user: str | None = None
    password: SecretText = None
    version: Annotated[str, any_case(*MSSQL_VERSIONS)] | None = None
    serviceName: str | None = None
    serverType: Annotated[str, any_case("dedicated", "shared", "pooled")] | None = None
    key: SecretText = None
    passphrase: SecretText = None
    disableStrictSSL: bool | None = None
    ssl: Ssl | None = None
    options: list[NameValue] | None = None
    mssql: Mssql | None = None
    snowflake: Snowflake | None = None
    bigquery: BigQuery | None = None
    redshift: Redshift | None = None
    iclient_id: Id | None = Field(None, alias="_iClientId")
