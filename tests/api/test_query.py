import pytest

from isthmus.api.audit_query import audit_query
from isthmus.api.query import list_query, page_links
from isthmus.model.errors import InvalidDocument, Malformed
from isthmus.services.resources.listing import ListQuery


@pytest.mark.hostile(52)
@pytest.mark.parametrize(
    "query",
    [
        "limit=-1",
        "limit=",
        "skip=",
        "limit=0",
        "limit=1e9",
        "limit=NaN",
        "limit=%D9%A1",
        "limit=1&limit=2",
        "limit=" + "9" * 20,
        "limit=+5",
        "skip=-1",
        "skip=x",
        "include[]=name",
        "include%5B%5D=name",
        "exclude[0]=name",
        "include=name&exclude=type",
        "include=na-me",
        "include=a%00",
        "include=" + "a." * 5000,
        "x=%ff",
        "x=%00",
        "&".join(f"a{n}=1" for n in range(10_000)),
    ],
    ids=lambda query: query[:24],
)
def test_refuses_bad_parameters(query: str) -> None:
    with pytest.raises(Malformed) as refused:
        list_query(query)
    assert refused.value.problems[0].code == "invalid_query_params"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ListQuery()),
        ("include=&exclude=&type=", ListQuery()),
        ("limit=5&skip=10", ListQuery(limit=5, skip=10)),
        ("limit=5000", ListQuery(limit=1000)),
        ("page=2&pageSize=7&foo", ListQuery()),
        ("include=name,http.baseURI", ListQuery(include=("name", "http.baseURI"))),
        ("include=name&include=type", ListQuery(include=("name", "type"))),
        ("include=name&exclude=", ListQuery(include=("name",))),
        ("exclude=http", ListQuery(exclude=("http",))),
        ("include=,", ListQuery()),
        ("type=http&_connectionId=x&type=", ListQuery(filters={"_connectionId": "x"})),
        ("type=http", ListQuery(filters={"type": "http"})),
    ],
)
def test_reads_good_parameters(query: str, expected: ListQuery) -> None:
    assert list_query(query) == expected


def test_both_projections_are_refused_in_the_words_of_the_original() -> None:
    with pytest.raises(Malformed, match="Please provide either include or exclude param in the request query and not"):
        list_query("include=a&exclude=b")


def _links(query: str, *, more: bool) -> str:
    headers = page_links("https://isthmus.example/v1/connections", query, list_query(query), more=more)
    return headers[0][1].decode() if headers else ""


def test_links_lead_on_and_back_and_keep_the_rest_of_the_query() -> None:
    root = "https://isthmus.example/v1/connections"
    assert _links("limit=2", more=False) == ""
    assert _links("limit=2", more=True) == f'<{root}?limit=2&skip=2>; rel="next"'
    assert _links("limit=2&skip=3&type=http", more=True) == (
        f'<{root}?type=http&limit=2&skip=5>; rel="next", <{root}?type=http&limit=2&skip=1>; rel="prev"'
    )
    assert _links("skip=1&limit=5", more=False) == f'<{root}?limit=5&skip=0>; rel="prev"'


@pytest.mark.hostile(53)
def test_nothing_in_a_query_splits_the_header() -> None:
    assert "\r" not in _links("limit=1&x=%0d%0aSet-Cookie:a", more=True)
    assert "<" not in _links("limit=1&x=%3E%3B", more=True)[1:]


def test_audit_filters_from_query_and_body() -> None:
    wanted = audit_query(
        "resourceType=connections&source=UI&action=create&from=2025-01-01T00:00:00Z&limit=5",
        {
            "resourceType": ["Flow"],
            "resourceName": [{"resourceType": "iClients", "_resourceId": "a"}],
        },
    )
    assert list(wanted.resource_types) == ["connection", "flow"]
    assert list(wanted.source) == ["ui"]
    assert list(wanted.event) == ["create"]
    assert wanted.resources == [("iclient", "a")]
    assert wanted.limit == 5
    assert wanted.since is not None
    assert audit_query("").limit == 100


@pytest.mark.parametrize("query", ["limit=0", "from=yesterday", "to=9999-99-99"])
def test_audit_refuses_bad_parameters(query: str) -> None:
    with pytest.raises(Malformed):
        audit_query(query)


@pytest.mark.parametrize(
    "body", [{"resourceType": "x"}, {"source": [1]}, {"resourceName": {}}, {"resourceName": [{"resourceType": 1}]}]
)
def test_audit_refuses_bad_fields(body: dict[str, object]) -> None:
    with pytest.raises(InvalidDocument):
        audit_query("", body)
