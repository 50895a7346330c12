"""`Panel.from_picture`: a picture opens the form it came from, and what cannot be brought back is named."""

from __future__ import annotations

import dataclasses
import hashlib
import json

import pytest

from ipydarkroom import Picture
from ipydarkroom.errors import InputError, ModelNotFound, NoAnswer, StorageError
from ipydarkroom.jobs import JobRecord, Kept
from ipydarkroom.metadata import embed, facts_of
from ipydarkroom.panel import Panel
from ipydarkroom.redaction import stamp
from ipydarkroom.testing import tiny_png

@pytest.fixture
def opened(client):
    """opened(picture, model) -> the panel of a picture whose model the client knows; closed afterwards."""
    made = []

    def make(picture, model=None, **options):
        def find(_name, _provider=None):
            if model is None:
                raise ModelNotFound("nobody knows it")
            return model

        client.model = find
        made.append(Panel.from_picture(picture, client=client, **options))
        return made[-1]

    yield make
    for panel in made:
        panel.close()


@pytest.fixture
def picture(tmp_path):
    """picture(inputs, ...) -> the path of a picture that says it was made with these."""

    def make(inputs, *, model="lab/everything", provider="runcomfy", name="fox.png"):
        record = JobRecord("j", provider, "", "remote", model, inputs, created=1.0)
        path = tmp_path / name
        path.write_bytes(embed(tiny_png(8, 6), "image/png", facts_of(record)))
        return path

    return make


def notice(panel):
    """What stands on the panel."""
    return "" if panel.state.trouble is None else panel._kit.say(panel.state.trouble.key, **panel.state.trouble.params)


def test_a_picture_opens_the_form_it_was_made_with(opened, picture, model, client):
    """Every input, nothing to explain, nothing ordered."""
    panel = opened(picture({"prompt": "a fox", "size": "3K", "seed": 7}), model)

    assert {"prompt": "a fox", "size": "3K", "seed": 7} == panel.value
    assert ("", []) == (notice(panel), client.orders)


def test_a_path_may_be_text_and_a_picture_a_result(opened, picture, model):
    """As people have them in hand."""
    path = picture({"prompt": "a fox"})
    record = JobRecord("j", "runcomfy", "", "remote", "lab/everything", {"prompt": "a lynx"})
    kept = Picture(record, Kept(0, str(path), "image/png", "", 1, 8, 6))

    assert ["a fox", "a lynx"] == [opened(each, model).value["prompt"] for each in (str(path), kept)]


def test_the_facts_may_lie_beside_the_file(opened, tmp_path, model):
    """As for a film, which cannot carry them."""
    record = JobRecord("j", "runcomfy", "", "remote", "lab/everything", {"prompt": "waves"}, created=1.0)
    (tmp_path / "clip.mp4").write_bytes(b"....ftypisom")
    (tmp_path / "clip.mp4.json").write_text(json.dumps(facts_of(record)), "utf-8")

    assert "waves" == opened(tmp_path / "clip.mp4", model).value["prompt"]


def test_what_is_lost_is_named_one_by_one(opened, picture, model):
    """An input that is gone from the page, a local file, a link that was cut; the rest is there."""
    inputs = {"prompt": "a fox", "sharpness": 3, "image": stamp(b"bytes", "photo.png"), "note": "https://a.example/x?sig=secret"}
    panel = opened(picture(inputs), model)

    assert {"prompt": "a fox", "size": "2K"} == panel.value
    for words in ("Sharpness: the model's page does not know", "the file photo.png is not here", "a part of it was secret"):
        assert words in notice(panel)
    assert "Look at the form" in panel._screen._notice.value


def test_a_local_file_beside_the_picture_is_found(opened, picture, model, tmp_path):
    """The very same one, by its hash."""
    photo = tiny_png(9, 9)
    (tmp_path / "photo.png").write_bytes(photo)
    panel = opened(picture({"prompt": "a fox", "image": stamp(photo, "photo.png")}), model)

    assert str(tmp_path / "photo.png") == panel.value["image"]
    assert "" == notice(panel)


def test_a_picture_that_an_earlier_job_made_is_found_in_the_journal(opened, picture, model, client, lost, tmp_path):
    """The usual case: a result was reframed."""
    photo = tiny_png(9, 9)
    (tmp_path / "kept.png").write_bytes(photo)
    earlier = lost(1)
    kept = Kept(0, str(tmp_path / "kept.png"), "image/png", hashlib.sha256(photo).hexdigest(), len(photo), 9, 9)
    earlier.record = dataclasses.replace(earlier.record, kept=(kept,))
    client.journal = [earlier]

    assert str(tmp_path / "kept.png") == opened(picture({"image": stamp(photo, "x.png")}), model).value["image"]


def test_a_model_nobody_knows_has_a_form_of_its_inputs(opened, picture):
    """Named on the panel; numbers, lists and switches are still what they are."""
    inputs = {"prompt": "a fox", "steps": 20, "scale": 0.5, "tile": True, "tags": ["a"], "image": stamp(b"bytes", "photo.png")}
    panel = opened(picture(inputs, model="acme/gone", provider="kie"))

    assert ("acme/gone", "kie") == (panel.model.id, panel.model.provider)
    assert {name: value for name, value in inputs.items() if name != "image"} == panel.value
    assert ["string", "integer", "number", "boolean", "array", "string"] == [panel.model.field(name).kind for name in inputs]
    assert "acme/gone is not known here now" in notice(panel)
    assert "photo.png" in notice(panel)


def test_a_catalog_that_does_not_answer_leaves_a_form_as_well(client, picture):
    """Offline is no reason not to see what a picture was made with."""

    def silent(_name, _provider=None):
        raise NoAnswer("nobody answers")

    client.model = silent
    panel = Panel.from_picture(picture({"prompt": "a fox"}), client=client)
    value = dict(panel.value)
    panel.close()

    assert {"prompt": "a fox"} == value


@pytest.mark.parametrize("model_name", ["/etc/passwd.md", "secret.md", "# a page\n\n```json\n{}\n```\n" * 9])
def test_a_picture_from_anywhere_opens_no_file_and_no_page(client, picture, model_name):
    """A model is looked up by its id only: what a file says is foreign."""
    asked = []
    client.model = lambda name, provider=None: asked.append(name)
    panel = Panel.from_picture(picture({"prompt": "a fox"}, model=model_name), client=client)
    panel.close()

    assert [] == asked


def test_a_provider_nobody_knows_is_left_out(client, picture, model):
    """It may come from a later version, or from nowhere."""
    asked = []
    client.model = lambda name, provider=None: asked.append((name, provider)) or model
    Panel.from_picture(picture({"prompt": "a fox"}, provider="nobody"), client=client).close()
    Panel.from_picture(picture({"prompt": "a fox"}), client=client, provider="kie").close()

    assert [("lab/everything", None), ("lab/everything", "kie")] == asked


def test_a_file_that_says_nothing_is_an_error_that_says_so(client, tmp_path):
    """With what to do; and so is one that is not there, or no file at all."""
    (tmp_path / "plain.png").write_bytes(tiny_png(8, 6))
    with pytest.raises(InputError, match=r"plain\.png does not say what it was made with"):
        Panel.from_picture(tmp_path / "plain.png", client=client)
    with pytest.raises(StorageError, match="cannot be read"):
        Panel.from_picture(tmp_path / "none.png", client=client)
    with pytest.raises(InputError, match="A int is no picture"):
        Panel.from_picture(7, client=client)


@pytest.mark.parametrize("facts", [{"model": 7, "inputs": {}}, {"model": "a", "inputs": []}, {"model": " ", "inputs": {}}, {"inputs": {}}])
def test_facts_of_another_shape_are_no_facts(client, tmp_path, facts):
    """Somebody else may have written them."""
    (tmp_path / "odd.png").write_bytes(embed(tiny_png(8, 6), "image/png", {"made_with": "ipydarkroom", **facts}))

    with pytest.raises(InputError, match="does not say"):
        Panel.from_picture(tmp_path / "odd.png", client=client)
