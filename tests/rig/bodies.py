"""Documents that are valid, for tests to which their content does not matter."""

from typing import Any


def connection(**fields: Any) -> dict[str, Any]:
    """An http connection with a token; its target refuses every call."""
    return {
        "type": "http",
        "name": "A connection",
        "http": {
            "baseURI": "http://127.0.0.1:1",
            "mediaType": "json",
            "auth": {"type": "token", "token": {"token": "s3cret-value", "location": "header"}},
        },
        **fields,
    }


def export(connection_id: str, **fields: Any) -> dict[str, Any]:
    """An export through an http connection."""
    return {
        "name": "An export",
        "adaptorType": "HTTPExport",
        "_connectionId": connection_id,
        "http": {"relativeURI": "/orders", "method": "GET"},
        **fields,
    }


def import_(connection_id: str, **fields: Any) -> dict[str, Any]:
    """An import through an http connection."""
    return {
        "name": "An import",
        "adaptorType": "HTTPImport",
        "_connectionId": connection_id,
        "http": {"relativeURI": ["/orders"], "method": ["POST"]},
        **fields,
    }


def flow(export_id: str, import_id: str, **fields: Any) -> dict[str, Any]:
    """A flow from one export to one import."""
    return {
        "name": "A flow",
        "pageGenerators": [{"_exportId": export_id}],
        "pageProcessors": [{"type": "import", "_importId": import_id}],
        **fields,
    }


def iclient(**fields: Any) -> dict[str, Any]:
    """An OAuth client."""
    return {
        "name": "An iClient",
        "provider": "custom_oauth2",
        "oauth2": {
            "clientId": "id",
            "clientSecret": "client-s3cret",
            "grantType": "clientcredentials",
            "validDomainNames": ["127.0.0.1"],
        },
        **fields,
    }
