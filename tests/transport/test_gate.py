import asyncio
from random import Random

import pytest

from isthmus.model.errors import RateLimited
from isthmus.transport.egress import Egress
from isthmus.transport.gate import Gates
from isthmus.transport.http.message import Request
from isthmus.transport.http.transport import HttpTransport
from tests.rig.hostile_server import held, reply, serve, slowly
from tests.transport.conftest import LOCAL

pytestmark = pytest.mark.anyio


class Crowd:
    """Calls through one gate, with a ledger of who ran when."""

    def __init__(self, gates: Gates, owner: str = "c") -> None:
        self.gates = gates
        self.owner = owner
        self.limit = 3
        self.running = 0
        self.peak = 0
        self.order: list[int] = []
        self.go = asyncio.Event()

    async def call(self, number: int) -> None:
        async with self.gates.slot(self.owner, self.limit):
            self.order.append(number)
            self.running += 1
            self.peak = max(self.peak, self.running)
            try:
                await self.go.wait()
                await asyncio.sleep(0)
            finally:
                self.running -= 1

    def start(self, count: int) -> list[asyncio.Task[None]]:
        return [asyncio.create_task(self.call(number)) for number in range(count)]


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_no_more_than_the_limit_run_and_the_rest_wait_in_order() -> None:
    gates = Gates()
    crowd = Crowd(gates)
    tasks = crowd.start(50)
    await settle()
    assert (crowd.running, gates.size("c")) == (3, 50)
    crowd.go.set()
    await asyncio.gather(*tasks)
    assert (crowd.peak, crowd.order, gates.size("c")) == (3, list(range(50)), 0)


async def test_owners_do_not_wait_for_one_another() -> None:
    gates = Gates()
    one, other = Crowd(gates, "one"), Crowd(gates, "other")
    tasks = one.start(10)
    await settle()
    other.go.set()
    await asyncio.gather(*other.start(10))
    assert (gates.size("one"), gates.size("other")) == (10, 0)
    one.go.set()
    await asyncio.gather(*tasks)


async def test_a_gate_grows_and_shrinks_while_it_works() -> None:
    gates = Gates()
    crowd = Crowd(gates)
    tasks = crowd.start(20)
    await settle()
    gates.resize("c", 6)
    crowd.limit = 6
    await settle()
    assert crowd.running == 6
    gates.resize("c", 2)
    crowd.limit, crowd.peak = 2, 0
    crowd.go.set()
    await asyncio.gather(*tasks)
    assert crowd.peak <= 2
    assert gates.size("c") == 0


async def test_the_limit_of_the_last_caller_counts() -> None:
    gates = Gates()
    crowd = Crowd(gates)
    tasks = crowd.start(10)
    await settle()
    crowd.limit = 5
    tasks += crowd.start(1)
    await settle()
    assert crowd.running == 5
    crowd.go.set()
    await asyncio.gather(*tasks)


async def test_nobody_passes_a_paused_gate() -> None:
    gates = Gates()
    crowd = Crowd(gates)
    crowd.go.set()
    gates.pause("c", 0.15)
    gates.pause("c", 0.01)
    tasks = crowd.start(5)
    await asyncio.sleep(0.05)
    gates.resize("c", 2)
    await settle()
    assert (crowd.order, gates.size("c")) == ([], 5)
    crowd.limit = 2
    await asyncio.gather(*tasks)
    assert sorted(crowd.order) == list(range(5))


async def test_a_pause_that_nobody_notices_leaves_nothing_behind() -> None:
    gates = Gates()
    gates.pause("c", 0.01)
    await asyncio.sleep(0.05)
    assert gates._gates == {}


async def test_who_gives_up_frees_the_place() -> None:
    gates = Gates()
    crowd = Crowd(gates)
    tasks = crowd.start(10)
    await settle()
    for number in (0, 4, 5, 9):
        tasks[number].cancel()
    await settle()
    assert (crowd.running, gates.size("c")) == (3, 6)
    crowd.go.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert crowd.order == [0, 1, 2, 3, 6, 7, 8]


async def test_a_storm_of_cancellations_never_breaks_the_limit() -> None:
    random = Random(7)  # noqa: S311  # the same storm every time
    gates = Gates()
    crowd = Crowd(gates)
    crowd.go.set()
    tasks: list[asyncio.Task[None]] = []
    for number in range(500):
        tasks.append(asyncio.create_task(crowd.call(number)))
        if random.random() < 0.4:
            random.choice(tasks).cancel()
        if random.random() < 0.3:
            await asyncio.sleep(0)
        if random.random() < 0.02:
            gates.pause("c", 0.001)
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0.01)
    assert crowd.peak <= 3
    assert gates._gates == {}


@pytest.mark.hostile(153)
async def test_a_line_that_is_too_long_is_refused() -> None:
    gates = Gates(waiting=10, retry_after=7)
    crowd = Crowd(gates)
    tasks = crowd.start(13)
    await settle()
    with pytest.raises(RateLimited) as caught:
        await crowd.call(99)
    assert (caught.value.retry_after, gates.size("c")) == (7, 13)
    crowd.go.set()
    await asyncio.gather(*tasks)


async def test_an_error_inside_frees_the_place() -> None:
    gates = Gates()
    with pytest.raises(ZeroDivisionError):
        async with gates.slot("c", 1):
            _ = 1 / 0
    assert gates.size("c") == 0
    assert gates._gates == {}


async def test_owners_are_forgotten() -> None:
    gates = Gates()
    for number in range(100):
        async with gates.slot(str(number), 1):
            pass
    assert gates._gates == {}


@pytest.mark.hostile(151)
@pytest.mark.parametrize("limit", [1, 3, 10])
async def test_the_other_side_never_sees_more_calls_than_allowed(limit: int) -> None:
    transport = HttpTransport(Egress(LOCAL), Gates())
    async with serve({"/": slowly(0.002, reply(200))}) as server:
        client = transport.bind("c", concurrency=limit)
        await asyncio.gather(*(client.send(Request("GET", f"{server.url}/")) for _ in range(60)))
    await transport.close()
    assert server.peak == limit


@pytest.mark.hostile(152)
async def test_who_borrows_concurrency_stands_in_the_lenders_line() -> None:
    gates = Gates()
    transport = HttpTransport(Egress(LOCAL), gates)
    release = asyncio.Event()
    async with serve({"/": held(release, reply(200))}) as server:
        clients = [transport.bind(f"c{number}", gate_owner="lender", concurrency=2) for number in range(5)]
        calls = [asyncio.create_task(client.send(Request("GET", f"{server.url}/"))) for client in clients]
        await server.arrived(2)
        assert [gates.size(owner) for owner in ("lender", "c0")] == [5, 0]
        release.set()
        await asyncio.gather(*calls)
    await transport.close()
    assert server.peak == 2


@pytest.mark.hostile(153)
async def test_a_stuck_target_holds_up_nobody_else() -> None:
    transport = HttpTransport(Egress(LOCAL), Gates())
    release = asyncio.Event()
    async with serve({"/stuck": held(release, reply(200)), "/": reply(200)}) as server:
        stuck = [
            asyncio.create_task(transport.bind("s").send(Request("GET", f"{server.url}/stuck"))) for _ in range(200)
        ]
        for _ in range(20):
            assert (await transport.bind("c").send(Request("GET", f"{server.url}/"))).status == 200
        release.set()
        await asyncio.gather(*stuck)
    await transport.close()
    assert server.peak <= 6
