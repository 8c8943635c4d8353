"""What becomes of a connection on its way in: cleaned, normalised, or refused with everything that is wrong."""

import copy
from typing import Any

import pytest

from isthmus.model.errors import InvalidDocument
from isthmus.model.ids import new_id
from isthmus.sdk.documents import read_only_fields, validate_connection
from tests.rig.connections import ID, VARIANTS, example


def _connection(**http: Any) -> dict[str, Any]:
    return {"name": "x", "type": "http", "http": {"baseURI": "https://a.example", "mediaType": "json", **http}}


def _fields(document: Any) -> dict[str | None, str]:
    with pytest.raises(InvalidDocument) as refusal:
        validate_connection(document)
    assert len({problem.field for problem in refusal.value.problems}) == len(refusal.value.problems)
    return {problem.field: problem.code for problem in refusal.value.problems}


def test_the_api_pages_slack_connection_comes_back_as_on_the_page() -> None:
    page = {
        "baseURI": "https://slack.com/api",
        "bearerToken": "******",
        "tokenLocation": "url",
        "tokenParam": "token",
        "mediaType": "urlencoded",
        "authType": "token",
        "encryptedFields": [],
        "unencryptedFields": [],
        "scope": [],
        "pingRelativeURI": "api.test",
    }
    sent = {key: value for key, value in page.items() if value != []}
    cleaned = validate_connection({"type": "rest", "name": "Slack API", "rest": sent})
    assert cleaned == {"type": "rest", "name": "Slack API", "rest": page}
    posted_back = {
        "_id": ID,
        "lastModified": "2015-05-02T05:13:43.736Z",
        **cleaned,
        "queues": [{"name": ID, "size": 8}],
    }
    assert validate_connection(posted_back, virtual=True) == cleaned


@pytest.mark.parametrize(("name", "variant"), VARIANTS, ids=["-".join(pair) for pair in VARIANTS])
def test_nothing_is_invented_and_the_order_is_kept(name: str, variant: str) -> None:
    document = example(name, variant)
    cleaned = validate_connection(document)
    assert list(cleaned) == [key for key in document if key in cleaned]
    added = set(cleaned[name]) - set(document[name])
    documented = {"rest": {"encryptedFields", "unencryptedFields", "scope"}, "http": {"concurrencyLevel"}}
    assert added <= documented.get(name, set())


@pytest.mark.hostile(44)
def test_what_is_not_a_clients_to_write_is_dropped() -> None:
    forged = {
        "_id": new_id(),
        "_userId": new_id(),
        "createdAt": "x",
        "lastModified": 1,
        "queues": [],
        "sandbox": True,
        "needsAuthorization": False,
        "__proto__": {"a": 1},
        "$where": "1",
        "salesforce": {"sandbox": True},
    }
    assert validate_connection({**_connection(nobodyKnows=1), **forged}) == _connection()


@pytest.mark.parametrize(
    ("name", "variant", "field"),
    [
        ("netsuite", "token", "concurrencyLevelRESTlet"),
        ("netsuite", "token", "concurrencyLevelWebServices"),
        ("netsuite", "token", "useSsoLogin"),
        ("netsuite", "token", "dataCenterURLs"),
        ("netsuite", "token", "suiteAppInstalled"),
        ("ftp", "ftp", "tradingPartner"),
        ("dynamodb", "keys", "region"),
        ("dynamodb", "keys", "roleARN"),
        ("mcp", "custom", "protocol"),
        ("van", "van", "mailboxId"),
        ("salesforce", "refresh", "info"),
        ("rest", "slack", "info"),
    ],
)
def test_silently_dropped_writes(name: str, variant: str, field: str) -> None:
    document = example(name, variant)
    assert field not in validate_connection({**document, name: {**document[name], field: "x"}})[name]


def test_read_only_fields_are_known_by_type() -> None:
    assert set(read_only_fields("netsuite")) == {
        "needsAuthorization",
        "netsuite.dataCenterURLs",
        "netsuite.suiteAppInstalled",
    }
    assert "ftp.tradingPartner" in read_only_fields("ftp")
    assert "mcp.protocol" in read_only_fields("mcp")


@pytest.mark.parametrize("name", sorted({name for name, _variant in VARIANTS}))
def test_levels_are_clamped_silently(name: str) -> None:
    variant = next(variant for known, variant in VARIANTS if known == name)
    document = example(name, variant)
    block = {**document[name], "concurrencyLevel": 5000, "targetConcurrencyLevel": 0}
    cleaned = validate_connection({**document, name: block})[name]
    top = 100 if name == "rest" else 1 if name == "filesystem" else 50
    assert (cleaned["concurrencyLevel"], cleaned["targetConcurrencyLevel"]) == (top, 1)


def test_a_gap_between_requests_leaves_room_for_one_at_a_time() -> None:
    assert (
        validate_connection(_connection(rateLimit={"limit": 100}, concurrencyLevel=9))["http"]["concurrencyLevel"] == 1
    )


@pytest.mark.parametrize(
    ("name", "variant", "field", "sent", "stored"),
    [
        ("http", "none", "mediaType", "JSON", "json"),
        ("http", "none", "successMediaType", "Csv", "csv"),
        ("http", "none", "formType", "GRAPH_QL", "graph_ql"),
        ("rest", "slack", "tokenLocation", "URL", "url"),
        ("rest", "slack", "authScheme", "bearer", "Bearer"),
        ("rest", "slack", "pingMethod", "post", "POST"),
        ("netsuite", "token", "account", "1234567_sb1", "1234567_SB1"),
        ("netsuite", "token", "environment", "Production", "production"),
        ("netsuite", "token", "wsdlVersion", "2020.2", "latest"),
        ("netsuite", "token", "wsdlVersion", "NEXT", "next"),
        ("salesforce", "jwt", "oauth2FlowType", "jwtbearertoken", "jwtBearerToken"),
        ("ftp", "ftp", "entryParser", "os/400", "OS/400"),
        ("ftp", "ftp", "type", "FTP", "ftp"),
        ("s3", "iam", "authType", "AWSIAM", "awsIam"),
        ("rdbms", "oracle", "serverType", "Pooled", "pooled"),
        ("jdbc", "db2", "type", "DB2", "db2"),
    ],
)
def test_letter_case_is_normalised(name: str, variant: str, field: str, sent: str, stored: str) -> None:
    document = example(name, variant)
    assert validate_connection({**document, name: {**document[name], field: sent}})[name][field] == stored


def test_letter_case_of_the_conditions_does_not_matter() -> None:
    assert _fields(_connection(auth={"type": "OAuth", "oauth": {"grantType": "PASSWORD"}})) == {
        "http.auth.oauth.tokenURI": "missing_required_field",
        "http.auth.oauth.username": "missing_required_field",
        "http.auth.oauth.password": "missing_required_field",
    }


def test_all_problems_in_one_answer() -> None:
    document = {
        "name": "x" * 101,
        "type": "http",
        "debugDate": "tomorrow",
        "_agentId": "not-an-id",
        "http": {
            "baseURI": "ftp://a.example",
            "headers": [{"value": "x"}, 3],
            "auth": {"type": "nothing", "failStatusCode": "401", "token": []},
            "ping": {"method": "DELETE", "allowArrayforSuccessPath": 1},
            "rateLimit": {"limit": 0},
        },
    }
    assert _fields(document) == {
        "name": "invalid_field",
        "debugDate": "invalid_field",
        "_agentId": "invalid_ref",
        "http.baseURI": "invalid_field",
        "http.mediaType": "missing_required_field",
        "http.headers[0].name": "missing_required_field",
        "http.headers[1]": "invalid_field",
        "http.auth.type": "invalid_field",
        "http.auth.failStatusCode": "invalid_field",
        "http.auth.token": "invalid_field",
        "http.ping.method": "invalid_field",
        "http.ping.allowArrayforSuccessPath": "invalid_field",
        "http.rateLimit.limit": "invalid_field",
    }


def test_what_lies_inside_a_wrong_field_is_not_told_besides() -> None:
    assert _fields(_connection(auth={"type": "basic", "basic": "u:p"})) == {"http.auth.basic": "invalid_field"}
    assert _fields({"name": "x", "type": "netsuite", "netsuite": []}) == {"netsuite": "invalid_field"}


def test_an_enum_says_what_is_allowed() -> None:
    with pytest.raises(InvalidDocument) as refusal:
        validate_connection(_connection(mediaType="yaml"))
    [problem] = refusal.value.problems
    assert problem.message == "http.mediaType must be one of: xml, json, urlencoded, form-data, plaintext."


@pytest.mark.parametrize("kind", [7, "", "ftps", "HTTP", ["http"], {"a": 1}])
def test_a_type_that_there_is_not(kind: Any) -> None:
    fields = _fields({"name": "x", "type": kind})
    assert fields == {"type": "missing_required_field" if kind == "" else "invalid_field"}


@pytest.mark.parametrize("body", [None, [], "x", 3, True])
def test_a_document_that_is_no_object(body: Any) -> None:
    assert _fields(body) == {None: "invalid_field"}


@pytest.mark.hostile(49)
def test_a_document_that_is_too_deep() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    assert _fields({**_connection(), "settings": {"a": deep}}) == {None: "invalid_field"}


def test_null_counts_as_absent_but_where_it_says_something() -> None:
    sent = _connection(ping={"relativeURI": None, "method": None}, auth=None, encrypted=None)
    assert validate_connection({**sent, "settings": None}) == _connection(ping={"relativeURI": None})


def test_empty_secrets_count_as_absent() -> None:
    sent = _connection(encrypted={}, auth={"type": "custom", "token": {"token": "", "scheme": ""}})
    assert validate_connection(sent) == _connection(auth={"type": "custom", "token": {"scheme": ""}})


@pytest.mark.parametrize("value", ["x", 1, True, [], ["******"], "*****", " ******"])
def test_encrypted_is_an_object_or_the_mask(value: Any) -> None:
    assert _fields(_connection(encrypted=value)) == {"http.encrypted": "invalid_field"}
    assert validate_connection(_connection(encrypted="******"))["http"]["encrypted"] == "******"


def test_values_that_are_compared_as_text_are_stored_as_text() -> None:
    cleaned = validate_connection(_connection(ping={"successPath": "ok", "successValues": [True, 200, 1.5, "x"]}))
    assert cleaned["http"]["ping"]["successValues"] == ["true", "200", "1.5", "x"]
    assert _fields(_connection(ping={"successValues": [None]})) == {"http.ping.successValues[0]": "invalid_field"}


@pytest.mark.parametrize("value", ["5", 5.5, True, [5], {}])
def test_numbers_are_numbers(value: Any) -> None:
    assert _fields(_connection(concurrencyLevel=value)) == {"http.concurrencyLevel": "invalid_field"}


@pytest.mark.hostile(28)
@pytest.mark.parametrize(("name", "variant"), VARIANTS, ids=["-".join(pair) for pair in VARIANTS])
def test_no_message_repeats_what_was_sent(name: str, variant: str) -> None:
    def spoil(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: value if key in {"type", "authType"} else spoil(value) for key, value in node.items()}
        return [{"CANARY-value": node}]

    document = example(name, variant)
    with pytest.raises(InvalidDocument) as refusal:
        validate_connection({**document, name: spoil(document[name])})
    assert "CANARY" not in str([problem.as_dict() for problem in refusal.value.problems])
    assert "CANARY" not in str(refusal.value)


def test_the_input_is_not_changed() -> None:
    document = example("rest", "slack")
    before = copy.deepcopy(document)
    validate_connection(document)
    assert document == before


def test_free_objects_are_kept_whole() -> None:
    settings: dict[str, Any] = {"a": None, "b": {"c": ["", {}, None]}, "_id": 1, "__proto__": 2}
    assert validate_connection({**_connection(unencrypted=settings), "settings": settings}) == {
        **_connection(unencrypted=settings),
        "settings": settings,
    }


def test_dates_are_stored_in_utc_with_milliseconds() -> None:
    cleaned = validate_connection({**_connection(), "debugDate": "2025-03-28T17:22:51+02:00"})
    assert cleaned["debugDate"] == "2025-03-28T15:22:51.000Z"
