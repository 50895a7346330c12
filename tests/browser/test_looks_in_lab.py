"""The style sheet in parts and in short spelling looks like the whole one, in whatever order panels bring their parts."""

from __future__ import annotations

import re
from pathlib import Path

import ipydarkroom.panel.looks as looks

SHEET = Path(looks.__file__).with_name("theme.css")

RULES = """(text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    const flat = (rules, above) => [...rules].flatMap((rule) => {
        if (rule.type === CSSRule.KEYFRAMES_RULE) return [[above, rule.cssText]];
        if (!rule.selectorText) return flat(rule.cssRules, [...above, rule.conditionText]);
        const own = rule.style.length ? [[[...above, rule.selectorText], rule.style.cssText]] : [];
        return [...own, ...flat(rule.cssRules ?? [], [...above, rule.selectorText])];
    });
    return flat(sheet.cssRules, []);
}"""
STYLES = """(sheets) => {
    const names = new Set();  // all that the sheet speaks of
    for (const [, text] of sheets) {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        const add = (rules) => [...rules].forEach((rule) => { [...rule.style ?? []].forEach((name) => names.add(name)); add(rule.cssRules ?? []) });
        add(sheet.cssRules);
    }
    const alike = {};  // a few of each kind: of 69 frames, the first and the chosen one tell all
    const kind = (each) => `${each.tagName} ${each.className} ${each.parentElement.className} ${each.matches(':has(> :checked)')}`;
    const drawn = [...document.querySelectorAll('.dr-panel, .dr-panel *')].filter(
        (each) => !each.closest('.dr-sheet, option, datalist') && (alike[kind(each)] = (alike[kind(each)] ?? 0) + 1) < 3);
    const told = (style) => [...names].map((name) => style.getPropertyValue(name)).join('|');
    const seen = (each) => told(getComputedStyle(each)) + told(getComputedStyle(each, '::before'));
    const before = drawn.map(seen);
    const changed = [];
    for (const [part, text] of sheets) {
        const added = document.createElement('style');
        added.textContent = text;
        document.body.append(added);
        drawn.forEach((each, at) => { if (seen(each) !== before[at]) changed.push([part, each.outerHTML.slice(0, 200)]) });
        added.remove();
    }
    return [drawn.length, names.size, changed];
}"""
CELLS = (
    "import ipydarkroom as dr\n"
    "dr.use(local=True)\n"
    "panel = dr.Panel('ideogram/ideogram-v3/reframe')\n"
    "panel.value = {'image': 'https://example.org/a.png', 'resolution': '1024:1024 (1:1)', 'rendering_speed': 'TURBO'}\n"
    "panel",
    "form = dr.Form({'properties': {\n"
    "    'text': {'type': 'string', 'maxLength': 900}, 'flag': {'type': 'boolean'}, 'one': {'enum': ['a', 'b', 'c']},\n"
    "    'many': {'type': 'array', 'items': {'enum': ['a', 'b', 'c']}, 'uniqueItems': True}, 'part': {'type': 'number', 'minimum': 0, 'maximum': 1},\n"
    "    'list': {'type': 'array', 'items': {'type': 'object', 'properties': {'x': {'type': 'integer'}}}}, 'color_palette': {'type': 'object'},\n"
    "    'size': {'enum': ['1024x1024', '1024x768', '512x1024', '2048x1024', '640x480']}}, 'required': ['text']})\n"
    "form.value = {'list': [{'x': 1}], 'flag': True, 'color_palette': {'members': [{'color_hex': '#112233', 'color_weight': 0.5}]}}\n"
    "try:\n    form.check()\nexcept dr.InputError:\n    pass\n"
    "form",
    "job = panel.submit()\npanel.wait()",
)


def test_short_spelling_says_the_same(browser):
    """Rule by rule, as the browser reads both: the same selectors in the same order, with the same declarations."""
    page = browser.new_page()
    whole = page.evaluate(RULES, SHEET.read_text("utf-8"))
    short = page.evaluate(RULES, "".join(part.rules for part in looks.parts()))
    page.close()

    assert 150 < len(whole)
    assert [*map(plain, whole)] == [*map(plain, short)]


def test_no_order_of_parts_changes_how_anything_looks(lab):
    """Another panel of the page may bring any part after all of this one's; every element keeps its computed style."""
    lab.open(lab.write("looks.ipynb", *CELLS))
    for at in range(len(CELLS)):
        lab.run(at)
    lab.page.locator(".dr-print img").first.wait_for()
    common = "".join(part.rules for part in looks.parts() if not part.classes)  # these always come together
    parted = [[min(part.classes), part.rules] for part in looks.parts() if part.classes]
    counted, named, changed = lab.page.evaluate(STYLES, [["always", common], *parted])

    assert counted > 100
    assert named > 80
    assert [] == changed


def plain(rule):
    """One rule for comparison: a browser keeps the blanks inside of a custom property."""
    above, told = rule
    return selectors(above), told.replace(", ", ",")


def selectors(above):
    """The selectors of a rule, with what it is nested in; the panel counts once."""
    found = [""]
    for each in above:
        inner = [re.sub(r"^& ", "", one) for one in looks._listed(each.replace(", ", ","))]
        found = [f"{outer} {one}".strip() for outer in found for one in inner]
    return [re.sub(r"(\.dr-panel)+", ".dr-panel", one) for one in found]
