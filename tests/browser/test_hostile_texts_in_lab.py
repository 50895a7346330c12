"""Titles, descriptions, labels of choices and error texts from strangers show as text: asserted in the DOM of JupyterLab.

tests/fixtures/hostile_texts.json has some 200 of them: markup, scripts, handlers, style sheets, templates, formulas, text that turns
the line around, hides letters or ends a line. Each stands in every one of these places. A script that ran would set
`window.ran`; one that fetched would be noticed by `lab`.
"""

from __future__ import annotations

import json
from pathlib import Path

from ipydarkroom.markup import visible

FIXTURE = Path(__file__).parents[1] / "fixtures" / "hostile_texts.json"
TEXTS = json.loads(FIXTURE.read_text("ascii"))
SHORTEST = sorted(TEXTS, key=len)[:24]  # for the buttons, which are for short ones
CHOICES = (4,) * 20 + (15,) * 4 + (65,)  # drop-downs, and a list to be searched: as many labels as texts

SETUP = f"""
import json
import ipydarkroom as dr
from ipydarkroom.errors import InputError
from ipydarkroom.fields import Problem
texts = json.loads(open({str(FIXTURE)!r}).read())
count = len(texts)
def after(at):
    return texts[(at + 1) % count]
def made(kind, some):
    properties = {{f"f{{at}}": {{**kind, "title": texts[at], "description": after(at)}} for at in some}}
    form = dr.Form({{"properties": properties, "required": list(properties)}})
    form.report(InputError("no", problems=tuple(Problem((f"f{{at}}",), "told", {{"message": texts[at - 1]}}) for at in some)))
    return form
"""
LINES = """
lines = made({'type': 'string'}, range(count))
lines.widget
try:
    lines.check()  # now a summary names the fields, too
except InputError:
    pass
lines
"""
TICKS = "ticks = made({'type': 'boolean'}, range(count))\nticks"
LABELS = f"""
sizes, left, properties = {CHOICES!r}, iter(texts), {{}}
for at, size in enumerate(sizes):
    properties[f"c{{at}}"] = {{"title": f"Choice {{at}}", "oneOf": [{{"const": f"v{{at}}-{{n}}", "title": next(left)}} for n in range(size)]}}
labels = dr.Form({{"properties": properties, "required": list(properties)}})
labels
"""

SHORT = f"""
properties = {{f"s{{at}}": {{"title": f"Choice {{at}}", "enum": {SHORTEST!r}[at : at + 4]}} for at in range(0, {len(SHORTEST)}, 4)}}
short = dr.Form({{"properties": properties, "required": list(properties)}})
short
"""

FOUND = """() => {
    const outputs = [...document.querySelectorAll('.jp-OutputArea-output:has(.dr-panel)')];
    const all = outputs.flatMap((each) => [...each.querySelectorAll('*')]);
    const texts = (within, what) => [...(within?.querySelectorAll(what) ?? [])].map((each) => each.textContent);
    const [lines, ticks, labels, short] = outputs;
    return {
        ran: window.ran ?? null,
        elements: [...new Set(all.map((each) => each.tagName.toLowerCase()))].sort(),
        attributes: [...new Set(all.flatMap((each) => each.getAttributeNames()))].sort(),
        addresses: all.flatMap((each) => ['href', 'src', 'action', 'formaction', 'srcdoc', 'data'].filter((name) => each.hasAttribute(name))),
        styles: all.filter((each) => each.tagName === 'STYLE' && !each.closest('.dr-sheet')).length,
        inline: [...new Set(all.filter((each) => each.closest('.widget-label')).map((each) => each.getAttribute('style')))],
        titles: texts(lines, '.dr-title'), helps: texts(lines, '.dr-help'), problems: texts(lines, '.dr-problem'), goto: texts(lines, '.dr-goto'),
        ticks: texts(ticks, '.dr-check .widget-label-basic > span'),
        buttons: texts(short, '.widget-radio-box > label'), options: texts(labels, 'select > option'),
        listed: [...(labels?.querySelectorAll('datalist > option') ?? [])].map((each) => each.value),
    };
}"""
OURS = {
    "button", "code", "datalist", "div", "figcaption", "figure", "form", "i", "input", "label", "option", "p", "select", "span", "strong",
    "style", "textarea",
}


def test_hostile_texts_show_as_text(lab):
    """Word for word as `markup.visible` writes them; no script ran, no element and no attribute is theirs."""
    lab.open(lab.write("hostile.ipynb", SETUP, LINES, TICKS, LABELS, SHORT))
    for at in range(5):
        lab.run(at)
    lab.page.locator(".jp-OutputArea-output datalist").first.wait_for(state="attached")
    found = lab.page.evaluate(FOUND)
    lab.page.locator(".dr-title").nth(40).scroll_into_view_if_needed()
    lab.shot("hostile-texts")
    shown = [*map(visible, TEXTS)]
    after, before = [*shown[1:], shown[0]], [shown[-1], *shown[:-1]]

    assert 200 <= len(TEXTS) == sum(CHOICES)
    assert found["ran"] is None
    assert set(found["elements"]) <= OURS
    assert [] == [name for name in found["attributes"] if name.startswith("on")]
    assert [] == found["addresses"]
    assert 0 == found["styles"]
    assert shown == found["titles"]
    assert after == found["helps"]
    assert before == [told for told in found["problems"] if told != "This is required."]
    assert 0 < len(found["goto"])
    assert shown[: len(found["goto"])] == found["goto"]
    assert [
        f"{title} (required)\n{told}\nThis is required.\n{wrong}" for title, told, wrong in zip(shown, after, before, strict=True)
    ] == found["ticks"]
    assert [spaced(text) for text in shown] == [spaced(option) for option in (*found["options"], *found["listed"])]
    assert [visible(text) for text in SHORTEST] == [label.partition("\n")[2] for label in found["buttons"]]


def spaced(option):
    """A drop-down of ipywidgets writes blanks as non-breaking ones, so that a row of them is kept."""
    return option.replace("\N{NO-BREAK SPACE}", " ")
