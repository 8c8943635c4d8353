"""The composition root: every part made once, in the order in which they need one another, and closed in reverse."""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import anyio
import structlog
import uvloop

from isthmus.api.application import Application, Options
from isthmus.api.json_body import JsonLimits
from isthmus.api.metrics import Metrics
from isthmus.api.openapi import as_json, openapi_document
from isthmus.api.rate_limit import RateLimit
from isthmus.api.receive import BodyLimits
from isthmus.api.reference_page import reference_page
from isthmus.api.routes import all_routes
from isthmus.api.routing import Route, Router
from isthmus.api.server import Server, Tls, base_url, check, listen, make_config
from isthmus.api.services import Pages, Services, State
from isthmus.model.clock import now
from isthmus.services.audit import Audit
from isthmus.services.debug_log.debug_logs import DebugLogs
from isthmus.services.dependencies import Dependencies
from isthmus.services.exports.page_states import PageStates
from isthmus.services.exports.virtual_exports import ExportCaps, VirtualExports
from isthmus.services.housekeeping import Housekeeping
from isthmus.services.imports.virtual_imports import VirtualImports
from isthmus.services.integrations import Registrations
from isthmus.services.offline_marks import OfflineMarks
from isthmus.services.offline_pinger import OfflinePinger
from isthmus.services.opening.opened import OpenedConnections
from isthmus.services.opening.openings import Parts
from isthmus.services.pings import Pings
from isthmus.services.queues import Queues
from isthmus.services.resources import Context, all_resources
from isthmus.services.secrets import Secrets
from isthmus.services.tokens import Tokens
from isthmus.services.trading_partners import TradingPartners
from isthmus.settings import Settings
from isthmus.store import DataFolderLock, Store, open_store
from isthmus.transport.egress import Egress
from isthmus.transport.gate import Gates
from isthmus.transport.http.transport import HttpTransport
from isthmus.transport.limits import Limits
from isthmus.vault import Vault

_log = structlog.get_logger("isthmus")


async def _open_vault(settings: Settings, store: Store) -> Vault:
    """Load the key and hold it to the store: a new embedded store makes one, a store that has one takes no other."""
    async with store.read() as session:
        new = await session.installation.get("key") is None
    vault = Vault.load(settings.key_path, create=new and settings.database is None)
    async with store.write() as session:
        await session.installation.claim_key(vault.fingerprints)
    return vault


@asynccontextmanager
async def running(settings: Settings, public_url: str) -> AsyncIterator[Application]:
    """Run everything but the socket. Raises SetupError where the operator has to put something right."""
    async with AsyncExitStack() as stack:
        if settings.database is None:
            stack.enter_context(DataFolderLock(settings.data))
        store = await open_store(data=settings.data, database=settings.database)
        stack.push_async_callback(store.close)
        vault = await _open_vault(settings, store)
        services = _services(stack, settings, (store, vault), public_url)
        group = await stack.enter_async_context(anyio.create_task_group())
        stack.callback(group.cancel_scope.cancel)
        group.start_soon(Housekeeping(store, services.debug_logs).run)
        if settings.offline_ping_interval:
            interval = timedelta(seconds=settings.offline_ping_interval)
            group.start_soon(OfflinePinger(store, services.pings, interval=interval).run)
        yield Application(Router(_routes(settings)), services, _options(settings))


def _services(stack: AsyncExitStack, settings: Settings, kept: tuple[Store, Vault], public_url: str) -> Services:
    store, vault = kept
    gates = Gates()
    limits = Limits(total=settings.remote_timeout, body=settings.remote_max_bytes)
    transport = HttpTransport(Egress(settings.egress_allow), gates, limits)
    stack.push_async_callback(transport.close)
    context = Context(store, Secrets(vault), now, Queues(gates).size)
    debug_logs = DebugLogs(store)
    stack.push_async_callback(debug_logs.close)
    opened = OpenedConnections(Parts(store, context.secrets, transport, debug_logs))
    stack.push_async_callback(opened.close)
    marks = OfflineMarks(context)
    caps = ExportCaps(settings.export_max_records, settings.export_max_bytes)
    routes = _routes(settings)
    document = openapi_document(routes, public_url)
    return Services(
        tokens=Tokens(store),
        resources=all_resources(context),
        dependencies=Dependencies(store),
        audit=Audit(store),
        registrations=Registrations(context),
        pings=Pings(opened, marks),
        exports=VirtualExports(opened, PageStates(store, vault.derive_all, now), marks, caps),
        imports=VirtualImports(opened, marks),
        debug_logs=debug_logs,
        trading_partners=TradingPartners(context),
        metrics=Metrics(),
        state=State(store.healthy),
        pages=Pages(as_json(document), reference_page(routes, document).encode()),
        public_url=public_url,
    )


def _routes(settings: Settings) -> tuple[Route, ...]:
    return all_routes(metrics_open=settings.metrics_open)


def _options(settings: Settings) -> Options:
    limits = BodyLimits(settings.max_body_bytes, json=JsonLimits(settings.max_body_nodes))
    rate = RateLimit(*settings.rate) if settings.rate else None
    return Options(limits, rate, access_log=settings.access_log)


async def serve(settings: Settings) -> None:
    """Serve until told to stop, then drain."""
    settings.check_exposure()
    tls = Tls(settings.tls_cert, settings.tls_key) if settings.tls_cert and settings.tls_key else None
    if tls is not None:
        check(tls)
    bound = listen(settings.host, settings.port)
    url = base_url(bound, settings.host, tls=tls is not None)

    def ready() -> None:
        sys.stdout.write(f"isthmus ready on {url}\n")
        sys.stdout.flush()

    with bound:
        async with running(settings, settings.public_url or url) as application:
            config = make_config(application, grace=settings.grace, tls=tls)
            _calm_collector()
            await Server(config, ready=ready, draining=application.drain).serve(sockets=[bound])
    _log.info("stopped")


def _calm_collector() -> None:
    """Leave what start-up made out of every collection, and collect less often: pages are large and never cyclic."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def run(settings: Settings) -> None:
    """Serve in a fresh event loop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(settings))
