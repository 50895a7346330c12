"""Kie's pages without a schema: hand-made Markdown in its layouts and languages, and the form of autumn 2025.

For `kie_markdown` and `kie_playground`.
"""

from __future__ import annotations

import json
import re

import pytest

from ipydarkroom.models import Model
from ipydarkroom.pages import read_page
from ipydarkroom.panel.model import PanelModel
from ipydarkroom.reading.types import Type, range_in, type_in, type_line, value_in, values_in
from kie_page_writer import KITE, LANGUAGES, LAYOUTS, SAMPLE, apidog, markdown_page, plain_words, playground

STYLES = ("in", "out", "in-full", "out-full")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_page_says_in_words_what_its_schema_would(layout, language, style):
    """Names, nesting, types, values, defaults, required marks, bounds, lengths: as the OpenAPI twin of the page has them."""
    page = read_page(markdown_page("acme/kite-1.5", KITE, SAMPLE, layout=layout, language=language, style=style))

    assert plain_words(KITE) == plain_words(page.schema)
    assert ("kie-markdown", "acme/kite-1.5", language, SAMPLE) == (page.dialect, page.model, page.language, page.sample)
    assert list(page.schema["properties"]) == list(KITE["properties"])
    assert page.notes == ()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_descriptions_and_examples_are_kept(layout):
    """The page's own words, and its values as examples, never as defaults."""
    said = read_page(markdown_page("acme/kite", KITE, SAMPLE, layout=layout)).schema["properties"]
    assert {name: part["description"] for name, part in KITE["properties"].items()} == {name: part["description"] for name, part in said.items()}
    assert {name: part.get("examples") for name, part in KITE["properties"].items()} == {name: part.get("examples") for name, part in said.items()}


def test_the_twins_of_a_page_give_the_same_form():
    """From OpenAPI and from words: the same fields."""
    fields = {name: Model.from_page(text).fields for name, text in {
        "openapi": apidog("acme/kite", KITE, SAMPLE), "words": markdown_page("acme/kite", KITE, SAMPLE, layout="bold")}.items()}
    assert fields["openapi"] == fields["words"]


@pytest.mark.parametrize(("model", "kind"), [("acme/v2-5-turbo-text-to-video-pro", "text-to-video"), ("acme/kite", "image-to-image")])
def test_a_models_kind_is_in_its_id(model, kind):
    """Kie's ids have it in the middle of a word; without one, the inputs tell."""
    assert kind == Model.from_page(markdown_page(model, KITE, SAMPLE, layout="bold")).kind


# --- how one field may be written

HEAD = """# Kite

```bash
curl --request POST --url https://api.kie.ai/api/v1/jobs/createTask --data '{"model": "acme/kite", "input": %s}'
```

## 请求体

### model

* **类型**: `enum<string>`
* **可用选项**: `acme/kite`

### input

* **类型**: `object`

"""
TAIL = "\n## 响应\n\n### code\n\n* **类型**: `integer`\n"


def field(text: str, sample: object = None, name: str = "size") -> dict:
    """One field's schema, written so behind the title of its name."""
    page = read_page(HEAD % json.dumps(sample or {}) + f"#### input.{name}\n\n" + text + TAIL)
    return {key: value for key, value in page.schema["properties"][name].items() if key != "description"}


@pytest.mark.parametrize(("text", "part"), [
    ("**类型**: `string` (Required, Default: `a,b`)", {"type": "string", "default": "a,b"}),
    ("`enum<string>` (required, default: `5`)\n\n长度。\n\n可用选项：\n* `5`\n* `10`\n", {"type": "string", "enum": ["5", "10"], "default": "5"}),
    ("* **类型**: `enum<integer>`\n* **可用选项**: `5`, `10`\n* **默认值**: `5`", {"type": "integer", "enum": [5, 10], "default": 5}),
    ("* **类型**: enum<string>\n* **可用选项**: `2:3` (竖向), `1:1`", {"type": "string", "enum": ["2:3", "1:1"], "enumNames": ["竖向", "1:1"]}),
    ("- **Type**: `string`\n- **Options**:\n  - `5`: 5 s\n  - `10`: 10 s\n- **Default Value**: `\"5\"``",
     {"type": "string", "enum": ["5", "10"], "enumNames": ["5 s", "10 s"], "default": "5"}),
    ("- **Type**: `string`\n- **Options**:\n  - `720p**: low\n  - `1080p**: high\n- **Default Value**: `\"720p\"`')",
     {"type": "string", "enum": ["720p", "1080p"], "enumNames": ["low", "high"], "default": "720p"}),
    ("* **类型**: string<uri>[]\n* **最大数组长度**: `14`\n* **示例**:\n    ```json\n    [\n      \"https://a.org/b\"\n    ]\n    ```",
     {"type": "array", "items": {"type": "string", "format": "uri"}, "maxItems": 14, "examples": [["https://a.org/b"]]}),
    ("* **类型**: `number`\n* **取值范围**: `0 <= x <= 1`\n* **步长**: 0.1", {"type": "number", "minimum": 0, "maximum": 1, "multipleOf": 0.1}),
    ("* **类型**: `number`\n\n强度（最小值：0，最大值：1，步长：0.1）。", {"type": "number", "minimum": 0, "maximum": 1, "multipleOf": 0.1}),
    ("- **Type**: `number`\n- **Range**: -1 - 2147483647 (step: 1)", {"type": "number", "minimum": -1, "maximum": 2147483647, "multipleOf": 1}),
    ("* **类型**: `number`\n* **范围**: `0 < x <= 1`", {"type": "number", "exclusiveMinimum": 0, "maximum": 1}),
    ("* **类型**: `string`\n\n提示词（最大长度：5,000 字符）。", {"type": "string", "maxLength": 5000}),
    ("* **类型**: `string`\n\nWords (Max length: 3-5000 characters).", {"type": "string", "minLength": 3, "maxLength": 5000}),
    ("* **类型**: `boolean`\n* **默认值**: 否", {"type": "boolean", "default": False}),
    ("* **类型**: `string`\n* **默认值**: 无\n* **示例**: `\"\"`", {"type": "string", "examples": [""]}),
    ("* **类型**: `string`\n* **默认值**: `none`", {"type": "string", "default": "none"}),
    ("* **类型**: `enum<string>`\n* **可用选项**: none, fast\n* **默认值**: none", {"type": "string", "enum": ["none", "fast"], "default": "none"}),
    ("**类型**: `string` | **必需**: 否 | **默认值**: `a`", {"type": "string", "default": "a"}),
    ("* **类型**: `enum<string>[]`\n* **可用选项**: `a`, `b`", {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}),
    ("* **类型**: `string` (已弃用)", {"type": "string", "deprecated": True}),
    ("* **类型**: `string | null`", {"type": "string", "nullable": True}),
    ("* **型**: 文字列、必須\n* **選択肢**: `a`、`b`", {"type": "string", "enum": ["a", "b"]}),
    ("* **必需**: 否\n* **示例**: `3`", {"type": "number", "examples": [3]}),
    ("- **Type**: `array`\n- **Max File Size**: 10MB\n- **Accepted File Types**: image/jpeg, image/png\n- **Multiple Files**: Yes", {
        "type": "array", "items": {"type": "string", "format": "uri"}, "x-cog-accept": ["image/jpeg", "image/png"],
        "validations": [{"validation_rule": "file_size_mb<=", "validation_value": 10, "validation_error": "10MB"}]}),
])
def test_a_field_in_words(text, part):
    """What each way of writing means."""
    assert part == field(text)


def test_limits_in_sentences_stay_in_the_description():
    """A reader of prose finds them there; only labelled lines are keywords."""
    text = "* **类型**: `string`\n\n图片。\n* 支持的格式：`image/png`。\n* 最大文件大小：10.0MB。\n"
    page = read_page(HEAD % "{}" + "#### input.image_url\n\n" + text + TAIL)
    assert {"type": "string", "description": "图片。\n- 支持的格式：`image/png`。\n- 最大文件大小：10.0MB。"} == page.schema["properties"]["image_url"]


def test_code_tables_quotations_and_links_in_a_description_are_words():
    """Nothing in a description begins a field."""
    text = ("* **类型**: `string`\n\nSee [the guide](/cn/guide).\n\n> **Note**: one only.\n\n1. first\n2. second\n\n```json\n{\"type\": \"x\"}\n```\n\n"
            "| 宽高比 | 像素 |\n|---|---|\n| 1:1 | 512 |\n")
    page = read_page(HEAD % "{}" + "#### input.size\n\n" + text + "\n#### input.seed\n\n* **类型**: `integer`\n" + TAIL)
    assert ["size", "seed"] == list(page.schema["properties"])
    assert "(/cn/guide)" in page.schema["properties"]["size"]["description"]


@pytest.mark.parametrize("name", ["width×height", "56_text", "class", "type", "default", "description", "image_urls", "a-b", "prompt2"])
def test_a_name_is_data(name):
    """Whatever a field is called, words of labels included."""
    assert {"type": "string"} == field("* **类型**: `string`", name=name)


# --- where fields stand


def inputs(text: str, sample: object = None) -> dict:
    """The input schema of a page with these fields."""
    return plain_words(read_page(HEAD % json.dumps(sample or {}) + text + TAIL).schema)["properties"]


def test_bare_names_below_a_title_about_input():
    """`#### input 对象属性`, then names without `input.`; the next title of its rank ends them."""
    text = "#### input 对象属性\n\n**prompt**\n* **类型**: `string`\n\n**seed**\n* **类型**: `integer`\n\n"
    assert {"prompt": {"type": "string"}, "seed": {"type": "integer"}} == inputs(text)


def test_bare_names_below_deeper_titles():
    """`### input`, `#### prompt`."""
    assert {"prompt": {"type": "string"}} == inputs("#### prompt\n\n* **类型**: `string`\n\n")


def test_an_object_s_own_fields():
    """By a dotted name, by a deeper title, by a title that names the list."""
    dotted = "#### input.loras\n* **类型**: `object[]`\n\n#### input.loras[].path\n* **类型**: `string`\n* **必需**: 是\n\n"
    deeper = "#### loras\n* **类型**: `array<object>`\n\n##### path\n* **类型**: `string`\n* **必需**: 是\n\n"
    titled = "#### loras\n* **类型**: `array`\n\n#### `loras` 子项属性\n\n**path**\n* **类型**: `string`\n* **必需**: 是\n\n"
    items = {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}
    assert {"loras": {"type": "array", "items": items}} == inputs(dotted) == inputs(deeper) == inputs(titled)


def test_the_answers_fields_are_no_inputs():
    """`code`, `msg`, `data.taskId`, whatever title they stand below."""
    text = "#### input.prompt\n* **类型**: `string`\n\n响应数据。\n\n#### data.taskId\n\n* **类型**: `string`\n"
    assert ["prompt"] == list(inputs(text))


def test_an_input_called_code_or_data_is_an_input():
    """Only its place tells."""
    assert {"code": {"type": "string"}, "data": {"type": "object"}} == inputs("#### input.code\n* **类型**: `string`\n\n#### input.data\n* **类型**: `object`\n\n")


def test_tables_of_bare_names():
    """One table for the request, one for the inputs."""
    text = "#### input 参数\n\n| 字段 | 类型 | 是否必填 | 说明 | 默认值 |\n|:--|--|--|--|--|\n| `prompt` | string | 是 | 描述<br>最大长度：`20` | - |\n| size | enum<string> | 否 | 尺寸。可选<br>可用选项：`1\\|1`, `2` | `2` |\n\n"
    assert {"prompt": {"type": "string", "maxLength": 20}, "size": {"type": "string", "enum": ["1|1", "2"], "default": "2"}} == inputs(text)


def test_values_in_code_behind_a_label_are_read_inside_a_cell_s_sentence():
    """"What it is. Options: `a`, `b` Default: `a`", all in one cell; a colon without such a value is prose."""
    text = "#### input 参数\n\n| Name | Type | Description |\n|--|--|--|\n| size | enum<string> | Note: the frame. 可选值: `a`, `b`。 默认值：`a` |\n\n"
    assert {"size": {"type": "string", "enum": ["a", "b"], "default": "a"}} == inputs(text)


def test_a_flat_list_of_bullets():
    """`- `name` (type, required): what it is`."""
    text = "#### input 参数\n\n- `prompt` (string, required): What to show.\n- `size` (enum<string>, optional, default: `a`): Its size.\n\n"
    assert {"prompt": {"type": "string"}, "size": {"type": "string", "default": "a"}} == inputs(text)


# --- the request fills gaps


def test_inputs_that_only_the_request_has_are_noted():
    """The page's list forgot them; their values tell their kinds."""
    page = read_page(HEAD % json.dumps({"prompt": "a", "seed": -1, "on": True, "image_url": "https://a.org/b"}) + "#### input.prompt\n* **类型**: `string`\n" + TAIL)
    assert {"prompt": "string", "seed": "number", "on": "boolean", "image_url": "string"} == {name: part["type"] for name, part in page.schema["properties"].items()}
    assert [("/seed", "field_from_sample"), ("/on", "field_from_sample"), ("/image_url", "field_from_sample")] == [(note.pointer, note.rule) for note in page.notes]


def test_a_kind_that_cannot_hold_its_example_is_described_anew():
    """`object` with the example `true` is a slip of the page."""
    page = read_page(HEAD % '{"on": true}' + "#### input.on\n* **类型**: `object`\n" + TAIL)
    assert ("boolean", [("/on", "type_contradicted", "object", "boolean")]) == (
        page.schema["properties"]["on"]["type"], [(note.pointer, note.rule, note.was, note.became) for note in page.notes])


@pytest.mark.parametrize("sample", [{}, {"text": "Hello", "speed": 1.2, "voices": ["a"]}])
def test_without_a_list_the_request_is_the_only_source(sample):
    """ElevenLabs: the form shows what the example has, takes any other name, and says so."""
    text = HEAD % json.dumps(sample) + "### callBackUrl\n\n* **类型**: `string<uri>`\n" + TAIL
    page = read_page(text)
    assert (list(sample), True) == (list(page.schema["properties"]), page.schema["additionalProperties"])
    assert "fields_unlisted" == page.notes[0].rule
    panel = PanelModel(Model.from_page(text))
    assert {} == panel.value
    panel.value = {**sample, "more": 1}
    assert {**sample, "more": 1} == panel.value


def test_the_request_names_the_model_here_too():
    """The list says another one."""
    page = read_page((HEAD % "{}").replace("可用选项**: `acme/kite`", "可用选项**: `acme/stone`") + "#### input.prompt\n* **类型**: `string`\n" + TAIL)
    assert ("acme/kite", ["model_contradicted"]) == (page.model, [note.rule for note in page.notes])


def test_without_a_request_the_list_names_the_model():
    """Some copies leave the example out."""
    page = read_page(re.sub(r"```.*?```", "POST https://api.kie.ai/api/v1/jobs/createTask", HEAD % "{}", flags=re.DOTALL) + "#### input.prompt\n* **类型**: `string`\n" + TAIL)
    assert ("acme/kite", {}) == (page.model, page.sample)


# --- autumn 2025

FLAT = {
    "type": "object", "required": ["prompt", "image_urls"],
    "properties": {
        "prompt": {"type": "string", "description": "What happens then, in a sentence or two.", "maxLength": 800, "default": "A heron lands on the pier at dawn"},
        "image_urls": {"type": "array", "items": {"type": "string", "format": "uri"}, "description": "Where it begins.", "default": ["https://files.example.org/a.png"]},
        "duration": {"type": "string", "description": "How long it is to be.", "enum": ["5", "10"], "default": "5"},
        "seed": {"type": "number", "description": "For the same again.", "minimum": -1, "maximum": 2147483647, "multipleOf": 1, "default": -1},
        "loop": {"type": "boolean", "description": "Whether it goes round.", "default": False},
        "note": {"type": "string", "description": ""},
    },
}
DEMO = {"prompt": "A heron lands on the pier at dawn", "image_urls": ["https://files.example.org/a.png"], "duration": "5", "seed": -1}


@pytest.mark.parametrize("language", ["en", "zh-cn"])
def test_the_form_of_autumn_2025(language):
    """"input Object Parameters", in English and in Chinese; the request stands behind it."""
    page = read_page(playground("acme/kite", FLAT, DEMO, language=language))
    said = plain_words(page.schema)
    assert ["image/jpeg", "image/png"] == said["properties"]["image_urls"].pop("x-cog-accept")
    assert 10 == said["properties"]["image_urls"].pop("validations")[0]["validation_value"]
    assert plain_words(FLAT) == said
    assert ("kie-playground", "acme/kite", DEMO, "en" if language == "en" else "zh-cn") == (page.dialect, page.model, page.sample, page.language)
    assert ["5 !", "10 !"] == page.schema["properties"]["duration"]["enumNames"]


def test_demonstrations_are_shown_and_not_sent():
    """This form calls them defaults: a sentence, a list of links."""
    model = Model.from_page(playground("acme/kite", FLAT, DEMO))
    assert {} == PanelModel(model).value
    assert {"prompt", "image_urls"} <= set(model.sample)


# --- types and values


@pytest.mark.parametrize(("text", "kind"), [
    ("enum<string>", Type("string", listed=True)), ("`string<uri>[]`", Type("array", items=Type("string", "uri"))),
    ("array[object {3}]", Type("array", items=Type("object", children=3), children=3)), ("string <uri>", Type("string", "uri")),
    ("字符串数组", Type("array", items=Type("string"))), ("整數", Type("integer")), ("真偽値", Type("boolean")), ("list of strings", Type("array", items=Type("string"))),
    ("integer<int64>", Type("integer", "int64")), ("enum", Type("string", listed=True)),
    ("a string", None), ("stringy", None), ("", None), ("<" * 90, None),
])
def test_types(text, kind):
    """As pages of all dialects write them."""
    assert kind == type_in(text)


def test_a_sentence_is_no_type():
    """Although it begins like one."""
    assert type_line("Object storage is used.") is None
    assert type_line("string that is shown") is None
    assert type_line("`string` (header, required)") is not None


def test_values_follow_their_type():
    """The five of `5` is a word under `enum<string>`, a number under `enum<integer>`."""
    assert ("5", 5) == (value_in("`5`", Type("string")), value_in("`5`", Type("integer")))
    assert [("a (b)", "")] == values_in("a (b)", Type("string"), verbatim=True)
    assert [("a", "b")] == values_in("a (b)", Type("string"))
    assert (0.5, None, True) == (range_in("x > 0.5").minimum, range_in("x > 0.5").maximum, range_in("x > 0.5").open_minimum)
