"""The gallery in real JupyterLab: look, compare, take one picture on to another model, save it; by mouse and by keyboard."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect
from tones import tone

from ipydarkroom.testing import tiny_png

STORY = """
import os
os.environ["IPYDARKROOM_HOME"] = {home!r}
import ipydarkroom as dr
panel = dr.Panel("bytedance/dreamina-4-0/text-to-image", local=True, language={language!r})
panel
"""
ORDERS = """
for prompt in {prompts!r}:
    panel.value = {{"prompt": prompt, "width×height": "1024x1024(1:1)"}}
    panel.submit()
panel.wait(); None
"""
FOXES = ("a lighthouse by the sea at sunset", "a fox in a snowy forest at night", "mountains by a lake at dawn", "a fox in a snowy forest at dawn")
FOXES_JA = ("夕暮れの海辺の灯台", "雪の森の狐、夜", "夜明けの湖と山々", "雪の森の狐、夜明け")
SCRIPTED = """
from pathlib import Path
import ipydarkroom as dr
from ipydarkroom.testing import ScriptedPainter, local_client
painter = ScriptedPainter()
client = local_client(Path({home!r}), painter)
panel = dr.Panel("bytedance/seedream-5/lite/text-to-image", client=client)
panel
"""

PLAYED_BACK = """
from pathlib import Path
import ipydarkroom as dr
from ipydarkroom.testing import ScriptedPainter, local_client
class Take(ScriptedPainter):
    def paint(self, order, report):
        super().paint(order, report)
        return Path({file!r}).read_bytes()
client = local_client(Path({home!r}), Take())
panel = dr.Panel("bytedance/seedream-5/lite/text-to-image", client=client)
panel
"""
RECORDED = """async ([width, height, ms]) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    const ink = canvas.getContext("2d");
    const recorder = new MediaRecorder(canvas.captureStream(25), {mimeType: "video/webm;codecs=vp8"});
    const pieces = [], stopped = new Promise(done => { recorder.onstop = done; });
    recorder.ondataavailable = piece => pieces.push(piece.data);
    recorder.start();
    const began = performance.now();
    await new Promise(done => function draw(now) {
        ink.fillStyle = "#123";
        ink.fillRect(0, 0, width, height);
        ink.fillStyle = "#fc6";
        ink.fillRect((now - began) / ms * width, height / 3, 40, 40);
        now - began < ms ? requestAnimationFrame(draw) : done();
    }(began));
    recorder.stop();
    await stopped;
    return [...new Uint8Array(await new Blob(pieces).arrayBuffer())];
}"""
PLAYED = """each => new Promise((tell, fail) => {
    each.addEventListener("ended", () => tell([each.readyState, each.duration, each.currentTime]));
    each.addEventListener("error", () => fail(each.error.message));
    each.muted = true;
    each.play().catch(fail);
})"""
"""A sound or film of the page, played without a sound to its end."""


IN_VIEW = """strip => {
    const pages = [...strip.querySelectorAll('.dr-page')], frame = strip.getBoundingClientRect();
    const [newest, oldest] = [pages.at(-1).getBoundingClientRect(), pages[0].getBoundingClientRect()];
    return [newest.top >= frame.top && newest.top < frame.bottom, oldest.bottom > frame.top && oldest.bottom <= frame.bottom];
}"""
"""Whether the upper edge of the newest pictures, and the lower edge of the oldest, are seen as a strip is scrolled now."""


def small(lab):
    """The small pictures, as buttons, in the order of the page: the oldest job first."""
    return lab.page.locator(".dr-sheet-of button")


def large(lab):
    """The picture in large."""
    return lab.page.locator(".dr-viewer .dr-loupe img").first


def press(lab, name):
    """One of the buttons around the large picture, by its name; an icon is a letter of the name to the browser."""
    lab.page.get_by_role("button", name=name).first.click()


def story(lab, name, language="en", prompts=FOXES):
    """A panel with four pictures."""
    home = str(lab.server.root / f"home-{name}")
    lab.open(lab.write(f"{name}.ipynb", STORY.format(home=home, language=language), ORDERS.format(prompts=prompts)))
    lab.page.set_viewport_size({"width": 1100, "height": 1320})
    lab.run(0)
    lab.run(1)
    expect(small(lab)).to_have_count(len(prompts), timeout=60_000)


def shot(lab, name, selector=".dr-gallery"):
    """Keep a picture of the gallery in light and in dark."""
    for theme in ("Light", "Dark"):
        lab.command("apputils:change-theme", theme=f"JupyterLab {theme}")
        lab.page.wait_for_function("dark => document.body.dataset.jpThemeLight === String(!dark)", arg=theme == "Dark")
        expect(lab.page.locator("#jupyterlab-splash")).to_have_count(0)
        lab.page.locator(selector).first.evaluate("part => part.scrollIntoView({block: 'start'})")
        lab.shot(f"{name}-{theme.lower()}")
    lab.command("apputils:change-theme", theme="JupyterLab Light")
    lab.page.wait_for_function("() => document.body.dataset.jpThemeLight === 'true'")


def test_a_gallery_to_work_in(lab):
    """The newest in large, another at a click, all its bytes on demand, two compared, and one saved byte for byte."""
    story(lab, "gallery")
    expect(large(lab)).to_have_attribute("alt", FOXES[-1])
    shot(lab, "gallery")

    lab.page.get_by_role("button", name=FOXES[1]).click()
    expect(large(lab)).to_have_attribute("alt", FOXES[1])
    press(lab, "Full size")
    expect(lab.page.locator(".dr-original img")).to_have_attribute("alt", FOXES[1])
    assert [1024, 1024] == lab.page.locator(".dr-original img").evaluate("async image => { await image.decode(); return [image.naturalWidth, image.naturalHeight] }")
    press(lab, "Fit")
    expect(lab.page.locator(".dr-original")).to_have_count(0)

    press(lab, "Download")
    with lab.page.expect_download() as saved:
        lab.page.get_by_role("link", name=re.compile("Save .*png")).click()
    kept = next(lab.server.root.glob(f"home-gallery/pictures/*/{saved.value.suggested_filename}"))
    assert kept.read_bytes() == saved.value.path().read_bytes()

    press(lab, "Compare…")
    lab.page.get_by_role("button", name=FOXES[3]).click()
    expect(lab.page.locator(".dr-comparison mark")).to_have_text(["night", "dawn"])
    shot(lab, "compared")


def test_a_sound_plays_in_the_gallery(lab):
    """A job's WAV file: Play brings it into the page, where nothing sounds by itself, and the browser plays it to its end."""
    file = lab.server.root / "tone.wav"
    file.write_bytes(tone())
    cell = PLAYED_BACK.format(home=str(lab.server.root / "home-sound"), file=str(file))
    lab.open(lab.write("sound.ipynb", cell, "panel.value = {'prompt': 'one tone'}; panel.submit(); panel.wait(); None"))
    lab.run(0)
    lab.run(1)
    press(lab, "Play")
    sound = lab.page.locator("audio")
    expect(sound).to_have_attribute("aria-label", "one tone")
    silent = sound.evaluate("each => each.paused && each.currentTime === 0")
    played = sound.evaluate(PLAYED)

    assert silent
    assert played[0] > 0
    assert [0.25, 0.25] == played[1:]


def test_a_film_plays_in_the_gallery(lab):
    """A job's WebM, filmed by the browser itself: it stands still until somebody plays it, by keyboard too, and then runs to its end."""
    film = lab.server.root / "balloon.webm"
    film.write_bytes(bytes(lab.page.evaluate(RECORDED, [320, 180, 600])))
    cells = PLAYED_BACK.format(home=str(lab.server.root / "home-film"), file=str(film)), "panel.value = {'prompt': 'a balloon'}; panel.submit(); panel.wait(); None"
    lab.open(lab.write("film.ipynb", *cells))
    lab.run(0)
    lab.run(1)
    lab.page.get_by_role("button", name="Play").first.focus()
    lab.page.keyboard.press("Enter")
    player = lab.page.locator("video")
    expect(player).to_have_attribute("aria-label", "a balloon")
    size = player.evaluate("""each => new Promise(tell => {
        const told = () => tell([each.videoWidth, each.videoHeight, each.paused, each.currentTime]);
        each.readyState ? told() : each.addEventListener("loadedmetadata", told);
    })""")
    shot(lab, "film")
    played = player.evaluate(PLAYED)
    press(lab, "Download")
    with lab.page.expect_download() as saved:
        lab.page.get_by_role("link", name=re.compile("Save .*webm")).click()
    kept = json.dumps(lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.cells.get(0).toJSON().outputs"))

    assert [320, 180, True, 0] == size
    assert played[0] > 0
    assert 0.3 < played[2] == played[1]
    assert film.read_bytes() == saved.value.path().read_bytes()
    assert re.search(rf"video/webm, [\d.]+ kB, {re.escape(saved.value.suggested_filename)}", kept), "the film is named in the saved notebook"
    assert "data:video" not in kept


def test_a_picture_goes_on_to_another_model(lab):
    """Use as the image of…: its form opens below with the picture in it; before and after stand side by side."""
    story(lab, "onward", prompts=FOXES[2:])
    press(lab, "Use as the image of…")
    lab.page.get_by_role("button", name=re.compile("runcomfy")).click()
    below = lab.page.locator(".dr-below")
    expect(below.get_by_alt_text(re.compile("in the new frame"))).to_be_visible()
    below.locator(".dr-frames label", has_text="12:5").click()
    below.get_by_role("button", name="Run", exact=True).click()
    result = below.get_by_role("figure").filter(has_text="Result").locator("img")
    expect(result).to_be_visible(timeout=60_000)

    shape = result.evaluate("async image => { await image.decode(); return image.naturalWidth / image.naturalHeight }")
    assert abs(shape - 12 / 5) < 0.02
    expect(below.get_by_alt_text("Given")).to_be_visible()
    shot(lab, "before-after", ".dr-below .dr-gallery")


def test_a_picture_behind_a_link_is_fetched_when_somebody_asks(lab):
    """By the page and only then; the two stand beside each other."""
    asked = []

    def give(route):
        asked.append(route.request.headers.get("referer"))
        route.fulfill(body=tiny_png(320, 180), content_type="image/png")

    lab.page.route("https://pictures.example/**", give)
    home = str(lab.server.root / "home-link")
    order = "panel.value = {'image': 'https://pictures.example/room.png', 'resolution': '1536:512 (3:1)'}; panel.submit(); panel.wait(); None"
    lab.open(lab.write("link.ipynb", SCRIPTED.format(home=home).replace("bytedance/seedream-5/lite/text-to-image", "ideogram/ideogram-v3/reframe"), order))
    lab.run(0)
    lab.run(1)
    expect(large(lab)).to_be_visible()
    before = list(asked)
    press(lab, "Show the image given")
    given = lab.page.get_by_role("figure").filter(has_text="Given").locator("img").last
    expect(given).to_be_visible()
    width = given.evaluate("image => image.decode().then(() => image.naturalWidth)")
    shot(lab, "link-given", ".dr-gallery")

    assert [] == before
    assert 320 == width
    assert [None] == asked


def test_the_focus_stays_on_a_small_picture_while_others_arrive(lab):
    """Tab reaches it, Enter opens it; neither a picture that comes nor the saved form written anew takes it away."""
    home = str(lab.server.root / "home-focus")
    cells = (SCRIPTED.format(home=home), "panel.value = {'prompt': 'one'}; panel.submit(); panel.wait()\npanel.value = {'prompt': 'two'}; panel.submit(); panel.wait(); painter.hold()",
             "panel.value = {'prompt': 'three'}; panel.submit(); None", "painter.release()")  # fmt: skip
    lab.open(lab.write("focus.ipynb", *cells))
    for index in (0, 1, 2):
        lab.run(index)
    expect(lab.page.locator(".dr-small-frame")).to_have_count(1)
    lab.page.get_by_role("button", name="Newer").focus()
    for _ in range(12):
        lab.page.keyboard.press("Tab")
        if lab.page.evaluate("() => document.activeElement.innerText") == "two":
            break
    two = lab.page.get_by_role("button", name="two", exact=True)
    expect(two).to_be_focused()
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({code: 'painter.release()'}).done")
    expect(small(lab)).to_have_count(3)
    lab.page.wait_for_function(
        """() => JSON.stringify(window.jupyterapp.shell.currentWidget.content.model.cells.get(0).toJSON().outputs).includes('three')"""
    )

    expect(two).to_be_focused()
    expect(large(lab)).to_have_attribute("alt", "three")
    lab.page.keyboard.press("Enter")
    expect(large(lab)).to_have_attribute("alt", "two")
    expect(two).to_be_focused()


def test_the_path_of_a_picture_is_copied_by_keyboard(lab):
    """Tab reaches it and selects it, Ctrl+C takes it along; no mouse is needed."""
    story(lab, "path", prompts=FOXES[:1])
    lab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    lab.page.get_by_role("button", name="Full size").focus()
    lab.page.keyboard.press("Shift+Tab")
    box = lab.page.get_by_role("textbox", name="Path of the file")
    expect(box).to_be_focused()
    lab.page.keyboard.press("Control+c")

    path = box.input_value()
    assert path.endswith(".png")
    assert path == lab.page.evaluate("() => navigator.clipboard.readText()")


def test_two_hundred_pictures_are_buttons_that_open(lab):
    """All of them are there with their picture on them, in few widgets, the newest on top without scrolling, and the oldest opens."""
    home = str(lab.server.root / "home-many")
    many = """
panel.value = {"prompt": "many", "sequential_image_generation": "auto", "max_images": 4}
for _ in range(50):
    panel.submit()
panel.wait()
print("models:", len(__import__("ipywidgets").widgets.widget._instances))
"""
    lab.open(lab.write("many.ipynb", SCRIPTED.format(home=home), many))
    lab.run(0)
    lab.run(1)
    expect(small(lab)).to_have_count(200, timeout=60_000)
    pictures = small(lab).evaluate_all("buttons => buttons.filter(each => getComputedStyle(each, '::before').backgroundImage.includes('data:image')).length")
    expect(lab.cell(1)).to_contain_text("models:")
    models = int(re.search(r"models: (\d+)", lab.cell(1).inner_text())[1])
    strip = lab.page.locator(".dr-strip")
    at_start = strip.evaluate(IN_VIEW)
    shot(lab, "many", ".dr-strip")

    assert 200 == pictures
    assert models < 200
    assert [True, False] == at_start
    lab.page.wait_for_function(f"""() => {{
        const strip = document.querySelector('.dr-strip');
        strip.scrollTop = strip.scrollHeight;
        return ({IN_VIEW})(strip).join() === 'false,true';
    }}""")
    lab.page.get_by_role("button", name="1/4 · many").first.click()
    expect(lab.page.locator(".dr-place-of").first).to_contain_text("of 200")


@pytest.mark.parametrize("kernel", [True, False], ids=["with a new kernel", "without a kernel"])
def test_what_is_kept_needs_no_widget(lab, kernel):
    """Opened again, the pictures are there in plain HTML: no dead widget stands in their place, and no button."""
    home = str(lab.server.root / f"home-kept-{kernel}")
    cells = (SCRIPTED.format(home=home), "panel.value = {'prompt': 'a red square'}; panel.submit(); panel.wait(); None")
    name = lab.write(f"kept-{kernel}.ipynb", *cells)
    lab.open(name)
    for index in (0, 1, 0, 1):  # run anew, it keeps as much as before
        lab.run(index)
        if index:
            lab.page.wait_for_function(
                """() => JSON.stringify(window.jupyterapp.shell.currentWidget.content.model.cells.get(0).toJSON().outputs).includes('data:image')"""
            )
    live = lab.page.locator(".jp-OutputArea-output", has=lab.page.locator("figure, img")).count()
    lab.command("docmanager:save")
    size = (lab.server.root / name).stat().st_size
    lab.page.goto("about:blank")
    lab.server.end_kernels()
    if kernel:
        lab.open(name)
    else:
        lab.open_without_kernel(name)

    kept = lab.cell(0).locator("img")
    expect(kept).to_have_count(1)
    expect(kept).to_be_visible()
    expect(kept).to_have_attribute("alt", "a red square")
    expect(lab.cell(0).locator(".jp-OutputArea-output button")).to_have_count(0)
    assert size < 20_000
    assert live >= 1


def test_the_order_as_code_can_be_selected_and_copied(lab):
    """As text, in line with the form, with the token as a variable."""
    lab.open(lab.write("code.ipynb", SCRIPTED.format(home=str(lab.server.root / "home-code"))))
    lab.run(0)
    lab.page.get_by_role("textbox", name="Prompt").fill("a fox in the snow")
    press(lab, "As code")
    python, curl = lab.page.locator(".dr-listing pre").nth(0), lab.page.locator(".dr-listing pre").nth(1)
    expect(python).to_contain_text('prompt="a fox in the snow"')
    python.click(click_count=3, position={"x": 40, "y": 18})

    assert "ipydarkroom" in lab.page.evaluate("() => getSelection().toString()")
    expect(curl).to_contain_text("Bearer $RUNCOMFY_API_TOKEN")
    shot(lab, "code", ".dr-buttons")


def test_the_gallery_in_japanese(lab):
    """Facts, buttons and names follow the language."""
    story(lab, "gallery-ja", "ja", FOXES_JA)
    expect(lab.page.get_by_role("button", name="原寸で見る")).to_be_visible()
    shot(lab, "gallery-ja")
    press(lab, "比べる…")
    lab.page.get_by_role("button", name=FOXES_JA[1], exact=True).click()
    expect(lab.page.locator(".dr-comparison table")).to_be_visible()
    shot(lab, "compared-ja")
