"""/docs: the OpenAPI document as one page of HTML, without scripts and without anything from elsewhere."""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import groupby
from typing import Any, Final

import orjson

from isthmus.api.openapi import operation_id
from isthmus.api.routing import Route

_STYLE: Final = """
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
nav{columns:3 14rem;font-size:.9rem}nav a{display:block;text-decoration:none}h2{margin-top:3rem;border-bottom:1px solid}
h3 code{font-size:1rem}.m{display:inline-block;min-width:4.5rem;font-weight:700}details{margin:.4rem 0}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.2rem .8rem .2rem 0}
pre{overflow:auto;padding:.6rem;border:1px solid;border-radius:.3rem;font-size:.85rem;max-height:30rem}
.n{opacity:.75;font-size:.9rem}
"""
_SCOPES: Final = {
    "full": "needs a full token",
    "invoke": "needs a full token, or one that lists the connection",
    "open": "needs no token",
}


def reference_page(routes: tuple[Route, ...], document: Mapping[str, Any]) -> str:
    """Write the page of a document that was made from these routes."""
    public_url = document["servers"][0]["url"]
    by_tag = {
        tag: list(group) for tag, group in groupby(routes, key=lambda route: _operation(document, route)["tags"][0])
    }
    return "".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>isthmus: reference</title>',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            f"<style>{_STYLE}</style></head><body><h1>isthmus {escape(document['info']['version'])}</h1>",
            f"<p>{escape(document['info']['description'])}</p><p>Base address: <code>{escape(public_url)}</code>. ",
            "Send <code>Authorization: Bearer &lt;token&gt;</code>. ",
            'The same as data: <a href="/openapi.json">/openapi.json</a>.</p>',
            "<nav>",
            *(f'<a href="#{operation_id(r)}">{r.method} {escape(r.path)}</a>' for r in routes),
            "</nav>",
            *(part for tag, group in by_tag.items() for part in _section(tag, group, document)),
            "<h2>Schemas</h2>",
            *(_schema(name, schema) for name, schema in document["components"]["schemas"].items()),
            "</body></html>",
        )
    )


def _operation(document: Mapping[str, Any], route: Route) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"][route.path][route.method.lower()]
    return found


def _section(tag: str, routes: Iterable[Route], document: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h2>{escape(tag)}</h2>"
    for route in routes:
        operation = _operation(document, route)
        yield f'<h3 id="{operation_id(route)}"><span class="m">{route.method}</span>'
        yield f"<code>{escape(route.path)}</code></h3>"
        yield f'<p>{escape(route.summary)}. <span class="n">{_SCOPES[route.scope]}'
        yield f"; leaves an audit entry ({route.audit})</span></p>" if route.audit else "</span></p>"
        yield from _parameters(operation["parameters"])
        if "requestBody" in operation:
            yield f"<details><summary>Body</summary>{_json(operation['requestBody']['content'])}</details>"
        yield "<table>"
        for status, reply in operation["responses"].items():
            yield f"<tr><td><b>{status}</b></td><td>{escape(reply['description'])} {_links(reply)}</td></tr>"
        yield "</table>"


def _parameters(parameters: list[dict[str, Any]]) -> Iterator[str]:
    if parameters:
        yield "<table>"
        for one in parameters:
            text = one.get("description") or one["schema"].get("description", "")
            yield f"<tr><td><code>{escape(one['name'])}</code></td><td>{one['in']}</td><td>{escape(text)}</td></tr>"
        yield "</table>"


def _links(reply: Mapping[str, Any]) -> str:
    written = orjson.dumps(reply.get("content", {})).decode()
    names = dict.fromkeys(part.split('"')[0] for part in written.split("#/components/schemas/")[1:])
    return " ".join(f'<a href="#schema-{escape(name)}">{escape(name)}</a>' for name in names)


def _schema(name: str, schema: Mapping[str, Any]) -> str:
    return f'<details id="schema-{escape(name)}"><summary>{escape(name)}</summary>{_json(schema)}</details>'


def _json(value: Any) -> str:
    return f"<pre>{escape(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())}</pre>"
