"""The panel in real JupyterLab, used as a person uses it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter
from playwright.sync_api import expect

from ipydarkroom.testing import tiny_png

ROOT = Path(__file__).parents[2]
PANEL = 'import ipydarkroom as dr\npanel = dr.Panel("bytedance/seedream-5/lite/text-to-image", local=True{more})\npanel'


def done(lab, count=1):
    """Wait until so many jobs of the panel have succeeded."""
    expect(lab.page.locator(".dr-line", has_text="Succeeded")).to_have_count(count, timeout=60_000)


def pictures(lab, index):
    """The pictures shown by one cell."""
    return lab.cell(index).locator("img")


def pixels(picture):
    """(width, height) of a picture once the page has decoded it."""
    picture.wait_for(state="visible")
    picture.evaluate("image => image.decode()")
    return picture.evaluate("image => [image.naturalWidth, image.naturalHeight]")


def test_the_first_notebook_by_keyboard_from_words_to_picture(lab):
    """Fill in, choose a shape, press Run, see queue, work and end, and a picture of the shape that was asked for."""
    shutil.copy(ROOT / "notebooks" / "01_first_picture.ipynb", lab.server.root / "first.ipynb")
    lab.open("first.ipynb")
    lab.run(1)
    lab.run(3)
    lab.note_lines()
    keys = lab.page.keyboard

    lab.page.get_by_role("textbox", name="Prompt").focus()
    keys.press("Control+A")  # the notebook has begun with some words
    keys.type("a fox in a snowy forest at night")
    keys.press("Tab")
    keys.type("2848")
    for _ in range(12):
        if lab.page.evaluate("() => document.activeElement.innerText") == "Run":
            break
        keys.press("Tab")
    keys.press("Enter")
    done(lab)

    seen = lab.lines()
    assert re.search(r"Queued.*in_queue", seen, re.S)
    assert re.search(r"Running.*in_progress", seen, re.S)
    assert re.search(r"next in the queue|ahead in the queue", seen)
    width, height = pixels(pictures(lab, 3).first)
    assert abs(width / height - 2848 / 1600) < 0.02
    # Frames above two lines of text were once pressed flat: a portrait looked like a square.
    drawn = lab.page.locator(".dr-frames label").evaluate_all("""labels => labels.map(label => {
        const frame = getComputedStyle(label, '::before');
        return [frame.width, frame.height, frame.getPropertyValue('--w') + 'px', frame.getPropertyValue('--h') + 'px'];
    })""")
    assert drawn
    assert all((width, height) == (wide, high) for width, height, wide, high in drawn if wide != "px"), drawn
    lab.page.set_viewport_size({"width": 1100, "height": 1500})  # the pictures of the README: the form and all of the picture
    lab.cell(3).evaluate("cell => cell.scrollIntoView()")
    lab.shot("panel-light")
    lab.command("apputils:change-theme", theme="JupyterLab Dark")
    lab.page.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
    expect(lab.page.locator("#jupyterlab-splash")).to_have_count(0)
    lab.shot("panel-dark")
    lab.command("apputils:change-theme", theme="JupyterLab Light")


def test_the_rest_of_the_first_notebook_shows_a_job_and_its_picture(lab):
    """Submit returns at once, the job shows a card, and result() the picture, in the cell."""
    shutil.copy(ROOT / "notebooks" / "01_first_picture.ipynb", lab.server.root / "rest.ipynb")
    lab.open("rest.ipynb")
    for index in (1, 5, 7, 9):
        lab.run(index)

    width, height = pixels(pictures(lab, 7).first)
    assert abs(width / height - 2496 / 1664) < 0.02
    expect(lab.cell(5)).to_contain_text("succeeded")
    expect(lab.cell(5)).to_contain_text("local")
    lab.cell(5).evaluate("cell => cell.scrollIntoView()")
    lab.shot("python")


def test_the_status_moves_while_a_cell_is_busy(lab):
    """A long cell holds the kernel; the job goes on, and its line and picture with it."""
    lab.open(lab.write("busy.ipynb", PANEL.format(more=""), "import time; time.sleep(8)"))
    lab.run(0)
    lab.page.get_by_role("textbox", name="Prompt").fill("a lighthouse by the sea at sunset")
    lab.note_lines()
    lab.page.get_by_role("button", name="Run", exact=True).click()
    expect(lab.page.locator(".dr-line")).to_have_count(1)

    lab.run(1, wait=False)
    lab.page.wait_for_function("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'busy'")
    done(lab)

    assert "busy" == lab.kernel_status()
    assert "Running" in lab.lines()  # noted by the page itself: it may be over before we could ask for it
    assert pixels(pictures(lab, 0).first)[0] > 0


def test_a_queued_job_can_be_cancelled(lab):
    """Two runs: the second waits behind the first, says so, and stops when asked; the first comes to its end."""
    lab.open(lab.write("cancel.ipynb", PANEL.format(more=""), "panel.submit(); panel.submit(); None"))
    lab.run(0)
    lab.page.get_by_role("textbox", name="Prompt").fill("mountains at dawn")
    lab.page.keyboard.press("Tab")
    lab.note_lines()
    lab.run(1)
    waiting = lab.page.locator(".dr-line", has_text="1 ahead in the queue")
    waiting.get_by_role("button", name="Cancel").click()

    expect(lab.page.locator(".dr-line", has_text="Cancelled")).to_be_visible()
    lab.shot("cancelled")
    done(lab)


def test_typing_goes_on_while_a_job_finishes(lab):
    """A picture arriving takes neither the focus nor a letter."""
    lab.open(lab.write("typing.ipynb", PANEL.format(more="")))
    lab.run(0)
    prompt = lab.page.get_by_role("textbox", name="Prompt")
    prompt.fill("a quiet lake")
    lab.page.get_by_role("button", name="Run", exact=True).click()
    expect(lab.page.locator(".dr-line")).to_have_count(1)
    prompt.focus()
    prompt.press("End")

    typed = ""
    while lab.page.locator(".dr-line", has_text="Succeeded").count() == 0 or len(typed) % 26:
        letter = "abcdefghijklmnopqrstuvwxyz"[len(typed) % 26]
        lab.page.keyboard.type(letter, delay=25)
        typed += letter

    expect(prompt).to_be_focused()
    expect(prompt).to_have_value("a quiet lake" + typed)
    assert pixels(pictures(lab, 0).first)[0] > 0
    lab.page.keyboard.type("!")
    expect(prompt).to_have_value("a quiet lake" + typed + "!")


def test_the_picture_is_still_there_without_a_kernel(lab):
    """Saved, closed, opened with no kernel, and exported to HTML: the picture, and what it was made with."""
    lab.open(lab.write("kept.ipynb", PANEL.format(more="")))
    lab.run(0)
    lab.page.get_by_role("textbox", name="Prompt").fill("a red balloon over the city")
    lab.page.get_by_role("button", name="Run", exact=True).click()
    done(lab)
    assert pixels(pictures(lab, 0).first)[0] > 0
    lab.page.wait_for_function(
        """() => JSON.stringify(window.jupyterapp.shell.currentWidget.content.model.cells.get(0).toJSON().outputs)
            .includes('data:image')"""
    )
    lab.command("docmanager:save")
    lab.page.goto("about:blank")
    lab.server.end_kernels()

    lab.open_without_kernel("kept.ipynb")
    picture = pictures(lab, 0).first
    assert pixels(picture)[0] > 0
    expect(lab.cell(0)).to_contain_text("a red balloon over the city")
    lab.shot("kept")

    saved = lab.server.root / "kept.ipynb"
    page, _ = HTMLExporter().from_notebook_node(nbformat.read(saved, as_version=4))
    assert "data:image/" in page
    assert "a red balloon over the city" in page
    assert saved.stat().st_size < 200_000


def test_a_panel_works_inside_a_tab(lab):
    """Form and results are ordinary widgets: they run in an application of widgets too."""
    tab = PANEL.format(more="").removesuffix("panel") + "import ipywidgets as w\nw.Tab([panel.widget, w.HTML('two')], titles=['one', 'two'])"
    lab.open(lab.write("tab.ipynb", tab))
    lab.run(0)
    lab.page.get_by_role("textbox", name="Prompt").fill("a forest in autumn")
    lab.page.get_by_role("button", name="Run", exact=True).click()
    done(lab)

    lab.page.get_by_role("tab", name="two").click()
    lab.page.get_by_role("tab", name="one").click()
    assert pixels(pictures(lab, 0).first)[0] > 0


def test_a_picture_of_ones_own_is_given_another_frame(lab, tmp_path):
    """Upload, see it, choose a frame, run: the answer has the frame's shape."""
    photo = tmp_path / "photo.png"
    photo.write_bytes(tiny_png(64, 48))
    cell = 'import ipydarkroom as dr\npanel = dr.Panel("kie:ideogram/v3-reframe", local=True)\npanel'
    lab.open(lab.write("upload.ipynb", cell))
    lab.run(0)
    with lab.page.expect_file_chooser() as chooser:
        lab.page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(photo)
    expect(lab.cell(0).get_by_alt_text("Preview of photo.png")).to_be_visible()
    lab.page.locator(".dr-frames label", has_text="16:9").click()
    expect(lab.page.get_by_role("combobox", name="New frame")).to_have_value("landscape 16:9 (1024 × 576)")
    lab.page.get_by_role("button", name="Run", exact=True).click()
    expect(lab.page.get_by_role("button", name="Stop watching")).to_be_visible()
    done(lab)

    width, height = pixels(lab.page.get_by_role("figure").filter(has_text="Result").locator("img"))
    assert abs(width / height - 1024 / 576) < 0.02
    lab.shot("upload")


def test_a_missing_prompt_is_said_beside_its_field(lab):
    """Run with nothing filled in sends nothing and names the field."""
    lab.open(lab.write("missing.ipynb", PANEL.format(more="")))
    lab.run(0)
    lab.page.get_by_role("button", name="Run", exact=True).click()

    expect(lab.page.locator(".dr-problem", has_text="This is required.").first).to_be_visible()
    expect(lab.page.locator(".dr-line")).to_have_count(0)
    lab.shot("missing")


def test_the_panel_reads_in_japanese(lab):
    """Labels, buttons and banner follow the language."""
    lab.open(lab.write("ja.ipynb", PANEL.format(more=', language="ja"')))
    lab.run(0)

    expect(lab.page.get_by_role("textbox", name="プロンプト")).to_be_visible()
    expect(lab.page.get_by_role("button", name="実行")).to_be_visible()
    lab.shot("japanese")
