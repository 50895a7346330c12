"""Kie's pages that hold an OpenAPI document, Apidog's and Mintlify's, and the YAML 1.2 they are written in.

For `kie_apidog` and `kie_mintlify`.
"""

from __future__ import annotations

import builtins
import json
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipydarkroom.errors import InputError
from ipydarkroom.languages import LANGUAGES, say
from ipydarkroom.models import Model
from ipydarkroom.pages import as_sent, read_page
from ipydarkroom.panel.model import PanelModel
from ipydarkroom.reading.openapi_task import task_in
from ipydarkroom.reading.yaml12 import load_yaml
from kie_page_writer import KITE, SAMPLE, apidog, mintlify, yaml_of

WRITERS = {"kie-apidog": apidog, "kie-mintlify": mintlify}


@pytest.mark.parametrize("dialect", WRITERS)
def test_a_page_is_its_input_schema_word_for_word(dialect):
    """Only `input` describes the model; its schema, its id and its sample come from the document."""
    page = read_page(WRITERS[dialect]("acme/kite-1.5", KITE, SAMPLE))

    assert (dialect, "kie", "acme/kite-1.5", "acme/kite-1.5") == (page.dialect, page.provider, page.model, page.title)
    assert page.schema == KITE
    assert page.sample == SAMPLE
    assert ["code", "msg", "data"] == list(page.outputs["properties"])
    assert page.notes == ()


@pytest.mark.parametrize("dialect", WRITERS)
@pytest.mark.parametrize("listed", [["acme/other"], ["acme/other", "acme/third"]])
def test_the_request_names_the_model_where_the_list_contradicts_it(dialect, listed):
    """Four of 141 pages list another model; the request beside was right each time."""
    page = read_page(WRITERS[dialect]("acme/kite", KITE, SAMPLE, listed=listed))
    assert "acme/kite" == page.model
    assert [("/model", "model_contradicted", "acme/other", "acme/kite")] == [(note.pointer, note.rule, note.was, note.became) for note in page.notes]


def test_the_other_models_of_a_page_are_noted():
    """A page may be about several; the request picks one."""
    page = read_page(apidog("acme/kite", KITE, SAMPLE, listed=["acme/kite-fast", "acme/kite"]))
    assert ("acme/kite", [("model_several", ["acme/kite-fast"])]) == (page.model, [(note.rule, note.was) for note in page.notes])


def document(**more: object) -> dict:
    """A parsed document, as a mapping to change."""
    loaded, _ = load_yaml(yaml_of("acme/kite", KITE, SAMPLE, version="3.0.1"))
    return loaded


def media(found: dict) -> dict:
    """Its request's JSON."""
    return found["paths"]["/api/v1/jobs/createTask"]["post"]["requestBody"]["content"]["application/json"]


def page_of(found: dict) -> str:
    """A page with this document; JSON is YAML."""
    return f"# Kite\n\n```yaml\nopenapi: 3.0.1\npaths:\n{textwrap.indent(json.dumps(found['paths'], indent=1), '  ')}\n" \
        f"components:\n{textwrap.indent(json.dumps(found['components'], indent=1), '  ')}\n```\n"


def test_without_a_request_the_list_names_the_model():
    """And the first example inside the schema is the sample."""
    found = document()
    del media(found)["example"]
    media(found)["schema"]["properties"]["input"]["examples"] = [{"prompt": "a heron"}]
    page = read_page(page_of(found))
    assert ("acme/kite", {"prompt": "a heron"}) == (page.model, page.sample)


def test_named_examples_are_read():
    """The first one that names a model and has inputs."""
    found = document()
    del media(found)["example"]
    media(found)["examples"] = {"empty": {"value": {"model": "acme/kite", "input": {}}}, "2": {"value": {"model": "acme/kite", "input": SAMPLE}}}
    assert read_page(page_of(found)).sample == SAMPLE


@pytest.mark.parametrize("text", [
    '{"model": "acme/kite", "input": {"prompt": "a heron", }}',
    '{"model": "acme/kite", "input": {image\n  "prompt": "a heron"}}',
    '{\n  "model": "acme/kite", // which\n  "input": {"prompt": "a heron", "seed": undefined}\n}',
])
def test_an_example_written_as_broken_json_is_put_right(text):
    """Two of 69 pages have one."""
    found = document()
    media(found)["example"] = text
    page = read_page(page_of(found))
    assert ("acme/kite", {"prompt": "a heron"}) == (page.model, page.sample)


def test_a_body_of_several_shapes_is_the_one_of_the_request():
    """oneOf at the root of a request: the shape that lists the request's model."""
    found = document()
    other = {"type": "object", "properties": {"model": {"enum": ["acme/stone"]}, "input": {"type": "object", "properties": {"weight": {"type": "number"}}}}}
    media(found)["schema"] = {"oneOf": [other, media(found)["schema"]]}
    assert read_page(page_of(found)).schema == KITE


def test_components_come_along_with_what_refers_to_them():
    """References look up inside the schema alone, so what they name is kept under `components`."""
    found = document()
    found["components"]["schemas"] |= {
        "Shape": {"$ref": "#/components/schemas/Ratio"}, "Ratio": {"type": "string", "enum": ["1:1"]}, "Unused": {"type": "string"},
    }
    media(found)["schema"]["properties"]["input"]["properties"]["ratio"] = {"$ref": "#/components/schemas/Shape"}
    model = Model.from_page(page_of(found))
    assert {"Shape", "Ratio"} == set(model.schema["components"]["schemas"])
    assert ["1:1"] == [choice.value for choice in model.field("ratio").choices]


def test_a_whole_input_by_reference_is_followed():
    """`input: {$ref: …}`, and a body joined from two."""
    found = document()
    found["components"]["schemas"]["Input"] = media(found)["schema"]["properties"]["input"]
    media(found)["schema"] = {"allOf": [{"type": "object", "properties": {"model": {"type": "string"}}},
                                        {"properties": {"input": {"$ref": "#/components/schemas/Input"}}}]}
    assert read_page(page_of(found)).schema == KITE


def test_references_in_a_circle_end():
    """A part that refers to itself is not followed for ever."""
    found = document()
    found["components"]["schemas"]["A"] = {"$ref": "#/components/schemas/B"}
    found["components"]["schemas"]["B"] = {"$ref": "#/components/schemas/A", "properties": {"self": {"$ref": "#/components/schemas/B"}}}
    media(found)["schema"]["properties"]["input"]["properties"]["ratio"] = {"$ref": "#/components/schemas/A"}
    assert Model.from_page(page_of(found)).field("ratio") is not None


# --- names with a blank behind them


def test_a_name_with_a_blank_is_sent_as_the_request_writes_it():
    """The schema keeps the name it has; the page's own request is evidence for the name without."""
    schema = {"type": "object", "properties": {"image_urls ": {"type": "array", "items": {"type": "string"}}, "odd ": {"type": "string"}},
              "required": ["image_urls "]}
    page = read_page(apidog("acme/kite", schema, {"image_urls": ["https://files.example.org/a.png"], "odd ": "x"}))
    assert page.schema == schema
    assert [("/image_urls ", "name_trimmed")] == [(note.pointer, note.rule) for note in page.notes]
    assert {"image_urls", "odd "} == set(as_sent(page)["properties"])

    model = Model.from_page(apidog("acme/kite", schema, page.sample))
    panel = PanelModel(model)
    panel.value = page.sample
    assert page.sample == panel.value
    assert model.field("image_urls").required


# --- pages that are none


@pytest.mark.parametrize("text", [
    apidog("acme/kite", KITE, SAMPLE).replace("/api/v1/jobs/createTask", "/api/v1/veo/generate"),
    mintlify("acme/kite", KITE, SAMPLE).replace("/api/v1/jobs/createTask", "/api/v1/veo/generate"),
])
def test_an_api_of_its_own_is_refused_by_its_path(text):
    """Older APIs of Kie have their own path and shape; they take no tasks."""
    with pytest.raises(InputError) as refused:
        read_page(text)
    assert ("error.page_own_api", "/api/v1/veo/generate") == (refused.value.key, refused.value.params["path"])
    for language in LANGUAGES:
        assert "/api/v1/veo/generate" in say(refused.value.key, language=language, **refused.value.params)


def test_a_question_about_a_task_is_no_model():
    """The page of `GET /api/v1/jobs/recordInfo` is Kie's, and about no model."""
    text = apidog("acme/kite", KITE, SAMPLE).replace("/api/v1/jobs/createTask", "/api/v1/jobs/recordInfo").replace("post:", "get:")
    with pytest.raises(InputError) as refused:
        read_page(text)
    assert ("error.page_own_api", "/api/v1/jobs/recordInfo") == (refused.value.key, refused.value.params["path"])


def test_a_task_without_input_is_refused():
    """`{model, prompt}` at the top is no task of the market's."""
    found = document()
    del media(found)["schema"]["properties"]["input"]
    with pytest.raises(InputError) as refused:
        read_page(page_of(found))
    assert ("error.page_cut", ("page.part.inputs",)) == (refused.value.key, refused.value.params["missing"])


def test_another_services_document_is_foreign():
    """A page with OpenAPI in a fence is Kie's only if it names Kie's host or path."""
    text = apidog("acme/kite", KITE, SAMPLE).replace("kie.ai", "example.org").replace("/jobs/createTask", "/orders").replace("Kie", "Acme")
    with pytest.raises(InputError) as refused:
        read_page(text)
    assert "error.page_foreign" == refused.value.key


@pytest.mark.parametrize("dialect", WRITERS)
def test_a_document_cut_anywhere_is_refused(dialect):
    """The fence must be closed: nothing after a cut could be told from nothing at all."""
    text = WRITERS[dialect]("acme/kite", KITE, SAMPLE)
    end = text.rstrip().rindex("`")
    for at in range(1, end, 7):
        with pytest.raises(InputError) as refused:
            read_page(text[:at])
        assert refused.value.key in ("error.page_cut", "error.page_foreign"), text[:at][-40:]


def test_without_the_package_the_next_step_is_to_install_it(monkeypatch):
    """ruamel.yaml is an extra; a page that needs it says how to get it."""
    load = builtins.__import__

    def hide(name, *rest, **more):
        if name.startswith("ruamel"):
            raise ImportError(name)
        return load(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", hide)
    text = "# x\n```yaml\nopenapi: 3.0.1\npaths:\n  /api/v1/jobs/createTask: {}\n```\n"
    with pytest.raises(InputError) as refused:
        read_page(text)
    assert ("error.needs_yaml", True) == (refused.value.key, "ipydarkroom[pages]" in refused.value.next_step)


# --- YAML


def test_words_stay_words_as_in_yaml_1_2():
    """A language code, a ratio and a date are no false, no number and no day."""
    found, notes = load_yaml("code: no\nratio: 21:9\nday: 2026-01-02\nyes: on\nnone: ~\nmany: 1_000\nname: '1'\nversion: 3.0.1\n")
    assert {"code": "no", "ratio": "21:9", "day": "2026-01-02", "yes": "on", "none": None, "many": "1_000", "name": "1", "version": "3.0.1"} == found
    assert notes == ()


def test_numbers_are_numbers():
    """The core schema's forms, and what looks like one and is none."""
    found, _ = load_yaml("[1, -2, 0.5, .5, 1e3, 0o17, 0x1F, 1., +3, .inf, 1e999]")
    assert [1, -2, 0.5, 0.5, 1000.0, 15, 31, 1.0, 3, ".inf", "1e999"] == found
    assert [200, "200"] == [load_yaml("200")[0], *load_yaml("{200: x}")[0]]


def test_a_key_given_twice_is_noted_and_the_last_one_counts():
    """As in JSON."""
    found, notes = load_yaml("a: {b: 1, b: 2}")
    assert ({"a": {"b": 2}}, [("/a/b", "key_twice", 1, 2)]) == (found, [(note.pointer, note.rule, note.was, note.became) for note in notes])


def test_an_alias_is_what_it_names():
    """A page may share a part; merge keys are no part of YAML 1.2."""
    assert {"a": [1, 2], "b": [1, 2], "c": {"<<": 3}} == load_yaml("a: &x [1, 2]\nb: *x\nc: {<<: 3}")[0]


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))


@pytest.mark.parametrize("text", [
    "a: !!python/object/apply:os.system ['true']", "a: !mine x", "!!set {a, b}", 'a: !!int "5"', "a: *nowhere", "a: &a [*a]", LAUGHS,
    "[" * 5000, "- " * 5000, "{a: " * 5000, "a: 'x\nb: 2", "a:\n\tb: 1", "a: b: c", "--- a\n--- b", "? [a]\n: b", "[[1]: 2]", "a: \x00", "x" * 300_001,
    "[" + "a," * 40_000 + "]", "%YAML 9.9\n---\na", '"\\x"', "&a &b c", "\ud800: 1",
])
def test_what_is_no_plain_yaml_is_refused(text):
    """Tags, values within themselves, a billion laughs, too deep, too long, broken: one error with a reason."""
    with pytest.raises(InputError) as refused:
        load_yaml(text)
    assert ("error.yaml", True) == (refused.value.key, bool(refused.value.params["why"]))


@given(st.text(alphabet=st.sampled_from(list("ab:-? \n[]{}'\"&*!|>%@`#,0.\t~\\")), max_size=80))
def test_any_text_as_yaml_is_read_or_refused(text):
    """Never another error."""
    try:
        load_yaml(text)
    except InputError as refused:
        assert "error.yaml" == refused.key


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
    st.sampled_from(["paths", "/api/v1/jobs/createTask", "post", "requestBody", "content", "application/json", "schema", "properties", "model", "input",
                     "example", "examples", "value", "$ref", "oneOf", "allOf", "enum", "required", "responses", "200", "components", "default"]), inner, max_size=4), max_leaves=20)


@given(JSON, JSON, JSON)
def test_any_document_gives_a_task_or_none(operation, body, schema):
    """Foreign structure is looked at, never trusted."""
    task_in(operation)
    task_in({"paths": {"/api/v1/jobs/createTask": {"post": operation}}})
    task_in({"paths": {"/api/v1/jobs/createTask": {"post": {"requestBody": {"content": {"application/json": body}}, "responses": body}}}})
    whole = {"content": {"application/json": {"schema": schema, "example": body}}}
    task_in({"paths": {"/api/v1/jobs/createTask": {"post": {"requestBody": whole}}}, "components": {"schemas": body}})
