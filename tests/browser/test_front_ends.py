"""The same panel in JupyterLab, Notebook 7, Voila and nbconvert's HTML: what a person sees, and what the file keeps."""

from __future__ import annotations

import re

import nbformat
import pytest
from axe import examine_with_control
from nbconvert import HTMLExporter
from playwright.sync_api import expect

LAB = pytest.param("lab", marks=pytest.mark.kernel)
EVERYWHERE = pytest.mark.parametrize("front_end", [LAB, "notebook", "voila"], indirect=True)
WITH_A_FILE = pytest.mark.parametrize("front_end", [LAB, "notebook"], indirect=True)
PANEL = 'import ipydarkroom as dr\npanel = dr.Panel("bytedance/seedream-5/lite/text-to-image", local=True)\npanel'
SEEDED = """
import ipydarkroom as dr
panel = dr.Panel({"properties": {"prompt": {"type": "string"}, "seed": {"type": "integer"}}}, local=True)
panel.value = {"prompt": "a red balloon over the city", "seed": 7}
panel
"""
DEAD = re.compile(r"Error displaying widget|Loading widget|widget model not found|VBox\(|javascript error", re.IGNORECASE)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def run_until_the_picture(front_end):
    """Press Run and wait for the picture; returns its (width, height) once the page has decoded it."""
    front_end.page.get_by_role("button", name="Run", exact=True).click()
    expect(front_end.page.locator(".dr-line", has_text="Succeeded")).to_have_count(1, timeout=60_000)
    return pixels(front_end.page.locator(".dr-loupe img").first)


def pixels(picture):
    """(width, height) of a picture once the page has decoded it."""
    picture.wait_for(state="visible")
    picture.evaluate("image => image.decode()")
    return picture.evaluate("image => [image.naturalWidth, image.naturalHeight]")


def assert_accessible(page):
    """axe-core finds nothing wrong with what we put there. Contrast was measured; not of what is drawn half transparent, as
    a kept card's small print is, which has no colour of its own so that it suits any page."""
    found = examine_with_control(page, ".jp-OutputArea-output")
    assert [] == found.wrong, "\n".join(found.wrong)
    assert found.contrast > 0


def kept(front_end, name):
    """Save the notebook when its picture is in the output that the file keeps; returns the file."""
    front_end.page.wait_for_function(
        """() => JSON.stringify(window.jupyterapp.shell.currentWidget.content.model.cells.get(0).toJSON().outputs)
            .includes('data:image')"""
    )
    front_end.command("docmanager:save")
    return front_end.server.root / name


@EVERYWHERE
def test_a_panel_runs_a_job_to_its_picture_while_somebody_types(front_end, request):
    """Words, Run, queue, picture; its arrival takes neither the focus nor a letter, and nothing is fetched from elsewhere."""
    front_end.open(front_end.write("panel.ipynb", PANEL))
    front_end.run(0)
    prompt = front_end.page.get_by_role("textbox", name="Prompt")
    prompt.fill("a lighthouse by the sea")
    front_end.note_lines()
    front_end.page.get_by_role("button", name="Run", exact=True).click()
    expect(front_end.page.locator(".dr-line")).to_have_count(1)
    prompt.focus()
    prompt.press("End")

    typed = ""
    while front_end.page.locator(".dr-loupe img").count() == 0 or len(typed) % len(_LETTERS):
        letter = _LETTERS[len(typed) % len(_LETTERS)]
        front_end.page.keyboard.type(letter, delay=25)
        typed += letter
    front_end.page.keyboard.type("!")

    expect(prompt).to_be_focused()
    expect(prompt).to_have_value("a lighthouse by the sea" + typed + "!")
    assert min(pixels(front_end.page.locator(".dr-loupe img").first)) > 100
    expect(front_end.page.locator(".dr-loupe img").first).to_have_attribute("alt", re.compile("a lighthouse by the sea"))
    expect(front_end.page.locator(".dr-line", has_text="Succeeded")).to_be_visible()
    assert "Running" in front_end.lines()
    assert not DEAD.search(front_end.page.locator("body").inner_text())
    front_end.shot(f"front-{request.node.callspec.id}")
    assert_accessible(front_end.page)
    front_end.darken("panel.ipynb")
    if front_end.page.locator(".dr-loupe").count() == 0:  # opened anew
        front_end.page.get_by_role("textbox", name="Prompt").fill("a lighthouse by the sea")
        run_until_the_picture(front_end)
    front_end.shot(f"front-{request.node.callspec.id}-dark")
    assert_accessible(front_end.page)


@WITH_A_FILE
def test_a_saved_notebook_shows_its_pictures_without_a_kernel(front_end, browser, request):
    """Run twice, saved, opened again with no kernel, and as HTML: the picture with its words, no dead widget, no growth."""
    name = front_end.write("kept.ipynb", SEEDED)
    front_end.open(name)
    front_end.run(0)
    run_until_the_picture(front_end)
    once = kept(front_end, name).stat().st_size
    front_end.run(0)
    expect(front_end.page.locator(".dr-line")).to_have_count(0)
    run_until_the_picture(front_end)
    saved = kept(front_end, name)
    assert saved.stat().st_size < 1.1 * once < 200_000
    assert not nbformat.read(saved, as_version=4).metadata.get("widgets")
    front_end.page.goto("about:blank")
    front_end.server.end_kernels()

    front_end.open_without_kernel(name)
    cell = front_end.cell(0)
    assert min(pixels(cell.locator("img").first)) > 100
    expect(cell.locator("img")).to_have_count(1)
    expect(cell.locator("img").first).to_have_attribute("alt", re.compile("a red balloon over the city"))
    expect(cell).to_contain_text("a red balloon over the city")
    expect(cell.locator(".jupyter-widgets")).to_have_count(0)
    assert not DEAD.search(cell.inner_text())
    front_end.shot(f"kept-{request.node.callspec.id}")
    assert_accessible(front_end.page)
    front_end.darken(name)
    assert_accessible(front_end.page)
    _reads_as_html(browser, front_end, saved)


def _reads_as_html(browser, front_end, saved):
    """What nbconvert makes of the file, opened from disk: the picture and its alt text, and nothing that needs a kernel.

    nbconvert's own page asks elsewhere for MathJax and RequireJS; the panel adds nothing to that.
    """
    page, asked = browser.new_page(), []
    empty = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])

    def refuse(route):
        asked.append(route.request.url)
        route.abort()

    page.route(re.compile("^https?:"), refuse)
    seen = []
    for notebook in (empty, nbformat.read(saved, as_version=4)):
        exported = saved.with_suffix(".html")
        exported.write_text(HTMLExporter().from_notebook_node(notebook)[0], encoding="utf-8")
        asked.clear()
        page.goto(exported.as_uri())
        seen.append(sorted(asked))

    assert min(pixels(page.get_by_alt_text("a red balloon over the city").first)) > 100
    assert not DEAD.search(page.locator("body").inner_text())
    assert seen[0] == seen[1]
    page.screenshot(path=front_end.shots / "exported.png")
    for theme in ("light", "dark"):
        exported.write_text(HTMLExporter(theme=theme).from_notebook_node(nbformat.read(saved, as_version=4))[0], encoding="utf-8")
        page.goto(exported.as_uri())
        assert_accessible(page)
        page.screenshot(path=front_end.shots / f"exported-{theme}.png")
    page.close()
