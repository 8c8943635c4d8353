"""AWS Signature Version 4 over the request that is being signed. Source: handlebars.md sections 2 and 4."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit

from isthmus.records.errors import RecordError
from isthmus.records.template.fuel import Run
from isthmus.records.template.helpers.registry import inline
from isthmus.records.values import is_empty, to_text

_SIGNED: Final = ("host", "content-type", "content-md5")
_DATE: Final = re.compile(r"\d{8}T\d{6}Z\Z", re.ASCII)
_SAFE: Final = "-._~"
_GLOBAL_REGION: Final = "us-east-1"


@inline("aws4 accessKey secretKey sessionToken region service", wants_run=True)
def aws4(run: Run, _: Any, access: Any, secret: Any, token: Any = "", *place: Any) -> str:
    """Give the Authorization header of AWS Signature Version 4 for the request that is being signed.

    The request is `hmacOptions`: method, URI, headers, body. Empty region and service are read off the URL.
    """
    request = run.root.get("hmacOptions")
    if not isinstance(request, Mapping) or is_empty(request.get("URI")):
        raise RecordError("helper_failed", "aws4 signs a request: use it where a request is signed, nowhere else.")
    url = urlsplit(to_text(request.get("URI")))
    headers = _headers(request.get("headers"), url, f"{run.now:%Y%m%dT%H%M%SZ}", to_text(token))
    region, service = (to_text(given) or found for given, found in zip([*place, "", ""], _place(url), strict=False))
    body = hashlib.sha256(_body(request.get("body"))).hexdigest()
    return _authorization(
        (to_text(access), to_text(secret)),
        (region, service),
        headers,
        _canonical(to_text(request.get("method")) or "GET", url, headers, (service, body)),
    )


def _body(value: Any) -> bytes:
    return to_text(value).encode("utf-8", "replace")


def _headers(given: Any, url: SplitResult, date: str, token: str) -> dict[str, str]:
    """Give what is signed, by name and in order; a date that the request does not carry is the present one."""
    named = {str(name).lower(): to_text(value) for name, value in given.items()} if isinstance(given, Mapping) else {}
    found = {"host": url.netloc.rpartition("@")[2], "x-amz-date": date, **named}
    if token:
        found["x-amz-security-token"] = token
    if not _DATE.match(found["x-amz-date"]):
        raise RecordError("helper_failed", "aws4: the header X-Amz-Date is not of the form 20250326T123456Z.")
    signed = sorted(name for name in found if name in _SIGNED or name.startswith("x-amz-"))
    return {name: re.sub(r" +", " ", found[name].strip()) for name in signed}


def _place(url: SplitResult) -> tuple[str, str]:
    """Read region and service off a host such as `sqs.eu-west-1.amazonaws.com` or `bucket.s3.amazonaws.com`."""
    labels = (url.hostname or "").partition(".amazonaws.com")[0].split(".")
    region = labels[-1] if re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", labels[-1]) else ""
    rest = labels[:-1] if region else labels
    return region or _GLOBAL_REGION, rest[-1] if rest else ""


def _canonical(method: str, url: SplitResult, headers: Mapping[str, str], about: tuple[str, str]) -> str:
    service, body = about
    # Every service but S3 signs the path encoded once more.
    path = (url.path if service == "s3" else quote(url.path, safe="/" + _SAFE)) or "/"
    pairs = sorted((quote(k, safe=_SAFE), quote(v, safe=_SAFE)) for k, v in parse_qsl(url.query, True))
    query = "&".join(f"{name}={value}" for name, value in pairs)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    payload = headers.get("x-amz-content-sha256", body)
    return "\n".join((method.upper(), path, query, lines, ";".join(headers), payload))


def _authorization(keys: tuple[str, str], place: tuple[str, str], headers: Mapping[str, str], canonical: str) -> str:
    date = headers["x-amz-date"]
    scope = f"{date[:8]}/{place[0]}/{place[1]}/aws4_request"
    hashed = hashlib.sha256(canonical.encode("utf-8", "replace")).hexdigest()
    signing = b"AWS4" + keys[1].encode("utf-8", "replace")
    for part in scope.split("/"):
        signing = hmac.digest(signing, part.encode("utf-8", "replace"), "sha256")
    signature = hmac.digest(signing, f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashed}".encode(), "sha256").hex()
    return f"AWS4-HMAC-SHA256 Credential={keys[0]}/{scope}, SignedHeaders={';'.join(headers)}, Signature={signature}"
