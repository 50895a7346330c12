"""A model from a pydantic class: the class judges, its errors become the same triples as ours."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, RootModel, field_validator, model_validator

from ipydarkroom.errors import InputError
from ipydarkroom.languages import LANGUAGES, say
from ipydarkroom.models import Model
from ipydarkroom.panel.model import PanelModel
from ipydarkroom.prepare import prepare


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = Field(ge=1)


class Dog(BaseModel):
    kind: Literal["dog"]
    name: str


class Order(BaseModel):
    """What the tests order."""

    model_config = ConfigDict(extra="forbid")
    prompt: str = Field(min_length=2, max_length=5, alias="the prompt")
    count: int = Field(ge=1, lt=5)
    size: Literal["a", "b"] = "a"
    pet: Cat | Dog | None = Field(default=None, discriminator="kind")
    either: int | list[int] | None = None
    image: HttpUrl | None = None
    tags: list[str] = Field(default=[], max_length=2)
    ratio: float = Field(default=1, multiple_of=0.5)

    @field_validator("size")
    @classmethod
    def not_b(cls, value: str) -> str:
        """A rule no schema can say."""
        if value == "b":
            raise ValueError("b is sold out")
        return value

    @model_validator(mode="after")
    def not_four(self) -> Order:
        """A rule about the whole."""
        if self.count == 4:
            raise ValueError("four is unlucky")
        return self


MODEL = Model.from_pydantic(Order)
GOOD = {"the prompt": "abc", "count": 2}


def judged(**values):
    """(pointer, code) of what the class says."""
    return [(problem.pointer, problem.code) for problem in MODEL.judge({**GOOD, **values})]


def test_the_form_is_the_classs_schema():
    """Aliases are the names; the class's name is the id."""
    assert ("Order", "pydantic", None) == (MODEL.id, MODEL.source, MODEL.provider)
    assert ["the prompt", "count", "size", "pet", "either", "image", "tags", "ratio"] == [field.name for field in MODEL.fields]
    assert MODEL.field("the prompt").required
    assert "image" == MODEL.field("image").media.kind


@pytest.mark.parametrize(("values", "pointer", "code", "params"), [
    ({"the prompt": "x"}, ("the prompt",), "min_length", {"limit": 2, "length": 1}),
    ({"the prompt": "xxxxxx"}, ("the prompt",), "max_length", {"limit": 5, "length": 6}),
    ({"the prompt": 7}, ("the prompt",), "type", {"kind": "string"}),
    ({"count": 0}, ("count",), "minimum", {"limit": 1}),
    ({"count": 5}, ("count",), "exclusive_maximum", {"limit": 5}),
    ({"count": 1.5}, ("count",), "type", {"kind": "integer"}),
    ({"count": "many"}, ("count",), "type", {"kind": "integer"}),
    ({"size": "c"}, ("size",), "expected", {"expected": "'a' or 'b'"}),
    ({"size": "b"}, ("size",), "told", {"message": "b is sold out"}),
    ({"count": 4}, (), "told", {"message": "four is unlucky"}),
    ({"ratio": 0.3}, ("ratio",), "multiple_of", {"step": 0.5}),
    ({"tags": ["a", "b", "c"]}, ("tags",), "max_items", {"limit": 2}),
    ({"tags": ["a", 1]}, ("tags", 1), "type", {"kind": "string"}),
    ({"image": "no link"}, ("image",), "link_invalid", {}),
    ({"pet": {"kind": "cat", "lives": 0}}, ("pet", "lives"), "minimum", {"limit": 1}),
    ({"pet": {"kind": "dog"}}, ("pet", "name"), "required", {}),
    ({"either": ["x"]}, ("either", 0), "type", {"kind": "integer"}),
    ({"else": 1}, ("else",), "unknown_name", {"name": "else", "near": "–"}),
])
def test_an_error_of_the_class_is_one_of_our_triples(values, pointer, code, params):
    """Type and ctx are code and params; a union's branch is no part of the pointer."""
    found = [(problem.pointer, problem.code, dict(problem.params)) for problem in MODEL.judge({**GOOD, **values})]

    assert (pointer, code, params) in found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ["expected", "told"])
def test_every_code_has_a_sentence(language, code):
    """In four languages."""
    assert "x" in say(f"problem.{code}", language=language, expected="x", message="x")


def test_what_is_missing_is_required():
    """By alias."""
    assert [(("the prompt",), "required"), (("count",), "required")] == [(each.pointer, each.code) for each in MODEL.judge({})]


def test_good_values_pass():
    """And nothing is added to them: silence stays silence."""
    assert () == MODEL.problems(GOOD)
    assert GOOD == dict(prepare(MODEL, GOOD, inline_limit=None).sent)


def test_of_one_place_one_word_is_enough():
    """Ours first; the class says what only it knows."""
    found = [(problem.pointer, problem.code) for problem in MODEL.problems({"the prompt": "x", "count": 2, "size": "b"})]

    assert [(("the prompt",), "min_length"), (("size",), "told")] == found


def test_a_file_is_judged_when_it_is_read():
    """A class asks for a link; bytes may stand there all the same."""
    assert [] == judged(image=b"\x89PNG")
    assert [] == judged(tags=[b"x"])


def test_an_order_that_the_class_refuses_is_not_made():
    """Before anything leaves."""
    with pytest.raises(InputError, match="four is unlucky") as caught:
        prepare(MODEL, {**GOOD, "count": 4}, inline_limit=None)

    assert () == caught.value.problems[0].pointer


def test_a_panel_shows_what_the_class_says():
    """At the field, once it is touched."""
    panel = PanelModel(MODEL)
    panel.set("the prompt", "abc")
    panel.set("count", 2)
    panel.set("size", "b")

    assert ["told"] == [problem.code for problem in panel.visible_problems("size")]
    assert not panel.can_run


@pytest.mark.parametrize("what", [Order.model_construct(), dict, "Order", None])
def test_other_things_are_no_class(what):
    """An object of the class is not the class."""
    with pytest.raises(InputError) as caught:
        Model.from_pydantic(what)

    assert "error.not_a_class" == caught.value.key


def test_a_class_of_something_else_than_an_object_makes_no_form():
    """A list has no inputs."""
    with pytest.raises(InputError, match="not the schema of an object"):
        Model.from_pydantic(RootModel[list[int]])


def test_a_validators_own_bug_is_not_hidden():
    """Only ValueError and AssertionError are answers."""

    class Broken(BaseModel):
        text: str

        @field_validator("text")
        @classmethod
        def check(cls, value: str) -> str:
            """A slip of the pen."""
            raise KeyError(value)

    with pytest.raises(KeyError):
        Model.from_pydantic(Broken).problems({"text": "a"})
