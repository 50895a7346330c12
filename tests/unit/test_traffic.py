"""The gate to one host: how many at once, how often, and when not at all."""

from __future__ import annotations

import asyncio

from ipydarkroom.pacing import Limits
from ipydarkroom.traffic import Traffic


class Steps:
    """A clock that a test moves, and the loop's own sleeping moved along with it."""

    def __init__(self, monkeypatch) -> None:
        self.now = 0.0
        real = asyncio.sleep

        async def sleep(seconds: float) -> None:
            self.now += max(seconds, 0.0)
            await real(0)

        monkeypatch.setattr("ipydarkroom.traffic.asyncio.sleep", sleep)

    def __call__(self) -> float:
        return self.now


async def go(traffic: Traffic, kind: str, seen: list, clock: Steps) -> None:
    """One request that notes when it went."""
    async with traffic.place(kind):
        seen.append(clock())


def test_the_twenty_first_order_waits_for_the_window(monkeypatch):
    """Kie refuses it otherwise, and does not queue it."""
    clock, seen = Steps(monkeypatch), []
    traffic = Traffic(Limits(creates=(20, 10.0)), clock)

    async def whole():
        for _ in range(45):
            await go(traffic, "create", seen, clock)

    asyncio.run(whole())

    assert ([0.0] * 20, [10.0] * 20, [20.0] * 5) == (seen[:20], seen[20:40], seen[40:])


def test_two_clients_with_one_key_share_what_it_may(monkeypatch):
    """The provider counts them together; another key has a window of its own."""
    clock, seen = Steps(monkeypatch), []
    limits = Limits(creates=(2, 10.0))
    one, other = (Traffic(limits, clock, key=("https://a.example", "hash-1")) for _ in range(2))
    stranger = Traffic(limits, clock, key=("https://a.example", "hash-2"))

    async def whole():
        for traffic in (one, other, stranger, one):
            await go(traffic, "create", seen, clock)

    asyncio.run(whole())

    assert [0.0, 0.0, 0.0, 10.0] == seen


def test_a_host_that_asks_for_quiet_gets_it_from_everybody(monkeypatch):
    """One job was told to wait: looks and orders of all jobs do."""
    clock, seen = Steps(monkeypatch), []
    traffic = Traffic(Limits(), clock)
    traffic.hold(7.0)

    async def whole():
        await go(traffic, "look", seen, clock)
        await go(traffic, "create", seen, clock)

    asyncio.run(whole())

    assert [7.0, 7.0] == seen


def test_downloads_go_on_while_the_host_asks_for_quiet(monkeypatch):
    """Files come from another server, and their links expire."""
    clock, seen = Steps(monkeypatch), []
    traffic = Traffic(Limits(), clock)
    traffic.hold(7.0)

    asyncio.run(go(traffic, "fetch", seen, clock))

    assert [0.0] == seen


def most_at_once(traffic: Traffic, requests: int) -> int:
    """How many of many requests are inside together."""
    inside, most = 0, 0

    async def one():
        nonlocal inside, most
        async with traffic.place("look"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    async def whole():
        await asyncio.gather(*(one() for _ in range(requests)))

    asyncio.run(whole())
    return most


def test_so_many_at_once_and_more_for_a_crowd():
    """Sixteen, and sixty-four from two hundred jobs on: a plain client drowns in its own connection pool."""
    few, many = Traffic(Limits()), Traffic(Limits())
    many.live = 1000

    assert (16, 64) == (most_at_once(few, 100), most_at_once(many, 200))


def test_who_leaves_the_line_takes_no_place_with_him():
    """Cancelled while waiting, or in the very moment the place was given: the next one gets it."""
    traffic = Traffic(Limits())

    async def hold(stop):
        async with traffic.place("look"):
            await stop.wait()

    async def whole():
        stop = asyncio.Event()
        holders = [asyncio.ensure_future(hold(stop)) for _ in range(16)]
        await asyncio.sleep(0)
        waiting = [asyncio.ensure_future(hold(stop)) for _ in range(8)]
        await asyncio.sleep(0)
        for task in waiting[:4]:
            task.cancel()
        stop.set()
        for task in waiting[4:6]:  # the place may have been given already
            task.cancel()
        await asyncio.gather(*holders, *waiting, return_exceptions=True)
        async with asyncio.timeout(5), traffic.place("look"):
            return True

    assert asyncio.run(whole())
    assert 16 == most_at_once(traffic, 50)
