"""`isthmus openapi`: print the OpenAPI document."""

import typer

from isthmus.api.openapi import as_json, check, openapi_document
from isthmus.api.routes import all_routes
from isthmus.settings import load


def openapi() -> None:
    """Print the OpenAPI 3.1 document that a running service answers at /openapi.json."""
    settings = load()
    url = settings.public_url or f"http://{settings.host}:{settings.port}"
    document = openapi_document(all_routes(metrics_open=settings.metrics_open), url)
    check(document)
    typer.echo(as_json(document).decode())
