"""A model shows its own documentation in the cell: static, in four languages, from the tree the form is made of."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from html.parser import HTMLParser

import mistune
import nbformat
import pytest
from nbconvert import HTMLExporter

from ipydarkroom.as_code import python
from ipydarkroom.catalog import bundled, find
from ipydarkroom.fields import Choice, Field, Media, Rule
from ipydarkroom.languages import LANGUAGES, say
from ipydarkroom.model_page import model_markdown, model_page
from ipydarkroom.models import Model, Price
from ipydarkroom.schema import Note
from ipydarkroom.wording import hint_texts

HOSTILE = "<script>alert(1)</script>\u202e|`*_[x](y)`"
FIELDS = (
    Field(("prompt",), "string", required=True, help="What to see.", max_length=800),
    Field(("width×height",), "string", choices=tuple(Choice(n, str(n)) for n in range(9)), default=0),
    Field(("seed",), "integer", minimum=0, maximum=2147483647),
    Field(("images",), "array", items=Field(("images", "items"), "string", media=Media("image", 10_000_000, mimes=("image/png",))), min_items=1, max_items=14),
    Field(("scale",), "number", exclusive_minimum=0.5, multiple_of=0.1),
    Field(("tone",), "string", choices=(Choice("a", "a"), Choice("b", "B sharp"))),
)
MODEL = Model(
    "a/model", "kie", FIELDS, rules=(Rule("only_when", "tone", "scale", 1),), title="A model", price=Price(0.04),
    outputs={"properties": {"images": {"type": "array", "description": "What was made."}}}, notes=(Note("/scale", "type_alias", "float", "number"),),
)


class Page(HTMLParser):
    """The text of a page, its tags and its attributes."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.pieces, self.open = [], [], [], []
        self.feed(str(html))
        assert [] == self.open

    def handle_starttag(self, tag, attrs):
        """Remember it."""
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("br", "wbr"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """`<br />`."""
        self.tags.append(tag)

    def handle_endtag(self, tag):
        """Every element is closed by its own tag."""
        assert tag == self.open.pop()

    def handle_data(self, data):
        """Words."""
        self.pieces.append(data)

    @property
    def text(self):
        """All words, without a break."""
        return "".join(self.pieces)


def test_every_section_is_there():
    """Quick start, inputs, authentication, endpoints, files, outputs, notes; and each input is a row."""
    shown = Page(model_page(MODEL, "en")).text

    for words in (
        "A model", "a/model", "Kie.ai", "$0.04 each",
        "Quick start", 'dr.Panel("kie:a/model")', "curl --request POST",
        "Inputs", "width×height", "required", "text; at most 800 characters", "9 values", "whole number; 0 to 2147483647",
        "list of: picture: link or local file; 1 to 14 items", "number; 0.5 or more; multiples of 0.1", "B sharp", "Counts only while scale is 1.",
        "Authentication", "Authorization: Bearer $KIE_API_KEY", "https://api.kie.ai/api/v1/jobs/createTask", "taskId=$REQUEST_ID",
        "This provider cannot cancel a job.", "image/png", "10 MB at most", "What was made.", "Notes from reading its description (1)", "type_alias: float → number",
    ):
        assert words in shown


def test_many_values_are_folded_and_few_are_not():
    """A details element opens by keyboard, and without a script."""
    html = model_page(MODEL, "en")

    assert re.search(r"<summary[^>]*>9 values</summary>", html)
    assert not re.search(r"<summary[^>]*>2 values</summary>", html)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("model", bundled(), ids=lambda model: f"{model.provider}-{model.id}")
def test_a_bundled_model_is_shown_in_every_language(model, language):
    """Each head is in the reader's words; every input is named; no sentence is missing."""
    page = Page(model_page(model, language))

    assert say("model_page.inputs", language=language) in page.text
    assert all(field.name in page.text for field in model.fields)
    assert not re.search(r"(?:model_page|kind|rule|hint)\.[a-z_]+", page.text)
    assert len(model.fields) <= page.tags.count("tr")


def test_the_page_survives_where_scripts_and_styles_of_ours_do_not():
    """No script, no style element, no class, no address of this machine: a saved notebook shows it everywhere."""
    page = Page(model_page(find("kie:ideogram/v3-reframe"), "en"))

    assert not {"script", "style", "link", "iframe", "img", "form"} & set(page.tags)
    assert {"style", "scope", "href", "target", "rel", "role", "aria-level"} >= {name for name, _ in page.attributes}
    assert not re.search(r"(?:^|[^-])(?:color|background):(?!inherit|transparent|rgba\(128,128,128)", " ".join(value for _, value in page.attributes))


def test_code_in_a_help_text_is_code():
    """Pages write field names in back ticks; one tick alone is a tick."""
    html = model_page(Model("m", None, (Field(("a",), "string", help="Only with `b_c`, it`s said."),)), "en")

    assert re.search(r"Only with <code[^>]*>b_<wbr>c</code>, it`s said\.", html)


def test_a_foreign_schema_adds_nothing_but_text():
    """Titles, names, values and help of a stranger's page are escaped, in HTML and in Markdown."""
    field = Field((HOSTILE,), "string", help=HOSTILE, default=HOSTILE, choices=(Choice(HOSTILE, HOSTILE),), media=Media("image", mimes=(HOSTILE,)))
    model = Model(
        HOSTILE, "kie", (field,), title=HOSTILE, source="https://example.com/<>", notes=(Note(HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
        outputs={"properties": {HOSTILE: {"type": HOSTILE, "description": HOSTILE}}}, sample={HOSTILE: HOSTILE},
    )
    page, mark = Page(model_page(model, "en")), model_markdown(model, "en")

    assert "script" not in page.tags
    assert "\u202e" not in page.text + mark
    rendered = Page(mistune.create_markdown(escape=False, plugins=["table"])(mark))
    assert not {"script", "em"} & set(rendered.tags)
    assert {"https://example.com/%3C%3E", "https://kie.ai/api-key"} == {value for name, value in rendered.attributes if name == "href"}


def test_a_model_without_a_provider_runs_here():
    """No endpoints and no token, and the code makes `model` before it uses it."""
    shown = Page(model_page(Model.from_schema({"type": "object", "properties": {"x": {}}}, id="mine"), "en")).text

    assert "runs on this machine" in shown
    assert re.search(r"model = dr.Model.from_schema\(.*id=\"mine\".*\)\s+dr.Panel\(model\)", shown, re.DOTALL)
    assert "curl" not in shown
    assert "Authorization" not in shown


def test_a_live_model_says_what_it_costs_and_how_old_that_is():
    """The catalog's number, else its words; nothing where nothing is known."""
    live = replace(MODEL, price=Price(0.04), fetched=time.time() - 7300)
    told = replace(MODEL, price=None, pricing_note=f"7 credits {HOSTILE}")

    assert all(words in model_page(live, "en") for words in ("$0.04 each", "2 h ago"))
    assert "每个 $0.04" in model_page(live, "zh_cn")
    assert "7 credits &lt;script&gt;" in model_page(told, "en")
    assert "ago" not in model_page(MODEL, "en")


def test_fal_is_asked_with_the_models_own_address_and_another_scheme():
    """Its status wants the owner and the app; its header says Key."""
    shown = Page(model_page(Model("fal-ai/painter/fast", "fal", FIELDS[:1]), "en")).text

    assert "Authorization: Key $FAL_KEY" in shown
    assert "GET https://queue.fal.run/fal-ai/painter/requests/REQUEST_ID/status" in shown
    assert '--url "https://queue.fal.run/fal-ai/painter/requests/$REQUEST_ID"' in shown


def test_a_provider_that_nobody_knows_is_named_only():
    """A file of a later version may have one."""
    assert "elsewhere" in Page(model_page(Model("m", "elsewhere", FIELDS), "en")).text


def test_the_code_on_the_page_is_the_code():
    """What is shown is what `as_code` writes."""
    model = find("bytedance/dreamina-4-0/text-to-image")

    assert python(model.id, {"prompt": model.sample["prompt"]}) in Page(model_page(model, "en")).text


def test_a_cell_gets_the_page_and_a_terminal_the_line():
    """One line: id, provider, inputs, optional ones with a question mark."""
    bundle = MODEL._repr_mimebundle_()

    assert "<Model a/model · kie · prompt, width×height?, seed?, images?, scale?, tone?>" == bundle["text/plain"] == repr(MODEL)
    assert "<table" in bundle["text/html"]
    assert repr(Model(f"{HOSTILE}\n", None, ())).isprintable()


def test_the_page_survives_in_what_nbconvert_makes():
    """The saved cell as a web page: every row and every fold is still there."""
    data = MODEL._repr_mimebundle_()
    output = nbformat.v4.new_output("execute_result", data={key: str(value) for key, value in data.items()}, execution_count=1)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("model", outputs=[output], execution_count=1, id="a")])

    page, _ = HTMLExporter(template_name="basic").from_notebook_node(notebook)

    for words in ("width×height", "<details", "curl --request POST", "text; at most 800 characters"):
        assert words in page


def test_the_page_is_to_be_had_as_markdown():
    """For a README: tables stay tables, code stays code."""
    mark = MODEL.page("en")

    assert mark.startswith("# A model\n\n`a/model` · Kie.ai")
    assert "| `prompt`<br>**required** | text; at most 800 characters | What to see. |" in mark
    assert "```python\nimport ipydarkroom as dr\n" in mark
    assert all(line.count(" | ") == 2 for line in mark.split("\n") if line.startswith("| `") and "characters" in line)


def test_what_a_picture_must_measure_is_said_before_one_is_chosen():
    """In the file limits of the page, and beside the field."""
    limits = [{"validation_rule": "width_pixels>=", "validation_value": 300}, {"validation_rule": "width_pixels<=", "validation_value": 4096}]
    model = Model.from_schema({"type": "object", "properties": {"image": {"type": "string", "validations": limits}}})

    assert "300 to 4096 pixels wide" in model_page(model, "en")
    assert ("300 to 4096 pixels wide.",) == hint_texts(model, model.fields[0], "en")
