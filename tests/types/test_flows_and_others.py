"""Flows, integrations and iClients on their way in, and what documents refer to."""

from typing import Any

import pytest

from isthmus.model.errors import InvalidDocument
from isthmus.model.flow import validate_flow
from isthmus.model.iclient import validate_iclient
from isthmus.model.integration import validate_integration
from isthmus.model.references import Link, references_of

A, B, C, D, E = (f"{letter * 24}" for letter in "abcde")
FLOW = {"name": "f", "pageGenerators": [{"_exportId": A}], "pageProcessors": [{"type": "import", "_importId": B}]}
ICLIENT = {
    "name": "i",
    "provider": "custom_oauth2",
    "oauth2": {"clientId": "c", "clientSecret": "CANARY-cs", "validDomainNames": ["api.example.com"]},
}


def _fields(validate: Any, document: Any) -> dict[str | None, str]:
    with pytest.raises(InvalidDocument) as refusal:
        validate(document)
    return {problem.field: problem.code for problem in refusal.value.problems}


def test_a_flow_stays_as_it_is() -> None:
    routed = {
        "name": "f",
        "disabled": False,
        "routers": [
            {
                "id": "r",
                "routeRecordsTo": "first_matching_branch",
                "branches": [{"name": "b", "pageProcessors": [{"_exportId": A}], "nextRouterId": None}],
            }
        ],
    }
    assert validate_flow(FLOW) == FLOW
    assert validate_flow({**routed, "lastExecutedAt": "x", "_id": A}) == routed


def test_steps_or_routers() -> None:
    both = {**FLOW, "routers": [{"branches": []}]}
    assert _fields(validate_flow, both) == {"routers": "invalid_flow"}
    assert validate_flow({**FLOW, "routers": []})["routers"] == []


@pytest.mark.parametrize(
    ("step", "field"),
    [
        ({}, "_importId"),
        ({"type": "export"}, "_exportId"),
        ({"type": "export", "_importId": B}, "_exportId"),
        ({"type": "import", "_exportId": B}, "_importId"),
        ({"_exportId": A, "_importId": B}, "_importId"),
    ],
)
def test_a_step_names_one_export_or_import(step: dict[str, str], field: str) -> None:
    assert set(_fields(validate_flow, {"name": "f", "pageProcessors": [step]})) == {f"pageProcessors[0].{field}"}
    routed = {"name": "f", "routers": [{}, {"branches": [{"pageProcessors": [step]}]}]}
    assert set(_fields(validate_flow, routed)) == {f"routers[1].branches[0].pageProcessors[0].{field}"}


def test_all_problems_of_a_flow_at_once() -> None:
    document = {"disabled": "no", "pageGenerators": [{}, {"_exportId": "x"}, 1], "pageProcessors": {}, "routers": [7]}
    assert _fields(validate_flow, document) == {
        "name": "missing_required_field",
        "disabled": "invalid_field",
        "pageGenerators[0]._exportId": "missing_required_field",
        "pageGenerators[1]._exportId": "invalid_ref",
        "pageGenerators[2]": "invalid_field",
        "pageProcessors": "invalid_field",
        "routers[0]": "invalid_field",
    }


def test_an_integration_lists_a_connection_once() -> None:
    cleaned = validate_integration({"name": "i", "_registeredConnectionIds": [A, B, A], "junk": 1})
    assert cleaned == {"name": "i", "_registeredConnectionIds": [A, B]}
    assert _fields(validate_integration, {"_registeredConnectionIds": [A, "x", 1]}) == {
        "name": "missing_required_field",
        "_registeredConnectionIds[1]": "invalid_ref",
        "_registeredConnectionIds[2]": "invalid_ref",
    }


def test_an_iclient_stays_as_it_is() -> None:
    assert validate_iclient({**ICLIENT, "_id": A}) == ICLIENT


@pytest.mark.parametrize(
    ("scope", "delimiter", "stored"),
    [
        ("read write", None, ["read", "write"]),
        ("read,write", ",", ["read", "write"]),
        ("read, write , ", ",", ["read", "write"]),
        ("read,write", " ", ["read,write"]),
        ("", None, []),
        (["a b"], None, ["a b"]),
    ],
)
def test_a_scope_is_stored_as_an_array(scope: Any, delimiter: str | None, stored: list[str]) -> None:
    more = {"scope": scope, **({"scopeDelimiter": delimiter} if delimiter else {})}
    cleaned = validate_iclient({**ICLIENT, "oauth2": {**ICLIENT["oauth2"], **more}})  # type: ignore[dict-item]  # a dict
    assert cleaned["oauth2"]["scope"] == stored
    assert validate_iclient(cleaned) == cleaned


def test_all_problems_of_an_iclient_at_once() -> None:
    oauth2 = {
        "redirectUri": "here",
        "pkceCodeChallengeMethod": "md5",
        "encrypted": "x",
        "token": {"uri": "https://u:p@a.example", "method": "DELETE"},
    }
    assert _fields(validate_iclient, {"provider": "custom_oauth2", "oauth2": oauth2}) == {
        "oauth2.redirectUri": "invalid_field",
        "oauth2.pkceCodeChallengeMethod": "invalid_field",
        "oauth2.encrypted": "invalid_field",
        "oauth2.token.uri": "invalid_field",
        "oauth2.token.method": "invalid_field",
        "oauth2.validDomainNames": "missing_required_field",
    }
    assert _fields(validate_iclient, {"provider": "custom_oauth2"}) == {"oauth2": "missing_required_field"}
    assert _fields(validate_iclient, {"name": "x"}) == {"provider": "missing_required_field"}
    assert _fields(validate_iclient, {"provider": "Google"}) == {"provider": "invalid_field"}


@pytest.mark.parametrize("host", ["https://a.example", "a.example/x", "a b", "", "u@a", "a..b", "-a", "*.*.a"])
def test_valid_domains_are_hosts_only(host: str) -> None:
    document = {**ICLIENT, "oauth2": {"validDomainNames": ["a.example", "*.b.example", "c:8080", host]}}
    assert _fields(validate_iclient, document) == {"oauth2.validDomainNames[3]": "invalid_field"}


def test_a_block_of_another_provider_is_no_problem() -> None:
    document = {"provider": "netsuite", "netsuite": {"consumerKey": "CANARY"}, "salesforce": {"clientId": "x"}}
    assert validate_iclient(document) == document


def test_pkce_may_be_switched_off() -> None:
    document = {"provider": "google", "oauth2": {"pkceCodeChallengeMethod": None}}
    assert validate_iclient(document) == document


def test_references_of_each_kind() -> None:
    connection = {
        "type": "http",
        "_borrowConcurrencyFromConnectionId": A,
        "_integrationId": B,
        "_agentId": C,
        "http": {"_iClientId": D, "_httpConnectorId": E, "auth": {"oauth": {}}},
    }
    assert references_of("connections", connection) == [
        Link("_borrowConcurrencyFromConnectionId", "connections", A),
        Link("_integrationId", "integrations", B),
        Link("http._iClientId", "iclients", D),
    ]
    for type_name, block, path in [
        ("netsuite", {"_iClientId": D}, "netsuite._iClientId"),
        ("mcp", {"http": {"_iClientId": D}}, "mcp.http._iClientId"),
    ]:
        assert references_of("connections", {"type": type_name, type_name: block}) == [Link(path, "iclients", D)]
    for kind in ("exports", "imports"):
        assert references_of(kind, {"_connectionId": A, "_integrationId": B, "hooks": {"_scriptId": C}}) == [
            Link("_connectionId", "connections", A),
            Link("_integrationId", "integrations", B),
        ]
    assert references_of("integrations", {"_registeredConnectionIds": [A, B, A]}) == [
        Link("_registeredConnectionIds[*]", "connections", A),
        Link("_registeredConnectionIds[*]", "connections", B),
    ]
    assert references_of("iclients", ICLIENT) == []


def test_references_of_a_flow() -> None:
    flow = {
        "_integrationId": E,
        "pageGenerators": [{"_exportId": A}, {"_exportId": A}],
        "pageProcessors": [{"_exportId": B}, {"_importId": C}],
        "routers": [{"branches": [{"pageProcessors": [{"_importId": C}, {"_exportId": D}]}, {}]}, 3],
    }
    routed = "routers[*].branches[*].pageProcessors[*]"
    assert references_of("flows", flow) == [
        Link("pageGenerators[*]._exportId", "exports", A),
        Link("pageProcessors[*]._exportId", "exports", B),
        Link("pageProcessors[*]._importId", "imports", C),
        Link(f"{routed}._exportId", "exports", D),
        Link(f"{routed}._importId", "imports", C),
        Link("_integrationId", "integrations", E),
    ]


def test_a_flow_may_chain_to_other_flows() -> None:
    assert validate_flow({**FLOW, "_runNextFlowIds": [D]})["_runNextFlowIds"] == [D]
