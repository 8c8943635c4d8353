"""Which fields are secret, and how documents are taken apart and put together again."""

from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.model.part import Part
from isthmus.model.secret import MASK, Secret, from_pointer, join, masks_in, secret_paths, split, to_pointer
from isthmus.sdk.documents import connection_secrets, document_secrets

OAUTH = "clientSecret password pkceCodeVerifier oauth1.consumerSecret oauth1.accessToken oauth1.tokenSecret"
OAUTH += " oauth1.consumerPrivateKey"
SSL = "ca cert key passphrase"


def _under(prefix: str, names: str) -> set[str]:
    return {f"{prefix}.{name}" for name in names.split()}


COMPLETE: dict[str, set[str]] = {
    "http": {
        *_under("auth", "basic.password token.token token.refreshToken jwt.secret jwt.privateKey jwt.token"),
        *_under("auth.oauth", OAUTH),
        *_under("clientCertificates", "key passphrase pfx"),
        "encrypted",
    },
    "rest": {"bearerToken", "refreshToken", "basicAuth.password", "encrypted", *_under("oauth", OAUTH)},
    "netsuite": {"tokenId", "tokenSecret", "password"},
    "salesforce": {"bearerToken", "refreshToken"},
    "ftp": {"password", "authKey", "pgpEncryptKey", "pgpDecryptKey", "pgpPassphrase"},
    "s3": {"secretAccessKey"},
    "rdbms": {
        *("password", "key", "passphrase", "bigquery.privateKey", "redshift.aws.secretAccessKey"),
        *_under("ssl", SSL),
    },
    "jdbc": {"password", "wallet"},
    "mongodb": {"password"},
    "dynamodb": {"aws.secretAccessKey"},
    "as2": {
        "encrypted.userPrivateKey",
        *_under("partnerStationInfo.auth", "basic.password token.token token.refreshToken"),
    },
    "mcp": {
        *_under("http.auth", "token.token token.refreshToken"),
        *_under("http.auth.oauth", OAUTH),
        "http.encrypted",
    },
    "wrapper": {"encrypted"},
    "filesystem": set(),
    "van": set(),
}


@pytest.mark.hostile(15)
@pytest.mark.parametrize("name", sorted(COMPLETE))
def test_the_complete_list_of_secrets(name: str) -> None:
    root = {"pgp.privateKey", "pgp.passphrase", *_under("ssl", SSL)}
    found = connection_secrets(name)
    assert {".".join(path) for path in found} == root | {f"{name}.{field}" for field in COMPLETE[name]}
    assert {mark.mask for mark in found.values()} == {MASK}


def test_the_secrets_of_an_iclient() -> None:
    found = {".".join(path): mark for path, mark in document_secrets("iclients", {}).items()}
    assert set(found) == {
        *_under("oauth2", "clientSecret password encrypted.* auth.queryParameters"),
        *_under("netsuite", "consumerKey consumerSecret"),
        *_under("salesforce", "clientSecret privateKey"),
        *_under("jwt", "privateKey secret token"),
        "ebay.certId",
        "amazonmws.secretKey",
        "azureserviceprincipal.clientSecret",
    }
    assert found["oauth2.auth.queryParameters"].mask == "****"


@pytest.mark.parametrize("kind", ["exports", "imports", "flows", "integrations"])
def test_other_kinds_have_no_secrets(kind: str) -> None:
    assert document_secrets(kind, {}) == {}


class Inner(Part):
    key: Annotated[str | None, Secret()] = None
    open: str | None = None


class Sample(Part):
    one: Annotated[str | None, Secret()] = None
    whole: Annotated[Any, Secret()] = None
    each: Annotated[Any, Secret(each=True)] = None
    short: Annotated[Any, Secret(mask="****")] = None
    inner: Inner | None = None
    items: list[Inner] | None = None
    optional_items: list[Inner | None] | None = None
    by_name: dict[str, Inner] | None = None


PATHS = secret_paths(Sample)


def test_secrets_are_found_wherever_a_model_has_them() -> None:
    assert {".".join(path) for path in PATHS} == {
        *("one", "whole", "each.*", "short", "inner.key", "items.*.key", "optional_items.*.key", "by_name.*.key")
    }


def test_a_document_is_taken_apart_and_put_together() -> None:
    document = {
        "one": "a",
        "whole": {"x": {"y": [1]}},
        "each": {"p": "b", "q/r~s.t": 2},
        "short": {"x": 1},
        "inner": {"open": "o", "key": "c"},
        "items": [{"key": "d"}, {"open": "o"}, {"key": "e"}],
        "by_name": {"n": {"key": "f"}},
    }
    masked, secrets = split(document, PATHS)
    assert masked == {
        "one": MASK,
        "whole": MASK,
        "each": {"p": MASK, "q/r~s.t": MASK},
        "short": "****",
        "inner": {"open": "o", "key": MASK},
        "items": [{"key": MASK}, {"open": "o"}, {"key": MASK}],
        "by_name": {"n": {"key": MASK}},
    }
    assert set(secrets) == {
        *("/one", "/whole", "/each/p", "/each/q~1r~0s.t", "/short", "/inner/key", "/items/0/key", "/items/2/key"),
        "/by_name/n/key",
    }
    assert masks_in(masked, PATHS) == set(secrets)
    assert join(masked, secrets) == document


@pytest.mark.hostile(20)
@pytest.mark.parametrize("text", ["*****", "*******", "****** ", "\uff0a" * 6])
def test_what_only_looks_like_the_mask_is_a_secret(text: str) -> None:
    masked, secrets = split({"one": text}, PATHS)
    assert (masked, secrets) == ({"one": MASK}, {"/one": text})


def test_masks_stay_where_they_are() -> None:
    document = {"one": MASK, "whole": MASK, "each": {"a": MASK, "b": "x"}, "short": "****", "inner": {"key": None}}
    masked, secrets = split(document, PATHS)
    assert masked == {**document, "each": {"a": MASK, "b": MASK}}
    assert secrets == {"/each/b": "x"}
    assert masks_in(document, PATHS) == {"/one", "/whole", "/each/a", "/short"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just(MASK),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(["one", "whole", "each", "short", "inner", "items"], JSON)))
def test_any_document_survives_the_round_trip(document: dict[str, Any]) -> None:
    masked, secrets = split(document, PATHS)
    assert join(masked, secrets) == document
    assert split(masked, PATHS) == (masked, {})


@given(st.lists(st.text(max_size=8), min_size=1, max_size=5))
def test_any_keys_survive_as_a_pointer(keys: list[str]) -> None:
    assert from_pointer(to_pointer(keys)) == tuple(keys)
