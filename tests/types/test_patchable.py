"""What PATCH may change."""

from typing import Any

import pytest

from isthmus.model.export import Export
from isthmus.model.flow import Flow
from isthmus.model.iclient import IClient
from isthmus.model.import_ import Import
from isthmus.model.patchable import allowed, check, check_path, field_of, type_of
from isthmus.model.shape import fields_of
from isthmus.sdk.documents import connection_secrets
from isthmus.sdk.registry import connection_types

CONFIRMED = [
    ("connections", "/name", "x"),
    ("connections", "/debugDate", "2025-04-01T10:15:00.000Z"),
    ("connections", "/debugUntil", "2025-04-01T10:15:00.000Z"),
    ("connections", "/rest/cookieAuth/successStatusCode", 200),
    ("connections", "/http/ping/successPath", "ok"),
    ("connections", "/http/ping/successValues", ["true"]),
    ("connections", "/http/ping/failPath", "ok"),
    ("connections", "/http/ping/failValues", []),
    ("connections", "/http/auth/failStatusCode", 401),
    ("connections", "/http/auth/failPath", "ok"),
    ("connections", "/http/auth/failValues", ["x"]),
    ("connections", "/autoRecoverRateLimitErrors", False),
    ("connections", "/s3/concurrencyLevel", 3),
    ("exports", "/assistantMetadata", {}),
    ("exports", "/netsuite/distributed/disabled", True),
    ("exports", "/salesforce/distributed/disabled", False),
    ("exports", "/debugUntil", "2025-04-01T10:15:00.000Z"),
    ("imports", "/debugUntil", "2025-04-01T10:15:00.000Z"),
    ("flows", "/disabled", True),
    ("flows", "/runPageGeneratorsInParallel", True),
    ("flows", "/pageGenerators/0/schedule", "? 5 * * * *"),
    ("flows", "/pageGenerators/12/skipRetries", True),
    ("flows", "/routers/0/name", "x"),
    ("flows", "/routers/0/branches/3/description", "x"),
    ("iclients", "/oauth2/failPath", "x"),
]


@pytest.mark.parametrize(("kind", "pointer", "value"), CONFIRMED)
def test_rows_of_the_whitelist(kind: str, pointer: str, value: Any) -> None:
    assert check(kind, pointer, value) is None


@pytest.mark.parametrize(("kind", "pointer", "value"), CONFIRMED)
def test_a_value_of_another_type(kind: str, pointer: str, value: Any) -> None:
    wrong: list[Any] = [None, "x", 3, True, [1], {"a": 1}, "tomorrow"]
    for other in wrong:
        if type(other) is not type(value) or (pointer.startswith("/debug") and other == "tomorrow"):
            problem = check(kind, pointer, other)
            assert problem is not None
            assert problem.code == "invalid_field"
            assert problem.field == field_of(pointer)
            assert str(other) not in problem.message or other in (None, True, 3, "x")


@pytest.mark.hostile(18)
@pytest.mark.parametrize(
    ("kind", "pointer"),
    [
        ("connections", "/http/baseURI"),
        ("connections", "/http/auth/token/token"),
        ("connections", "/http/auth"),
        ("connections", "/http"),
        ("connections", "/_id"),
        ("connections", "/offline"),
        ("connections", "/name/x"),
        ("connections", "/http/ping/successValues/0"),
        ("connections", "/NAME"),
        ("connections", "name"),
        ("connections", "/"),
        ("connections", ""),
        ("connections", "/http~1ping~1successPath"),
        ("flows", "/pageGenerators/*/schedule"),
        ("flows", "/pageGenerators/-/schedule"),
        ("flows", "/pageGenerators/\u0661/schedule"),
        ("flows", "/pageGenerators/0/_exportId"),
        ("integrations", "/name"),
        ("nothing", "/name"),
    ],
)
def test_what_is_not_on_the_whitelist(kind: str, pointer: str) -> None:
    for problem in (check(kind, pointer, "x"), check_path(kind, pointer)):
        assert problem is not None
        assert problem.code == "invalid_field"


def test_a_type_may_add_rows() -> None:
    assert check("connections", "/mine/level", 3, {"/mine/level": "number"}) is None
    assert check_path("connections", "/mine/level") is not None


def test_fields_are_named_as_problems_name_them() -> None:
    assert field_of("/routers/0/branches/1/name") == "routers[0].branches[1].name"


@pytest.mark.parametrize(
    ("kind", "models"),
    [
        ("connections", [(spec.block, name) for name, spec in connection_types().items()]),
        ("flows", [(Flow, "")]),
        ("iclients", [(IClient, "")]),
        ("exports", [(Export, "")]),
        ("imports", [(Import, "")]),
    ],
)
def test_every_row_is_a_field_and_none_a_secret(kind: str, models: list[tuple[Any, str]]) -> None:
    root = {"name", "debugDate", "debugUntil", "autoRecoverRateLimitErrors"} if kind == "connections" else set()
    free = {"netsuite.distributed.disabled", "salesforce.distributed.disabled"} if kind == "exports" else set()
    known = root | free | {path for model, prefix in models for path, _field in fields_of(model, prefix)}
    assert {pattern[1:].replace("/*", "[*]").replace("/", ".") for pattern in allowed(kind)} <= known
    secrets = {"/" + "/".join(path) for name in connection_types() for path in connection_secrets(name)}
    assert not secrets & set(allowed("connections"))


def test_every_type_may_have_its_levels_changed() -> None:
    for name in connection_types():
        assert type_of(f"/{name}/concurrencyLevel", allowed("connections")) == "number"
        assert type_of(f"/{name}/targetConcurrencyLevel", allowed("connections")) == "number"
