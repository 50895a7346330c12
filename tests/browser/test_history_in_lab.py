"""The history in real JupyterLab: searched, walked through by keyboard, a job's panel opened again, pictures taken along."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

# Eight pictures, painted by the first test that comes; the others find them in the journal.
SMALL = '''
import time
from dataclasses import replace
from pathlib import Path
import ipydarkroom as dr
from ipydarkroom.archive import Wanted
from ipydarkroom.jobs import State, Trouble, new_job_id
from ipydarkroom.testing import local_client

client = local_client(Path("small"))
if not client.archive.ids(Wanted()):
    for job in [
        client.submit("bytedance/seedream-5/lite/text-to-image", prompt=prompt, resolution=size, output_format="jpeg")
        for prompt, size in (
            ("a fox in a snowy forest at night", "2848x1600 (16:9)"), ("a lighthouse by the sea at sunset", "1664x2496 (2:3)"),
            ("mountains at dawn, mist in the valley", "2496x1664 (3:2)"), ("a city street at dusk, neon", "3136x1344 (21:9)"),
            ("a field of poppies in the morning", "2304x1728 (4:3)"), ("the moon over a pine forest", "1728x2304 (3:4)"),
            ("a red house in the snow", "2048x2048 (1:1)"), ("a cat on a window sill in the rain", "1600x2848 (9:16)"),
        )
    ]:
        job.wait(120)
'''
# The same pictures again, as if they had been ordered over weeks: a journal of three pages without painting for minutes.
LARGE = SMALL + '''
made = [each for each in client.archive.each(client.archive.ids(Wanted()))]
client = local_client(Path("large"))
if not client.archive.ids(Wanted()):
    journal, count = client._inner._journal, len(made)
    with journal.together():
        for n in range(count + 130):
            old, at = made[n % count], time.time() - 20_000 * (n - count + 1)
            new = old if n < count else replace(
                made[-1 - n % count], id=new_job_id(at, n << 62 | n), remote_id=f"r{n}", fingerprint="", created=at, sent=at, started=at, finished=at + 4.2)
            if n >= count and n % 11 == 2:
                new = replace(new, state=State.FAILED, kept=(), outputs=(), trouble=Trouble("JobFailed", "The model gave no picture."))
            journal.add(new)
            journal.put(new, "Finished")
'''
SHOW = "history = dr.History(client{more})\nhistory"


@pytest.fixture
def opened(lab):
    """Shows a history in a notebook of that name: the cells before it, and what `dr.History` is told beside the client."""

    def show(name: str, cell: str, more: str = "") -> None:
        lab.open(lab.write(f"{name}.ipynb", cell, SHOW.format(more=more)))
        lab.run(0)
        lab.run(1)
        expect(lab.page.locator(".dr-picks .widget-radio-box > label").first).to_be_visible(timeout=60_000)
        lab.page.set_viewport_size({"width": 1200, "height": 1060})
        lab.cell(1).evaluate("cell => cell.scrollIntoView()")

    return show


def pictures_are_there(lab, count=12):
    """Wait until the first tiles have their pictures, and the chosen one is there in large."""
    lab.page.wait_for_function(
        """count => {
            const tiles = [...document.querySelectorAll('.dr-picks .widget-radio-box > label')].slice(0, count);
            return tiles.length === count && tiles.every(tile => getComputedStyle(tile, '::before').backgroundImage.startsWith('url("data:'));
        }""",
        arg=count,
        timeout=60_000,
    )
    expect(lab.page.locator(".dr-large-job img")).to_be_visible(timeout=60_000)


def dark(lab):
    """Turn the page dark."""
    lab.command("apputils:change-theme", theme="JupyterLab Dark")
    lab.page.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
    expect(lab.page.locator("#jupyterlab-splash")).to_have_count(0)


def light(lab):
    """And light again."""
    lab.command("apputils:change-theme", theme="JupyterLab Light")
    lab.page.wait_for_function("() => document.body.dataset.jpThemeLight === 'true'")


def test_a_wall_is_walked_by_keyboard_and_leads_to_a_panel(lab, opened):
    """Arrow keys in the box for the number choose, the chosen one is shown in large; Enter opens its panel, with its inputs.

    The keys stay where they are all the while. A press on a picture does the same.
    """
    opened("history", LARGE)
    pictures_are_there(lab)
    lab.shot("history-wall-light")
    keys = lab.page.keyboard

    number = lab.page.get_by_role("spinbutton", name="Number")
    number.focus()
    keys.press("ArrowUp")
    expect(lab.page.get_by_role("spinbutton", name="2. ")).to_be_focused()  # its name tells; a key pressed into the change of name is lost
    keys.press("ArrowUp")
    expect(lab.page.locator(".dr-large-job")).to_contain_text("the moon over a pine forest", timeout=30_000)
    expect(number).to_be_focused()
    expect(lab.page.locator(".dr-picks .widget-radio-box > label:has(:checked)")).to_contain_text("3. the moon over a pine forest")
    lab.page.locator(".dr-picks .widget-radio-box > label").nth(4).click()
    expect(lab.page.locator(".dr-large-job")).to_contain_text("a city street at dusk", timeout=30_000)
    expect(number).to_have_value("5")
    number.focus()
    expect(lab.page.get_by_role("spinbutton", name="5. ")).to_be_focused()
    keys.press("ArrowDown")
    expect(lab.page.get_by_role("spinbutton", name="4. ")).to_be_focused()
    keys.press("ArrowDown")
    expect(lab.page.locator(".dr-large-job")).to_contain_text("the moon over a pine forest", timeout=30_000)
    expect(lab.page.get_by_role("spinbutton", name="3. the moon over a pine forest")).to_be_focused()
    keys.press("Tab")
    assert "Open its panel" == lab.page.evaluate("() => document.activeElement.innerText")
    keys.press("Enter")
    expect(lab.page.get_by_role("textbox", name="Prompt")).to_have_value("the moon over a pine forest", timeout=60_000)
    expect(lab.page.locator(".dr-line", has_text="Succeeded")).to_have_count(1)
    assert "Close the panel" == lab.page.evaluate("() => document.activeElement.innerText")
    lab.shot("history-panel")
    keys.press("Enter")
    expect(lab.page.get_by_role("textbox", name="Prompt")).to_have_count(0)
    assert "Open its panel" == lab.page.evaluate("() => document.activeElement.innerText")

    dark(lab)
    lab.cell(1).evaluate("cell => cell.scrollIntoView()")
    lab.shot("history-wall-dark")
    light(lab)


def test_words_pages_and_the_table(lab, opened):
    """A page begins at its top; typed words narrow it; a press on a table's row chooses that row."""
    opened("pages", LARGE)
    pictures_are_there(lab, 6)
    lab.page.locator(".dr-scroll").evaluate("box => box.scrollTo(0, 900)")
    lab.page.get_by_role("button", name="Next").click()
    expect(lab.page.locator(".dr-page")).to_contain_text("61–120")
    expect(lab.page.locator(".dr-picks .widget-radio-box > label").first).to_contain_text("61.")
    lab.page.wait_for_function("() => document.querySelector('.dr-scroll').scrollTop === 0")

    words = lab.page.get_by_role("textbox", name="Words")
    words.fill("SNOW fox")
    words.press("Enter")
    expect(lab.page.locator(".dr-count")).to_contain_text("jobs with pictures found")
    expect(lab.page.locator(".dr-picks .widget-radio-box > label").first).to_contain_text("a fox in a snowy forest")
    expect(words).to_be_focused()
    lab.page.get_by_role("button", name="Show all").click()
    expect(words).to_have_value("")

    lab.page.locator(".dr-history-bar .widget-radio-box label").nth(1).click()
    expect(lab.page.locator(".dr-count")).to_contain_text("138 jobs found")
    row = lab.page.locator(".dr-table tbody tr").nth(6)
    place = row.bounding_box()
    lab.page.mouse.click(place["x"] + 300, place["y"] + 15)
    expect(lab.page.locator(".dr-large-job")).to_contain_text(row.locator("td").nth(2).inner_text(), timeout=30_000)
    boxes = lab.page.locator(".dr-picks .widget-radio-box > label").nth(6).bounding_box()
    assert abs(boxes["y"] - place["y"]) < 1.5  # the unseen buttons lie on their rows, to the last of sixty
    last = lab.page.locator(".dr-picks .widget-radio-box > label").nth(59).bounding_box()
    assert abs(last["y"] - lab.page.locator(".dr-table tbody tr").nth(59).bounding_box()["y"]) < 1.5
    expect(lab.page.locator(".dr-large-job img")).to_be_visible()
    lab.shot("history-table-light")
    dark(lab)
    lab.shot("history-table-dark")
    light(lab)


def test_in_japanese(lab, opened):
    """Every word of ours, and the dates."""
    opened("rireki", LARGE, ', language="ja"')
    pictures_are_there(lab)
    said = lab.cell(1).inner_text()

    assert all(word in said for word in ("履歴", "言葉", "モデル", "状態", "開始日", "画像のあるジョブ", "このジョブのパネルを開く"))
    assert "/" in lab.page.locator(".dr-picks .widget-radio-box > label").first.inner_text().split("\n")[-1]
    lab.shot("history-ja-light")
    lab.page.locator(".dr-history-bar .widget-radio-box label").nth(1).click()
    expect(lab.page.locator(".dr-table")).to_be_visible()
    dark(lab)
    lab.shot("history-ja-dark")
    light(lab)


def test_on_binder_all_is_taken_along_in_one_zip(lab, opened):
    """The banner says that this machine is forgotten; its button makes a link, and the browser saves a whole zip from it."""
    # The settings of a test's client are given, not read: so the variable is put where they come from.
    opened("binder", "import ipydarkroom.testing as t; load = t.load; t.load = lambda env: load({**env, 'BINDER_LAUNCH_HOST': 'x'})\n" + SMALL)
    pictures_are_there(lab, 8)
    note = lab.page.locator(".dr-passing")
    expect(note).to_contain_text("This machine is forgotten when you leave")

    note.get_by_role("button", name="Download all (zip)").click()
    link = note.get_by_role("link")
    expect(link).to_be_visible(timeout=60_000)
    with lab.page.expect_download() as saved:
        link.click()

    with zipfile.ZipFile(io.BytesIO(Path(saved.value.path()).read_bytes())) as found:
        assert found.testzip() is None
        assert 8 == sum(name.startswith("pictures/") for name in found.namelist())
        sheet = found.read("contact-sheet.html").decode()
    assert saved.value.suggested_filename.startswith("darkroom-20")
    assert "underline" in link.evaluate("link => getComputedStyle(link).textDecorationLine")
    lab.shot("history-binder")
    page = lab.context.new_page()
    page.set_viewport_size({"width": 1200, "height": 900})
    page.set_content(sheet)
    expect(page.get_by_role("img")).to_have_count(8)
    page.screenshot(path=lab.shots / "contact-sheet-light.png")
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=lab.shots / "contact-sheet-dark.png")


def test_the_export_button_leaves_a_folder_beside_the_notebook(lab, opened):
    """Under the name in the box."""
    opened("export", SMALL)
    pictures_are_there(lab, 8)
    name = lab.page.get_by_role("textbox", name="Folder")
    name.fill("my pictures")
    lab.page.get_by_role("button", name="Export as a folder").click()

    expect(lab.page.locator(".dr-taken").last).to_contain_text("In the folder my pictures: 8 files from 8 jobs")
    assert (lab.server.root / "my pictures" / "jobs.csv").is_file()
