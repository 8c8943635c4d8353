"""The story, chapter by chapter: each one calls the service, and says what it saw and whether that is right."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from isthmus.demo import documents
from isthmus.demo.calls import Caller

MASK = "******"
CHANGED = 204
REFUSED = 422


@dataclass
class Stage:
    """What the chapters share: a caller, the sandbox's address, and the ids made so far."""

    caller: Caller
    sandbox: str
    custom_token: Callable[[str], str]
    ids: dict[str, str] = field(default_factory=dict)

    def create(self, kind: str, document: dict[str, Any], name: str) -> Any:
        """Create a document and remember its id."""
        answer = self.caller.send("POST", f"/v1/{kind}", document)
        self.ids[name] = answer.body["_id"]
        return answer.body


Verdict = tuple[str, bool]
"""What was seen, in a few words, and whether it is what the reference promises."""


def create_slack(stage: Stage) -> Verdict:
    """Create the Slack connection."""
    made = stage.create("connections", documents.slack(stage.sandbox), "slack")
    return f"201, token shown as {made['rest']['bearerToken']}", made["rest"]["bearerToken"] == MASK


def get_slack(stage: Stage) -> Verdict:
    """Get it, masked, with its queues."""
    body = stage.caller.send("GET", f"/v1/connections/{stage.ids['slack']}").body
    good = body["rest"]["bearerToken"] == MASK and body["queues"] == [{"name": stage.ids["slack"], "size": 0}]
    return f"{body['queues'][0]['size']} waiting in its queue", good


def ping_saved(stage: Stage) -> Verdict:
    """Ping the saved connection."""
    body = stage.caller.send("POST", f"/v1/connections/{stage.ids['slack']}/ping").body
    return f"code {body['code']}", body == {"code": 200}


def ping_virtual(stage: Stage) -> Verdict:
    """Ping one that is not saved."""
    stored = stage.caller.send("GET", f"/v1/connections/{stage.ids['slack']}", quiet=True).body
    body = stage.caller.send("POST", "/v1/connections/ping", stored).body
    return f"code {body['code']}", body == {"code": 200}


def mask_stays_home(stage: Stage) -> Verdict:
    """Send its token elsewhere: refused."""
    stored = stage.caller.send("GET", f"/v1/connections/{stage.ids['slack']}", quiet=True).body
    stored["rest"]["baseURI"] = "https://elsewhere.example/api"
    answer = stage.caller.send("PUT", f"/v1/connections/{stage.ids['slack']}", stored)
    return f"{answer.status} on {answer.body['errors'][0].get('field')}", answer.status == REFUSED


def export_everything(stage: Stage) -> Verdict:
    """Run a virtual export."""
    stage.create("connections", documents.nasa(stage.sandbox), "nasa")
    path = f"/v1/connections/{stage.ids['nasa']}/export"
    body = stage.caller.send("POST", path, {"export": documents.PICTURES}).body
    return f"{len(body['data'])} records with their links", body["dataURIs"] == [
        record["url"] for record in body["data"]
    ]


def export_pages(stage: Stage) -> Verdict:
    """Read a long list page by page."""
    path = f"/v1/connections/{stage.ids['slack']}/export/pages"
    request: dict[str, Any] = {"export": documents.MEMBERS}
    pages = records = 0
    while True:
        body = stage.caller.send("POST", path, request, quiet=pages > 0).body
        pages, records = pages + 1, records + len(body["data"])
        if (state := body.get("pagedExportState")) is None:
            return f"{records} records on {pages} pages", (records, pages) == (47, 4)
        request = {**request, "pagedExportState": state}


def import_four(stage: Stage) -> Verdict:
    """Import the API page's four records."""
    stage.create("connections", documents.heartbeat(stage.sandbox), "heartbeat")
    path = f"/v1/connections/{stage.ids['heartbeat']}/import"
    results = stage.caller.send("POST", path, documents.FOUR_BEATS).body
    good = [result["statusCode"] for result in results] == [200] * 4 and all(
        r["id"] == r["_json"]["_id"] for r in results
    )
    return f"{len(results)} results, each {results[0]['statusCode']} and an id", good


def map_four(stage: Stage) -> Verdict:
    """See the mapping alone."""
    path = f"/v1/connections/{stage.ids['heartbeat']}/import/map"
    mapped = stage.caller.send("POST", path, documents.FOUR_BEATS).body
    expected = [{"timestamp": 1512012818751, "key": "sqs_flow"}] * 4
    return f"{len(mapped)} with {' and '.join(mapped[0])}", mapped == expected


def debug(stage: Stage) -> Verdict:
    """Debug: switch on, ping, read the log."""
    until = (datetime.now(UTC) + timedelta(minutes=15)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    path = f"/v1/connections/{stage.ids['slack']}"
    patched = stage.caller.send("PATCH", path, [{"op": "replace", "path": "/debugDate", "value": until}])
    stage.caller.send("POST", f"{path}/ping", quiet=True)
    log = stage.caller.send("GET", f"{path}/debug").body or ""
    token_hidden = "xoxb" not in log
    seen = f"{len(log.splitlines())} lines, token {'masked' if token_hidden else 'SHOWN'}"
    return seen, patched.status == CHANGED and "api.test" in log and token_hidden


def audit(stage: Stage) -> Verdict:
    """Read who did what."""
    entries = stage.caller.send("GET", f"/v1/connections/{stage.ids['slack']}/audit").body
    return ", ".join(entry["event"] for entry in entries), [entry["event"] for entry in entries][-1] == "create"


def dependencies(stage: Stage) -> Verdict:
    """See what uses NASA in NASA -> Slack."""
    nasa, slack = stage.ids["nasa"], stage.ids["slack"]
    integration = {"name": "NASA Astronomy Picture of the Day to Slack", "_registeredConnectionIds": [nasa, slack]}
    stage.create("integrations", integration, "integration")
    stage.create("exports", {**documents.PICTURES, "_connectionId": nasa}, "export")
    stage.create("imports", {**documents.MESSAGES, "_connectionId": slack}, "import")
    flow = {
        "name": "NASA APOD - Slack",
        "_integrationId": stage.ids["integration"],
        "pageGenerators": [{"_exportId": stage.ids["export"]}],
        "pageProcessors": [{"type": "import", "_importId": stage.ids["import"]}],
    }
    stage.create("flows", flow, "flow")
    body = stage.caller.send("GET", f"/v1/connection/{nasa}/dependencies").body
    seen = ", ".join(f"{len(body[kind])} {kind[:-1]}" for kind in body)
    return seen, set(body) == {"exports", "flows", "integrations"}


def in_use(stage: Stage) -> Verdict:
    """Delete one that is in use: refused."""
    answer = stage.caller.send("DELETE", f"/v1/connections/{stage.ids['nasa']}")
    return f"{answer.status} {answer.body['errors'][0]['code']}", answer.status == REFUSED


def from_nasa_to_slack(stage: Stage) -> Verdict:
    """Carry three pictures to Slack."""
    read = stage.caller.send(
        "POST", f"/v1/connections/{stage.ids['nasa']}/export", {"export": documents.PICTURES}, quiet=True
    ).body
    body = {"import": documents.MESSAGES, "data": read["data"]}
    results = stage.caller.send("POST", f"/v1/connections/{stage.ids['slack']}/import", body).body
    return f"{len(results)} messages posted", [result["statusCode"] for result in results] == [200] * 3


def custom_token(stage: Stage) -> Verdict:
    """Use a token of one connection."""
    limited = Caller(stage.caller.base, stage.custom_token(stage.ids["slack"]), stage.caller.screen)
    allowed = limited.send("POST", f"/v1/connections/{stage.ids['slack']}/ping")
    refused = limited.send("GET", f"/v1/connections/{stage.ids['slack']}")
    return f"ping {allowed.status}, read {refused.status}", (allowed.status, refused.status) == (200, 403)


Chapter = Callable[[Stage], Verdict]

CHAPTERS: tuple[Chapter, ...] = (
    create_slack,
    get_slack,
    ping_saved,
    ping_virtual,
    mask_stays_home,
    export_everything,
    export_pages,
    import_four,
    map_four,
    debug,
    audit,
    dependencies,
    in_use,
    from_nasa_to_slack,
    custom_token,
)
