"""`/metrics` for Prometheus; needs a full token unless ISTHMUS_METRICS_OPEN is set. Source: decisions.md "Settings"."""

from isthmus.api.call import Answer, Call
from isthmus.api.routing import Reply, Route


async def _metrics(call: Call) -> Answer:
    return Answer(200, call.services.metrics.text(), b"text/plain; version=0.0.4; charset=utf-8")


ROUTE = Route("GET", "/metrics", _metrics, "Figures for Prometheus", Reply(200, {"type": "string"}, media="text/plain"))
