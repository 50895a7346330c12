"""What a model's own page tells people to copy does run: the Python on the local backend, the curl against `serve`."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from ipydarkroom.catalog import bundled
from ipydarkroom.images import decode
from ipydarkroom.languages import LANGUAGES
from ipydarkroom.model_page.contents import contents
from ipydarkroom.model_page.parts import Listing
from ipydarkroom.providers import get_provider
from ipydarkroom.tokens import token_names
from serving import SRC, served

MODELS = [pytest.param(model, id=f"{model.provider}-{model.id}") for model in bundled()]
needs_curl = pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="there is no curl or no bash here")


@pytest.fixture(scope="module")
def server():
    """One server for all models."""
    with served() as running:
        yield running


def listings(model, kind: str, language: str = "en") -> list[str]:
    """The code on a model's page, in order."""
    parts = (part for section in contents(model, language).sections for part in section.blocks)
    return [part.text for part in parts if isinstance(part, Listing) and part.language == kind]


def run(command: str, server, provider: str, request_id: str = "") -> dict[str, object]:
    """A command of the page in bash, with the base URLs replaced; token and id come as the variables it names."""
    for host in get_provider(provider).hosts.values():
        command = command.replace(host, server.origin)
    variables = {"PATH": os.environ["PATH"], token_names(provider)[0]: server.token, "REQUEST_ID": request_id}
    done = subprocess.run(
        ["bash", "-c", f"{command} --silent --show-error --noproxy '*'"], capture_output=True, text=True, timeout=60, check=True, env=variables
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("model", MODELS)
def test_the_python_of_a_models_page_runs_as_it_stands(model, tmp_path):
    """Copied into a fresh process without a token: it draws here, and the last line is a picture."""
    [code] = listings(model, "python")
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SRC), "IPYDARKROOM_HOME": str(tmp_path), "IPYDARKROOM_SPENDING": "off"}
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nprint(result.is_local, len(result.images), result.images[0].width >= 256)"],
        capture_output=True, text=True, timeout=100, check=False, env=environ,
    )  # fmt: skip

    assert "" == "".join(line for line in done.stderr.splitlines() if "Error" in line)
    assert re.fullmatch(r"True [1-9] True", done.stdout.splitlines()[-1])


@needs_curl
@pytest.mark.parametrize("model", MODELS)
def test_the_curl_of_a_models_page_runs_against_serve(model, server, tmp_path):
    """Order, status, result, cancel and upload, whichever the provider has; the result's link is a picture."""
    order, later = listings(model, "bash")
    commands = [command for command in later.split("\n\n") if command.startswith("curl ")]
    taken = run(order, server, model.provider)
    request_id = taken["data"]["taskId"] if model.provider == "kie" else taken["request_id"]
    links: list[str] = []
    while not links:
        for command in (command for command in commands if "REQUEST_ID" in command and "/cancel" not in command):
            answer = run(command, server, model.provider, request_id)
            assert "fail" not in json.dumps(answer.get("status") or answer["data"]["state"])
            links = links or re.findall(rf"{server.origin}/files/[0-9a-z.]+", json.dumps(answer.get("output") or answer.get("data")))
    fetched = subprocess.run(["curl", "--silent", "--fail", "--noproxy", "*", links[0]], capture_output=True, timeout=60, check=True)
    others = [command for command in commands if "/cancel" in command]
    uploads = [command for command in commands if "@photo.png" in command]

    assert min(decode(fetched.stdout).size) >= 256
    assert ["not_cancellable"] * len(others) == [run(command, server, model.provider, request_id)["outcome"] for command in others]
    assert get_provider(model.provider).can_cancel == bool(others)
    if uploads:
        (tmp_path / "photo.png").write_bytes(fetched.stdout)
        told = run(f"cd '{tmp_path}' && {uploads[0]}", server, model.provider)
        assert told["data"]["downloadUrl"].startswith(server.origin)
    assert len(commands) == len(others) + len(uploads) + sum("REQUEST_ID" in command and "/cancel" not in command for command in commands)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("model", MODELS)
def test_the_code_is_the_same_in_every_language(model, language):
    """Words are translated, code is not."""
    for kind in ("python", "bash"):
        assert listings(model, kind) == listings(model, kind, language)
