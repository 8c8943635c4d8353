import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.api.rate_limit import RateLimit
from isthmus.model.errors import RateLimited


class Watch:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _passes(limit: RateLimit, account: str = "a") -> bool:
    try:
        limit.take(account)
    except RateLimited:
        return False
    return True


def test_holds_its_capacity_and_drains() -> None:
    watch = Watch()
    limit = RateLimit(1000, 300, watch)
    assert sum(_passes(limit) for _ in range(1500)) == 1000
    watch.now += 1
    assert sum(_passes(limit) for _ in range(1500)) == 300
    watch.now += 60
    assert sum(_passes(limit) for _ in range(1500)) == 1000


def test_says_when_to_come_back_in_whole_seconds() -> None:
    watch = Watch()
    limit = RateLimit(1, 1, watch)
    limit.take("a")
    with pytest.raises(RateLimited) as refused:
        limit.take("a")
    assert refused.value.retry_after == 1
    watch.now += refused.value.retry_after
    limit.take("a")


def test_accounts_do_not_share() -> None:
    limit = RateLimit(1, 1, Watch())
    assert _passes(limit, "a")
    assert _passes(limit, "b")
    assert not _passes(limit, "a")


@settings(deadline=None)
@given(st.lists(st.floats(0, 3), min_size=1, max_size=200), st.integers(1, 20), st.integers(1, 20))
def test_never_lets_more_pass_than_capacity_and_drain(pauses: list[float], capacity: int, per_second: int) -> None:
    watch = Watch()
    limit = RateLimit(capacity, per_second, watch)
    passed = 0
    for pause in pauses:
        watch.now += pause
        passed += _passes(limit)
    assert passed <= capacity + per_second * (watch.now - 1000.0) + 1
