"""An order as code: Python that runs, and curl lines that a real shell takes apart as they are meant."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipydarkroom.as_code import curl, endpoints, example_inputs, model_name, python
from ipydarkroom.catalog import bundled, find
from ipydarkroom.fields import UNSET, Choice, Field, Media, Rule
from ipydarkroom.models import Model
from ipydarkroom.providers import get_provider
from ipydarkroom.wire import Blob, Call

KIE, RUNCOMFY = get_provider("kie"), get_provider("runcomfy")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=8,
)


def called(code):
    """The function, the first argument and the inputs of a call, as Python reads it."""
    call = ast.parse(code, mode="eval").body
    first, *rest = call.args
    given = ast.literal_eval(rest[0]) if rest else {}
    return ast.unparse(call.func), ast.unparse(first), {**given, **{each.arg: ast.literal_eval(each.value) for each in call.keywords}}


def words(command):
    """What a shell makes of a command: its words, with the variables of a person set."""
    sh = shutil.which("sh")
    script = f'curl() {{ for word in "$@"; do printf "%s\\0" "$word"; done; }}\n{command}\n'
    surroundings = {"KIE_API_KEY": "k-e-y", "RUNCOMFY_API_TOKEN": "t-o-k", "REQUEST_ID": "id-1", "PATH": "/nowhere"}
    done = subprocess.run([sh, "-c", script], capture_output=True, env=surroundings, check=True)
    assert b"" == done.stderr
    return done.stdout.decode().split("\0")[:-1]


def test_a_short_call_is_one_line():
    """As people write it."""
    assert 'dr.run("a/model", prompt="a fox", count=2)' == python("a/model", {"prompt": "a fox", "count": 2})


def test_a_long_call_is_one_line_for_each_input():
    """And stays Python."""
    inputs = {"prompt": "a " * 80, "flag": True, "nothing": None, "list": [{"a": 1}] * 20}

    assert ("dr.run", "'a/model'", inputs) == called(python("a/model", inputs))
    assert python("a/model", inputs).startswith('dr.run(\n    "a/model",\n    prompt="a ')


@pytest.mark.parametrize("name", ["width×height", "class", "again", "a/b", "", "local", "1st", "two words", "ﬁt", "ª"])
def test_names_that_are_no_keywords_travel_in_a_mapping(name):
    """Python's own words, and those that `dr.run` takes for itself."""
    inputs = {"prompt": "x", name: 1}

    assert ("dr.run", "'a'", inputs) == called(python("a", inputs))
    assert "{" in python("a", inputs) or name == "width×height"


def test_a_model_of_ones_own_is_a_variable():
    """There is no name to find it by."""
    mine = Model.from_schema({"type": "object", "properties": {}})

    assert model_name(mine) is None
    assert "dr.run(model, x=1)" == python(None, {"x": 1})
    assert ["bytedance/dreamina-4-0/text-to-image", "kie:ideogram/v3-reframe"] == [
        model_name(find(each)) for each in ("bytedance/dreamina-4-0/text-to-image", "kie:ideogram/v3-reframe")
    ]


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4))
@settings(max_examples=200, deadline=None)
def test_any_inputs_make_python(inputs):
    """What is read back is what went in."""
    assert inputs == called(python("a", inputs))[2]


@given(st.text(max_size=12), JSON)
@settings(max_examples=60, deadline=None)
def test_any_inputs_make_a_shell_command(model, value):
    """Quotes, dollars, back ticks and line breaks reach curl as they are; the token is put in by the shell."""
    call = KIE.submit(model, {"prompt": value})
    asked = words(curl("kie", call))

    assert {"model": model, "input": {"prompt": value}} == json.loads(asked[asked.index("--data") + 1])
    assert "Authorization: Bearer k-e-y" in asked
    assert "https://api.kie.ai/api/v1/jobs/createTask" in asked


@given(st.text(max_size=20))
@settings(max_examples=40, deadline=None)
def test_any_models_address_is_one_word(model):
    """Whatever stands in an id."""
    asked = words(curl("runcomfy", RUNCOMFY.submit(model, {})))

    assert asked[asked.index("--url") + 1].startswith("https://model-api.runcomfy.net/v1/models/")


def test_the_id_of_a_job_is_a_variable_of_the_shell():
    """So that the lines can be pasted one after the other."""
    asked = words(curl("runcomfy", RUNCOMFY.poll("REQUEST_ID")))

    assert asked[:4] == ["--request", "GET", "--url", "https://model-api.runcomfy.net/v1/requests/id-1/status"]


def test_an_address_with_something_to_expand_stays_as_it_is():
    """A name of that kind is no name of ours."""
    assert "REQUEST_ID$HOME" in words(curl("runcomfy", Call("GET", "/REQUEST_ID$HOME")))[3]


def test_a_file_is_sent_as_a_form():
    """As Kie's upload takes it."""
    asked = words(curl("kie", KIE.upload(Blob(b"", "it's.png", "image/png"))))

    assert "file=@it's.png" in asked
    assert "https://kieai.redpandaai.co/api/file-stream-upload" in asked


def test_no_token_is_written_down(monkeypatch):
    """Only the name of the variable."""
    monkeypatch.setenv("KIE_API_KEY", "a-real-secret-token")

    assert "secret" not in "".join(curl("kie", call) for _, call in endpoints(find("kie:ideogram/v3-reframe")))


def test_the_steps_are_the_providers_own():
    """RunComfy asks for the result apart and can cancel; Kie does neither, and takes uploads."""
    steps = {model.provider: [step for step, _ in endpoints(model)] for model in bundled()}

    assert {"runcomfy": ["order", "status", "result", "cancel"], "kie": ["order", "status", "upload"]} == steps


def test_the_example_is_the_pages_own():
    """And what is required besides; what would not count is not there."""
    fields = (
        Field(("prompt",), "string", required=True), Field(("size",), "string", required=True, choices=(Choice("a", "a"),)),
        Field(("image",), "string", required=True, media=Media("image")), Field(("steps",), "integer", required=True, minimum=4),
        Field(("scale",), "number", required=True, default=0.5), Field(("flag",), "boolean", required=True),
        Field(("images",), "array", required=True, items=Field(("images", "items"), "string", media=Media("image")), min_items=2),
        Field(("more",), "object", required=True), Field(("mode",), "string", default="off"), Field(("hidden",), "string"),
        Field(("quiet",), "string", default=UNSET),
    )
    model = Model("m", None, fields, rules=(Rule("only_when", "hidden", "mode", "on"),), sample={"prompt": "a fox", "hidden": "x", "gone": 1})
    photo = "https://example.com/photo.png"

    assert {
        "prompt": "a fox", "size": "a", "image": photo, "steps": 4, "scale": 0.5, "flag": True, "images": [photo, photo], "more": {},
    } == example_inputs(model)


@pytest.mark.parametrize("model", bundled(), ids=lambda model: f"{model.provider}-{model.id}")
def test_the_example_of_a_bundled_model_can_be_ordered(model):
    """Nothing stands in its way."""
    assert [] == [problem for problem in model.problems(example_inputs(model)) if problem.blocking]
