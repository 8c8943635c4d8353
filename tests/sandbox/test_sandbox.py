from collections.abc import Iterator

import pytest
import requests

from isthmus.sandbox import make_app
from isthmus.sandbox.acme import ORDERS
from isthmus.sandbox.nasa import API_KEY
from isthmus.sandbox.slack import TOKEN, USERS
from tests.rig.asgi import served


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    with served(make_app()) as url:
        yield url


def get(url: str, **query: str | int) -> requests.Response:
    return requests.get(url, params=query, timeout=10)


def test_slack_refuses_a_wrong_token_with_http_200(sandbox: str) -> None:
    answer = get(f"{sandbox}/slack/api/users.list", token="wrong")
    assert (answer.status_code, answer.json()) == (200, {"ok": False, "error": "invalid_auth"})


def test_slack_pages_by_cursor_to_the_last_user(sandbox: str) -> None:
    cursor, seen = "", []
    while True:
        body = get(f"{sandbox}/slack/api/users.list", token=TOKEN, limit=10, cursor=cursor).json()
        seen += body["members"]
        if not (cursor := body["response_metadata"]["next_cursor"]):
            break
    assert seen == USERS


def test_slack_posts_messages_that_the_history_shows(sandbox: str) -> None:
    sent = requests.post(
        f"{sandbox}/slack/api/chat.postMessage",
        params={"token": TOKEN},
        data={"channel": "astronomy", "text": "hello"},
        timeout=10,
    ).json()
    history = get(f"{sandbox}/slack/api/conversations.history", token=TOKEN, channel="astronomy").json()
    assert sent["message"] in history["messages"]


def test_nasa_answers_one_day_or_many(sandbox: str) -> None:
    url = f"{sandbox}/nasa/planetary/apod"
    assert get(url, api_key=API_KEY, date="2024-02-29").json()["date"] == "2024-02-29"
    assert len(get(url, api_key=API_KEY, start_date="2024-01-01", end_date="2024-01-31").json()) == 31
    assert get(url, api_key=API_KEY, date="yesterday").status_code == 400
    assert get(url, api_key="wrong").status_code == 403


def test_a_second_beat_updates_the_first(sandbox: str) -> None:
    url = f"{sandbox}/system/v1/heartbeat"
    first = requests.put(url, json={"timestamp": 1512012818751, "key": "sqs_flow"}, timeout=10).json()
    second = requests.put(url, json={"timestamp": 1512012818752, "key": "sqs_flow"}, timeout=10).json()
    assert (first["timestamp"], second["timestamp"]) == ("2017-11-30T03:33:38.751Z", "2017-11-30T03:33:38.752Z")
    assert (first["_id"], first["createdAt"]) == (second["_id"], second["createdAt"])
    assert requests.put(url, json={"timestamp": "never"}, timeout=10).status_code == 422


@pytest.mark.parametrize("way", ["page", "next", "next_token", "next_path", "link"])
def test_every_way_of_paging_reaches_every_order(sandbox: str, way: str) -> None:
    url, page, seen = f"{sandbox}/acme/orders?limit=50", 0, []
    while url:
        answer = requests.get(url, timeout=10)
        body, page = answer.json(), page + 1
        seen += [order["id"] for order in body["orders"]]
        url = {
            "page": f"{sandbox}/acme/orders?limit=50&page={page}" if body["has_more"] else "",
            "next": body["next"],
            "next_token": f"{sandbox}/acme/orders?limit=50&skip={body['next_token']}" if body["next_token"] else "",
            "next_path": sandbox + body["next_path"] if body["next_path"] else "",
            "link": answer.links.get("next", {}).get("url", ""),
        }[way]
    assert seen == list(range(1, ORDERS + 1))


def test_misbehaviour_is_as_told(sandbox: str) -> None:
    away = f"{sandbox}/misbehaving"
    first, second = (get(f"{away}/throttled", key="t") for _ in range(2))
    assert (first.status_code, first.headers["Retry-After"], second.status_code) == (429, "1", 200)
    assert [get(f"{away}/unauthorized-once", key="u").status_code for _ in range(2)] == [401, 200]
    endless = get(f"{away}/endless").json()
    assert get(endless["next"]).json() == endless
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        get(f"{away}/truncated")


def test_the_ledger_shows_what_was_received(sandbox: str) -> None:
    get(f"{sandbox}/misbehaving/echo", mark="ledger-test")
    assert any("ledger-test" in entry["query"] for entry in get(f"{sandbox}/ledger").json())
