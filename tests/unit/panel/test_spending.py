"""Money in a panel: what Run says and asks, what is left, and where to top up."""

from __future__ import annotations

import asyncio
import threading

import pytest

from ipydarkroom.budget import Budget, Estimate
from ipydarkroom.errors import BalanceError, BudgetExceeded, NeedsConfirmation, NoAnswer
from ipydarkroom.fields import Field
from ipydarkroom.jobs import Failed, Trouble
from ipydarkroom.models import Model, Most, Price
from ipydarkroom.panel import consent
from ipydarkroom.panel.kit import Kit
from ipydarkroom.panel.labels import money
from ipydarkroom.panel.purse import GAP_S
from ipydarkroom.panel.runlabel import run_label
from ipydarkroom.providers import Balance

SERIES = Model(
    "lab/series", "runcomfy", (Field(("prompt",), "string"), Field(("n",), "integer", default=1)), price=Price(0.03), most=(Most(field="n"),)
)
KIT = {code: Kit(code) for code in ("en", "zh_cn", "zh_tw", "ja")}


def press(panel, clock):
    """Press Run, no slip of the hand."""
    clock.pass_(1)
    panel._screen._run.click()


def notice(panel):
    """The notice as HTML, empty where none is shown."""
    made = panel._screen._notice
    return "" if made is None else made.value


def banner(panel):
    """The head of the panel as HTML."""
    return panel.form.children[1].value


@pytest.fixture
def make(panels, hosted, clock):
    """Makes hosted panels on the test's clock."""

    def build(model=SERIES, **options):
        panel = panels(model, **options)
        panel._running.asking.now = panel._running.purse.now = clock
        return panel

    return build


# --- what Run says


@pytest.mark.parametrize(
    ("most", "local", "said"),
    [
        (Estimate(1), True, "Run"),
        (Estimate(1), False, "Run"),
        (Estimate(1, 0.03), False, "Run · ≤ $0.03"),
        (Estimate(15, 0.45), False, "Run · up to 15 pictures · ≤ $0.45"),
        (Estimate(15, 0.45), True, "Run · up to 15 pictures"),
        (Estimate(None), False, "Run · number of pictures open"),
        (Estimate(None), True, "Run · number of pictures open"),
    ],
)
def test_run_says_what_it_may_make_and_cost(most, local, said):
    """Only where that says something, and no price for what is free."""
    assert said == run_label(SERIES, most, KIT["en"], local=local)


def test_a_schema_of_which_nothing_is_known_says_so_only_where_it_costs():
    """On this machine an unknown number harms nobody."""
    bare = Model("mine", None, ())

    assert "Run" == run_label(bare, Estimate(), KIT["en"], local=True)
    assert "Run · number of pictures open" == run_label(bare, Estimate(), KIT["en"], local=False)


def test_a_model_of_films_counts_results():
    """Not everything is a picture."""
    film = Model("lab/film", "runcomfy", (), kind="text-to-video")

    assert "Run · up to 2 results" == run_label(film, Estimate(2), KIT["en"], local=True)


@pytest.mark.parametrize(("code", "said"), [("zh_cn", "运行 · 最多 15 张图片 · ≤ $0.45"), ("ja", "実行 · 最大 15 枚 · ≤ $0.45")])
def test_run_says_it_in_the_panels_language(code, said):
    """Number and price in the order of that language."""
    assert said == run_label(SERIES, Estimate(15, 0.45), KIT[code], local=False)


def test_the_label_follows_the_values(make):
    """Live: three pictures are three prices."""
    panel = make()
    before = panel._screen._run.description
    panel.value = {"n": 3}

    assert ("Run · ≤ $0.03", "Run · up to 3 pictures · ≤ $0.09") == (before, panel._screen._run.description)


@pytest.mark.parametrize(
    ("usd", "said"), [(0.45, "$0.45"), (0.0045, "$0.0045"), (0.1 + 0.2, "$0.30"), (0.00001, "$0.0001"), (1234.5, "$1,234.50"), (0, "$0.00")]
)
def test_an_amount_is_never_less_than_it_is(usd, said):
    """A cap is rounded up."""
    assert said == money(usd)


def test_what_is_left_is_never_more_than_it_is():
    """A balance is rounded down."""
    assert "$0.0123" == money(0.01239, up=False)


# --- what Run asks


def test_the_first_paid_run_of_a_kernel_asks_once(make, client, clock):
    """With the name of who is paid and the sum; the second press orders, and no other panel asks."""
    panel, other = make(), make()
    press(panel, clock)
    asked, before = notice(panel), len(client.orders)
    press(panel, clock)
    other.value = {"prompt": "a hare"}
    press(other, clock)

    assert "RunComfy" in asked
    assert "$0.03" in asked
    assert "dr-notice" in panel._screen._notice._dom_classes
    assert (0, 2, "", "") == (before, len(client.orders), notice(panel), notice(other))


def test_code_is_not_asked(make, client):
    """Who writes submit() has said so; and that is no word for the buttons of the next panel."""
    panel = make()
    panel.submit()
    other = make()
    other._screen._run.click()

    assert 1 == len(client.orders)
    assert "Press Run again" in notice(other)


def test_an_impatient_press_does_not_agree(make, client, clock):
    """The question has to have been there long enough to be read."""
    panel = make()
    press(panel, clock)
    clock.pass_(0.2)
    panel._screen._run.click()

    assert [] == client.orders


def test_problems_come_before_questions(make, client, clock):
    """What cannot be sent is not asked about."""
    panel = make(Model("lab/strict", "runcomfy", (Field(("prompt",), "string", required=True),)))
    press(panel, clock)

    assert "Nothing was sent yet" in notice(panel)
    assert "dr-asks" not in panel._screen._notice._dom_classes


def test_an_equal_order_within_ten_seconds_asks(make, client, clock):
    """A double click is one order; a wish for another one is a second press."""
    panel = make()
    panel.submit()
    press(panel, clock)
    press(panel, clock)  # the word for paid runs
    asked, before = notice(panel), len(client.orders)
    press(panel, clock)

    assert "ordered just this 2 s ago" in asked
    assert (1, 2) == (before, len(client.orders))


def test_a_press_during_a_slow_order_waits_until_that_is_known(make, client):
    """Reading a large file takes longer than a second press; it is still the same order."""
    consent.give()
    panel, presses, submit = make(), [], client.submit

    def slow(*args, **rest):
        if not presses:
            presses.append(threading.Thread(target=panel._running._ask_or_order))
            presses[0].start()
            presses[0].join(0.2)  # were it not held back, it would order now
        return submit(*args, **rest)

    client.submit = slow
    panel._running._ask_or_order()
    presses[0].join(10)

    assert 1 == len(client.orders)
    assert "ordered just this" in notice(panel)


def test_changing_a_value_takes_the_question_away(make, client, clock):
    """It is another order then, and orders at once."""
    panel = make()
    press(panel, clock)
    press(panel, clock)
    press(panel, clock)
    asked = notice(panel)
    panel.value = {"prompt": "a hare"}
    changed = notice(panel)
    press(panel, clock)

    assert ("ordered just this" in asked, changed, len(client.orders)) == (True, "", 2)


def test_on_this_machine_only_the_slip_of_the_hand_is_caught(panels, client, clock):
    """Free orders are not asked about."""
    panel = panels()
    panel._running.asking.now = clock
    panel.value = {"prompt": "a fox"}
    press(panel, clock)
    panel._screen._run.click()
    press(panel, clock)

    assert 2 == len(client.orders)


def test_an_unknown_price_under_a_budget_in_money_is_asked_about(make, client, clock):
    """The second press confirms it; without, nothing goes."""
    client.refuses = NeedsConfirmation("Not known.")
    panel = make()
    press(panel, clock)
    press(panel, clock)
    asked, before = notice(panel), len(client.orders)
    press(panel, clock)

    assert "there is a budget in money" in asked
    assert (0, 1, [False, True]) == (before, len(client.orders), client.confirmed)


def test_code_may_agree_to_an_unknown_price(make, client):
    """With the same word as the client's."""
    client.refuses = NeedsConfirmation("Not known.")
    panel = make()
    with pytest.raises(NeedsConfirmation):
        panel.submit()
    panel.submit(confirm=True)

    assert 1 == len(client.orders)


# --- what is left


def test_a_hosted_panel_shows_what_is_left(make, client):
    """In the provider's own unit, with dollars beside where that is another one."""
    first = banner(make())
    client.left = Balance("kie", 1234.0, "credits", 6.17)
    kie = make(Model("lab/kie", "kie", ()))

    assert "RunComfy: $12.50 left" in first
    assert "Kie.ai: 1,234 credits left (about $6.17)" in banner(kie)


def test_the_balance_is_asked_at_most_every_ten_seconds(make, client, clock):
    """However many panels are shown and jobs end; the later one asks when it is time."""
    waits = []
    client.later = lambda seconds, act: (waits.append(seconds), act())
    panel = make()
    _ = panel.form
    _ = make().form
    asked = len(client.balances)
    clock.pass_(3)
    panel._running._count(clock())
    soon, wait = len(client.balances), waits[-1]
    clock.pass_(GAP_S)
    panel._running._count(clock())

    assert (1, 1, 2) == (asked, soon, len(client.balances))
    assert GAP_S - 3 < wait < GAP_S - 2.9


def test_the_balance_is_asked_after_a_job_has_ended(make, client, clock):
    """Once for each job, on the account of that panel."""
    async def scene():
        panel = make()
        _ = panel.form
        clock.pass_(60)
        job = panel.submit()
        before = len(client.balances)
        job.learn(Failed("failed", Trouble("JobFailed", "Broken.")))
        return before, len(client.balances)

    assert (1, 2) == asyncio.run(scene())


def test_a_balance_that_cannot_be_asked_is_silent(make, client):
    """Nothing depends on it."""
    client.left = NoAnswer("The line is dead.")
    panel = make()

    assert ("", False) == (notice(panel), "left" in banner(panel).replace("dr-left", ""))


def test_a_local_panel_asks_for_no_balance(panels, client):
    """Free is free."""
    panel = panels()

    assert ([], False) == (client.balances, "left" in banner(panel))


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (Budget(jobs=20, usd=1.5), "budget: 3 of 20 orders, $0.12 of $1.50"),
        (Budget(jobs=20), "budget: 3 of 20 orders"),
        (Budget(usd=1.5), "budget: $0.12 of $1.50"),
    ],
)
def test_a_budget_says_how_much_of_it_is_used(make, client, budget, said):
    """Orders, money, or both."""
    client.budget = budget
    panel = make()

    assert said in banner(panel)


# --- where to top up


def test_an_empty_account_links_the_page_for_topping_up(make, client):
    """On the panel, where ordering itself fails, and on the line, where the provider says so."""
    async def scene():
        panel = make()
        job = panel.submit()
        job.learn(Failed("", Trouble("BalanceError", "Empty.", "402", "Top up."), "no"))
        panel._pump.now()
        return panel._screen._line_box.children[0].children[0].value

    line = asyncio.run(scene())
    panel = make()
    panel.state.fail(BalanceError("Empty."))

    for html in (line, notice(panel)):
        assert 'href="https://www.runcomfy.com/profile"' in html
        assert 'rel="noopener noreferrer"' in html


def test_a_budget_that_would_be_exceeded_says_why(make, client, clock):
    """Our own cap: no page of a provider raises it."""
    client.refuses = BudgetExceeded("No.", next_step="Raise budget=, or ask for less.", why="20 of 20 orders are used")
    panel = make()
    press(panel, clock)
    press(panel, clock)

    assert "20 of 20 orders are used" in notice(panel)
    assert "Raise budget=" in notice(panel)
    assert "<a " not in notice(panel)
