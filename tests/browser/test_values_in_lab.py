"""Single values in real JupyterLab, by keyboard and by mouse: constants, secrets, JSON, numbers, named choices, shapes, colours.

One notebook for all of them, see `desk`.
"""

from __future__ import annotations

import nbformat
import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import expect

VERSION = {"const": "v2.1", "title": "Version"}
KEY = {"type": "string", "format": "password", "title": "Key"}
ANYTHING = {"title": "Anything"}
PACE = {"title": "Pace", "oneOf": [
    {"const": 1, "title": "Quick"}, {"const": 2, "title": "Careful"}, {"const": "1", "title": "As text"},
]}
PLACES = {
    "en": ("Alps", "Baltic", "Cairo", "Delhi", "Essen", "Fuji"), "ja": ("アルプス", "バルト海", "カイロ", "デリー", "エッセン", "富士山"),
}
PLACE = {"title": "Place", "oneOf": [{"const": code, "title": name} for code, name in zip("abcdef", PLACES["en"], strict=True)]}
SIZE = {"title": "Size", "oneOf": [
    {"type": "string", "title": "Words", "minLength": 1},
    {"type": "object", "title": "Pixels", "required": ["width"], "properties": {"width": {"type": "integer", "title": "Width"}}},
    {"type": "null"},
]}


def test_a_constant_is_told_and_not_asked(desk):
    """It is read, it is no stop of the Tab key, a click changes nothing, and what must be sent is sent."""
    first, last = ({"type": "string", "title": title} for title in ("First", "Last"))
    desk.show({"first": first, "version": VERSION, "last": last}, required=["version"])
    line = desk.form.locator(".dr-field", has_text="Version")
    expect(line).to_contain_text("v2.1")
    desk.box("First").focus()
    desk.press("Tab")
    expect(desk.box("Last")).to_be_focused()
    line.click()
    assert 0 == line.locator("input, textarea, select, button").count()
    desk.holds({"version": "v2.1"})


def test_a_secret_is_dots_and_in_no_file(desk):
    """Typed, kept by the kernel as it is; not on the page, in the form as JSON, in the saved notebook or in its HTML."""
    desk.show({"key": KEY, "word": {"type": "string", "title": "Word"}})
    box = desk.form.get_by_label("Key")
    assert "password" == box.get_attribute("type")
    box.click()
    desk.page.keyboard.type("swordfish-")
    box.focus()
    desk.press("End")
    desk.page.keyboard.type("7777")
    desk.holds({"key": "swordfish-7777"})
    assert "swordfish" not in desk.page.locator("body").inner_text()
    assert "swordfish" not in desk.ask("print(form.value, form)")
    desk.button("JSON").click()
    editor = desk.form.locator(".dr-all textarea")
    expect(editor).to_have_value('{\n  "key": "‹•••›"\n}')
    editor.fill('{"key": "‹•••›", "word": "later"}')
    desk.press("Tab")
    desk.holds({"key": "swordfish-7777", "word": "later"})
    desk.button("Form").click()

    desk.cell("print(form.value)\nform")  # what a person looks at is saved with the notebook
    expect(desk.page.locator(".jp-OutputArea")).to_contain_text("'key': '…'")
    desk.lab.command("docmanager:save")
    saved = desk.lab.server.root / "forms.ipynb"
    exported = HTMLExporter().from_notebook_node(nbformat.read(saved, as_version=4))[0]
    for written in (saved.read_text(encoding="utf-8"), exported):
        assert "later" in written
        assert "swordfish" not in written
    box.fill("")
    desk.holds({"word": "later"})


def test_json_that_cannot_be_read_stays_and_is_never_sent(desk):
    """By keyboard and by mouse: it says where, keeps what was typed, and the value is what it was or nothing."""
    desk.show({"anything": ANYTHING, "more": {"type": "string", "title": "More"}})
    box, problem = desk.box("Anything", exact=False), desk.form.locator(".dr-problem")
    box.focus()
    desk.page.keyboard.type('{"a": [1, ')
    desk.press("Tab")
    expect(problem).to_contain_text("line 1, column 11")
    expect(box).to_have_value('{"a": [1, ')
    desk.holds({})
    assert "InputError" in desk.ask("form.check()")
    desk.box("More").fill("other inputs go on")
    desk.holds({"more": "other inputs go on"})
    expect(box).to_have_value('{"a": [1, ')

    box.click()
    desk.press("End")
    desk.page.keyboard.type("12345678901234567890]}")
    desk.box("More").click()
    expect(problem).to_have_count(0)
    desk.holds({"anything": {"a": [1, 12345678901234567890]}, "more": "other inputs go on"})
    box.fill("NaN")
    desk.press("Tab")
    expect(problem).to_contain_text("line 1, column 1")
    expect(box).to_have_value("NaN")
    desk.holds({"more": "other inputs go on"})
    box.fill("")
    desk.press("Tab")
    expect(problem).to_have_count(0)


def test_numbers_of_any_length_and_what_is_no_number(desk):
    """No digit is lost on the way; full-width digits are digits; what is none stays beside its problem."""
    desk.show({"count": {"type": "integer", "title": "Count"}, "share": {"type": "number", "title": "Share"}})
    box, problem = desk.box("Count", exact=False), desk.form.locator(".dr-problem")
    long = 123456789012345678901234567890
    for typed, read in ((str(long), long), ("４２", 42), ("-9007199254740993", -9007199254740993)):
        box.click(click_count=3)
        desk.page.keyboard.type(typed)
        desk.press("Tab")
        desk.holds({"count": read})
        expect(box).to_have_value(str(read) if typed.isascii() else typed)
    expect(desk.box("Share", exact=False)).to_be_focused()
    desk.page.keyboard.type("1e-3")
    desk.press("Tab")
    desk.holds({"count": -9007199254740993, "share": 0.001})
    box.fill("a dozen")
    desk.press("Tab")
    expect(problem).to_contain_text("a dozen")
    expect(box).to_have_value("a dozen")
    desk.holds({"share": 0.001})
    box.fill("")
    desk.press("Tab")
    expect(problem).to_have_count(0)


def test_choices_go_by_their_titles(desk):
    """`oneOf` with a constant and a title each: the title is shown, the constant is sent, a number as a number."""
    desk.show({"pace": PACE, "place": PLACE})
    desk.form.locator("label", has_text="Careful").click()
    desk.holds({"pace": 2})
    careful = desk.form.get_by_role("radio", name="Pace Careful")
    expect(careful).to_be_checked()
    careful.focus()
    desk.press("Tab", "Space")
    desk.holds({"pace": "1"})
    expect(desk.form.get_by_role("radio", name="Pace As text")).to_be_focused()
    desk.form.get_by_role("radio", name="Pace Quick").press("Space")
    desk.holds({"pace": 1})

    places = desk.form.get_by_role("combobox", name="Place")
    places.focus()
    desk.press("Space", "ArrowDown", "ArrowDown", "Enter")
    desk.holds({"pace": 1, "place": "b"})
    places.select_option(label="Fuji")
    desk.holds({"pace": 1, "place": "f"})
    places.select_option(index=0)
    desk.holds({"pace": 1})


def test_a_shape_is_chosen_and_kept_by_keyboard(desk):
    """The choice stays while somebody types, and what was typed for the other shape comes back with it."""
    desk.show({"size": SIZE})
    shapes = desk.form.get_by_role("combobox", name="Size")
    desk.box("Words", exact=False).focus()
    desk.page.keyboard.type("wide")
    desk.press("Tab")
    desk.holds({"size": "wide"})
    shapes.focus()
    desk.press("Space", "ArrowDown", "Enter")
    expect(desk.box("Width", exact=False)).to_be_visible()
    desk.press("Tab")
    expect(desk.box("Width", exact=False)).to_be_focused()
    desk.page.keyboard.type("640")
    desk.press("Tab")
    desk.holds({"size": {"width": 640}})
    desk.box("Width", exact=False).fill("")
    desk.press("Tab")
    expect(desk.box("Width", exact=False)).to_be_visible()
    assert "Pixels" == shapes.evaluate("list => list.selectedOptions[0].text")

    shapes.focus()
    desk.press("Space", "ArrowDown", "Enter")
    desk.holds({"size": None})
    expect(desk.form.locator(".dr-constant")).to_have_text("null is sent")
    shapes.focus()
    desk.press("Space", "ArrowUp", "ArrowUp", "Enter")
    expect(desk.box("Words", exact=False)).to_have_value("wide")
    desk.holds({"size": "wide"})


def test_a_check_box_a_text_and_a_group_by_mouse(desk):
    """Yes, then no, which is not silence; a click opens a group and closes it, and what is in it stays."""
    inside = {"type": "object", "title": "Camera", "properties": {"lens": {"type": "string", "title": "Lens"}}}
    desk.show({"single": {"type": "boolean", "title": "One only", "description": "No series."}, "camera": inside})
    box = desk.form.get_by_role("checkbox", name="One only")
    desk.form.locator(".dr-check span", has_text="One only").click()
    desk.holds({"single": True})
    box.click()
    desk.holds({"single": False})
    desk.button("Camera ▸ 1 input").click()
    desk.box("Lens").click()
    desk.page.keyboard.type("50 mm")
    desk.button("Camera ▾ 1 input", exact=False).click()
    expect(desk.box("Lens")).to_have_count(0)
    desk.holds({"single": False, "camera": {"lens": "50 mm"}})
    desk.button("Camera ▸ 1 input", exact=False).click()
    expect(desk.box("Lens")).to_have_value("50 mm")


def test_colours_by_keyboard(desk):
    """List, colour, weight and tools in the order of the Tab key; JSON that cannot be read stays beside its problem."""
    desk.show({"color_palette": {"type": "object", "title": "Colours"}})
    ways = desk.form.get_by_role("combobox", name="Colours")
    ways.select_option(label="own colours")
    expect(desk.form.locator(".dr-swatches > span")).to_have_count(1)
    ways.focus()
    desk.press("Tab")
    expect(desk.box("Colour 1")).to_be_focused()
    desk.press("Control+a")
    desk.page.keyboard.type("#224466")
    desk.press("Tab", "Tab")
    expect(desk.form.get_by_role("spinbutton", name="Weight of colour 1")).to_be_focused()
    desk.press("ArrowUp")
    desk.holds({"color_palette": {"members": [{"color_hex": "#224466", "color_weight": 0.55}]}})
    desk.button("Add a colour", exact=False).press("Enter")
    expect(desk.form.locator(".dr-swatches > span")).to_have_count(2)
    desk.button("Remove colour 1", exact=False).press("Space")
    desk.holds({"color_palette": {"members": [{"color_hex": "#d9582b", "color_weight": 0.5}]}})

    ways.focus()
    desk.press("Space", "ArrowDown", "Enter")
    editor = desk.box("JSON")
    expect(editor).to_be_visible()
    desk.press("Tab")
    expect(editor).to_be_focused()
    desk.press("Control+a")
    desk.page.keyboard.type('{"name": ')
    desk.press("Tab")
    expect(desk.form.locator(".dr-problem")).to_contain_text("line 1, column 10")
    expect(editor).to_have_value('{"name": ')
    desk.holds({})
    ways.select_option(label="Pastel")
    expect(desk.form.locator(".dr-problem")).to_have_count(0)
    desk.holds({"color_palette": {"name": "PASTEL"}})


def test_defaults_null_and_starting_over_by_keyboard(desk):
    """The tray for single inputs: send the default, null, an empty text, nothing again; and back to how it began."""
    note = {"type": ["string", "null"], "default": "none", "title": "Note"}
    desk.show({"note": note, "word": {"type": "string", "title": "Word"}})
    desk.button("One input…").press("Space")
    desk.form.get_by_role("combobox", name="Which input").focus()
    for said in ("none", None, ""):
        desk.press("Tab", "Enter")
        desk.holds({"note": said})
    expect(desk.button("Send an empty text")).to_be_focused()
    desk.press("Tab", "Enter")
    desk.holds({})
    desk.box("Word").fill("later")
    desk.holds({"word": "later"})
    desk.button("Start over", exact=False).press("Enter")
    expect(desk.box("Word")).to_have_value("")
    desk.holds({})
    desk.box("Word").fill("again")
    desk.button("Start over", exact=False).click()
    desk.holds({})


TITLES = {
    "en": ("Film", "Sound", "Photo", "Version", "Key of the service", "Extra", "How many",
           "Pace", "Place", "Size", "One only", "Colours", "Note", "Weight"),
    "ja": ("動画", "音声", "写真", "バージョン", "サービスのキー", "追加の設定", "枚数", "速さ", "場所", "大きさ", "一枚だけ", "配色", "備考", "重み"),
}
HELPS = {"en": "Only what this model takes is sent.", "ja": "このモデルが受け付けるものだけを送信します。"}
CHOICES = {
    "en": ("Quick", "Careful", "Words", "Pixels", "Width"), "ja": ("高速", "ていねい", "言葉で", "ピクセルで", "幅"),
}
GIVEN = """
import io, wave
from ipydarkroom.wire import Blob
from PIL import Image
sound = io.BytesIO()
with wave.open(sound, "wb") as file:
    file.setparams((1, 2, 8000, 0, "NONE", ""))
    file.writeframes(bytes(9600))
form.value = {
    "video": "https://example.org/a-walk-through-the-old-town.mp4", "audio": Blob(sound.getvalue(), "hush.wav", "audio/wav"),
    "photo": Blob(small, "rain.png", "image/png"), "key": "swordfish",
    "count": 123456789012345678901234567890, "pace": 2, "place": "c",
    "size": {"width": 640}, "single": True, "note": None, "weight": 0.25, "color_palette": {"members": [
        {"color_hex": "#d9582b", "color_weight": 0.5}, {"color_hex": "#224466", "color_weight": 0.25}]},
}
form.state.set_raw(("extra",), '{"steps": 4, ', "not_json", line=1, column=14)
"""
PAINTED = """
import io
from PIL import Image
out = io.BytesIO()
Image.linear_gradient("L").resize((600, 400)).convert("RGB").save(out, "PNG")
small = out.getvalue()
"""


@pytest.mark.parametrize("language", TITLES)
def test_what_they_look_like(desk, language):
    """For the eye: untouched and filled, light and dark, narrow. Nothing sticks out at 400 pixels."""
    file = {"type": "string", "format": "uri", "description": HELPS[language]}
    quick, careful, words, pixels, width = CHOICES[language]
    fields = {
        **{name: {**file, "x-cog-accept": kind} for name, kind in (("video", "video/*"), ("audio", "audio/*"), ("photo", "image/*"))},
        "version": VERSION, "key": KEY, "extra": ANYTHING, "count": {"type": "integer"},
        "pace": {"oneOf": [{"const": 1, "title": quick}, {"const": 2, "title": careful}]},
        "place": {"oneOf": [{"const": code, "title": name} for code, name in zip("abcdef", PLACES[language], strict=True)]},
        "size": {"oneOf": [
            {"type": "string", "title": words},
            {"type": "object", "title": pixels, "required": ["width"],
             "properties": {"width": {"type": "integer", "title": width}}},
        ]},
        "single": {"type": "boolean", "description": HELPS[language]}, "color_palette": {"type": "object"},
        "note": {"type": ["string", "null"]},
        "weight": {"type": "number", "minimum": 0, "maximum": 1, "description": HELPS[language]},
    }
    titled = {name: {**field, "title": title} for (name, field), title in zip(fields.items(), TITLES[language], strict=True)}
    desk.page.set_viewport_size({"width": 1000, "height": 2600})
    desk.show(titled, language=language, required=["version"], code=PAINTED)
    desk.form.locator(".dr-more").click()
    desk.button("…", exact=False).click()
    for state in ("untouched", "filled"):
        if state == "filled":
            desk.ask(GIVEN)
            expect(desk.form.locator(".dr-problem")).to_be_visible()
        desk.portray(f"values-{language}-{state}")
    desk.page.set_viewport_size({"width": 500, "height": 3600})
    desk.shot(f"values-{language}-narrow")
    assert [] == desk.sticking_out()
