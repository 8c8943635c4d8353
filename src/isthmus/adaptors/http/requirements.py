"""What an `http` connection must hold, given how it authenticates. Source: connections.md "Auth matrix"."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from isthmus.model.errors import Problem, invalid, missing
from isthmus.model.json import Document
from isthmus.model.look import Look

_REGIONS: Final = ("northAmerica", "europe", "farEast")
_AMAZON: Final = ("Amazon-SP-API", "Amazon-Hybrid", "vendor_central")


def check(document: Document) -> Iterable[Problem]:
    """Name what the authentication, the kind of application and the lists of custom fields demand."""
    look = Look(document, "http")
    needs = _AUTH.get(look.choice("auth.type"))
    yield from needs(look) if needs else ()
    yield from _custom_fields(look)
    if look.at("type") in _AMAZON:
        yield from _amazon(look)
    if look.has("clientCertificates.pfx") and (
        look.has("clientCertificates.cert") or look.has("clientCertificates.key")
    ):
        field = look.field("clientCertificates.pfx")
        yield invalid(field, f"{field} cannot be given together with cert and key: give the one or the other.")


def _user_or_password(look: Look) -> Iterator[Problem]:
    """One of the two is enough for the API; the form alone wants both."""
    if not look.has("auth.basic"):
        yield missing(look.field("auth.basic"))
    elif not look.has("auth.basic.username") and not look.has("auth.basic.password"):
        yield missing(look.field("auth.basic.username"))


def _token(look: Look) -> Iterator[Problem]:
    """A token, or the means to get one."""
    if not look.has("auth.token.refreshRelativeURI") and not look.has("auth.token.refreshToken"):
        yield from look.need("auth.token.token")


def _cookie(look: Look) -> Iterator[Problem]:
    return look.need("auth.cookie.uri")


def _jwt(look: Look) -> Iterator[Problem]:
    return look.need("auth.jwt.token")


def _jwt_bearer(look: Look) -> Iterator[Problem]:
    yield from look.need("auth.jwt.signatureMethod", "auth.jwt.payload")
    payload = look.at("auth.jwt.payload")
    if payload is not None and not isinstance(payload, (dict, str)):
        yield invalid(look.field("auth.jwt.payload"), f"{look.field('auth.jwt.payload')} must be an object.")
    method = look.choice("auth.jwt.signatureMethod")
    if method:
        yield from look.need("auth.jwt.secret" if method.startswith("hmac") else "auth.jwt.privateKey")


def _oauth(look: Look) -> Iterator[Problem]:
    """The endpoints may come from the iClient instead."""
    grant = look.choice("auth.oauth.grantType", "authorizecode")
    elsewhere = look.at("auth.oauth.useIClientFields") is True or look.at("auth.oauth.skipOauthValidations") is True
    if not elsewhere:
        yield from look.need(*(("auth.oauth.authURI",) if grant == "authorizecode" else ()), "auth.oauth.tokenURI")
    if grant == "password":
        yield from look.need("auth.oauth.username", "auth.oauth.password")


def _oauth1(look: Look) -> Iterator[Problem]:
    yield from look.need(*(f"auth.oauth.oauth1.{name}" for name in ("signatureMethod", "consumerKey", "accessToken")))
    method = look.choice("auth.oauth.oauth1.signatureMethod")
    if method.startswith("rsa"):
        yield from look.need("auth.oauth.oauth1.consumerPrivateKey")
    elif method:
        yield from look.need("auth.oauth.oauth1.consumerSecret", "auth.oauth.oauth1.tokenSecret")


_AUTH: Final[Mapping[str, Callable[[Look], Iterator[Problem]]]] = MappingProxyType(
    {
        "basic": _user_or_password,
        "digest": _user_or_password,
        "wsse": _user_or_password,
        "token": _token,
        "cookie": _cookie,
        "jwt": _jwt,
        "jwtbearer": _jwt_bearer,
        "oauth": _oauth,
        "oauth1": _oauth1,
    }
)


def _custom_fields(look: Look) -> Iterator[Problem]:
    """A custom field that says `required` must have a value in `unencrypted`."""
    described, values = look.at("unencryptedFields"), look.at("unencrypted")
    for field in described if isinstance(described, list) else ():
        if isinstance(field, dict) and field.get("required") is True and isinstance(field.get("id"), str):
            value = values.get(field["id"]) if isinstance(values, dict) else None
            if value is None or value == "":
                yield missing(look.field(f"unencrypted.{field['id']}"))


def _amazon(look: Look) -> Iterator[Problem]:
    yield from look.need("unencrypted.marketplaceId", "unencrypted.sellingRegion")
    if look.has("unencrypted.sellingRegion") and look.at("unencrypted.sellingRegion") not in _REGIONS:
        field = look.field("unencrypted.sellingRegion")
        yield invalid(field, f"{field} must be one of: {', '.join(_REGIONS)}.")
