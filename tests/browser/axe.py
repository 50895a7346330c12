"""axe-core in a page: what it finds wrong with our outputs, by the rules of WCAG 2.2 A and AA and its own best practice."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

from playwright.sync_api import Page, expect

__all__ = ["Findings", "examine", "examine_with_control"]

_SCRIPT = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# JupyterLab's <body> is of no height and cuts off what sticks out, as everything in it is placed: axe takes all of it for hidden.
_WHOLE = "html, body { height: 100vh; }"
_SCROLLED = ".jp-WindowedPanel-outer"  # of JupyterLab and Notebook 7; elsewhere the page itself scrolls
_PLANT = """outputs => {
    const control = document.createElement('div');
    control.className = 'planted';
    control.innerHTML = '<p style="color:#bbb;background:#fff">pale</p><input type="text">';
    outputs[0].append(control);
}"""


@dataclass(frozen=True)
class Findings:
    """What is wrong, a line each; how many texts were measured for contrast, and how many axe could not measure."""

    wrong: list[str]
    contrast: int
    unmeasured: int


def examine(page: Page, selector: str) -> Findings:
    """Check whatever that selector matches. The page is made tall for it, as nothing outside the window is measured."""
    if not page.evaluate("() => !!window.axe"):
        whole = page.locator(_SCROLLED if page.locator(_SCROLLED).count() else "html")
        page.set_viewport_size({"width": 1200, "height": 300 + whole.evaluate("part => part.scrollHeight")})
        whole.evaluate("part => { part.scrollTop = 0 }")
        page.add_style_tag(content=_WHOLE)
        page.evaluate(_SCRIPT)
    expect(page.locator(selector).last).to_be_in_viewport()
    found = page.evaluate("([include, runOnly]) => axe.run({include}, {runOnly})", [[selector], _RULES])
    wrong = [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary']}" for rule in found["violations"] for node in rule["nodes"]
    ]
    counted = [
        sum(len(rule["nodes"]) for rule in found[kind] if rule["id"] == "color-contrast") for kind in ("passes", "incomplete")
    ]
    return Findings(wrong, *counted)


def examine_with_control(page: Page, selector: str) -> Findings:
    """The same, after a pale text and a box without a name were planted there and found."""
    page.locator(selector).evaluate_all(_PLANT)
    control = examine(page, ".planted")
    assert {"color-contrast", "label"} <= {line.split(":")[0] for line in control.wrong}
    page.locator(".planted").evaluate("control => control.remove()")
    return examine(page, selector)
