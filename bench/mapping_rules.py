"""The twelve rules of `bench.mapping`, in the language of every contestant."""

import importlib
from typing import Any

_PATHS = {
    "name": "customer.name",
    "email": "customer.email",
    "city": "customer.address.city",
    "street": "customer.address.street",
    "country": "customer.address.country.code",
    "brand": "payment.card.brand",
    "currency": "payment.currency",
}

ONE: dict[str, Any] = {
    "fields": [
        *({"extract": path, "generate": name} for name, path in _PATHS.items()),
        {"hardCodedValue": "shop", "generate": "source"},
        {"extract": "total", "generate": "total", "dataType": "number"},
        {
            "extract": "created",
            "generate": "date",
            "extractDateFormat": "YYYY-MM-DDTHH:mm:ssZ",
            "generateDateFormat": "MM/DD/YYYY",
        },
    ],
    "lists": [
        {
            "generate": "lines",
            "jsonPath": "lines",
            "fields": [{"extract": "sku", "generate": "sku"}, {"extract": "quantity", "generate": "qty"}],
        }
    ],
}


def _entry(generate: str, kind: str, extract: str | None, **more: Any) -> dict[str, Any]:
    made = {"generate": generate, "dataType": kind, "status": "Active", **more}
    return made if extract is None else {**made, "extract": extract}


TWO: list[dict[str, Any]] = [
    *(_entry(name, "string", f"$.{path}") for name, path in _PATHS.items()),
    _entry("source", "string", "shop"),
    _entry("total", "number", "$.total"),
    _entry("date", "string", "$.created", extractDateFormat="YYYY-MM-DDTHH:mm:ssZ", generateDateFormat="MM/DD/YYYY"),
    _entry(
        "lines",
        "objectarray",
        None,
        buildArrayHelper=[
            {
                "extract": "$.lines[*]",
                "mappings": [
                    _entry("sku", "string", "$.lines.sku"),
                    _entry("qty", "number", "$.lines.quantity"),
                ],
            }
        ],
    ),
]

JMESPATH = (
    "{"
    + ", ".join(f"{name}: {path}" for name, path in _PATHS.items())
    + ", source: 'shop', total: to_number(total), date: created, lines: lines[*].{sku: sku, qty: quantity}}"
)
"""jmespath has no dates: it is spared that rule."""

EXPRESSION = (
    "{"
    + ", ".join(f'"{name}": {path}' for name, path in _PATHS.items())
    + ', "source": "shop", "total": $number(total),'
    + ' "date": $substring(created, 5, 2) & "/" & $substring(created, 8, 2) & "/" & $substring(created, 0, 4),'
    + ' "lines": lines.{"sku": sku, "qty": quantity}}'
)


def glom_spec() -> dict[str, Any]:
    """Make the rules for glom, where it is installed."""
    glom = importlib.import_module("glom")

    def safe(path: str) -> Any:
        return glom.Coalesce(path, default=None)

    return {
        **{name: safe(path) for name, path in _PATHS.items()},
        "source": glom.Literal("shop"),
        "total": ("total", float),
        "date": ("created", lambda text: f"{text[5:7]}/{text[8:10]}/{text[:4]}"),
        "lines": ("lines", [{"sku": safe("sku"), "qty": safe("quantity")}]),
    }
