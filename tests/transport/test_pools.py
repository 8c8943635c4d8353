import asyncio

import pytest

from isthmus.transport.egress import Egress
from isthmus.transport.http.pools import Pools
from isthmus.transport.limits import Limits
from isthmus.transport.tls import PLAIN, TlsOptions

pytestmark = pytest.mark.anyio


async def test_idle_pools_are_bounded_and_those_in_use_stay_open() -> None:
    pools = Pools(Egress(), Limits())
    async with pools.session(pools.key(PLAIN), PLAIN) as used:
        for number in range(40):
            options = TlsOptions(verify=False, passphrase=str(number))
            async with pools.session(pools.key(options), options):
                pass
        assert not used.closed
        assert len(pools._pools) == 32
    await pools.close()
    assert used.closed


async def test_a_pool_is_made_once_however_many_ask() -> None:
    pools = Pools(Egress(), Limits())
    options = TlsOptions(verify=False)

    async def ask() -> int:
        async with pools.session(pools.key(options), options) as session:
            return id(session)

    assert len(set(await asyncio.gather(*(ask() for _ in range(10))))) == 1
    await pools.close()


def test_another_policy_is_another_pool() -> None:
    one, other = Pools(Egress(["::1"]), Limits()), Pools(Egress(), Limits())
    assert one.key(PLAIN) != other.key(PLAIN)
    assert one.key(PLAIN) != one.key(TlsOptions(verify=False))
    assert one.key(PLAIN) == Pools(Egress(["::1"]), Limits()).key(TlsOptions())
