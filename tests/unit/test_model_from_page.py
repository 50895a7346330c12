"""A model from a documentation page: text or file, what it knows, and what a bundled entry adds to it."""

from __future__ import annotations

import pytest
from test_pages_runcomfy import MODEL_ID, full, stripped

from ipydarkroom.catalog import find
from ipydarkroom.catalog.overlay import overlaid
from ipydarkroom.errors import InputError
from ipydarkroom.languages import LANGUAGES, say
from ipydarkroom.models import Model
from ipydarkroom.page_file import MOST_BYTES, is_page
from ipydarkroom.providers import get_provider
from ipydarkroom.routes import choose_route
from ipydarkroom.settings import load
from ipydarkroom.testing import local_client

SEEDREAM = find("bytedance/seedream-5/lite/text-to-image")


@pytest.fixture
def client(tmp_path):
    """A client that draws on this machine."""
    with local_client(tmp_path / "home") as found:
        yield found


def page_of(model: Model, **changes: object) -> str:
    """A page that says what a bundled model says, with words, or with changed properties."""
    properties = {name: {"title": name.title(), **part} for name, part in model.schema["properties"].items()} | changes
    properties = {name: part for name, part in properties.items() if part is not None}
    return full(model_id=model.id, schema={"title": "Input Schema", **model.schema, "properties": properties}, sample={})


def test_a_model_from_a_page_is_complete():
    """Id, provider, title, fields, sample, outputs, language; the advised size of a file is in its field."""
    model = Model.from_page(full())
    assert (MODEL_ID, "runcomfy", "page", "en") == (model.id, model.provider, model.source, model.language)
    assert "Paper Lab | Fold it" == model.title
    assert MODEL_ID == Model.from_page(stripped()).title
    assert ["56_text", "118_image", "width×height", "size", "folds", "class", ""] == [field.name for field in model.fields]
    assert 50_000_000 == model.field("118_image").media.advised_bytes
    assert ["output"] == list(model.outputs)
    assert "type_alias" in [note.rule for note in model.notes]
    assert model.sample["folds"] == [{"at": 0.5, "side": "in"}]


@pytest.mark.parametrize(("model_id", "kind"), [("a/b/text-to-video", "text-to-video"), ("a/b/edit", "image-to-image")])
def test_the_kind_is_told_by_the_id_or_by_the_inputs(model_id, kind):
    """A page does not say it."""
    assert kind == Model.from_page(full(model_id=model_id)).kind


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_page_may_lie_in_a_file(tmp_path, encoding):
    """By its path, or by the path as text; with a mark before it or not."""
    path = tmp_path / "page.md"
    path.write_bytes(full().encode(encoding))
    whole = Model.from_page(full())
    assert whole == Model.from_page(path) == Model.from_page(str(path))
    other = path.rename(tmp_path / "page without an ending")
    assert whole == Model.from_page(str(other))


@pytest.mark.parametrize(("data", "key"), [
    (b"\x89PNG\r\n\x1a\n\0\0", "error.page_not_text"), (b"\xff\xfe\0", "error.page_not_text"), (b"caf\xe9", "error.page_not_text"),
    (b" " * (MOST_BYTES + 1), "error.page_too_large"), (b"", "error.page_foreign"), (b"a page", "error.page_foreign"),
])
def test_a_file_that_is_no_page_is_refused(tmp_path, data, key):
    """What it is instead is said, in every language."""
    path = tmp_path / "page.txt"
    path.write_bytes(data)
    with pytest.raises(InputError) as refused:
        Model.from_page(path)
    assert key == refused.value.key
    for code in LANGUAGES:
        assert "–" not in say(key, language=code, **refused.value.params)
        assert say(f"{key}.next", language=code) != f"{key}.next"


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    """A path that names no file is not taken for a page."""
    for path in (tmp_path / "none.md", tmp_path, str(tmp_path / "none.md"), "none.html"):
        with pytest.raises(InputError) as refused:
            Model.from_page(path)
        assert "error.page_file_missing" == refused.value.key


@pytest.mark.parametrize("text", ["x" * 300, "a\0b", " ", "kie:ideogram/v3-reframe", "x" * (MOST_BYTES + 1)])
def test_text_that_is_no_page_is_refused(text):
    """A model id too: it is no page."""
    with pytest.raises(InputError):
        Model.from_page(text)


def test_an_id_is_told_from_a_page_by_its_shape():
    """One short line is an id."""
    assert not any(map(is_page, ["ideogram/v3-reframe", "kie:ideogram/v3-reframe", "", "x" * 200]))
    assert all(map(is_page, ["a\nb", "x" * 201, "page.md", "folder/Page.HTML", "page.txt "]))


# --- what a bundled entry adds


def test_a_page_that_agrees_keeps_what_the_entry_knows():
    """How many pictures, rules, advice; the page's own words come along."""
    model = overlaid(Model.from_page(page_of(SEEDREAM)))
    assert (SEEDREAM.most, SEEDREAM.rules, SEEDREAM.kind) == (model.most, model.rules, model.kind)
    assert 600 == model.field("prompt").advised_words
    assert "Max_Images" == model.field("max_images").title
    assert "page" == model.source


def test_a_page_that_is_newer_keeps_its_own_fields():
    """A changed list of values is the page's; what the entry says of names that are gone is dropped."""
    resized = overlaid(Model.from_page(page_of(SEEDREAM, resolution={"type": "string", "enum": ["8K"]})))
    assert ["8K"] == [choice.value for choice in resized.field("resolution").choices]
    assert (SEEDREAM.most, SEEDREAM.rules) == (resized.most, resized.rules)

    reduced = overlaid(Model.from_page(page_of(SEEDREAM, max_images=None)))
    assert ((), ()) == (reduced.most, reduced.rules)


def test_a_property_called_title_is_no_word():
    """Only words are left out of the comparison."""
    renamed = overlaid(Model.from_page(page_of(SEEDREAM, title={"type": "string"})))
    assert renamed.field("title") is not None


def test_other_models_are_left_as_they_are():
    """One of a schema, one no entry knows."""
    for model in (Model.from_page(full()), Model.from_schema(SEEDREAM.schema, id=SEEDREAM.id, provider="runcomfy"), SEEDREAM):
        assert model is overlaid(model)


# --- with a client


def test_a_client_takes_a_page_where_it_takes_an_id(client, tmp_path):
    """As text, as a file, as a model; afterwards it knows the id."""
    path = tmp_path / "page.md"
    path.write_text(full(), encoding="utf-8")
    values = {"56_text": "a crane"}
    for model in (full(), str(path), Model.from_page(path), MODEL_ID, f"runcomfy:{MODEL_ID}"):
        result = client.submit(model, {**values, "size": 0.25}).result(timeout=60)
        assert 1 == len(result.images)
        assert (MODEL_ID, "runcomfy") == (client.jobs(1)[0].record.model, client.jobs(1)[0].record.provider)


def test_where_it_runs_is_decided_as_for_any_model_of_that_provider(client):
    """Without a token on this machine; with `local=False` at the provider's own host."""
    model = Model.from_page(full())
    assert client.route(model).is_local
    hosts, settings = get_provider("runcomfy").hosts, load({"RUNCOMFY_TOKEN": "a-token"})
    assert ("remote", "model-api.runcomfy.net") == (lambda route: (route.backend, route.host))(choose_route(model, settings, hosts))
    assert choose_route(model, load({}), hosts).is_local


def test_the_estimate_knows_the_bundled_entry(client):
    """A page of a known model does not make its price unknown."""
    assert client.estimate(SEEDREAM, {"prompt": "x"}) == client.estimate(Model.from_page(page_of(SEEDREAM)), {"prompt": "x"})


def test_a_page_of_one_provider_is_not_ordered_from_another(client):
    """`provider=` beside a page must agree with it."""
    with pytest.raises(InputError):
        client.model(full(), "kie")
    assert MODEL_ID == client.model(full(), "runcomfy").id


def test_what_does_not_fit_is_refused_before_anything_is_sent(client):
    """The page's bounds are checked as those of any schema."""
    with pytest.raises(InputError) as refused:
        client.submit(full(), {"56_text": "x", "size": 7})
    assert [("size",)] == [problem.pointer for problem in refused.value.problems]
