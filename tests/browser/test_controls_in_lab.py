"""Each control in real JupyterLab, by keyboard and by mouse, and what they look like: light and dark, English and Japanese."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from ipydarkroom.catalog import bundled

[REFRAME] = [each for each in bundled() if each.id == "ideogram/ideogram-v3/reframe"]
RESOLUTION = {"type": "string", "title": "New frame", **{
    key: value for key, value in REFRAME.schema["properties"]["resolution"].items() if key in ("enum", "default")
}}
PROPERTIES = {
    "image": {"type": "string", "format": "uri", "title": "Picture"},
    "resolution": RESOLUTION,
    "format": {"type": "string", "title": "File format", "enum": ["png", "jpeg", "webp"], "default": "png"},
    "prompt": {"type": "string", "title": "Prompt", "maxLength": 40, "description": "Say in words what the picture should show."},
    "speed": {"type": "string", "title": "Speed", "enum": ["TURBO", "BALANCED", "QUALITY"], "default": "BALANCED"},
    "mood": {"type": "string", "title": "Mood", "enum": ["quiet", "lively", "solemn", "dreamy", "stormy"], "default": "quiet"},
    "voice": {"type": "string", "title": "Voice", "enum": [f"voice {number:02}" for number in range(40)]},
    "strength": {"type": "number", "title": "Strength", "minimum": 0, "maximum": 1, "default": 0.5},
    "steps": {"type": "integer", "title": "Steps", "minimum": 1},
    "single": {"type": "boolean", "title": "One picture only", "default": False},
    "seed": {"type": "integer", "title": "Seed"},
    "color_palette": {"type": "object", "title": "Colours"},
    "video": {"type": "string", "format": "uri", "title": "Film"},
}
PAINT = """
from PIL import Image, ImageDraw
photo = Image.new("RGB", (900, 600), "#7fb2d9")
pen = ImageDraw.Draw(photo)
pen.rectangle((0, 400, 900, 600), fill="#4a7c3a")
pen.ellipse((620, 60, 760, 200), fill="#ffd84a")
pen.polygon([(100, 400), (300, 140), (500, 400)], fill="#6b6b7a")
"""
FILLED = PAINT + """
form.value = {
    "image": photo, "resolution": "1024:1024 (1:1)", "format": "webp", "prompt": "a fox in the snow", "speed": "TURBO",
    "voice": "voice 07", "strength": 0.8, "seed": 42, "color_palette": {"members": [
        {"color_hex": "#d9582b", "color_weight": 0.5}, {"color_hex": "#224466", "color_weight": 0.25}]},
}
"""


IN_JAPANESE = {
    "image": "写真", "resolution": "新しいフレーム", "format": "ファイル形式", "prompt": "プロンプト", "speed": "速度", "mood": "雰囲気", "voice": "声",
    "strength": "強さ", "steps": "ステップ数", "single": "一枚だけ", "seed": "シード", "color_palette": "配色", "video": "動画",
}


def cell(*names, language="en", required=()):
    """A cell that shows a panel of these fields, titled in its language."""
    properties = {name: dict(PROPERTIES[name]) for name in names}
    if language == "ja":
        for name, field in properties.items():
            field["title"] = IN_JAPANESE[name]
            if "description" in field:
                field["description"] = "写したいものを言葉で書きます。"
    title = {"en": "Every control", "ja": "すべての入力欄"}[language]
    schema = {"type": "object", "title": title, "required": list(required), "properties": properties}
    return "\n".join([
        "import ipydarkroom as dr, ipywidgets, json",
        f"form = dr.Panel(json.loads({json.dumps(json.dumps(schema))}), local=True, language={language!r})",
        "ipywidgets.VBox([form.form])",
    ])


@pytest.fixture
def show(desk):
    """show(names, ...) -> a page with a panel of these fields."""

    def make(*names, **options):
        desk.cell(cell(*names, **options))
        expect(desk.page.locator(".dr-run")).to_be_visible()
        return desk.page

    return make


@pytest.fixture
def sends(desk):
    """sends(value) waits until the kernel says that it would send exactly this."""
    return desk.holds


def test_buttons_by_mouse_and_by_keyboard(show, sends):
    """Real radio buttons: they have a name, a state, a place in the order of the Tab key, and keep the focus when pressed."""
    page = show("speed")
    default = page.get_by_role("radio", name="Speed (not set: BALANCED)")
    expect(default).to_be_checked()
    turbo = page.get_by_role("radio", name="Speed TURBO")
    default.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(turbo).to_be_checked()
    expect(page.locator(".dr-row.dr-unset")).to_have_count(0)  # the kernel has answered
    expect(turbo).to_be_focused()
    sends({"speed": "TURBO"})

    page.locator(".dr-choices label", has_text="QUALITY").click()
    expect(page.get_by_role("radio", name="Speed QUALITY")).to_be_checked()
    sends({"speed": "QUALITY"})


def test_a_drop_down_by_keyboard(show, sends):
    """Opened with Space, since JupyterLab takes the letters that are typed at a closed one; and by name."""
    page = show("mood")
    box = page.get_by_role("combobox", name="Mood")
    box.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    sends({"mood": "lively"})
    box.select_option(label="dreamy")
    sends({"mood": "dreamy"})


def test_a_search_takes_a_part_of_the_name_and_says_what_it_cannot_find(show, sends):
    """Typed, and left with Tab."""
    page = show("voice")
    box = page.get_by_role("combobox", name="Voice")
    box.fill("17")
    page.keyboard.press("Tab")
    expect(box).to_have_value("voice 17")
    sends({"voice": "voice 17"})

    box.fill("voyce")
    page.keyboard.press("Tab")
    expect(page.locator(".dr-problem")).to_contain_text("none of the 40 values")
    expect(box).to_have_value("voyce")
    sends({})


def test_slider_and_box_move_each_other(show, sends):
    """The slider by mouse and arrows, the box by typing; emptied, nothing is sent."""
    page = show("strength")
    box, handle = page.get_by_role("textbox", name="Strength"), page.locator(".dr-slider [role=slider]")
    track = page.locator(".dr-slider .noUi-base").bounding_box()
    page.mouse.click(track["x"] + track["width"] * 0.25, track["y"] + track["height"] / 2)
    expect(box).to_have_value("0.25")
    handle.press("ArrowRight")
    expect(box).to_have_value("0.26")
    sends({"strength": 0.26})

    box.fill("0.75")
    page.keyboard.press("Tab")
    expect(handle).to_have_attribute("aria-valuetext", "0.75")
    box.fill("")
    page.keyboard.press("Tab")
    expect(handle).to_have_attribute("aria-valuetext", "0.5")
    sends({})


def test_number_check_box_text_and_counter(show, sends):
    """The plain ones, by keyboard alone."""
    page = show("prompt", "steps", "single")
    page.get_by_role("textbox", name="Prompt").focus()
    page.keyboard.type("a fox")
    expect(page.locator(".dr-long .dr-aside")).to_have_text("5 / 40 characters")
    page.keyboard.press("Tab")
    page.keyboard.type("12")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="One picture only")).to_be_checked()
    sends({"prompt": "a fox", "steps": 12, "single": True})


def test_a_seed_has_dice_and_a_lock(show, sends):
    """The dice fills the box, the lock empties it."""
    page = show("seed")
    box = page.get_by_role("textbox", name="Seed")
    page.get_by_role("button", name="Roll the dice").press("Enter")
    expect(box).not_to_have_value("")
    page.get_by_role("button", name="Let go").click()
    expect(box).to_have_value("")
    sends({})
    box.fill("9007199254740993")
    page.keyboard.press("Tab")
    sends({"seed": 9007199254740993})


def test_the_seed_of_a_job_is_shown_and_kept(show, sends):
    """What the local backend chose is read from its picture."""
    page = show("prompt", "seed")
    page.get_by_role("textbox", name="Prompt").fill("a lake")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".dr-aside", has_text="last used:")).to_be_visible(timeout=60_000)
    said = page.locator(".dr-aside", has_text="last used:").inner_text().rpartition(" ")[2]
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("textbox", name="Seed")).to_have_value(said)


def test_shapes_by_list_by_frame_and_by_filter(show, sends):
    """One choice, three ways; the value is sent as listed."""
    page = show("resolution", required=["resolution"])
    box = page.get_by_role("combobox", name="New frame")
    page.locator(".dr-frames label", has_text="16:15").first.click()
    expect(box).to_have_value("1024 × 960 · 16:15")
    sends({"resolution": "1024:960 (16:15)"})

    box.fill("")
    page.keyboard.type("3:1")
    page.keyboard.press("Tab")
    expect(page.locator(".dr-frames label:has(:checked)")).to_contain_text("3:1")
    expect(box).to_have_value("1536 × 512 · 3:1")
    sends({"resolution": "1536:512 (3:1)"})

    page.get_by_role("radio", name="Show portrait").press("Space")
    expect(page.locator(".dr-frames label:visible")).to_have_count(35)  # 34, and the chosen one
    expect(page.locator("datalist option")).to_have_count(35)
    sends({"resolution": "1536:512 (3:1)"})
    expect(page.locator(".dr-frames input:visible")).to_have_count(0)  # no 69 stops of the Tab key


def test_a_picture_is_uploaded_and_stands_in_the_new_frame(show, sends, tmp_path):
    """And is removed again."""
    from PIL import Image

    Image.new("RGB", (300, 100), "teal").save(tmp_path / "wide.png")
    page = show("image", "resolution", required=["resolution"])
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").press("Enter")
    chooser.value.set_files(tmp_path / "wide.png")
    expect(page.get_by_role("img", name="Preview of wide.png")).to_be_visible()
    inside = page.get_by_role("img", name="wide.png, in the new frame")
    expect(inside).to_be_visible()
    frame, picture = page.locator(".dr-room").bounding_box(), inside.bounding_box()
    assert abs(picture["width"] - frame["width"]) < 2
    assert abs(picture["width"] / picture["height"] - 3) < 0.1
    assert abs((picture["y"] - frame["y"]) * 2 + picture["height"] - frame["height"]) < 2
    expect(page.locator(".dr-large")).to_contain_text("will be invented")

    page.get_by_role("button", name="Remove the file").click()
    expect(page.locator(".dr-preview")).to_have_count(0)
    expect(page.locator(".dr-room img")).to_have_count(0)


def test_a_file_of_the_wrong_kind_is_said_at_once(show, sends, tmp_path):
    """Before Run, and nothing would be sent."""
    (tmp_path / "notes.png").write_text("no picture")
    page = show("image")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(tmp_path / "notes.png")
    expect(page.locator(".dr-problem")).to_contain_text("not a file of the right kind")
    sends({})


def test_a_palette_by_name_by_colour_and_as_json(show, sends):
    """One value, three ways."""
    page = show("color_palette")
    box = page.get_by_role("combobox", name="Colours")
    box.select_option(label="Pastel")
    sends({"color_palette": {"name": "PASTEL"}})
    box.select_option(label="own colours")
    page.get_by_role("textbox", name="Colour 1").fill("#336699")
    page.keyboard.press("Tab")
    page.get_by_role("spinbutton", name="Weight of colour 1").fill("0.8")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Add a colour").click()
    expect(page.locator(".dr-swatches > span")).to_have_count(2)
    page.get_by_role("button", name="Remove colour 2").click()
    sends({"color_palette": {"members": [{"color_hex": "#336699", "color_weight": 0.8}]}})
    box.select_option(label="as JSON")
    page.get_by_role("textbox", name="JSON").fill('{"name": "EMBER"}')
    page.keyboard.press("Tab")
    sends({"color_palette": {"name": "EMBER"}})


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_they_look_like(show, desk, language):
    """For the eye: untouched and filled, light and dark, narrow, and at 200 %. Nothing sticks out at 400 pixels."""
    desk.page.set_viewport_size({"width": 1000, "height": 2300})
    page = show(*PROPERTIES, language=language, required=["image", "resolution", "format"])
    page.locator(".dr-more").click()
    for state in ("untouched", "filled"):
        if state == "filled":
            desk.ask(FILLED)
            expect(page.locator(".dr-room img")).to_be_visible()
        for theme in ("Dark", "Light"):
            desk.dress(theme)
            desk.shot(f"controls-{language}-{state}-{theme.lower()}")
    page.set_viewport_size({"width": 500, "height": 3000})  # 400 pixels for the form, or 200 % of a window twice as wide
    desk.shot(f"controls-{language}-narrow")
    assert [] == desk.sticking_out()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_the_reframe_panel_looks_like(desk, language):
    """The bundled model, in the reader's own words."""
    desk.page.set_viewport_size({"width": 1000, "height": 1500})
    shown = f"form = dr.Panel('runcomfy:ideogram/ideogram-v3/reframe', local=True, language={language!r})"
    given = 'form.value = {"image": photo, "resolution": "1344:768 (7:4)", "color_palette": {"name": "PASTEL"}}'
    desk.cell("\n".join([shown, PAINT, given, "form.form"]))
    expect(desk.page.locator(".dr-room img")).to_be_visible()
    for theme in ("Dark", "Light"):
        desk.dress(theme)
        desk.shot(f"reframe-{language}-{theme.lower()}")
