"""Sweeps in real JupyterLab: they fill in, can be paused, ask, say what failed, and are still there without a kernel."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import expect

ROOT = Path(__file__).parents[2]
SCENE = """
import os
os.environ["IPYDARKROOM_HOME"] = {home!r}
import ipydarkroom as dr
scene = dr.Model.from_schema({{"type": "object", "required": ["prompt"], "properties": {{
    "prompt": {{"type": "string"}}, "seed": {{"type": "integer"}}, "size": {{"enum": ["512x512 (1:1)", "768x432 (16:9)"]}}}}}}, id="a small scene")
"""
GRID = 'grid = dr.Sweep(scene, size="512x512 (1:1)", prompt=["a fox in the snow", "a lighthouse at sunset"], seed=range(4), language={language!r})\ngrid'
# A painter that fails at every picture of rain, as a service does now and then.
MOODY = """
import logging
logging.getLogger("ipydarkroom").setLevel("ERROR")  # the local backend tells of its painters' mistakes
from ipydarkroom.testing import ScriptedPainter, local_client
class Moody(ScriptedPainter):
    def paint(self, order, report):
        self.fail_with = "no umbrella" if "rain" in order.prompt else ""
        return super().paint(order, report)
client = local_client(dr.default_client().home / "moody", Moody())
dr.Sweep(scene, client=client, prompt=["a calm sea", "a sea in the rain", "a meadow", "rain in the city"], language={language!r})
"""


def theme(lab, name):
    """Change the theme, and wait until nothing covers the page any more."""
    lab.command("apputils:change-theme", theme=name)
    light = "true" if "Light" in name else "false"
    lab.page.wait_for_function(f"() => document.body.dataset.jpThemeLight === '{light}'")
    expect(lab.page.locator("#jupyterlab-splash")).to_have_count(0)


def shots(lab, name, index):
    """One screenshot of a cell's outputs in each theme."""
    for which in ("Light", "Dark"):
        theme(lab, f"JupyterLab {which}")
        lab.cell(index).locator(".jp-OutputArea-output").first.evaluate("part => part.scrollIntoView({block: 'start'})")
        lab.shot(f"{name}-{which.lower()}")
    theme(lab, "JupyterLab Light")


def filled(lab, index, count):
    """Wait until so many pictures of a cell's grid are there, decoded."""
    expect(lab.cell(index).locator(".dr-cell > img")).to_have_count(count, timeout=90_000)
    for picture in lab.cell(index).locator(".dr-cell > img").all():
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_sweep_fills_in_and_is_paused_and_gone_on_with_by_keyboard(lab, language):
    """The grid stands at once with its labels; pictures come one after the other; nothing more comes while it is paused."""
    home = str(lab.server.root / f"sweep-home-{language}")
    lab.open(lab.write(f"sweep_{language}.ipynb", SCENE.format(home=home), GRID.format(language=language)))
    lab.run(0)
    lab.run(1)
    cell = lab.cell(1)
    pause, go_on = {"en": ("Pause", "Continue"), "ja": ("一時停止", "続ける")}[language]
    expect(cell.locator(".dr-sweep-side")).to_have_count(2)
    expect(cell.get_by_role("progressbar")).to_be_visible()
    expect(cell.locator(".dr-cell > img").nth(1)).to_be_visible(timeout=60_000)
    cell.get_by_role("button", name=pause).focus()
    lab.page.keyboard.press("Enter")
    expect(cell.get_by_role("button", name=go_on)).to_be_visible()
    expect(cell.locator(".dr-sweep-live, .dr-frame")).to_have_count(0, timeout=60_000)  # nothing on its way, nothing developing
    some = cell.locator(".dr-cell > img").count()
    assert 2 <= some < 8
    shots(lab, f"sweep-paused-{language}", 1)
    assert some == cell.locator(".dr-cell > img").count()

    cell.get_by_role("button", name=go_on).click()
    filled(lab, 1, 8)
    expect(cell.get_by_alt_text("a lighthouse at sunset · " + {"en": "Seed", "ja": "シード"}[language] + " 3")).to_be_visible()
    shots(lab, f"sweep-{language}", 1)


def test_after_a_restart_the_cell_shows_the_same_grid_and_orders_nothing(lab):
    """And the notebook is no larger for it; without a kernel the pictures are still there, and in exported HTML."""
    home = str(lab.server.root / "sweep-home-again")
    cells = [SCENE.format(home=home), GRID.format(language="en"), "[job.id for job in grid.jobs], len(dr.default_client().jobs())"]
    lab.open(lab.write("sweep_again.ipynb", *cells))
    for index in (0, 1):
        lab.run(index)
    filled(lab, 1, 8)
    lab.run(2)
    first = lab.cell(2).locator(".jp-OutputArea-output").inner_text()
    saved = lab.server.root / "sweep_again.ipynb"
    kept = "() => JSON.stringify(jupyterapp.shell.currentWidget.content.model.cells.get(1).toJSON().outputs).split('data:image').length"
    lab.page.wait_for_function(kept + " === 9")
    lab.command("docmanager:save")
    size = saved.stat().st_size

    lab.restart()
    lab.run(0)
    lab.run(1)
    filled(lab, 1, 8)
    expect(lab.cell(1).get_by_text("8 made before, nothing paid now")).to_be_visible()
    lab.run(2)
    assert first == lab.cell(2).locator(".jp-OutputArea-output").inner_text()
    lab.page.wait_for_function(kept + " === 9")
    lab.command("docmanager:save")
    assert saved.stat().st_size < size + 2_000
    assert size < 250_000
    lab.page.goto("about:blank")
    lab.server.end_kernels()

    lab.open_without_kernel("sweep_again.ipynb")
    pictures = lab.cell(1).locator("img")
    expect(pictures).to_have_count(8)
    assert pictures.first.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    expect(lab.cell(1).get_by_role("rowheader", name="a fox in the snow")).to_be_visible()
    shots(lab, "sweep-kept", 1)
    page, _ = HTMLExporter().from_notebook_node(nbformat.read(saved, as_version=4))
    assert 8 == page.count('src="data:image/webp')


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_failed_is_said_in_its_place_and_a_large_sweep_asks(lab, language):
    """Two of four fail and have a button; a hundred would take minutes, so a person says so first."""
    home = str(lab.server.root / f"sweep-home-failed-{language}")
    large = f'dr.Sweep(scene, prompt="a fox in the snow", seed=range(96), language={language!r})'
    lab.open(lab.write(f"sweep_failed_{language}.ipynb", SCENE.format(home=home), MOODY.format(language=language), large))
    for index in (0, 1, 2):
        lab.run(index)
    again, order = {"en": ("Try the failed again (2)", "Order 96"), "ja": ("失敗した分をやり直す（2）", "96 件を注文する")}[language]

    expect(lab.cell(1).get_by_role("button", name=again)).to_be_visible(timeout=60_000)
    expect(lab.cell(1).locator(".dr-cell-failed")).to_have_count(2)
    shots(lab, f"sweep-failed-{language}", 1)
    expect(lab.cell(2).get_by_role("button", name=order)).to_be_visible()
    expect(lab.cell(2).locator(".dr-cell-waiting")).to_have_count(96)
    shots(lab, f"sweep-asks-{language}", 2)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_several_values_of_a_field_are_tried_from_a_panel(lab, language):
    """Run once; then the same with four seeds, side by side below the form, by keyboard."""
    home = str(lab.server.root / f"sweep-home-several-{language}")
    panel = f'panel = dr.Panel(scene, language={language!r})\npanel.value = {{"prompt": "a fox in the snow", "size": "512x512 (1:1)"}}\npanel'
    lab.open(lab.write(f"several_{language}.ipynb", SCENE.format(home=home), panel))
    lab.run(0)
    lab.run(1)
    cell, keys = lab.cell(1), lab.page.keyboard
    run, several, show = {"en": ("Run", "Try several…", "Show them side by side"), "ja": ("実行", "いくつか試す…", "並べて見る")}[language]
    cell.get_by_role("button", name=run, exact=True).click()
    cell.get_by_role("button", name=several).focus()
    keys.press("Enter")
    cell.get_by_role("button", name=show).focus()
    shots(lab, f"several-open-{language}", 1)
    cell.get_by_role("button", name=show).focus()
    keys.press("Enter")
    filled(lab, 1, 4)
    cell.locator(".dr-several").scroll_into_view_if_needed()
    for which in ("Light", "Dark"):
        theme(lab, f"JupyterLab {which}")
        cell.locator(".dr-several").evaluate("part => part.scrollIntoView({block: 'start'})")
        lab.shot(f"several-{language}-{which.lower()}")
    theme(lab, "JupyterLab Light")


def test_the_second_notebook_told_on_a_wall(lab):
    """Every cell in turn, as a teacher runs it; the grids fill in, and nothing goes wrong."""
    shutil.copy(ROOT / "notebooks" / "02_change_one_thing.ipynb", lab.server.root / "second.ipynb")
    lab.open("second.ipynb")
    notebook = nbformat.read(lab.server.root / "second.ipynb", as_version=4)
    for index, each in enumerate(notebook.cells):
        if each.cell_type == "code":
            lab.run(index)
    places = {each["id"]: index for index, each in enumerate(notebook.cells)}
    for name, count in (("seeds", 4), ("words", 3), ("shapes", 3), ("grid", 6)):
        filled(lab, places[name], count)
        lab.cell(places[name] - 1).evaluate("cell => cell.scrollIntoView({block: 'start'})")
        lab.shot(f"lesson-{name}")
    expect(lab.cell(places["same"])).to_contain_text("True")
    assert lab.cell(places["sheet"]).locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 600
    lab.cell(places["sheet"]).evaluate("cell => cell.scrollIntoView({block: 'start'})")
    lab.shot("lesson-sheet")
    assert 0 == lab.page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").count()
