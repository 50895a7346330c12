"""What a press of Run has to answer before it orders."""

from __future__ import annotations

import pytest

from ipydarkroom.budget import Estimate
from ipydarkroom.panel import consent
from ipydarkroom.panel.asking import REPEAT_S, Asking, Order
from ipydarkroom.panel.model import Notice
from ipydarkroom.routes import Route
from ipydarkroom.settings import load

FOX = Order({"prompt": "a fox"}, "RunComfy", paid=True)
HERE = Order({"prompt": "a fox"}, "This machine", paid=False)


@pytest.fixture
def asking(clock):
    """Questions on the test's clock."""
    return Asking(clock)


def key(notice):
    """What is asked, or None."""
    return None if notice is None else notice.key


def test_an_order_on_this_machine_is_never_asked_about(asking):
    """It is free, again and again."""
    asking.ordered(HERE)

    assert (None, False) == (asking.before(HERE, None), consent.given())


def test_the_first_paid_order_is_asked_about_and_the_second_press_agrees(asking):
    """Who has agreed once is not asked in the next panel either."""
    question = asking.before(FOX, None)
    answer = asking.before(FOX, question)

    assert ("panel.consent", None, True) == (key(question), answer, consent.given())
    assert Asking().before(FOX, None) is None


def test_a_press_agrees_only_to_what_stands_there(asking):
    """Without the question on the panel, or with something else there, it is asked again."""
    asking.before(FOX, None)
    other = Notice("error.balance")

    assert ("panel.consent", "panel.consent", False) == (
        key(asking.before(FOX, None)), key(asking.before(FOX, other)), consent.given(),
    )


def test_agreeing_to_one_price_is_not_agreeing_to_another(asking):
    """Another prompt of the same price is; a larger sum is asked anew, with the sum."""
    cheap = Order({"prompt": "a fox"}, "RunComfy", paid=True, most=Estimate(1, 0.03))
    dear = Order({"prompt": "a fox"}, "RunComfy", paid=True, most=Estimate(15, 0.45))
    question = asking.before(cheap, None)
    again = asking.before(dear, question)
    words = Order({"prompt": "a hare"}, "RunComfy", paid=True, most=Estimate(15, 0.45))

    assert ("$0.03", "$0.45") == (question.params["usd"], again.params["usd"])
    assert asking.before(words, again) is None


def test_an_equal_order_within_seconds_is_asked_about(asking, clock):
    """The second press makes another one, and after a while nobody asks."""
    consent.give()
    asking.ordered(FOX)
    clock.pass_(4)
    question = asking.before(FOX, None)
    answer = asking.before(FOX, question)
    clock.pass_(REPEAT_S)

    assert ("panel.repeat", {"seconds": 4}) == (question.key, question.params)
    assert (None, None) == (answer, asking.before(FOX, None))


def test_every_repeat_is_asked_about_anew(asking, clock):
    """One answer is one order."""
    consent.give()
    asking.ordered(FOX)
    question = asking.before(FOX, None)
    asking.ordered(FOX)

    assert "panel.repeat" == key(asking.before(FOX, question))


def test_other_inputs_are_another_order(asking):
    """Equal means equal to a server: 1 and 1.0 are the same, one input more is not."""
    consent.give()
    asking.ordered(Order({"prompt": "a fox", "n": 1}, "RunComfy", paid=True))

    assert "panel.repeat" == key(asking.before(Order({"prompt": "a fox", "n": 1.0}, "RunComfy", paid=True), None))
    assert asking.before(Order({"prompt": "a fox", "n": 2}, "RunComfy", paid=True), None) is None
    assert asking.before(FOX, None) is None


def test_a_slip_of_the_hand_answers_no_question(asking, clock):
    """A press right after a press, or right after a question appeared, is none."""
    first, second = asking.slip(), asking.slip()
    clock.pass_(0.8)
    asking.before(FOX, None)
    clock.pass_(0.5)
    third = asking.slip()
    clock.pass_(0.5)

    assert (False, True, True, False) == (first, second, third, asking.slip())


def test_a_press_that_ordered_nothing_may_be_followed_at_once(asking):
    """A mended field can be sent at once."""
    asking.slip()
    asking.nothing_ordered()

    assert not asking.slip()


def test_the_unknown_price_is_agreed_to_for_that_order_only(asking):
    """Other inputs may cost more."""
    question = asking.price(FOX)
    other = Order({"prompt": "a hare"}, "RunComfy", paid=True)

    assert (True, False, False) == (
        asking.agreed_to_price(FOX, question), asking.agreed_to_price(other, question), asking.agreed_to_price(FOX, None),
    )


@pytest.mark.parametrize(
    ("backend", "token", "paid"),
    [("remote", True, True), ("remote", False, False), ("local-url", True, False), ("local-process", True, False)],
)
def test_only_a_hosted_service_with_a_token_is_paid(backend, token, paid):
    """A server on this machine is nobody's account; without a token nothing can be ordered."""
    found = load({"RUNCOMFY_API_TOKEN": "canary-77"}).tokens["runcomfy"] if token else None

    assert paid is consent.is_paid(Route("runcomfy", backend, {"api": "https://example.org"}, "route.token", found))
