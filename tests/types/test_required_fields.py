"""Each field that a type demands, taken away alone, gives exactly one problem, which names it."""

import copy
from typing import Any

import pytest

from isthmus.model.errors import InvalidDocument
from isthmus.sdk.documents import validate_connection
from tests.rig.connections import example

DEMANDS: dict[tuple[str, str], str] = {
    ("http", "none"): "baseURI mediaType",
    ("http", "basic"): "auth.basic",
    ("http", "digest"): "auth.basic",
    ("http", "wsse"): "auth.basic",
    ("http", "token"): "auth.token.token",
    ("http", "cookie"): "auth.cookie.uri",
    ("http", "jwt"): "auth.jwt.token",
    ("http", "jwtbearer-hmac"): "auth.jwt.signatureMethod auth.jwt.payload auth.jwt.secret",
    ("http", "jwtbearer-rsa"): "auth.jwt.privateKey",
    ("http", "jwtbearer-es"): "auth.jwt.privateKey",
    ("http", "oauth-authorizecode"): "auth.oauth.authURI auth.oauth.tokenURI",
    ("http", "oauth-clientcredentials"): "auth.oauth.tokenURI",
    ("http", "oauth-password"): "auth.oauth.tokenURI auth.oauth.username auth.oauth.password",
    ("http", "oauth1-hmac"): "auth.oauth.oauth1.signatureMethod auth.oauth.oauth1.consumerKey"
    " auth.oauth.oauth1.accessToken auth.oauth.oauth1.consumerSecret auth.oauth.oauth1.tokenSecret",
    ("http", "oauth1-rsa"): "auth.oauth.oauth1.consumerPrivateKey",
    ("http", "amazon"): "unencrypted.marketplaceId unencrypted.sellingRegion",
    ("http", "custom"): "unencrypted.region",
    ("rest", "slack"): "baseURI mediaType authType",
    ("netsuite", "token"): "authType account environment tokenId tokenSecret",
    ("netsuite", "token-auto"): "account",
    ("netsuite", "basic"): "email password",
    ("salesforce", "jwt"): "username",
    ("ftp", "ftp"): "type hostURI username password",
    ("ftp", "ftps"): "password",
    ("ftp", "sftp-password"): "password",
    ("s3", "keys"): "accessKeyId secretAccessKey",
    ("s3", "iam"): "_iClientId",
    ("rdbms", "mysql"): "type host database user password",
    ("rdbms", "postgresql"): "host database user password",
    ("rdbms", "mariadb"): "host database user password",
    ("rdbms", "azuresynapse"): "host database user password",
    ("rdbms", "mssql"): "host database version user password",
    ("rdbms", "mssql-principal"): "host database version _iClientId",
    ("rdbms", "snowflake-key"): "host database user snowflake.authType key",
    ("rdbms", "snowflake-basic"): "password",
    ("rdbms", "oracle"): "host user password",
    ("rdbms", "bigquery"): "bigquery.projectId bigquery.dataset bigquery.clientEmail bigquery.privateKey",
    ("rdbms", "redshift"): "database user redshift.region redshift.aws.accessKeyId redshift.aws.secretAccessKey",
    ("rdbms", "redshift-iam"): "_iClientId",
    ("jdbc", "db2"): "type host user password database port properties",
    ("jdbc", "oracle-wallet"): "user password wallet serviceName",
    ("jdbc", "oracle-host"): "authType host",
    ("jdbc", "activedirectory"): "host",
    ("jdbc", "netsuitejdbc"): "host user properties",
    ("jdbc", "agent"): "host driverPath",
    ("jdbc", "workday"): "host user password properties",
    ("jdbc", "databricks"): "host",
    ("mongodb", "members"): "host username password",
    ("dynamodb", "keys"): "aws aws.accessKeyId aws.secretAccessKey",
    ("as2", "open"): "as2Id partnerId partnerStationInfo userStationInfo",
    ("as2", "signed"): "encrypted.userPrivateKey unencrypted.userPublicKey unencrypted.partnerCertificate"
    " partnerStationInfo.mdn.mdnSigning",
    ("mcp", "token"): "serverURL http http.auth http.auth.type http.auth.token.token",
    ("mcp", "oauth"): "http._iClientId",
    ("wrapper", "stack"): "pingFunction",
}
ROWS = [(name, variant, field) for (name, variant), fields in DEMANDS.items() for field in fields.split()]


def _without(document: dict[str, Any], path: str, replacement: Any = None) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    node = changed
    *parents, last = path.split(".")
    for key in parents:
        node = node[key]
    del node[last]
    if replacement is not None:
        node[last] = replacement
    return changed


def _problems(document: dict[str, Any]) -> list[dict[str, str]]:
    with pytest.raises(InvalidDocument) as refusal:
        validate_connection(document)
    return [problem.as_dict() for problem in refusal.value.problems]


@pytest.mark.parametrize(("name", "variant", "field"), ROWS)
def test_a_demanded_field_that_is_not_there(name: str, variant: str, field: str) -> None:
    path = f"{name}.{field}"
    assert _problems(_without(example(name, variant), path)) == [
        {"code": "missing_required_field", "message": f"Expected field: {path} to be present.", "field": path}
    ]


@pytest.mark.parametrize(("name", "variant", "field"), ROWS)
def test_an_empty_string_counts_as_absent(name: str, variant: str, field: str) -> None:
    path = f"{name}.{field}"
    document = _without(example(name, variant), path, replacement="")
    assert {problem["field"] for problem in _problems(document)} == {path}


@pytest.mark.parametrize("field", ["name", "type"])
def test_root_fields_that_are_not_there(field: str) -> None:
    assert _problems(_without(example("s3", "keys"), field)) == [
        {"code": "missing_required_field", "message": f"Expected field: {field} to be present.", "field": field}
    ]


@pytest.mark.parametrize("name", ["http", "rest", "netsuite", "rdbms", "jdbc", "as2", "mcp", "ftp", "dynamodb"])
def test_the_block_that_is_not_there_is_told_alone(name: str) -> None:
    document = {"name": "x", "type": name, "_agentId": "5f8d43a1b9e5a80011a35f2c"}
    assert _problems(document) == [
        {"code": "missing_required_field", "message": f"Expected field: {name} to be present.", "field": name}
    ]


@pytest.mark.parametrize(
    ("name", "variant"),
    [("filesystem", "folder"), ("jdbc", "agent"), ("jdbc", "activedirectory"), ("rdbms", "oracle")],
)
def test_systems_that_only_an_agent_reaches(name: str, variant: str) -> None:
    [problem] = _problems(_without(example(name, variant), "_agentId"))
    assert (problem["code"], problem["field"]) == ("agent_mode_only", "_agentId")
    assert "requires Agent" in problem["message"]


def test_either_of_user_name_and_password_is_enough() -> None:
    assert validate_connection(example("http", "basic-password-only"))
    auth = {"type": "basic", "basic": {"username": ""}}
    neither = {"name": "x", "type": "http", "http": {"baseURI": "https://a.example", "mediaType": "json", "auth": auth}}
    assert [problem["field"] for problem in _problems(neither)] == ["http.auth.basic.username"]


def test_redshift_needs_one_place_and_static_keys_need_a_cluster() -> None:
    iam = example("rdbms", "redshift-iam")
    neither = _without(iam, "rdbms.redshift.clusterIdentifier")
    assert [problem["field"] for problem in _problems(neither)] == ["rdbms.redshift.clusterIdentifier"]
    serverless = copy.deepcopy(example("rdbms", "redshift"))
    serverless["rdbms"]["redshift"]["workgroupName"] = "w"
    assert [problem["field"] for problem in _problems(serverless)] == ["rdbms.redshift.workgroupName"]


def test_certificate_and_key_go_together() -> None:
    half = _without(example("rdbms", "certificate"), "rdbms.ssl.key")
    assert {problem["field"] for problem in _problems(half)} == {"rdbms.ssl.key", "rdbms.password"}


def test_pfx_excludes_certificate_and_key() -> None:
    document = copy.deepcopy(example("http", "certificates"))
    document["http"]["clientCertificates"]["pfx"] = "CANARY-pfx"
    assert [problem["field"] for problem in _problems(document)] == ["http.clientCertificates.pfx"]
