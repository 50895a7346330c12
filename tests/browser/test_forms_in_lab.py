"""Forms in real JupyterLab: rows in rows, shapes, both views and the way to every problem, by keyboard and by mouse.

One notebook for all of them, see `desk`.
"""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

TAGS = {"type": "array", "title": "Tags", "items": {"type": "string"}, "maxItems": 3}
LORAS = {"type": "array", "title": "LoRAs", "items": {
    "type": "object", "required": ["path"],
    "properties": {"path": {"type": "string", "title": "File"}, "scale": {"type": "number", "minimum": 0, "maximum": 2, "title": "Scale"}},
}}
EFFECTS = {"type": "array", "title": "Effects", "uniqueItems": True, "items": {"enum": ["grain", "blur", "glow"]}}
SIZE = {"title": "Size", "anyOf": [
    {"type": "string", "title": "Ready-made", "enum": ["square", "wide"]},
    {"type": "object", "title": "Own size", "properties": {"width": {"type": "integer", "title": "Width"}}},
]}
CAMERA = {"type": "object", "title": "Camera", "description": "How the scene is taken.", "properties": {
    "lens": {"type": "string", "title": "Lens"},
    "light": {"type": "object", "title": "Light", "properties": {"lamp": {"type": "string", "title": "Lamp"}}},
}}
PICTURES = {"type": "array", "title": "Pictures", "maxItems": 3, "items": {"type": "string", "format": "uri", "x-cog-accept": "image/*"}}
FREE = {"type": "object", "title": "More settings"}
EVERY_KIND = {
    "text": {"type": "string"}, "area": {"type": "string", "maxLength": 500}, "search": {"enum": [f"voice {number}" for number in range(30)]},
    "choice": {"enum": ["quiet", "lively", "solemn", "dreamy", "stormy"]}, "buttons": {"enum": ["low", "high"]},
    "aspect": {"enum": ["1024x1024 (1:1)", "1152x864 (4:3)"]}, "check": {"type": "boolean"}, "number": {"type": "integer"},
    "slider": {"type": "number", "minimum": 0, "maximum": 1}, "seed": {"type": "integer"}, "picture": {"type": "string", "format": "uri"},
    "color_palette": {"type": "object"}, "secret": {"type": "string", "format": "password"}, "anything": {},
    "group": {"type": "object", "required": ["lens"], "properties": {"lens": {"type": "string"}}},
    "list": {"type": "array", "items": {"type": "string"}}, "ticks": EFFECTS, "shape": SIZE, "free": FREE,
}
WHERE = "() => document.activeElement.closest('.dr-form > .dr-fields > *')?.innerText ?? document.activeElement.tagName"


def test_a_list_by_keyboard(desk):
    """Add puts the cursor into the new item; it goes along with an item that is raised, and on when one is removed."""
    desk.show({"tags": TAGS})
    desk.button("Add", exact=False).focus()
    for number, word in enumerate(("ant", "bee", "cat"), start=1):
        desk.press("Enter")
        expect(desk.box(f"Tags {number}")).to_be_focused()
        desk.page.keyboard.type(word)
        if number < 3:
            desk.button("Add", exact=False).focus()
    desk.holds({"tags": ["ant", "bee", "cat"]})
    expect(desk.button("Add", exact=False)).to_be_disabled()
    expect(desk.button("Add", exact=False)).to_have_attribute("title", "3 are the most; take one away first.")

    desk.button("Move Tags 3 up", exact=False).focus()
    desk.press("Space")
    expect(desk.button("Move Tags 2 up", exact=False)).to_be_focused()
    desk.press("Space")
    expect(desk.box("Tags 1")).to_be_focused()
    desk.holds({"tags": ["cat", "ant", "bee"]})

    desk.button("Remove Tags 2", exact=False).focus()
    desk.press("Enter")
    expect(desk.box("Tags 2")).to_have_value("bee")
    expect(desk.button("Remove Tags 2", exact=False)).to_be_focused()
    desk.press("Enter")
    expect(desk.button("Add", exact=False)).to_be_focused()
    desk.holds({"tags": ["cat"]})
    desk.button("Remove Tags 1", exact=False).press("Enter")
    desk.holds({})


def test_a_list_of_objects_by_mouse(desk):
    """Each has its inputs in a frame; what is wrong in one is said there."""
    desk.show({"loras": LORAS})
    desk.button("Add", exact=False).click()
    expect(desk.box("File required")).to_be_focused()
    desk.page.keyboard.type("fox.st")
    desk.button("Add", exact=False).click()
    expect(desk.box("File required").nth(1)).to_be_focused()
    desk.box("Scale", exact=False).nth(1).fill("3")
    desk.press("Tab")
    expect(desk.form.locator(".dr-item").nth(1).locator(".dr-problem")).to_have_count(2)
    desk.button("Move LoRAs 2 up", exact=False).click()
    expect(desk.form.locator(".dr-item").nth(0).locator(".dr-problem")).to_have_count(2)
    desk.button("Remove LoRAs 1", exact=False).click()
    expect(desk.form.locator(".dr-item")).to_have_count(1)
    desk.holds({"loras": [{"path": "fox.st"}]})


def test_several_pictures_at_once_and_their_order(desk, tmp_path):
    """Chosen in one dialog, shown small, and put into another order."""
    from PIL import Image

    for name in ("one", "two"):
        Image.new("RGB", (30, 20), "teal").save(tmp_path / f"{name}.png")
    desk.show({"pictures": PICTURES})
    with desk.page.expect_file_chooser() as chooser:
        desk.button("Choose files", exact=False).press("Enter")
    assert chooser.value.is_multiple()
    chooser.value.set_files([tmp_path / "one.png", tmp_path / "two.png"])
    expect(desk.form.get_by_role("img", name="Preview of two.png")).to_be_visible()
    desk.holds({"pictures": ["one.png", "two.png"]})
    desk.button("Move Pictures 2 up", exact=False).click()
    desk.holds({"pictures": ["two.png", "one.png"]})
    desk.button("Add", exact=False).click()
    expect(desk.box("Pictures 3", exact=False)).to_be_focused()
    desk.page.keyboard.type("https://example.org/three.png")
    desk.press("Tab")
    expect(desk.button("Choose files", exact=False)).to_be_disabled()
    desk.holds({"pictures": ["two.png", "one.png", "https://example.org/three.png"]})


def test_groups_ticks_and_shapes(desk):
    """A group is opened where it stands; ticks are sent in their order; a shape that was left comes back as it was."""
    desk.show({"camera": CAMERA, "fx": EFFECTS, "size": SIZE})
    desk.button("Camera ▸ 2 inputs").press("Enter")
    expect(desk.button("Camera ▾ 2 inputs")).to_be_focused()
    desk.press("Tab")
    desk.page.keyboard.type("50 mm")
    desk.press("Tab", "Enter")
    expect(desk.box("Lamp")).to_be_visible()
    desk.press("Tab")
    expect(desk.box("Lamp")).to_be_focused()
    desk.page.keyboard.type("neon")
    desk.holds({"camera": {"lens": "50 mm", "light": {"lamp": "neon"}}})
    desk.box("Lamp").fill("")
    desk.box("Lens").fill("")
    desk.holds({})

    desk.form.get_by_role("checkbox", name="Effects glow").press("Space")
    desk.form.get_by_role("checkbox", name="Effects grain").click()
    desk.holds({"fx": ["grain", "glow"]})

    shapes = desk.form.get_by_role("combobox", name="Size")
    desk.form.locator("label", has_text="wide").click()
    desk.holds({"fx": ["grain", "glow"], "size": "wide"})
    shapes.select_option(label="Own size")
    desk.box("Width").fill("640")
    desk.press("Tab")
    desk.holds({"fx": ["grain", "glow"], "size": {"width": 640}})
    shapes.select_option(label="Ready-made")
    expect(desk.form.get_by_role("radio", name="wide")).to_be_checked()
    desk.holds({"fx": ["grain", "glow"], "size": "wide"})


def test_free_names_as_rows_and_as_json(desk):
    """One value, two ways; the cursor goes to the name, and Tab from there to its value."""
    desk.show({"free": FREE, "prices": {"type": "object", "title": "Prices", "additionalProperties": {"type": "number"}}})
    free, prices = desk.form.locator(".dr-list").nth(0), desk.form.locator(".dr-list").nth(1)
    free.get_by_role("button", name="Add a name").press("Enter")
    expect(free.get_by_role("textbox", name="Name")).to_be_focused()
    desk.page.keyboard.type("steps")
    desk.press("Tab")
    expect(free.get_by_role("textbox", name="Value")).to_be_focused()
    desk.page.keyboard.type("4")
    desk.press("Tab")
    desk.holds({"free": {"steps": 4}})
    free.get_by_role("button", name="Edit as JSON").click()
    free.locator("textarea").fill('{"steps": 5, "tags": ["a"]}')
    desk.press("Tab")
    free.get_by_role("button", name="Edit as rows").click()
    expect(free.get_by_role("textbox", name="Value").nth(1)).to_have_value('["a"]')
    free.get_by_role("button", name="Remove More settings 1").click()
    desk.holds({"free": {"tags": ["a"]}})

    prices.get_by_role("button", name="Add a name").click()
    expect(prices.get_by_role("textbox", name="Name")).to_be_focused()
    desk.page.keyboard.type("oak")
    desk.press("Tab")
    expect(prices.get_by_role("textbox", name="Value")).to_be_focused()
    desk.page.keyboard.type("2.5")
    desk.press("Tab")
    desk.holds({"free": {"tags": ["a"]}, "prices": {"oak": 2.5}})


def test_the_form_as_json_and_one_input(desk):
    """What is typed in one is in the other; what cannot be read stays, says where, and changes nothing."""
    desk.show({"prompt": {"type": "string", "title": "Prompt"}, "tags": TAGS, "note": {"type": ["string", "null"], "default": "none", "title": "Note"}})
    desk.box("Prompt").fill("a fox")
    desk.button("JSON").click()
    editor = desk.form.locator(".dr-all textarea")
    expect(editor).to_have_value('{\n  "prompt": "a fox"\n}')
    editor.fill('{"prompt": "an owl", "tags": ["a"]}')
    desk.press("Tab")
    desk.holds({"prompt": "an owl", "tags": ["a"]})
    editor.fill('{"prompt": ')
    desk.press("Tab")
    expect(desk.form.locator(".dr-problem")).to_contain_text("line 1, column 12")
    expect(editor).to_have_value('{"prompt": ')
    desk.holds({"prompt": "an owl", "tags": ["a"]})
    desk.button("Form").click()
    expect(desk.box("Tags 1")).to_have_value("a")

    desk.button("One input…").press("Enter")
    which = desk.form.get_by_role("combobox", name="Which input")
    which.select_option(label="Note")
    for words, note in (("Send the default", "none"), ("Send null", None), ("Send an empty text", "")):
        desk.button(words).click()
        desk.holds({"prompt": "an owl", "tags": ["a"], "note": note})
    desk.button("Nothing again").click()
    desk.holds({"prompt": "an owl", "tags": ["a"]})


def test_a_choice_brings_inputs_into_view(desk):
    """Seedream's `auto` brings `max_images` with it, and sends it; left again, it is gone from the order."""
    desk.cell("form = dr.Panel('runcomfy:bytedance/seedream-5/lite/text-to-image', local=True)\nform.value = {'prompt': 'a fox'}\nform.form")
    before = json.loads(desk.ask("print(json.dumps(form.value))"))
    wanted = desk.form.locator(".dr-fields > :not(.dr-away)", has_text="15")
    expect(wanted).to_have_count(0)
    desk.form.locator(".dr-row label", has_text="auto").first.click()
    expect(wanted).to_have_count(1)
    desk.holds({**before, "sequential_image_generation": "auto", "max_images": 15})
    desk.form.locator(".dr-row label", has_text="disabled").last.click()
    expect(wanted).to_have_count(0)
    desk.holds({**before, "sequential_image_generation": "disabled"})


def test_one_input_takes_the_place_of_another(desk):
    """Kie's `style_codes` and `style`: the one that is left out says so, by the other's title."""
    desk.cell("form = dr.Panel('kie:ideogram/v3-reframe', local=True)\nform.value = {'image_url': 'https://example.org/a.png', 'style': 'REALISTIC'}\nform.form")
    names = json.loads(desk.ask(
        "from ipydarkroom.wording import title_text\nprint(json.dumps({n: title_text(form.model, form.model.field(n), 'en') for n in ('style', 'style_codes')}))"
    ))
    desk.ask("form.state.set(('style_codes', 0), 'ABCD1234')")
    expect(desk.form.locator(".dr-off")).to_contain_text(f"Not together with {names['style_codes']}")
    said = json.loads(desk.ask("print(json.dumps(form.value))"))
    assert (["ABCD1234"], False) == (said["style_codes"], "style" in said)


def test_an_input_that_only_a_condition_knows(desk):
    """It comes with its condition and goes with it; the cursor stays where it was, and so does what was typed meanwhile."""
    rule = {"if": {"properties": {"mode": {"const": "slow"}}, "required": ["mode"]},
            "then": {"properties": {"shutter": {"type": "string", "title": "Shutter"}}, "required": ["note"]}}  # fmt: skip
    desk.show({"mode": {"type": "string", "title": "Mode"}, "note": {"type": "string", "title": "Note"}}, **rule)
    desk.box("Mode").focus()
    desk.page.keyboard.type("slow")
    desk.press("Tab")
    desk.page.keyboard.type("a word")
    expect(desk.box("Shutter")).to_be_visible()
    expect(desk.box("Note required", exact=False)).to_be_focused()
    expect(desk.box("Note required", exact=False)).to_have_value("a word")
    desk.box("Shutter").fill("1/8")
    desk.holds({"mode": "slow", "note": "a word", "shutter": "1/8"})
    desk.box("Mode").fill("fast")
    expect(desk.box("Shutter")).to_be_hidden()
    desk.holds({"mode": "fast", "note": "a word"})


def test_the_summary_puts_the_cursor_into_every_kind_of_field(desk):
    """Whatever hides it: a fold, a group, the other view."""
    names = list(EVERY_KIND)
    for some in (names[:8], names[8:16], names[16:]):
        desk.show({name: EVERY_KIND[name] for name in some}, required=some, code="form.state.ask()")
        assert len(some) == desk.form.locator(".dr-goto").count()
        for number in range(len(some)):
            title = desk.form.locator(".dr-goto").nth(number).inner_text().partition(" › ")[0]
            desk.form.locator(".dr-goto").nth(number).click()
            desk.page.wait_for_function(f"() => (({WHERE})()).startsWith({json.dumps(title)})")
        desk.ask("form.close()")

    folded = {f"field_{number}": {"type": "string"} for number in range(12)}
    inside = {"type": "object", "properties": {"lens": {"type": "string", "title": "Lens", "minLength": 9}}}
    desk.show({**folded, "camera": {"type": "object", "properties": {"inside": inside}}})
    desk.ask("form.state.value = {'camera': {'inside': {'lens': 'x'}}}; form.state.ask()")
    desk.form.locator(".dr-more").click()
    expect(desk.box("Lens")).to_be_hidden()
    desk.button("JSON").press("Enter")
    expect(desk.form.locator(".dr-all")).to_be_visible()
    desk.form.locator(".dr-goto").press("Enter")
    expect(desk.box("Lens", exact=False)).to_be_focused()


def test_every_part_is_reached_with_the_tab_key(desk):
    """In the order in which it stands; nothing is for the mouse alone, and no stop is out of sight."""
    fields = {"camera": CAMERA, "loras": LORAS, "fx": EFFECTS, "size": SIZE, "pictures": PICTURES, "free": FREE}
    given = {"camera": {"lens": "x"}, "loras": [{"path": "a"}, {"path": "b"}], "free": {"x": 1}, "pictures": ["https://example.org/a.png"]}
    desk.show(fields, code=f"form.value = {given!r}")
    stops = """form => [...form.querySelectorAll('input, textarea, select, button, [tabindex="0"]')]
        .filter(part => !part.disabled && part.checkVisibility() && part.type !== 'file')"""
    wanted = desk.form.evaluate(f"form => {{ const stops = ({stops})(form); stops.forEach((stop, at) => stop.dataset.stop = at); return stops.length }}")
    desk.form.locator("[data-stop='0']").focus()
    reached = [desk.page.evaluate("() => document.activeElement.dataset.stop")]
    while reached[-1] is not None and len(reached) <= wanted:
        desk.press("Tab")
        reached.append(desk.page.evaluate("() => document.activeElement.dataset.stop"))

    assert wanted > 25
    assert [str(at) for at in range(wanted)] == reached[:-1]


def test_everything_has_a_name_for_the_ear(desk):
    """No button is only an icon's letter, ticks say whose they are, no box is without a name, and no tooltip says null."""
    own = {"title": "Own", "oneOf": [{"type": "string", "title": "Words"}, {"type": "integer", "title": "Number"}]}
    plain = {"camera": CAMERA, "tags": TAGS, "free": FREE, "fx": EFFECTS, "version": {"const": 2}}
    fields = {**plain, "own": own, "size": SIZE, "pictures": PICTURES}
    desk.show(fields, code="form.value = {'tags': ['a', 'b'], 'free': {'x': 1}, 'pictures': ['https://example.org/a.png']}")
    said = desk.form.aria_snapshot()
    for name in ("Camera ▸ 2 inputs", "Remove Tags 2", "Move Tags 2 up", "Remove More settings 1"):
        expect(desk.button(name, exact=False)).to_have_count(1)
    assert 'checkbox "Effects grain"' in said
    assert all(any(map(str.isalpha, name)) for name in re.findall(r'button "([^"]*)"', said))
    assert 14 == len(re.findall('(?:textbox|combobox|radio|checkbox) "', said))
    assert [] == re.findall('(?:textbox|combobox|radio|checkbox)(?! ")', said)
    expect(desk.form.locator("[title=null]").filter(visible=True)).to_have_count(0)


FULL = """
from PIL import Image
form.value = {"camera": {"lens": "24 mm", "light": {"lamp": "neon"}}, "loras": [{"path": "fox.st", "scale": 1}, {"scale": 3}],
    "tags": ["a", "b", "c"], "fx": ["blur"], "size": {"width": 640}, "free": {"steps": 4}, "pictures": [Image.new("RGB", (300, 200), "teal")]}
form.state.ask()
"""
INSIDE = {
    "ja": {"Lens": "レンズ", "Light": "照明", "Lamp": "ランプ", "File": "ファイル", "Scale": "強さ", "Ready-made": "既製の形", "Own size": "独自のサイズ", "Width": "幅"},
    "zh-CN": {"Lens": "镜头", "Light": "灯光", "Lamp": "灯具", "File": "文件", "Scale": "强度", "Ready-made": "预设", "Own size": "自定义尺寸", "Width": "宽度"},
    "zh-TW": {"Lens": "鏡頭", "Light": "燈光", "Lamp": "燈具", "File": "檔案", "Scale": "強度", "Ready-made": "預設", "Own size": "自訂尺寸", "Width": "寬度"},
}
WORDS = {
    "en": ("Prompt", "Camera", "LoRAs", "Tags", "Effects", "Size", "Pictures", "More settings", "How the scene is taken."),
    "ja": ("プロンプト", "カメラ", "追加学習モデル", "タグ", "効果", "サイズ", "参照画像", "その他の設定", "場面をどのように撮影するかを決めます。"),
    "zh-CN": ("提示词", "相机", "附加模型", "标签", "效果", "尺寸", "参考图片", "其他设置", "决定如何拍摄这个场景。"),
    "zh-TW": ("提示詞", "相機", "附加模型", "標籤", "效果", "尺寸", "參考圖片", "其他設定", "決定如何拍攝這個場景。"),
}


@pytest.mark.parametrize("language", WORDS)
def test_what_a_nested_form_looks_like(desk, language):
    """For the eye: empty and full, light and dark, narrow and on a projector. Nothing sticks out at 400 pixels."""
    page = desk.page
    fields = {"prompt": {"type": "string", "maxLength": 300}, "camera": CAMERA, "loras": LORAS, "tags": TAGS, "fx": EFFECTS, "size": SIZE,
              "pictures": PICTURES, "free": FREE}  # fmt: skip
    titled = {name: {**field, "title": word} for (name, field), word in zip(fields.items(), WORDS[language], strict=False)}
    titled["camera"]["description"] = WORDS[language][-1]
    titled = json.loads(_translated(json.dumps(titled), INSIDE.get(language, {})))
    page.set_viewport_size({"width": 1000, "height": 2600})
    desk.show(titled, language=language, required=["prompt"])
    desk.shot(f"forms-{language}-empty")
    desk.ask(FULL)
    expect(desk.form.locator(".dr-goto")).to_have_count(3)
    expect(desk.form.locator(".dr-preview img")).to_be_visible()
    desk.shot(f"forms-{language}-light")
    page.set_viewport_size({"width": 500, "height": 3200})  # 400 pixels for the form, or 200 % of a window twice as wide
    desk.shot(f"forms-{language}-narrow")
    assert [] == desk.sticking_out()
    if language in ("en", "ja"):
        page.set_viewport_size({"width": 1280, "height": 2600})  # 1920 pixels at 150 %, as on a projector
        desk.dress("Dark")
        desk.shot(f"forms-{language}-dark")
        desk.dress("Light")


def _translated(schema, words):
    """The text of a schema with these titles in place of others."""
    for title, other in words.items():
        schema = schema.replace(f'"title": "{title}"', f'"title": "{other}"')
    return schema
