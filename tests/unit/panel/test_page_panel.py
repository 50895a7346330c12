"""A panel made from a documentation page: every form builds, and labels speak the reader's language."""

from __future__ import annotations

import pytest
from foreign import CORPUS, published
from test_pages_runcomfy import MODEL_ID, WHOLE, WORDS, full

from ipydarkroom.errors import InputError
from ipydarkroom.languages import LANGUAGES, say
from ipydarkroom.model_page import model_page
from ipydarkroom.models import Model
from ipydarkroom.panel import Panel
from ipydarkroom.panel.controls import control_for
from ipydarkroom.panel.labels import Label, help_text, own_words, title_text
from ipydarkroom.testing import local_client

FIELDS = {
    "output_format": {"title": "Output Format", "description": "How the file is kept.", "type": "string"},
    "aspect_ratio": {"title": "Frame (W:H)", "description": "", "type": "string"},
    "56_text": {"title": "Words on the sheet", "description": "Short.", "type": "string"},
    "plain": {"type": "boolean"},
}


@pytest.fixture
def make(tmp_path):
    """Makes panels on a local client and closes them."""
    made = []
    with local_client(tmp_path / "home") as client:
        def build(model, **options):
            made.append(Panel(model, client=client, **options))
            return made[-1]

        yield build
        for panel in made:
            panel.close()


def model(title: str = "Input Schema", fields=FIELDS) -> Model:
    """A model from a page whose schema has that title, and so that language."""
    return Model.from_page(full(schema={"type": "object", "title": title, "properties": fields}, sample={}))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", [pytest.param(full(), id="ours"), *(pytest.param(path, id=path.stem) for path in WHOLE)])
def test_every_form_builds_in_every_language(make, page, language):
    """Every field that is still wanted has a row, and nothing is sent that the page does not ask for."""
    panel = make(page, language=language)
    panel._screen._rows.unfold()
    assert all(panel._screen._rows.row(field.name) is not None for field in panel.model.fields if not field.deprecated)
    assert set(panel.value) <= {field.name for field in panel.model.fields if field.required}


@pytest.mark.parametrize("one", [pytest.param(one, id=one.name) for one in published()])
def test_the_form_of_every_published_schema_builds(make, one):
    """Widgets and all, folded rows included, none of them the last resort; untouched, nothing is added.

    What a page's request says reads back as it was, and no key comes with it that the form would not send anyhow.
    """
    panel = make(Model.from_schema(one.schema, id="a/b", sample=next(iter(one.requests), None)))
    panel._screen._rows.unfold()
    required = {field.name for field in panel.model.fields if field.required}
    assert all(panel._screen._rows.row(field.name) is not None for field in panel.model.fields if not field.deprecated)
    assert set(panel.value) <= required
    assert "json_editor" not in {control_for(field).name for field in panel.model.fields}
    for inputs in one.requests:
        panel.value = inputs
        assert set(panel.value) - set(inputs) <= required
        known = {name: value for name, value in inputs.items() if panel.model.field(name) is not None}
        assert known == {name: value for name, value in panel.value.items() if name in known}


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in sorted((CORPUS / "kie").glob("*.txt"))])
def test_the_form_of_every_saved_page_of_kie_builds(make, path):
    """In all of its dialects."""
    panel = make(path)
    panel._screen._rows.unfold()
    assert all(panel._screen._rows.row(field.name) is not None for field in panel.model.fields if not field.deprecated)


def test_a_page_becomes_a_picture(make, tmp_path):
    """Text, path, or path as text; without a token it is drawn here."""
    path = tmp_path / "page.md"
    path.write_text(full(), encoding="utf-8")
    for page in (full(), path, str(path), Model.from_page(path)):
        panel = make(page)
        panel.value = {"56_text": "a crane", "118_image": "https://files.example.com/sheet.png"}
        job = panel.submit()
        panel.wait(60)
        assert (MODEL_ID, True, 1) == (panel.model.id, job.done, len(job.record.kept))


def test_a_cut_page_makes_no_panel(make):
    """It says what is missing instead."""
    with pytest.raises(InputError) as refused:
        make(full()[:-900])
    assert "error.page_cut" == refused.value.key


def labels(found: Model, name: str, language: str) -> tuple[str, str, str]:
    """Title, help and tooltip of a field."""
    field = found.field(name)
    return title_text(found, field, language), help_text(found, field, language), own_words(found, field, language)


def test_a_page_in_the_readers_language_speaks_for_itself():
    """But for a title that is only the name once more."""
    assert ("Frame (W:H)", "", "") == labels(model(), "aspect_ratio", "en")
    assert ("Words on the sheet", "Short.", "") == labels(model(), "56_text", "en")
    title, help, own = labels(model(), "output_format", "en")
    assert (say("field.output_format.title", language="en"), "How the file is kept.") == (title, help)
    assert "Output Format" in own
    assert ("Plain", "", "") == labels(model(), "plain", "en")


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_a_page_in_another_language_speaks_where_we_have_no_words(language):
    """Ours first, and the page's own on hover."""
    title, _, own = labels(model(), "aspect_ratio", language)
    assert say("field.aspect_ratio.title", language=language) == title
    assert say("panel.own_words", language=language, words="Frame (W:H)") == own
    assert ("Words on the sheet", "Short.", "") == labels(model(), "56_text", language)


def test_english_words_on_a_japanese_page_are_english():
    """The page's language is its prose's; many fields are never translated."""
    fields = {"aspect_ratio": {"title": "縦横の比", "description": "画像の形です。", "type": "string"}, "size": FIELDS["56_text"]}
    found = model(WORDS["ja"][4], fields)
    assert "ja" == found.language
    assert ("縦横の比", "画像の形です。", "") == labels(found, "aspect_ratio", "ja")
    assert say("field.size.title", language="ja") == labels(found, "size", "ja")[0]
    assert "Words on the sheet" == labels(found, "size", "en")[0]
    assert say("field.aspect_ratio.title", language="en") == labels(found, "aspect_ratio", "en")[0]
    assert "縦横の比" in labels(found, "aspect_ratio", "zh_tw")[2]


def test_the_pages_words_are_on_hover_and_cannot_open_a_tag(make):
    """In the label's own attribute; a box to tick has them as its tooltip."""
    hostile = {"title": '"><img src=x onerror=alert(1)>', "description": "", "type": "string"}
    fields = {"aspect_ratio": hostile, "watermark": {"title": "Mark it well", "type": "boolean"}}
    panel = make(model(fields=fields), language="ja")
    rows = panel._screen._rows
    label = rows.row("aspect_ratio").control.speaks.description

    assert 'title="' in label
    assert "<img" not in label
    assert "&quot;&gt;&lt;img" in label
    assert say("panel.own_words", language="ja", words="Mark it well") == rows.row("watermark").control.speaks.tooltip
    assert "title=" not in Label("Plain").html()


def test_the_notebook_shows_title_and_notes():
    """What was put right is one fold below the table."""
    of_a_page, without = Model.from_page(full(title="Paper <Lab>")), model(fields={"x": {"type": "string"}})
    shown = model_page(of_a_page, "en")

    assert "Paper &lt;Lab&gt;" in shown
    assert say("model_page.notes", language="en", count=len(of_a_page.notes)) in shown
    assert "type_alias: float → number" in shown
    assert not without.notes
    assert "Notes from reading" not in model_page(without, "en")
