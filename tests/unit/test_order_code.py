"""An order as code: it runs as it stands, holds no secret, and a file in it is a name."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
import uvicorn

from ipydarkroom import Model
from ipydarkroom.as_code import example_inputs
from ipydarkroom.catalog import find
from ipydarkroom.local.app import build_app
from ipydarkroom.local.tasks import Pace
from ipydarkroom.order_code import code_of
from ipydarkroom.prepare import prepare
from ipydarkroom.providers import get_provider
from ipydarkroom.redaction import stamp
from ipydarkroom.testing import tiny_png
from ipydarkroom.tokens import token_names
from ipydarkroom.wire import Blob
from serving import SRC, TOKEN, served

SEEDREAM = find("bytedance/seedream-5/lite/text-to-image")
REFRAME = find("runcomfy:ideogram/ideogram-v3/reframe")
KIE = find("kie:ideogram/v3-reframe")
FAL = Model.from_schema(
    {"type": "object", "required": ["prompt"], "properties": {"prompt": {"type": "string"}, "num_images": {"type": "integer", "default": 1}}},
    id="fal-ai/flux/dev", provider="fal",
)  # fmt: skip
OWN = {
    "type": "object", "required": ["prompt"], "$schema": "https://json-schema.org/draft/2020-12/schema",
    "properties": {
        "prompt": {"type": "string", "description": "Words, \"quoted\", of any script: 狐\n"}, "seed": {"type": "integer", "minimum": 0},
        "a/b": {"type": ["boolean", "null"], "default": None},
    },
}  # fmt: skip
FOX = {"prompt": "a fox's den, \"deep\" in the snow: 雪の中の狐\n$HOME `x`"}
RESOLUTION = REFRAME.field("resolution").choices[0].value
needs_curl = pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="there is no curl or no bash here")


@pytest.fixture(scope="module")
def server():
    """One server for all."""
    with served() as running:
        yield running


@pytest.fixture(scope="module")
def fal_server():
    """The same app on a port, with a model of fal besides: none is bundled, and the command knows the bundled ones only."""
    door = socket.create_server(("127.0.0.1", 0))
    origin = f"http://127.0.0.1:{door.getsockname()[1]}"
    app = build_app(
        tokens=frozenset({TOKEN}), pace=Pace(0, 0), origin=origin, models=lambda _provider: [FAL],
        find=lambda provider, model_id: FAL if (provider, model_id) == ("fal", FAL.id) else None,
    )
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", ws="none"))
    serving = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    serving.start()
    yield SimpleNamespace(origin=origin, token=TOKEN)
    server.should_exit = True
    serving.join()


def run_python(code: str, folder: Path) -> str:
    """What a fresh process without a token prints of it: whether it was drawn here, and with which inputs."""
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SRC), "IPYDARKROOM_HOME": str(folder), "IPYDARKROOM_SPENDING": "off"}
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport json; print(json.dumps([result.is_local, dict(result.inputs)]))"],
        capture_output=True, text=True, timeout=100, check=False, env=environ, cwd=folder,
    )  # fmt: skip
    assert "Error" not in done.stderr
    return done.stdout.splitlines()[-1]


def bash(command: str, server, model, **variables: str) -> dict[str, object]:
    """The answer to some commands in bash, with the base URLs replaced."""
    for host in get_provider(model.provider).hosts.values():
        command = command.replace(host, server.origin)
    environ = {"PATH": os.environ["PATH"], token_names(model.provider)[0]: server.token, **variables}
    done = subprocess.run(
        ["bash", "-c", f"curl() {{ command curl --silent --show-error --noproxy '*' \"$@\"; }}\n{command}"],
        capture_output=True, text=True, timeout=60, check=True, env=environ,
    )  # fmt: skip
    return json.loads(done.stdout)


def test_the_python_of_an_order_runs_as_it_stands(tmp_path):
    """Quotes, line breaks and other scripts come through word for word."""
    is_local, inputs = json.loads(run_python(code_of(SEEDREAM, FOX).python, tmp_path))

    assert (True, FOX["prompt"]) == (is_local, inputs["prompt"])


def test_the_python_of_an_order_with_a_file_runs_where_the_file_is(tmp_path):
    """By its path, as the form has it."""
    (tmp_path / "photo.png").write_bytes(tiny_png(64, 48))
    code = code_of(REFRAME, {"image": "photo.png", "resolution": RESOLUTION})
    is_local, inputs = json.loads(run_python(code.python, tmp_path))

    assert (True, "photo.png") == (is_local, inputs["image"]["$file"])
    assert ("photo.png",) == code.files


@needs_curl
@pytest.mark.parametrize(("model", "inputs"), [(SEEDREAM, FOX), (KIE, example_inputs(KIE)), (FAL, FOX)], ids=["runcomfy", "kie", "fal"])
def test_the_curl_of_an_order_runs_against_serve(model, inputs, request):
    """The order is taken word for word, and the job is looked at by the command that follows."""
    server = request.getfixturevalue("fal_server" if model is FAL else "server")
    order, later = code_of(model, inputs).curl.split('\n\nREQUEST_ID="…"\n\n')
    taken = bash(order, server, model)
    request_id = taken["data"]["taskId"] if model.provider == "kie" else taken["request_id"]
    looked = bash(later.split("\n\n")[0], server, model, REQUEST_ID=request_id)

    assert request_id in json.dumps(looked)


@needs_curl
def test_the_curl_of_a_job_knows_its_id(server):
    """So that it can be pasted and looks at this very job."""
    taken = bash(code_of(SEEDREAM, FOX).curl.split("\n\n")[0], server, SEEDREAM)
    code = code_of(SEEDREAM, FOX, remote_id=taken["request_id"]).curl
    later = code[code.index("REQUEST_ID=") :]
    looked = bash("\n\n".join(later.split("\n\n")[:2]), server, SEEDREAM)

    assert taken["request_id"] == looked["request_id"]


def test_a_hostile_id_stays_one_word_of_the_shell():
    """It comes from a server."""
    assert "REQUEST_ID='x; rm -rf ~'" in code_of(SEEDREAM, FOX, remote_id="x; rm -rf ~").curl


def test_the_token_is_a_variable(monkeypatch):
    """Whatever is set, and even where somebody typed it into the prompt."""
    monkeypatch.setenv("RUNCOMFY_API_TOKEN", "canary-token-1234567890")
    code = code_of(SEEDREAM, {"prompt": "a fox"})

    assert "Bearer $RUNCOMFY_API_TOKEN" in code.curl
    assert "RUNCOMFY_API_TOKEN" == code.token
    assert "canary" not in code.python + code.curl


@pytest.mark.parametrize(
    "value", [Blob(b"x", "photo.png", "image/png"), stamp(b"x", "photo.png"), "/home/me/photo.png", Path("/home/me/photo.png")]
)
def test_a_local_file_is_a_name_and_for_curl_a_link_to_be(value):
    """Never its bytes; who copies it is told which file is meant."""
    code = code_of(REFRAME, {"image": value, "resolution": RESOLUTION})

    assert ("photo.png",) == code.files
    assert re.search(r'image="[^"]*photo\.png"', code.python)
    assert '"image": "https://example.com/photo.png"' in code.curl


def test_what_came_inside_a_data_address_is_no_novel():
    """A megabyte of letters helps nobody."""
    code = code_of(REFRAME, {"image": "data:image/png;base64,aGVsbG8=", "resolution": RESOLUTION})

    assert 'image="image.png"' in code.python
    assert "base64" not in code.python + code.curl


@pytest.mark.parametrize("kept", [False, True])
def test_a_secret_is_cut_from_a_form_and_from_a_job(kept):
    """Dots stand in its place, in Python and in curl, and it is said."""
    login = {"type": "object", "properties": {"pin": {"type": "string", "format": "password"}, "name": {"type": "string"}}}
    model = Model.from_schema({"properties": {"prompt": {"type": "string"}, "login": login}}, id="a/b", provider="runcomfy")
    made = prepare(model, {"prompt": "a fox", "login": {"pin": "swordfish", "name": "ann"}}, inline_limit=None)
    code = code_of(model, made.kept if kept else made.sent)

    assert code.cut
    for text in (code.python, code.curl):
        assert "swordfish" not in text
        assert "ann" in text
        assert "…" in text
    assert "secret" not in code.python.partition("result =")[2]
    assert "swordfish" not in repr(made.sent)


def test_signed_links_are_cut_and_it_is_said():
    """Code is copied to others."""
    code = code_of(REFRAME, {"image": "https://a.example/x.png?sig=secret", "resolution": RESOLUTION})

    assert "secret" not in code.python + code.curl
    assert (True, False) == (code.cut, code_of(REFRAME, {"image": "https://a.example/x.png"}).cut)


@pytest.mark.parametrize("inputs", [{"prompt": "x", "seed": 7}, {"prompt": "x", "a/b": True}], ids=["names", "a mapping"])
def test_the_python_of_a_model_of_ones_own_runs_as_it_stands(tmp_path, inputs):
    """No name finds it, so its description stands there; without a provider there is nothing for curl to ask."""
    mine = Model.from_schema(OWN, id="lab/mine")
    code = code_of(mine, inputs)
    is_local, sent = json.loads(run_python(code.python, tmp_path))

    assert (True, inputs) == (is_local, sent)
    assert 'id="lab/mine"' in code.python
    assert ("", False) == (code.curl, code.named)


@pytest.mark.parametrize(
    "schema", [
        {**OWN, "description": "word " * 2_000}, {**OWN, "properties": {"prompt": {"type": "string", "default": "https://a.example/x?sig=canary"}}},
        {**OWN, "properties": {"seed": {"type": "number", "maximum": float("inf")}}},
    ], ids=["long", "with a signed link", "no JSON"],
)  # fmt: skip
def test_a_description_that_cannot_stand_there_is_named_in_a_comment(schema):
    """What is long, secret or Python only: who copies the order is told what has to come before it."""
    code = code_of(Model.from_schema(schema, id="lab/mine"), {}).python

    assert '# model = dr.Model.from_schema(schema, id="lab/mine")\nresult = dr.run(model)' in code
    assert "canary" not in code
    assert len(code) < 400


def test_a_class_that_judges_is_named_in_a_comment():
    """Its schema alone would let through what it refuses."""
    pydantic = pytest.importorskip("pydantic")
    mine = Model.from_pydantic(pydantic.create_model("Mine", prompt=(str, ...)))

    assert "# model = dr.Model.from_pydantic(YourClass)" in code_of(mine, {"prompt": "x"}).python
