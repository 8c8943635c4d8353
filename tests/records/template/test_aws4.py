"""`aws4` against the published test vectors of AWS Signature Version 4."""

from datetime import UTC, datetime
from typing import Any

import pytest

from isthmus.records import RecordError, compile_template
from isthmus.records.template.helpers import INLINE
from isthmus.records.template.helpers.registry import Helper

TEMPLATE = compile_template("{{{aws4 'AKIDEXAMPLE' secret token region service}}}")
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
DATE = {"X-Amz-Date": "20150830T123600Z"}
URI = "https://example.amazonaws.com/"
FORM = {"Content-Type": "application/x-www-form-urlencoded", **DATE}


def _sign(request: dict[str, Any], **more: str) -> str:
    context = {"secret": SECRET, "region": "us-east-1", "service": "service", "hmacOptions": request, **more}
    return TEMPLATE.render(context, clock=lambda: datetime(2015, 8, 30, 12, 36, tzinfo=UTC))


@pytest.mark.parametrize(
    ("request_", "signature"),
    [
        pytest.param(
            {"method": "GET", "URI": URI, "headers": DATE},
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            id="get-vanilla",
        ),
        pytest.param(
            {"method": "post", "URI": URI, "headers": DATE},
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            id="post-vanilla",
        ),
        pytest.param(
            {"method": "GET", "URI": URI + "?Param2=value2&Param1=value1", "headers": DATE},
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            id="get-vanilla-query-order-key-case",
        ),
        pytest.param(
            {"method": "POST", "URI": URI, "headers": FORM, "body": "Param1=value1"},
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
            id="post-x-www-form-urlencoded",
        ),
        pytest.param(
            {"method": "GET", "URI": URI + "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
             "headers": DATE},
            "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
            id="get-unreserved",
        ),
    ],
)  # fmt: skip
def test_published_vectors(request_: dict[str, Any], signature: str) -> None:
    found = _sign(request_)
    assert found.startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ")
    assert found.endswith(f"Signature={signature}")
    assert _sign({**request_, "headers": {k: v for k, v in request_["headers"].items() if "Date" not in k}}) == found


@pytest.mark.parametrize(
    ("host", "scope"),
    [
        ("sqs.eu-west-1.amazonaws.com", "eu-west-1/sqs"),
        ("bucket.s3.amazonaws.com", "us-east-1/s3"),
        ("bucket.s3.us-gov-west-1.amazonaws.com", "us-gov-west-1/s3"),
        ("id1.execute-api.us-east-2.amazonaws.com", "us-east-2/execute-api"),
        ("iam.amazonaws.com", "us-east-1/iam"),
    ],
)
def test_empty_region_and_service_are_read_off_the_url(host: str, scope: str) -> None:
    assert f"/20150830/{scope}/aws4_request" in _sign({"URI": f"https://{host}/a%20b"}, region="", service="")


def test_a_session_token_is_signed() -> None:
    assert "SignedHeaders=host;x-amz-date;x-amz-security-token," in _sign({"URI": URI}, token="T")


@pytest.mark.parametrize("request_", [None, {}, {"URI": ""}, "x", {"URI": URI, "headers": {"X-Amz-Date": "now"}}])
def test_without_a_request_to_sign_it_says_so(request_: Any) -> None:
    with pytest.raises(RecordError) as caught:
        _sign(request_)
    assert "aws4" in caught.value.message
    assert SECRET not in caught.value.message


def test_it_takes_its_five_arguments() -> None:
    helper: Helper = INLINE["aws4"]
    assert (helper.low, helper.high) == (2, None)
