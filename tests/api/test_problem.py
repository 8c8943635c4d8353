import gc
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

import orjson
import pytest

from isthmus.api.problem import STATUS, problem_answer, release, status_of
from isthmus.model import errors

ROWS = [
    (errors.Malformed("m"), 400, "malformed_request"),
    (errors.Unauthorized("m"), 401, "unauthorized"),
    (errors.Forbidden("m"), 403, "forbidden"),
    (errors.NotFound("m"), 404, "not_found"),
    (errors.Conflict("m"), 409, "conflict"),
    (errors.TooLarge("m"), 413, "too_large"),
    (errors.UnsupportedMedia("m"), 415, "unsupported_media_type"),
    (errors.InUse("m"), 422, "invalid_ref"),
    (errors.InvalidDocument("m"), 422, "invalid_field"),
    (errors.Unsupported("m"), 422, "unsupported"),
    (errors.Refused("m"), 422, "refused"),
    (errors.RateLimited("m", 7), 429, "rate_limited"),
    (errors.RemoteError("418", "m", status=418), 422, "418"),
    (errors.Unreachable("timeout", "m"), 422, "timeout"),
    (errors.Rejected("404", "m", status=404), 422, "404"),
    (errors.Throttled("429", "m", status=429, retry_after=3), 422, "429"),
    (errors.CredentialsRejected("401", "m", status=401), 422, "401"),
    (errors.EgressDenied("m"), 422, "egress_denied"),
    (errors.StoreUnavailable("secret path"), 503, "unavailable"),
    (errors.StoreUnavailable("secret path", full=True), 503, "unavailable"),
    (errors.Bug("secret"), 500, "internal_error"),
    (errors.SetupError("secret"), 500, "internal_error"),
    (RuntimeError("secret"), 500, "internal_error"),
    (TimeoutError("secret"), 500, "internal_error"),
]


@pytest.mark.parametrize(("error", "status", "code"), ROWS, ids=lambda value: type(value).__name__)
def test_row(error: Exception, status: int, code: str) -> None:
    answer = problem_answer(error, "incident-7")
    assert answer.status == status == status_of(error)
    [problem] = orjson.loads(answer.body)["errors"]
    assert problem["code"] == code
    assert set(problem) <= {"code", "message", "field", "source"}
    assert b"secret" not in answer.body
    assert ("incident-7" in problem["message"]) == (status == 500)


def test_every_row_of_the_table_is_tested() -> None:
    assert set(STATUS) <= {cls for error, _, _ in ROWS for cls in type(error).__mro__}


def test_every_error_of_the_product_has_a_row() -> None:
    def family(cls: type[BaseException]) -> set[type[BaseException]]:
        return {cls}.union(*(family(child) for child in cls.__subclasses__()))

    unlisted = {
        cls.__name__ for cls in family(errors.Refused) | family(errors.RemoteError) if status_of_class(cls) == 500
    }
    assert unlisted == set()


def status_of_class(cls: type[BaseException]) -> int:
    return next((STATUS[parent] for parent in cls.__mro__ if parent in STATUS), 500)


def test_all_problems_of_a_document_are_listed_with_their_fields() -> None:
    error = errors.InvalidDocument.of([errors.missing("http.baseURI"), errors.invalid("name", "Too long.")])
    assert orjson.loads(problem_answer(error, "i").body) == {
        "errors": [
            {
                "code": "missing_required_field",
                "message": "Expected field: http.baseURI to be present.",
                "field": "http.baseURI",
            },
            {"code": "invalid_field", "message": "Too long.", "field": "name"},
        ]
    }


@pytest.mark.parametrize(
    ("error", "header"),
    [
        (errors.Unauthorized("m"), (b"www-authenticate", b'Bearer realm="isthmus"')),
        (errors.RateLimited("m", 7), (b"retry-after", b"7")),
        (errors.StoreUnavailable("m"), (b"retry-after", b"5")),
    ],
)
def test_headers(error: Exception, header: tuple[bytes, bytes]) -> None:
    assert problem_answer(error, "i").headers == (header,)


def test_a_remote_fault_names_its_source() -> None:
    answer = problem_answer(errors.Rejected("503", "The application answered 503.", status=503), "i")
    assert orjson.loads(answer.body) == {
        "errors": [{"code": "503", "message": "The application answered 503.", "source": "application"}]
    }


class Page:
    """Stands for a page of a target's, which nobody wants to hold."""


@pytest.mark.hostile(164)
def test_an_answered_error_holds_nothing_of_what_was_at_hand() -> None:
    seen: list[weakref.ref[Page]] = []

    def read() -> None:
        page, error = Page(), errors.Rejected("404", "m")
        seen.append(weakref.ref(page))
        raise error

    def ask() -> None:
        page = Page()
        seen.append(weakref.ref(page))
        try:
            read()
        except errors.Rejected as error:
            raise errors.InvalidDocument("m") from error

    with no_collector(), pytest.raises(errors.InvalidDocument) as caught:
        ask()
    assert [ref() is None for ref in seen] == [False, False]
    release(caught.value)
    assert [ref() is None for ref in seen] == [True, True]


@contextmanager
def no_collector() -> Iterator[None]:
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
