"""A model from an OpenAPI document, in the shapes that Kie, fal and Replicate (Cog) publish, and in the plain one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipydarkroom.errors import InputError
from ipydarkroom.fields import UNSET
from ipydarkroom.models import Model
from ipydarkroom.schema.openapi import read_openapi


def body(schema, **more):
    """A request body of JSON."""
    return {"content": {"application/json": {"schema": schema, **more}}}


KIE = {
    "openapi": "3.1.0",
    "info": {"title": "A model on Kie"},
    "servers": [{"url": "https://api.kie.ai"}],
    "paths": {
        "/api/v1/jobs/createTask": {
            "post": {
                "summary": "A reframe",
                "requestBody": body(
                    {
                        "type": "object",
                        "required": ["model", "input"],
                        "properties": {
                            "model": {"type": "string", "enum": ["wrong/model"]},
                            "callBackUrl": {"type": "string", "format": "uri"},
                            "input": {
                                "type": "object", "required": ["image_url"],
                                "properties": {"image_url": {"type": "string"}, "size": {"$ref": "#/components/schemas/Size"}},
                            },
                        },
                    },
                    example={"model": "right/model", "input": {"image_url": "https://example.com/a.png", "size": "b"}},
                ),
                "responses": {"200": body({"type": "object", "properties": {"code": {"type": "integer"}}})},
                "callbacks": {"done": {"{$request.body#/callBackUrl}": {"post": {"requestBody": body({"type": "object"})}}}},
            }
        }
    },
    "components": {"schemas": {"Size": {"type": "string", "enum": ["a", "b"]}}},
}
FAL = {
    "openapi": "3.0.4",
    "info": {"title": "Queue OpenAPI for fal-ai/painter", "x-fal-metadata": {"endpointId": "fal-ai/painter"}},
    "servers": [{"url": "https://queue.fal.run"}],
    "components": {
        "schemas": {
            "QueueStatus": {"type": "object", "properties": {"status": {"type": "string"}, "request_id": {"type": "string"}}},
            "PainterInput": {
                "type": "object", "title": "PainterInput", "required": ["prompt"], "x-fal-order-properties": ["prompt", "seed"],
                "properties": {"seed": {"type": "integer"}, "prompt": {"type": "string"}},
            },
            "PainterOutput": {"type": "object", "properties": {"images": {"type": "array", "items": {"type": "object"}}}},
        }
    },
    "paths": {
        "/fal-ai/painter/requests/{request_id}/status": {"get": {"responses": {"200": body({"$ref": "#/components/schemas/QueueStatus"})}}},
        "/fal-ai/painter/requests/{request_id}/cancel": {"put": {"responses": {"200": body({"type": "object"})}}},
        "/fal-ai/painter": {
            "post": {
                "requestBody": body({"$ref": "#/components/schemas/PainterInput"}),
                "responses": {"200": body({"$ref": "#/components/schemas/QueueStatus"})},
            }
        },
        "/fal-ai/painter/requests/{request_id}": {"get": {"responses": {"200": body({"$ref": "#/components/schemas/PainterOutput"})}}},
    },
}
COG = {
    "openapi": "3.0.2",
    "info": {"title": "Cog", "version": "0.1.0"},
    "paths": {
        "/": {"get": {}},
        "/predictions": {"post": {"operationId": "predict", "requestBody": body({"$ref": "#/components/schemas/PredictionRequest"})}},
        "/predictions/{prediction_id}": {"put": {"requestBody": body({"$ref": "#/components/schemas/PredictionRequest"})}},
        "/predictions/{prediction_id}/cancel": {"post": {"operationId": "cancel"}},
    },
    "components": {
        "schemas": {
            "Input": {
                "type": "object", "title": "Input",
                "properties": {
                    "steps": {"type": "integer", "default": 50, "minimum": 1, "x-order": 1},
                    "prompt": {"type": "string", "x-order": 0},
                    "scheduler": {"allOf": [{"$ref": "#/components/schemas/scheduler"}], "default": "K", "x-order": 2},
                },
            },
            "scheduler": {"type": "string", "enum": ["K", "D"]},
            "Output": {"type": "array", "items": {"type": "string", "format": "uri"}},
            "PredictionRequest": {
                "type": "object",
                "properties": {"id": {"type": "string"}, "input": {"$ref": "#/components/schemas/Input"}, "webhook": {"type": "string"}},
            },
        }
    },
}
PLAIN = {
    "openapi": "3.0.0",
    "info": {"title": "Two ways"},
    "paths": {
        "/draw": {"post": {"operationId": "draw", "requestBody": {"$ref": "#/components/requestBodies/Draw"}}},
        "/upload/{kind}": {"post": {"requestBody": {"content": {"multipart/form-data": {"schema": {"type": "object"}}}}}},
        "/write": {"post": {"operationId": "write", "requestBody": body({"type": "object", "properties": {"text": {"type": "string"}}})}},
    },
    "components": {"requestBodies": {"Draw": body({"type": "object", "properties": {"what": {"type": "string"}}}, examples={
        "one": {"value": {"what": "a fox"}},
    })}},
}


def names(model):
    """The names of the inputs, in order."""
    return [field.name for field in model.fields]


def test_kie_keeps_its_inputs_inside_an_envelope():
    """The model's id comes from the request's own example, which was right where the list was wrong."""
    model = Model.from_openapi(KIE)

    assert ("right/model", "kie", "A reframe", "openapi") == (model.id, model.provider, model.title, model.source)
    assert ["image_url", "size"] == names(model)
    assert ["a", "b"] == [choice.value for choice in model.field("size").choices]
    assert {"image_url": "https://example.com/a.png", "size": "b"} == model.sample
    assert {"code": {"type": "integer"}} == model.outputs["properties"]
    assert ("model_from_example", "wrong/model", "right/model") in [(note.rule, note.was, note.became) for note in model.notes]


def test_fal_answers_under_the_request():
    """The body is the input; the result stands at another address."""
    model = Model.from_openapi(json.dumps(FAL))

    assert ("fal-ai/painter", "fal") == (model.id, model.provider)
    assert {"prompt", "seed"} == set(names(model))
    assert model.field("prompt").required
    assert {"images"} == set(model.outputs["properties"])


def test_replicate_keeps_its_inputs_in_a_prediction():
    """`x-order` counts, and the models of a list are merged with what stands beside them."""
    model = Model.from_openapi(COG)

    assert ["prompt", "steps", "scheduler"] == names(model)
    assert "K" == model.field("scheduler").default
    assert "array" == model.outputs["type"]
    assert model.provider is None


def test_a_versions_schema_may_be_the_components_alone():
    """As Replicate stores it beside a version."""
    model = Model.from_openapi({"openapi": "3.0.2", "info": {"title": "Cog"}, "components": COG["components"]}, id="me/model")

    assert ["prompt", "steps", "scheduler"] == names(model)
    assert "me/model" == model.id


@pytest.mark.parametrize(("path", "inputs"), [("/draw", ["what"]), ("draw", ["what"]), ("write", ["text"])])
def test_one_of_several_operations_is_named(path, inputs):
    """By path or by its id."""
    assert inputs == names(Model.from_openapi(PLAIN, path=path))


def test_an_example_is_a_sample_and_never_a_default():
    """It is shown."""
    model = Model.from_openapi(PLAIN, path="/draw")

    assert {"what": "a fox"} == model.sample
    assert model.field("what").default is UNSET


@pytest.mark.parametrize("path", [None, "/nowhere"])
def test_several_operations_are_listed(path):
    """The error says what there is."""
    with pytest.raises(InputError) as caught:
        Model.from_openapi(PLAIN, path=path)

    assert "error.openapi_operations" == caught.value.key
    assert "/draw (draw), /write (write)" in str(caught.value)


@pytest.mark.parametrize("document", [{}, "", "not json", "[]", {"swagger": "2.0"}, {"openapi": "2.0"}, {"openapi": 3}, "\ud800"])
def test_other_documents_are_refused(document):
    """With a word on what to give instead."""
    with pytest.raises(InputError) as caught:
        Model.from_openapi(document)

    assert "error.not_openapi" == caught.value.key


def test_nothing_outside_is_fetched():
    """A reference to elsewhere leads nowhere."""
    document = {"openapi": "3.0.0", "paths": {"/a": {"post": {"requestBody": body({"$ref": "https://example.com/schema.json"})}}}}

    with pytest.raises(InputError):
        Model.from_openapi(document)


def test_references_in_circles_end():
    """In paths, in bodies and in schemas."""
    circle = {"$ref": "#/components/schemas/A"}
    document = {
        "openapi": "3.1.0", "paths": {"/a": {"post": {"requestBody": body(circle)}}, "/b": {"$ref": "#/paths/~1b"}},
        "components": {"schemas": {"A": circle}},
    }

    with pytest.raises(InputError):
        Model.from_openapi(document)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["$ref", "paths", "/a", "post", "requestBody", "content", "application/json", "schema", "properties", "input", "model", "allOf",
                         "components", "schemas", "Input", "responses", "200", "example", "examples", "servers", "url", "info"]), inner, max_size=4),
    max_leaves=30,
)


@given(JSON)
@settings(max_examples=200, deadline=None)
def test_any_document_is_read_or_refused(document):
    """Never another error than ours."""
    whole = {**document, "openapi": "3.1.0"} if isinstance(document, dict) else document
    try:
        read_openapi(whole)
    except InputError as error:
        assert error.key in ("error.not_openapi", "error.openapi_operations")  # noqa: PT017  # either may come
