"""Orders of a shop, under every style of paging that the http adaptor reads. Source: exports.md section 2."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from isthmus.sandbox.people import person

ORDERS: Final = 105


def order(number: int) -> dict[str, Any]:
    """Make the order of a number, counted from 1."""
    return {
        "id": number,
        "status": ("open", "paid", "shipped")[number % 3],
        "total": round(number * 7.35 % 500, 2),
        "customer": person(number),
        "lines": [{"sku": f"SKU-{number % 9}", "qty": 1 + number % 4}, {"sku": f"SKU-{number % 5}", "qty": 1}],
    }


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    return int(text) if text.isdecimal() else default


async def orders(request: Request) -> Response:
    """Answer a slice: by `page` (from 0) or by `skip`, `limit` a page; every way on is shown at once."""
    limit = min(max(_number(request, "limit", 20), 1), 100)
    skip = _number(request, "skip", _number(request, "page", 0) * limit)
    if skip >= ORDERS and "missing" in request.query_params:
        return JSONResponse({"error": "no such page"}, status_code=404)
    records = [order(n) for n in range(skip + 1, min(skip + limit, ORDERS) + 1)]
    more = skip + limit < ORDERS
    following = f"{request.url.path}?skip={skip + limit}&limit={limit}"
    absolute = str(request.url.replace(query=f"skip={skip + limit}&limit={limit}"))
    body = {
        "orders": records,
        "count": ORDERS,
        "has_more": more,
        "next": absolute if more else None,
        "next_token": str(skip + limit) if more else "",
        "next_path": following if more else "",
    }
    headers = {"Link": f'<{absolute}>; rel="next"'} if more else {}
    return JSONResponse(body, headers=headers)


async def one_order(request: Request) -> Response:
    """Answer one order."""
    number = request.path_params["number"]
    return (
        JSONResponse(order(number)) if 1 <= number <= ORDERS else JSONResponse({"error": "not found"}, status_code=404)
    )


def routes() -> list[Route]:
    """Make the routes."""
    return [Route("/orders", orders), Route("/orders/{number:int}", one_order)]
