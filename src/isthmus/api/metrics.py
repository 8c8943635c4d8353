"""What the service counts about itself, in Prometheus' text format. Labels are route templates, never ids."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from isthmus import __version__


class Metrics:
    """One registry for one running service; two services in one process do not share figures."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._requests = Counter(
            "isthmus_requests", "Requests answered.", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "isthmus_request_seconds", "Time to answer, in seconds.", ("route",), registry=self._registry
        )
        self.in_flight = Gauge("isthmus_requests_in_flight", "Requests being answered.", registry=self._registry)
        Gauge("isthmus_info", "What runs.", ("version",), registry=self._registry).labels(__version__).set(1)
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request; `route` is a template, so that the number of series stays small."""
        key = (method, route, status)
        children = self._children.get(key)
        if children is None:
            children = self._requests.labels(method, route, str(status)), self._seconds.labels(route)
            self._children[key] = children
        children[0].inc()
        children[1].observe(seconds)

    def text(self) -> bytes:
        """Write everything down."""
        return generate_latest(self._registry)
