"""What becomes of an export or an import on its way in."""

from typing import Any

import pytest

from isthmus.model.errors import InvalidDocument
from isthmus.sdk.documents import validate_export, validate_import
from tests.rig.connections import ID

EXPORT = {"name": "x", "_connectionId": ID, "adaptorType": "HTTPExport", "http": {"relativeURI": "/a", "method": "GET"}}
IMPORT = {
    "name": "x",
    "_connectionId": ID,
    "adaptorType": "HTTPImport",
    "http": {"relativeURI": ["/a"], "method": ["POST"]},
}


def _fields(
    document: Any, *, of: str = "export", connection: str | None = "http", **more: bool
) -> dict[str | None, str]:
    validate = validate_export if of == "export" else validate_import
    with pytest.raises(InvalidDocument) as refusal:
        validate(document, connection_type=connection, **more)
    return {problem.field: problem.code for problem in refusal.value.problems}


@pytest.mark.parametrize("connection", ["http", "rest", None])
def test_good_documents_stay_as_they_are(connection: str | None) -> None:
    assert validate_export(EXPORT, connection_type=connection) == EXPORT
    assert validate_import(IMPORT, connection_type=connection) == IMPORT


def test_a_stored_one_needs_a_name_a_connection_and_its_block() -> None:
    assert _fields({"adaptorType": "HTTPExport"}) == {
        "name": "missing_required_field",
        "_connectionId": "missing_required_field",
        "http": "missing_required_field",
    }
    assert _fields({"adaptorType": "HTTPImport"}, of="import", virtual=True) == {"http": "missing_required_field"}


def test_mapping_alone_needs_no_block() -> None:
    model = {"mapping": {"fields": [{"extract": "a", "generate": "b"}]}}
    cleaned = validate_import(model, connection_type="http", virtual=True, mapping_only=True)
    assert cleaned == {**model, "adaptorType": "HTTPImport"}


@pytest.mark.parametrize("connection", ["http", "rest"])
def test_the_api_pages_import_is_taken_as_it_stands(connection: str) -> None:
    model = {
        "mapping": {
            "fields": [
                {"extract": "timestamp", "generate": "timestamp"},
                {"generate": "key", "hardCodedValue": "sqs_flow"},
            ]
        },
        "rest": {"relativeURI": ["/system/v1/heartbeat"], "method": ["PUT"]},
    }
    cleaned = validate_import(model, connection_type=connection, virtual=True)
    assert cleaned == {**model, "adaptorType": "RESTImport"}


def test_the_api_pages_exports_are_taken_as_they_stand() -> None:
    soql = {"type": "soql", "api": "rest", "soql": {"query": "Select Name from Account where name like 'test7676'"}}
    page = {
        "name": "sfdummyconnection",
        "_connectionId": "641\u2022\u2022913",
        "asynchronous": True,
        "oneToMany": False,
        "sandbox": False,
        "rawData": "640\u2022\u20224a8",
        "salesforce": soql,
        "adaptorType": "SalesforceExport",
    }
    assert validate_export(page, connection_type="salesforce", virtual=True) == {
        "name": "sfdummyconnection",
        "oneToMany": False,
        "salesforce": soql,
        "adaptorType": "SalesforceExport",
    }
    search = {"type": "search", "searches": [{"recordType": "customRecord", "savedSearchId": "131298"}]}
    paged = {"asynchronous": True, "pageSize": 5, "netsuite": {**search, "skipGrouping": True}}
    assert validate_export(paged, connection_type="netsuite", virtual=True) == {
        "pageSize": 5,
        "netsuite": {**search, "skipGrouping": True},
        "adaptorType": "NetSuiteExport",
    }


@pytest.mark.parametrize(
    ("connection", "block", "derived"),
    [
        ("http", "http", "HTTPImport"),
        ("http", "rest", "RESTImport"),
        ("rest", "http", "HTTPImport"),
        ("netsuite", "netsuite", "NetSuiteImport"),
        ("netsuite", "netsuite_da", "NetSuiteDistributedImport"),
        ("rdbms", "rdbms", "RDBMSImport"),
        ("jdbc", "jdbc", "JDBCImport"),
        ("mongodb", "mongodb", "MongodbImport"),
        ("dynamodb", "dynamodb", "DynamodbImport"),
        ("ftp", "ftp", "FTPImport"),
        ("s3", "s3", "S3Import"),
        ("filesystem", "filesystem", "FileSystemImport"),
        ("as2", "as2", "AS2Import"),
        ("van", "van", "VANImport"),
        ("wrapper", "wrapper", "WrapperImport"),
        ("salesforce", "salesforce", "SalesforceImport"),
        (None, "salesforce", "SalesforceImport"),
    ],
)
def test_adaptor_type_follows_from_the_block(connection: str | None, block: str, derived: str) -> None:
    cleaned = validate_import({block: {}}, connection_type=connection, virtual=True)
    assert cleaned == {block: {}, "adaptorType": derived}
    assert validate_import(cleaned, connection_type=connection, virtual=True) == cleaned


@pytest.mark.parametrize(
    ("connection", "adaptor_type"),
    [
        ("http", "NetSuiteExport"),
        ("http", "httpexport"),
        ("http", "HTTPImport"),
        ("http", "WebhookExport"),
        ("netsuite", "HTTPExport"),
        ("mcp", "HTTPExport"),
        (None, "NobodyExport"),
        ("http", ["HTTPExport"]),
        ("http", 3),
    ],
)
def test_adaptor_types_that_do_not_fit(connection: str | None, adaptor_type: Any) -> None:
    fields = _fields({**EXPORT, "adaptorType": adaptor_type}, connection=connection)
    assert fields == {"adaptorType": "invalid_field"}


def test_an_unknown_adaptor_type_is_asked_for() -> None:
    document = {"name": "x", "_connectionId": ID}
    assert _fields(document, connection=None) == {"adaptorType": "missing_required_field"}
    assert _fields(document, connection="mcp") == {"adaptorType": "missing_required_field"}


def test_webhooks_need_no_connection() -> None:
    document = {"name": "x", "adaptorType": "WebhookExport", "webhook": {"provider": "custom"}}
    assert validate_export(document, connection_type=None) == document


def test_either_block_will_do_for_the_other_name() -> None:
    model = {"adaptorType": "HTTPExport", "rest": {"relativeURI": "/a", "method": "get"}}
    assert validate_export(model, connection_type="http", virtual=True) == {
        "adaptorType": "HTTPExport",
        "rest": {"relativeURI": "/a", "method": "GET"},
    }


@pytest.mark.parametrize("block", ["http", "rest"])
def test_single_values_of_an_import_are_stored_as_arrays(block: str) -> None:
    sent = {"relativeURI": "/a", "method": "put", "body": "{{x}}", "requestType": "create"}
    cleaned = validate_import({block: sent}, connection_type="http", virtual=True)
    assert cleaned[block] == {"relativeURI": ["/a"], "method": ["PUT"], "body": ["{{x}}"], "requestType": ["CREATE"]}


def test_positional_arrays_may_have_gaps() -> None:
    http = {
        "relativeURI": ["/a", "/a/{{{data.0.id}}}"],
        "method": ["POST", "PUT"],
        "requestType": ["CREATE", "UPDATE"],
        "body": [None, {"a": "{{b}}"}],
        "response": {"successPath": [None, "ok"], "successValues": [None, [True]], "resourceIdPath": ["id"]},
    }
    cleaned = validate_import({"http": http}, connection_type="http", virtual=True)
    assert cleaned["http"]["response"]["successValues"] == [None, ["true"]]
    assert cleaned["http"]["body"] == http["body"]


def test_all_problems_of_an_export_at_once() -> None:
    document = {
        "name": "x" * 101,
        "_connectionId": "no",
        "adaptorType": "HTTPExport",
        "type": "sometimes",
        "pageSize": 0,
        "test": {"limit": 101},
        "transform": [],
        "http": {
            "method": "TRACE",
            "relativeURI": "https://u:p@a.example",
            "paging": {"method": "guess", "page": "1"},
            "response": {"successValues": "true"},
        },
    }
    assert set(_fields(document)) == {
        "name",
        "_connectionId",
        "type",
        "pageSize",
        "test.limit",
        "transform",
        "http.method",
        "http.relativeURI",
        "http.paging.method",
        "http.paging.page",
        "http.response.successValues",
    }


@pytest.mark.parametrize("block", [[], "x", 3])
def test_a_block_is_an_object(block: Any) -> None:
    assert _fields({**EXPORT, "http": block}) == {"http": "invalid_field"}
    document = {"name": "x", "_connectionId": ID, "s3": block}
    assert _fields(document, connection="s3") == {"s3": "invalid_field"}


def test_blocks_of_other_systems_are_kept_as_they_came_and_strangers_dropped() -> None:
    document = {"name": "x", "_connectionId": ID, "ftp": {"a": [1, None]}, "file": {"type": "csv"}, "http": {}}
    assert validate_export(document, connection_type="ftp") == {
        "name": "x",
        "_connectionId": ID,
        "ftp": {"a": [1, None]},
        "file": {"type": "csv"},
        "adaptorType": "FTPExport",
    }


def test_rules_are_left_to_their_compilers() -> None:
    rules = {
        "filter": {"type": "expression", "expression": {"version": "1", "rules": ["nonsense"]}},
        "mappings": [{"generate": "a", "dataType": "string", "extract": "$.b"}],
        "lookups": [{"name": "l", "map": {"a": "b"}}],
        "hooks": {"preMap": {"function": "f", "_scriptId": ID}},
    }
    assert validate_import({**IMPORT, **rules}, connection_type="http") == {**IMPORT, **rules}
