"""The style sheet is sent in parts, with the widgets that wear them, in short spelling."""

from __future__ import annotations

import ipywidgets as w
import pytest

from ipydarkroom.panel.kit import Kit
from ipydarkroom.panel.looks import always, parts, parts_of, sheet, short, theme


@pytest.fixture
def kit():
    made = Kit("en")
    yield made
    made.close()


@pytest.mark.parametrize(("rules", "shorter"), [
    ("a  >  b , c { color : red ; margin: 0 0.5em }", "a>b,c{color:red;margin:0 .5em}"),
    ("/* why */ a { width: calc(100% - 2px); }", "a{width:calc(100% - 2px)}"),
    (".dr-panel .a { top: 0 } .dr-panel .b, .dr-panel .c { top: 1px }", ".dr-panel{.a{top:0}.b,.c{top:1px}}"),
    (".dr-panel .a { top: 0 } .b { top: 1px } .dr-panel .c { top: 2px }", ".dr-panel .a{top:0}.b{top:1px}.dr-panel .c{top:2px}"),
    (".dr-panel.x .a { top: 0 } .dr-panel .b, .c { top: 1px }", ".dr-panel.x .a{top:0}.dr-panel .b,.c{top:1px}"),
    (".dr-panel :is(.a, .b:not(.c)) { top: 0 } .dr-panel a:hover { top: 1px }", ".dr-panel{:is(.a,.b:not(.c)){top:0}a:hover{top:1px}}"),
    ("@media (prefers-reduced-motion: reduce) { .a , .b { top: 0; } }", "@media (prefers-reduced-motion: reduce){.a,.b{top:0}}"),
    ("@keyframes k { 50% { opacity: 0.5; } }", "@keyframes k{50%{opacity:.5}}"),
])
def test_rules_are_spelt_short(rules, shorter):
    """Blanks, comments and leading zeros go; neighbours inside of the panel share the word; an operator keeps its blanks."""
    assert shorter == short(rules)


@pytest.mark.parametrize(("rules", "shorter"), [
    (".dr-panel .a { top: 0 } .b { top: 0 }", ".dr-panel.dr-panel .a{top:0}.b{top:0}"),
    (".dr-panel .a { top: 0 } .dr-panel .b { top: 0 }", ".dr-panel.dr-panel{.a{top:0}.b{top:0}}"),
    (".dr-panel.x .a, .dr-panel-x .b, .c { top: 0 }", ".dr-panel.dr-panel.x .a,.dr-panel-x .b,.c{top:0}"),
])
def test_inside_of_a_part_the_panel_counts_twice(rules, shorter):
    """Another panel's sheet may come later in the page: a part wins over what is always worn all the same."""
    assert shorter == short(rules, 2)


def test_a_sheet_beside_the_panels_counts_most():
    """What a comparison adds wins over whatever panel comes later."""
    assert ".dr-panel.dr-panel.dr-panel" in theme("compare")


def test_the_parts_are_the_whole_sheet():
    """Nothing is lost between them, and something is always worn."""
    assert theme() == sheet(parts())
    assert always() < set(parts())
    assert {part for part in parts() if part.classes} == {part for part in parts() for name in part.classes if part in parts_of(name)}


def test_a_panel_wears_what_its_widgets_need(kit):
    """The part for sliders comes with a slider only."""
    kit.make(w.Text, "dr-field")

    assert sheet(always()) == kit.head.value


def test_what_is_made_later_brings_its_part(kit):
    """As a widget of its own, once; the head is not sent again."""
    head = kit.head
    before, none = head.value, kit.more()
    kit.make(w.HBox, "dr-slide")
    kit.part().make(w.Checkbox, "dr-check")
    [more] = kit.more()
    kit.make(w.HBox, "dr-slide")

    assert sheet(always()) == before == head.value
    assert () == none
    assert sheet(parts_of("dr-slide") | parts_of("dr-check")) == more.value
    assert (more,) == kit.more()


def test_what_is_expected_is_there_from_the_start(kit):
    """It is made after the head that stands in it."""
    kit.expect("dr-results")
    head = kit.head
    kit.make(w.VBox, "dr-results")

    assert sheet(always() | parts_of("dr-results")) == head.value
    assert () == kit.more()
