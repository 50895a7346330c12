"""What an order may make and cost at most, and the cap that is not passed."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipydarkroom.budget import Budget, Estimate, Spent, demand_all, estimate, reserve
from ipydarkroom.catalog import find
from ipydarkroom.client import AsyncClient
from ipydarkroom.errors import AuthError, BudgetExceeded, InputError, NeedsConfirmation, Unreadable
from ipydarkroom.fields import Field
from ipydarkroom.jobs import JobRecord, Rejected, State, Trouble, advance
from ipydarkroom.journal import Journal
from ipydarkroom.models import Model, Price
from ipydarkroom.providers import Balance
from ipydarkroom.routes import Route
from ipydarkroom.settings import load
from ipydarkroom.testing import QUICK

SEEDREAM = find("bytedance/seedream-5/lite/text-to-image")
DREAMINA = find("bytedance/dreamina-4-0/text-to-image")
KIE = find("ideogram/v3-reframe")
MODEL = Model("a/b", "runcomfy", (Field(("prompt",), "string", required=True),))


@pytest.mark.parametrize(("model", "inputs", "pictures"), [
    (SEEDREAM, {}, 1),
    (SEEDREAM, {"sequential_image_generation": "auto"}, 15),
    (SEEDREAM, {"sequential_image_generation": "auto", "max_images": 4}, 4),
    (SEEDREAM, {"max_images": 4}, 1),
    (DREAMINA, {}, None),
    (DREAMINA, {"force_single": True}, 1),
    (KIE, {}, 1),
    (KIE, {"num_images": "3"}, 3),
    (MODEL, {}, None),
    (dataclasses.replace(MODEL, fields=(Field(("n",), "integer", default=2),)), {}, 2),
])
def test_the_most_pictures_the_inputs_allow(model, inputs, pictures):
    """Seedream's `auto` makes up to 15, Kie takes digits in text, dreamina alone does not say; unknown is not one."""
    assert pictures == estimate(model, inputs).pictures


@pytest.mark.parametrize(("price", "inputs", "usd"), [
    (None, {}, None),
    (Price(0.03), {"num_images": "3"}, 0.09),
    (Price(0.03, "order"), {"num_images": "3"}, 0.03),
    (Price(0.1, "second"), {"duration": "5"}, 0.5),
    (Price(0.1, "second"), {}, None),
])
def test_the_most_it_may_cost(price, inputs, usd):
    """By the catalog's price for each result, second or order; a length nobody gave has no price."""
    assert usd == estimate(dataclasses.replace(KIE, price=price), inputs).usd


def an_order(number: int = 1, usd: float | None = 0.1, budget: str = "b") -> JobRecord:
    """A hosted order that counts against a budget."""
    return JobRecord(f"job-{number}", "runcomfy", "https://x.example", "remote", "a/b", {}, usd=usd, budget=budget, created=float(number))


@given(st.lists(st.one_of(st.none(), st.floats(0, 5)), max_size=30), st.floats(0, 10), st.integers(0, 20))
def test_no_sequence_of_orders_passes_the_cap(costs, usd, jobs):
    """Whatever is asked for, in whatever order, known price or not."""
    budget, spent = Budget(jobs=jobs, usd=usd), Spent()
    for number, cost in enumerate(costs):
        try:
            taken = reserve(budget, spent, an_order(number, cost))
        except BudgetExceeded:
            continue
        spent = Spent(spent.jobs + 1, spent.usd + taken.usd)

    assert spent.jobs <= jobs
    assert spent.usd <= usd + 1e-6


def test_an_order_of_unknown_price_takes_all_that_is_left():
    """What is not known is never taken for nothing."""
    assert 1.25 == reserve(Budget(usd=1.5), Spent(1, 0.25), an_order(usd=None)).usd


@pytest.mark.parametrize(("budget", "prices", "enough"), [
    (Budget(jobs=3), [0.1, 0.1], True),
    (Budget(jobs=2), [0.1, 0.1], False),
    (Budget(usd=0.45), [0.1, 0.1], True),
    (Budget(usd=0.44), [0.1, 0.1], False),
    (Budget(usd=9), [None], True),
    (Budget(usd=9), [0.1, None], True),
    (Budget(usd=9), [None, 0.1], False),
    (Budget(), [None, None, 5], True),
])
def test_several_orders_are_judged_together(budget, prices, enough):
    """Each as if those before it had been placed; one of unknown price takes all there is."""
    if enough:
        demand_all(budget, Spent(1, 0.25), prices)
    else:
        with pytest.raises(BudgetExceeded):
            demand_all(budget, Spent(1, 0.25), prices)


def test_real_cost_takes_the_place_of_the_reserve(tmp_path):
    """What was refused gives its share back; what is done counts with its bill."""
    with closing(Journal(tmp_path / "journal.sqlite3")) as journal:
        first = journal.add(an_order(1, usd=1.0), Budget(usd=1.5))
        before = journal.spent("b")
        journal.put(advance(first, Rejected(Trouble("BalanceError", "empty")), 5.0), "Rejected")
        second = journal.add(an_order(2, usd=1.0), Budget(usd=1.5))
        journal.put(dataclasses.replace(second, state=State.SUCCEEDED, charged="yes", usd=0.4), "Finished")

        assert (Spent(1, 1.0), Spent(1, 0.4)) == (before, journal.spent("b"))


def test_a_refused_order_is_not_written(tmp_path):
    """No row, so nothing that could be sent."""
    with closing(Journal(tmp_path / "journal.sqlite3")) as journal:
        with pytest.raises(BudgetExceeded, match="0 orders"):
            journal.add(an_order(), Budget(jobs=0))

        assert [] == journal.jobs()


@pytest.mark.parametrize("wrong", [{"jobs": -1}, {"jobs": 1.5}, {"jobs": "2"}, {"usd": -0.1}, {"usd": float("nan")}, {"usd": "1"}])
def test_a_cap_that_is_none_is_refused(wrong):
    """A slip of the pen must not mean "no limit"."""
    with pytest.raises(ValueError, match="0 or more"):
        Budget(**wrong)


def test_a_number_is_no_budget(tmp_path):
    """Jobs or dollars? Said when the client is made, not at the first order."""
    with pytest.raises(InputError, match="takes a Budget"):
        AsyncClient(settings=load({"IPYDARKROOM_HOME": str(tmp_path)}), budget=5)


def body(**values: object) -> bytes:
    """A JSON body."""
    return json.dumps(values).encode()


def paying(home, server, monkeypatch, budget=None):
    """A client whose loopback server counts as a paid host."""
    settings = load({"IPYDARKROOM_HOME": str(home), "RUNCOMFY_API_TOKEN": "canary-77", "KIE_API_KEY": "canary-77"})
    base = {"runcomfy": server.origin, "kie": server.origin}
    client = AsyncClient(settings=settings, base_url=base, budget=budget, paces=(QUICK, QUICK))
    real = client.route
    monkeypatch.setattr(client, "route", lambda model, local=None: dataclasses.replace(real(model, local=local), backend="remote"))
    return client


async def accepted(job):
    """Wait until the provider has named the job."""
    async for record in job.events():
        if record.remote_id:
            return


def test_a_clients_budget_stops_the_order_before_it_is_sent(tmp_path, faults, monkeypatch):
    """Two orders are allowed: the third is refused by ourselves, and no byte of it leaves."""

    async def whole():
        async with faults.server(faults.says(body(request_id="r-1")), faults.says(body(request_id="r-2")), faults.says(body(status="in_queue"))) as server:
            async with paying(tmp_path, server, monkeypatch, Budget(jobs=2)) as client:
                for _ in range(2):
                    await accepted(await client.submit(MODEL, prompt="fox"))
                with pytest.raises(BudgetExceeded) as caught:
                    await client.submit(MODEL, prompt="fox")
                posts = sum(request.startswith(b"POST") for request in server.requests)
                return posts, client.spent().jobs, str(caught.value)

    posts, spent, said = asyncio.run(whole())

    assert (2, 2) == (posts, spent)
    assert "2 of 2 orders" in said


def test_a_named_budget_is_shared_by_every_client_of_the_journal(tmp_path, faults, monkeypatch):
    """A lesson's cap holds for the kernel that comes after, too; without a name it is the client's own."""

    async def whole():
        scripts = [faults.says(body(request_id="r-1")), faults.says(body(status="in_queue"))]
        async with faults.server(*scripts) as server:
            async with paying(tmp_path, server, monkeypatch, Budget(jobs=1, name="lesson")) as first:
                await accepted(await first.submit(MODEL, prompt="fox"))
            async with paying(tmp_path, server, monkeypatch, Budget(jobs=1, name="lesson")) as second:
                with pytest.raises(BudgetExceeded):
                    await second.submit(MODEL, prompt="fox")
            server.scripts[:] = [faults.says(body(request_id="r-2")), faults.says(body(status="in_queue"))]
            async with paying(tmp_path, server, monkeypatch, Budget(jobs=1)) as third:
                await accepted(await third.submit(MODEL, prompt="fox"))
                return third.spent().jobs, len(third.jobs())

    assert (1, 2) == asyncio.run(whole())


def test_an_unknown_price_under_a_budget_in_money_needs_a_word(tmp_path, faults, monkeypatch):
    """From code that is `confirm=True`; nobody is ever asked with input()."""

    async def whole():
        async with faults.server(faults.says(body(error_code=400002, error_message="empty"), status="400 Bad Request")) as server:
            async with paying(tmp_path, server, monkeypatch, Budget(usd=1.0)) as client:
                with pytest.raises(NeedsConfirmation):
                    await client.submit(MODEL, prompt="fox")
                sent = len(server.requests)
                job = await client.submit(MODEL, prompt="fox", confirm=True)
                reserved = client.spent().usd
                await job.wait(20)
                return sent, reserved, client.spent().usd, job.error.next_step

    sent, reserved, after, step = asyncio.run(whole())

    assert (0, 1.0, 0.0) == (sent, reserved, after)
    assert "runcomfy.com" in step  # where to top up


def test_local_jobs_count_against_no_budget(tmp_path):
    """They are free."""
    from ipydarkroom.testing import ScriptedPainter, local_client

    with local_client(tmp_path, ScriptedPainter()) as client:
        client.budget = Budget(jobs=0, usd=0.0)

        assert 1 == len(client.run("bytedance/seedream-5/lite/text-to-image", prompt="x").images)
        assert Spent() == client.spent()


@pytest.mark.parametrize(("provider", "answer", "balance"), [
    ("runcomfy", {"balance_usd": 4.5, "balance_microdollars": 4500000, "currency": "USD"}, Balance("runcomfy", 4.5, "USD", 4.5)),
    ("kie", {"code": 200, "msg": "success", "data": 100}, Balance("kie", 100.0, "credits", 0.5)),
])
def test_what_an_account_has_left(tmp_path, faults, provider, answer, balance):
    """RunComfy counts dollars, Kie credits; asked with the account's own token."""

    async def whole():
        async with faults.server(faults.says(body(**answer))) as server:
            settings = load({"IPYDARKROOM_HOME": str(tmp_path), "RUNCOMFY_API_TOKEN": "canary-77", "KIE_API_KEY": "canary-77"})
            async with AsyncClient(settings=settings, base_url={provider: server.origin}) as client:
                with pytest.raises(InputError, match="Whose"):
                    await client.balance()
                return await client.balance(provider), b"canary-77" in server.requests[0]

    assert (balance, True) == asyncio.run(whole())


@pytest.mark.parametrize(("answer", "kind"), [
    (body(error_code=400004, error_message="expired"), AuthError), (b"<html>", Unreadable), (body(balance_usd="much"), Unreadable),
])
def test_a_balance_that_cannot_be_read_is_an_error_not_a_zero(tmp_path, faults, answer, kind):
    """Zero would send people to top up for nothing."""

    async def whole():
        async with faults.server(faults.says(answer)) as server:
            settings = load({"IPYDARKROOM_HOME": str(tmp_path), "RUNCOMFY_API_TOKEN": "canary-77"})
            async with AsyncClient(settings=settings, base_url={"runcomfy": server.origin}) as client:
                await client.balance()

    with pytest.raises(kind):
        asyncio.run(whole())


def test_the_local_backend_has_a_balance_as_well(tmp_path):
    """It speaks the same protocol; nothing is ever taken from it."""
    from ipydarkroom.testing import local_client

    with local_client(tmp_path) as client:
        before = [client.balance("runcomfy"), client.balance("kie")]

        assert ["USD", "credits"] == [balance.unit for balance in before]
        assert Estimate(1, 0.0) == client.estimate("bytedance/seedream-5/lite/text-to-image", prompt="x")
        assert isinstance(client._inner.route(MODEL), Route)
