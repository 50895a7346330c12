"""The panel's model: what is sent, what is kept back, and who is told. No widget is made here."""

from __future__ import annotations

import pytest

from ipydarkroom.errors import AuthError, InputError
from ipydarkroom.fields import UNSET, Problem
from ipydarkroom.panel.model import Change, PanelModel, same

PREFILLED = {"size": "2K"}


@pytest.fixture
def state(model):
    """An untouched panel."""
    return PanelModel(model)


def codes(problems):
    """Problems as (field, code) pairs."""
    return [(problem.pointer[0], problem.code) for problem in problems]


def test_an_untouched_panel_sends_required_defaults_only(state):
    """Silence is not a value: optional fields are absent, whatever their default."""
    assert PREFILLED == state.value


def test_setting_a_field_sends_it(state):
    """What a person chose is sent, also when it equals the default."""
    state.set(("scale",), 0.5)

    assert {**PREFILLED, "scale": 0.5} == state.value


@pytest.mark.parametrize(("name", "value"), [("scale", 0), ("single", False), ("note", "")])
def test_zero_false_and_the_empty_string_are_values(state, name, value):
    """Chosen by a person they are sent; only silence is not."""
    state.set(name, value)

    assert value == state.value[name]


def test_clearing_an_optional_field_makes_it_absent(state):
    """Back to silence: the server decides again."""
    state.set("note", "x")
    state.clear("note")

    assert PREFILLED == state.value


def test_clearing_a_required_field_makes_it_a_problem(state):
    """A cleared default is not filled in again behind the person's back."""
    state.clear("size")

    assert ("size", "required") in codes(state.problems)
    assert "size" not in state.value


def test_an_empty_required_string_counts_as_missing(state):
    """An empty prompt is no prompt."""
    state.set("prompt", "")

    assert ("prompt", "required") in codes(state.problems)


def test_reset_returns_a_field_to_untouched(state):
    """A prefilled default is back and nothing is touched."""
    state.set("size", "3K")
    state.reset("size")

    assert PREFILLED == state.value
    assert not state.touched("size")


def test_reset_returns_the_whole_panel_to_untouched(state):
    """Start over means no values, no touches, no problems shown."""
    state.set("note", "x")
    state.ask()
    state.reset()

    assert PREFILLED == state.value
    assert () == state.visible_problems("prompt")


def test_setting_the_value_replaces_all(state):
    """What the new value does not name is untouched again."""
    state.set("note", "x")
    state.value = {"prompt": "a fox", "seed": 7}

    assert {**PREFILLED, "prompt": "a fox", "seed": 7} == state.value


def test_the_value_reads_back_as_it_was_set(state):
    """A complete set of inputs goes in and comes out equal, without added keys."""
    inputs = {"prompt": "a fox", "size": "3K", "mode": "auto", "count": 2, "palette": {"a": [1, None]}}
    state.value = inputs

    assert inputs == state.value


def test_unset_in_a_value_is_silence(state):
    """UNSET may stand in a mapping; it is not sent."""
    state.value = {"prompt": "a fox", "seed": UNSET}

    assert "seed" not in state.value


def test_unreadable_typing_is_kept_and_not_sent(state):
    """Half a number is beside its problem; the last good value is not sent in its place."""
    state.set("seed", 7)
    state.set_raw("seed", "7x", "not_a_whole_number", typed="7x")

    assert "seed" not in state.value
    assert "7x" == state.raw("seed").text
    assert [("seed", "not_a_whole_number")] == codes(state.visible_problems("seed"))
    assert not state.can_run


def test_unreadable_typing_is_the_only_problem_of_its_field(state):
    """That a required value is missing goes without saying while its typing is broken."""
    state.set_raw("prompt", "?", "not_json")

    assert [("prompt", "not_json")] == [pair for pair in codes(state.problems) if pair[0] == "prompt"]


def test_mending_the_typing_ends_its_problem(state):
    """A good value takes the place of the raw text."""
    state.set_raw("seed", "7x", "not_a_whole_number")
    state.set("seed", 7)

    assert state.raw("seed") is None
    assert 7 == state.value["seed"]


def test_problems_show_once_a_field_is_touched(state):
    """Nobody is told off before they began."""
    before = state.visible_problems("prompt")
    state.clear("prompt")

    assert () == before
    assert [("prompt", "required")] == codes(state.visible_problems("prompt"))


def test_problems_show_everywhere_after_run(state):
    """Pressing Run asks for all of them."""
    state.ask()

    assert [("prompt", "required")] == codes(state.visible_problems("prompt"))


def test_run_is_possible_once_nothing_blocks(state):
    """A missing required value blocks; giving it is enough."""
    before = state.can_run
    state.set("prompt", "a fox")

    assert (False, True) == (before, state.can_run)


def test_advice_does_not_block(state):
    """More words than advised is a warning."""
    state.set("prompt", "a b c d e f")

    assert [("prompt", False)] == [(found.pointer[0], found.blocking) for found in state.visible_problems("prompt")]
    assert state.can_run


def test_a_field_that_does_not_count_is_neither_shown_nor_sent(state):
    """`count` counts only with `mode: auto`; its value is kept for when it does."""
    state.set("count", 2)
    hidden = ("count" in state.shown, "count" in state.value)
    state.set("mode", "auto")

    assert (False, False) == hidden
    assert ("count" in state.shown, 2) == (True, state.value["count"])


def test_a_problem_the_client_reports_stands_until_the_field_changes(state):
    """Errors from further down enter by the same door as our own."""
    state.set("note", "x")
    state.fail(InputError("No.", problems=[Problem(("note",), "file_missing")]))
    reported = codes(state.visible_problems("note"))
    state.set("note", "y")

    assert [("note", "file_missing")] == reported
    assert () == state.visible_problems("note")


def test_an_error_becomes_a_sentence_on_the_panel(state):
    """Key and parameters for the panel's language, the English beside it."""
    state.fail(AuthError("No token.", next_step="Set it.", key="error.no_token", name="X"))

    trouble = state.trouble

    assert ("error.no_token", "X", "No token.", "Set it.") == (
        trouble.key, trouble.params["name"], trouble.message, trouble.next_step
    )


def test_set_tells_observers_once_and_only_when_something_changed(state):
    """Setting the same value again is silent."""
    heard = []
    state.observe(heard.append)
    state.set("seed", 7)
    state.set("seed", 7)

    assert [Change("value", frozenset({"seed"}))] == heard


def test_several_steps_are_told_as_one(state):
    """Observers hear after the outermost block, each kind of news once."""
    heard = []
    state.observe(heard.append)
    with state.editing():
        state.set("seed", 7)
        state.set("note", "x")

    assert [Change("value", frozenset({"seed", "note"}))] == heard


def test_an_observer_hears_without_the_lock(state):
    """An observer may order a job, which waits for another thread that may want the lock."""
    free = []
    state.observe(lambda _change: free.append(not state.lock._is_owned()))
    state.set("seed", 7)

    assert [True] == free


def test_unobserve_ends_the_calls(state):
    """The returned function is the way out."""
    heard = []
    unobserve = state.observe(heard.append)
    unobserve()
    state.set("seed", 7)

    assert [] == heard


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [(1, 1.0, True), (1, True, False), (0, False, False), ("1", 1, False), ([1], [True], False), ({"a": 1}, {"a": 1.0}, True),
     (None, UNSET, False)],
)
def test_same_is_sameness_to_a_server(one, other, expected):
    """`1` and `true` are different JSON, whatever Python thinks."""
    assert expected == same(one, other)
