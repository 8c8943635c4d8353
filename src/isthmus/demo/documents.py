"""The documents of the story: the API page's own (connection-api-page.txt), pointed at the sandbox."""

from typing import Any, Final

from isthmus.sandbox.nasa import API_KEY
from isthmus.sandbox.slack import TOKEN

Document = dict[str, Any]


def slack(sandbox: str) -> Document:
    """Make the API page's Slack connection."""
    return {
        "type": "rest",
        "name": "Slack API",
        "rest": {
            "baseURI": f"{sandbox}/slack/api",
            "bearerToken": TOKEN,
            "tokenLocation": "url",
            "tokenParam": "token",
            "mediaType": "urlencoded",
            "authType": "token",
            "pingRelativeURI": "api.test",
        },
    }


def nasa(sandbox: str) -> Document:
    """Make the source of the API page's dependencies example."""
    return {
        "type": "http",
        "name": "NASA API",
        "http": {
            "baseURI": f"{sandbox}/nasa",
            "mediaType": "json",
            "encrypted": {"apiKey": API_KEY},
            "ping": {"relativeURI": "/planetary/apod?api_key={{connection.http.encrypted.apiKey}}"},
        },
    }


def heartbeat(sandbox: str) -> Document:
    """Make the connection that the API page's virtual import runs through."""
    return {
        "type": "rest",
        "name": "Heartbeat",
        "rest": {"baseURI": sandbox, "mediaType": "json", "authType": "custom"},
    }


PICTURES: Final[Document] = {
    "name": "NASA API Export",
    "adaptorType": "HTTPExport",
    "http": {
        "method": "GET",
        "relativeURI": "/planetary/apod?start_date=2024-01-01&end_date=2024-01-03"
        "&api_key={{connection.http.encrypted.apiKey}}",
    },
    "dataURITemplate": "{{{record.url}}}",
}

MEMBERS: Final[Document] = {
    "name": "Slack members",
    "pageSize": 15,
    "http": {
        "method": "GET",
        "relativeURI": "/users.list?limit=15&cursor={{export.http.paging.token}}",
        "response": {"resourcePath": "members", "successPath": "ok", "successValues": ["true"]},
        "paging": {"method": "token", "path": "response_metadata.next_cursor", "pathLocation": "body"},
    },
}

MESSAGES: Final[Document] = {
    "name": "Slack API Import",
    "adaptorType": "HTTPImport",
    "mapping": {
        "fields": [{"generate": "channel", "hardCodedValue": "astronomy"}, {"extract": "title", "generate": "text"}]
    },
    "http": {
        "relativeURI": ["/chat.postMessage"],
        "method": ["POST"],
        "response": {
            "successPath": ["ok"],
            "successValues": [["true"]],
            "resourceIdPath": ["ts"],
            "errorPath": "error",
        },
    },
}

FOUR_BEATS: Final[Document] = {
    "import": {
        "mapping": {
            "fields": [
                {"extract": "timestamp", "generate": "timestamp"},
                {"generate": "key", "hardCodedValue": "sqs_flow"},
            ]
        },
        "rest": {"relativeURI": ["/system/v1/heartbeat"], "method": ["PUT"]},
    },
    "data": [{"timestamp": 1512012818751}] * 4,
}
