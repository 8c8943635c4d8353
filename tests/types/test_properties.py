"""Whatever JSON comes in: a valid document or InvalidDocument, and a valid one stays as it is."""

import copy
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isthmus.model.errors import InvalidDocument, Problem
from isthmus.model.flow import validate_flow
from isthmus.model.iclient import validate_iclient
from isthmus.model.integration import validate_integration
from isthmus.model.references import references_of
from isthmus.model.secret import split
from isthmus.model.shape import fields_of
from isthmus.sdk.connection_type import ConnectionType
from isthmus.sdk.documents import connection_secrets, validate_connection, validate_export, validate_import
from isthmus.sdk.registry import connection_types
from tests.rig.connections import VARIANTS, example

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(["******", "****", "{{x}}", "https://a.example", "https://u:p@h", "5f8d43a1b9e5a80011a35f2c"])
)


def _words(types: dict[str, ConnectionType]) -> list[str]:
    """Every field name and enum value that the models know, so that random documents reach deep."""
    words: set[str] = {"name", "settings", "pageGenerators", "routers", "branches", "pageProcessors", "oauth2", *types}
    for spec in types.values():
        for model in (spec.block, *spec.export_blocks.values(), *spec.import_blocks.values()):
            words.update(path.rsplit(".", 1)[-1] for path, _field in fields_of(model))
    return sorted(words | {"basic", "token", "oauth", "cookie", "jwtbearer", "oauth1", "HTTPExport", "RESTImport"})


WORDS = _words(connection_types())
KEYS = st.sampled_from(WORDS) | st.text(max_size=6)
JSON = st.recursive(
    LEAVES | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)
VALIDATORS: list[Callable[[Any], dict[str, Any]]] = [
    validate_connection,
    validate_flow,
    validate_integration,
    validate_iclient,
    lambda document: validate_export(document, connection_type=None),
    lambda document: validate_export(document, connection_type="http", virtual=True),
    lambda document: validate_import(document, connection_type="netsuite"),
    lambda document: validate_import(document, connection_type="rest", virtual=True, mapping_only=True),
]


def _holds(validate: Callable[[Any], dict[str, Any]], document: Any) -> dict[str, Any] | None:
    before = copy.deepcopy(document)
    problems: tuple[Problem, ...] = ()
    cleaned = None
    try:
        cleaned = validate(document)
    except InvalidDocument as refusal:
        problems = refusal.problems
    assert document == before
    assert (cleaned is None) is bool(problems)
    orjson.dumps([cleaned, *(problem.as_dict() for problem in problems)])
    if cleaned is not None:
        again = validate(cleaned)
        assert again == cleaned
        assert list(again) == list(cleaned)
    return cleaned


@pytest.mark.hostile(44)
@pytest.mark.parametrize("validate", VALIDATORS)
@QUICK
@given(document=JSON)
def test_any_json(validate: Callable[[Any], dict[str, Any]], document: Any) -> None:
    _holds(validate, document)


@pytest.mark.parametrize("name", sorted(connection_types()))
@QUICK
@given(data=st.data())
def test_any_block(name: str, data: st.DataObject) -> None:
    block = data.draw(st.dictionaries(KEYS, JSON, max_size=6))
    _holds(validate_connection, {"name": "x", "type": name, "_agentId": "5f8d43a1b9e5a80011a35f2c", name: block})


@pytest.mark.parametrize(("name", "variant"), VARIANTS, ids=["-".join(pair) for pair in VARIANTS])
@settings(QUICK, max_examples=15)
@given(data=st.data())
def test_any_change_of_a_good_document(name: str, variant: str, data: st.DataObject) -> None:
    document = copy.deepcopy(example(name, variant))
    node: Any = document
    while isinstance(node, dict) and node:
        key = data.draw(st.sampled_from(sorted(node)) | KEYS)
        if not isinstance(node.get(key), dict) or data.draw(st.booleans()):
            node[key] = data.draw(JSON)
            break
        node = node[key]
    cleaned = _holds(validate_connection, document)
    if cleaned is not None:
        masked, _secrets = split(cleaned, connection_secrets(cleaned["type"]))
        assert validate_connection(masked) == masked


@pytest.mark.parametrize("kind", ["connections", "exports", "imports", "flows", "integrations", "iclients"])
@QUICK
@given(document=st.dictionaries(KEYS, JSON, max_size=5))
def test_references_of_anything(kind: str, document: dict[str, Any]) -> None:
    assert len(references_of(kind, document)) >= 0


@pytest.mark.hostile(164)
def test_very_many_errors_are_told_by_the_first_of_them() -> None:
    http = {"relativeURI": "/", "method": "GET", "headers": [1] * 300_000}
    with pytest.raises(InvalidDocument) as caught:
        validate_export({"adaptorType": "HTTPExport", "_connectionId": "a" * 24, "http": http}, connection_type="http")
    assert 1 < len(caught.value.problems) <= 1000
    assert "http.headers[0]" in {problem.field for problem in caught.value.problems}
