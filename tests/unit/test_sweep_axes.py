"""Which inputs are axes, which are values, and how a grid of them is laid out."""

from __future__ import annotations

import pytest

from ipydarkroom.errors import InputError
from ipydarkroom.fields import Choice, Field, Media
from ipydarkroom.models import Model
from ipydarkroom.sweep import Grid, axis
from ipydarkroom.sweep.axes import spread
from ipydarkroom.sweep.labels import value_label

COLOURS = Field(("colours", 0), "string")
MODEL = Model("lab/axes", None, (
    Field(("prompt",), "string", required=True),
    Field(("seed",), "integer"),
    Field(("size",), "string", choices=(Choice("a", "small"), Choice("b", "large"))),
    Field(("image",), "string", media=Media("image")),
    Field(("colours",), "array", items=COLOURS),
    Field(("grid",), "array", items=Field(("grid", 0), "array", items=Field(("grid", 0, 0), "number"))),
    Field(("anything",), "any"),
    Field(("untold",), "array"),
    Field(("style",), "object"),
))  # fmt: skip


class Column:
    """A column of a table, as other packages have them."""

    def tolist(self) -> list[int]:
        """As numpy and pandas have it."""
        return [1, 2]


@pytest.mark.parametrize(("name", "value", "values"), [
    ("prompt", "a fox", None),
    ("prompt", ["a fox", "an owl"], ("a fox", "an owl")),
    ("prompt", ["a fox"], ("a fox",)),
    ("seed", range(3), (0, 1, 2)),
    ("seed", (4, 4), (4, 4)),
    ("seed", Column(), (1, 2)),
    ("image", ["a.png", "b.png"], ("a.png", "b.png")),
    ("style", [{"a": 1}, {}], ({"a": 1}, {})),
    ("style", {"a": 1}, None),
    ("colours", ["red", "blue"], None),
    ("colours", [["red"], ["red", "blue"]], (["red"], ["red", "blue"])),
    ("colours", [], None),
    ("colours", [[]], ([],)),
    ("grid", [[1, 2]], None),
    ("grid", [[[1, 2]], [[3]]], ([[1, 2]], [[3]])),
    ("anything", [1, 2], None),
    ("anything", axis([1, 2]), (1, 2)),
    ("untold", [[1], [2]], None),
    ("untold", axis([[1], [2]]), ([1], [2])),
    ("misspelt", ["a", "b"], None),
])
def test_an_axis_is_told_from_a_value(name, value, values):
    """One list deeper than the input itself takes; where the model does not say, only by `axis`."""
    axes, fixed = spread(MODEL, {name: value})

    assert (values, value if values is None else None) == (axes[0].values if axes else None, fixed.get(name))


@pytest.mark.parametrize("value", [[], (), range(0)])
def test_an_axis_has_a_value(value):
    """No value would be no picture at all, which nobody means."""
    with pytest.raises(InputError, match="one value at least"):
        spread(MODEL, {"seed": value})


@pytest.mark.parametrize("value", [{1, 2}, (number for number in (1, 2))])
def test_what_has_no_order_or_no_second_reading_is_refused(value):
    """Run again, it would be another grid."""
    with pytest.raises(InputError, match="list"):
        spread(MODEL, {"seed": value})


@pytest.mark.parametrize("wrong", [lambda: axis([]), lambda: axis("fox"), lambda: axis(7), lambda: axis([1, 2], labels=["one"])])
def test_an_explicit_axis_is_judged_where_it_is_written(wrong):
    """A slip of the pen is found there, not in the grid."""
    with pytest.raises(InputError):
        wrong()


def test_the_last_axis_goes_across_and_the_others_down():
    """In the order given; a model's defaults and single values are the same everywhere."""
    grid = Grid.of(MODEL, {"prompt": ["fox", "owl"], "size": "a", "seed": range(3)})

    assert (6, 3, [[0, 1, 2], [3, 4, 5]]) == (len(grid), grid.columns, grid.lines)
    assert {"prompt": "owl", "size": "a", "seed": 2} == grid.inputs(grid.places[5])


def test_one_axis_is_a_strip_that_is_wrapped():
    """Eight prompts are two lines, not a ribbon."""
    grid = Grid.of(MODEL, {"prompt": [str(number) for number in range(8)]})

    assert [[0, 1, 2, 3, 4, 5], [6, 7]] == grid.lines


def test_no_axis_is_one_picture():
    """A sweep of nothing is an order like any other."""
    grid = Grid.of(MODEL, {"prompt": "fox"})

    assert (1, [()], [[0]]) == (len(grid), grid.places, grid.lines)


def test_a_slip_does_not_order_a_hundred_thousand():
    """One comma too many is refused before anything is made of it."""
    with pytest.raises(InputError, match="1,000 is the most"):
        Grid.of(MODEL, {"seed": range(10**6), "prompt": ["a", "b"]})


@pytest.mark.parametrize(("name", "value", "label"), [
    ("prompt", ["a\nfox\u202e"], "a fox\\u202e"),
    ("prompt", ["x" * 500], "x" * 119 + "…"),
    ("prompt", ["https://a.example/x.png?sig=1"], "https://a.example/x.png?…"),
    ("seed", [3], "Seed 3"),
    ("seed", [None], "(none)"),
    ("size", ["b"], "large"),
    ("image", ["photos/of/fox.png"], "fox.png"),
    ("image", ["https://a.example/fox.png?sig=1"], "fox.png"),
    ("image", [b"bytes"], "1"),
    ("colours", [["red", "blue"]], '["red", "blue"]'),
    ("prompt", axis(["a long story"], labels=["calm"]), "calm"),
])
def test_a_value_has_a_name(name, value, label):
    """As the form calls it, short, on one line, and without anything that hides, or a link's secret."""
    [found], _ = spread(MODEL, {name: value})

    assert label == value_label(MODEL, found, 0, "en")
