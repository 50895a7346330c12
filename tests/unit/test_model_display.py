"""A model shows its inputs as a table, and as a line."""

from __future__ import annotations

import dataclasses
import time

from ipydarkroom.fields import Choice, Field, Media
from ipydarkroom.languages import say
from ipydarkroom.model_display import model_card, model_text
from ipydarkroom.models import Model, Price

HOSTILE = "<script>alert(1)</script>\u202e"
FIELDS = (
    Field(("prompt",), "string", required=True, help="What to see."),
    Field(("width×height",), "string", choices=tuple(Choice(n, str(n)) for n in range(9)), default=0),
    Field(("seed",), "integer", minimum=0, maximum=2147483647),
    Field(("image",), "string", media=Media("image")),
    Field(("scale",), "number", exclusive_minimum=0.5),
)
MODEL = Model("a/model", "kie", FIELDS, title="A model")


def test_every_input_is_a_row() -> None:
    """Name, what it accepts, default, help; required ones are marked; long lists are counted."""
    shown = model_card(MODEL)

    assert len(FIELDS) + 1 == shown.count("<tr>")
    for part in (
        "<code>prompt</code>",
        say("model_card.required"),
        "What to see.",
        "width×height",
        "0, 1, 2, 3, 4, 5",
        say("model_card.choices_more", count=3),
        "integer 0 … 2147483647",
        "image",
        "number 0.5 …",
        "kie",
    ):
        assert part in shown


def test_a_foreign_schema_adds_nothing_but_text() -> None:
    """Titles, names, values and help of a stranger's page are escaped."""
    field = Field((HOSTILE,), "string", help=HOSTILE, default=HOSTILE, choices=(Choice(HOSTILE, HOSTILE),))
    shown = model_card(Model(HOSTILE, None, (field,), title=HOSTILE))

    assert "<script" not in shown
    assert "\u202e" not in shown
    assert say("model_card.no_provider") in shown


def test_the_plain_text_lists_the_inputs() -> None:
    """One line: id, provider, inputs, optional ones with a question mark."""
    assert "<Model a/model · kie · prompt, width×height?, seed?, image?, scale?>" == model_text(MODEL)
    assert model_text(Model(f"{HOSTILE}\n", None, ())).isprintable()


def test_a_live_model_says_what_it_costs_and_how_old_that_is() -> None:
    """The catalog's number, else its words; nothing where nothing is known."""
    live = dataclasses.replace(MODEL, price=Price(0.04), fetched=time.time() - 7300)
    told = dataclasses.replace(MODEL, pricing_note=f"7 credits {HOSTILE}")

    assert all(words in model_card(live) for words in ("$0.04 each", "2 h ago"))
    assert "每个 $0.04" in model_card(live, "zh_cn")
    assert "7 credits &lt;script&gt;" in model_card(told)
    assert "ago" not in model_card(MODEL)
