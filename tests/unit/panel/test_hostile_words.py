"""Words from strangers at the widgets that take plain text: hidden letters are written out, formulas are none."""

from __future__ import annotations

import ipywidgets as w
import pytest

import ipydarkroom as dr
from ipydarkroom.panel.labels import Label, plain_traits

TURNED, SHOWN = "invoice\u202egnp", r"invoice\u202egnp"


def made(**part):
    """A form of one input, and the widgets in it."""
    form = dr.Form({"properties": {"x": part}, "required": ["x"]})
    found = []

    def walk(box):
        for child in getattr(box, "children", ()):
            found.append(child)
            walk(child)

    walk(form.widget)
    return form, found


@pytest.mark.parametrize("part", [
    {"type": "string", "title": TURNED}, {"type": "boolean", "title": TURNED}, {"type": "integer", "enum": [1, 2], "title": TURNED},
    {"oneOf": [{"const": 1, "title": TURNED}, {"const": 2, "title": "b"}], "title": "t"},
    {"oneOf": [{"const": at, "title": f"{TURNED}{at}"} for at in range(9)], "title": "t"},
    {"oneOf": [{"const": at, "title": f"{TURNED}{at}"} for at in range(30)], "title": "t"},
    {"type": "array", "uniqueItems": True, "items": {"enum": [TURNED, "b"]}, "title": "t"},
    {"type": "string", "default": TURNED, "title": "t"},
])
def test_hidden_letters_are_written_out_wherever_words_stand(part):
    """In labels, lists, buttons and the grey default; the values themselves are as they are."""
    form, found = made(**part)
    texts = [
        str(getattr(each, name, "")) for each in found for name in ("description", "placeholder", "_options_labels", "options")
        if not (name == "options" and not isinstance(each, w.Combobox))
    ]
    form.close()

    assert [] == [text for text in texts if "\u202e" in text]
    assert [text for text in texts if SHOWN in text or SHOWN.replace("\\", "\\\\") in text]


def test_the_summary_names_a_field_with_its_hidden_letters():
    """Also where somebody checked before anybody looked."""
    form = dr.Form({"properties": {"x": {"type": "string", "title": TURNED}}, "required": ["x"]})
    with pytest.raises(dr.errors.InputError):
        form.check()
    [summary] = [each for each in form.widget.children if "dr-summary" in each._dom_classes]
    words = [each.description for each in summary.children if isinstance(each, w.Button)]
    form.close()

    assert [SHOWN] == words


def test_a_label_with_two_dollars_is_no_formula():
    """They may stand in different parts of it, and in what is shown on hover."""
    apart = Label("From $1", help="to $2").html()
    hovered = Label("From $1", own="The page says: $1").html()
    alone = Label("From $1", help="to 2").html()

    assert "$" not in apart + hovered
    assert "mathjax_ignore" in apart
    assert '<span class="dr-title">From $1</span> <span class="dr-help">to 2</span>' == alone


def test_plain_text_becomes_html_only_where_it_must():
    """The front end repeats it as a tooltip."""
    assert {"description": "5 < 6", "description_allow_html": False} == plain_traits("5 < 6")
    assert plain_traits("$5 < $6")["description_allow_html"]
    assert "&#36;5 &lt; &#36;6" in plain_traits("$5 < $6")["description"]
