"""A local file may stand where a link is wanted, in a list of links and inside an object too.

A path in a list once went out as it stood, was paid for, and meant nothing to the server.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ipydarkroom.errors import InputError
from ipydarkroom.local import Pace, build_app
from ipydarkroom.models import Model
from ipydarkroom.prepare import prepare
from ipydarkroom.redaction import holds_stamp
from ipydarkroom.settings import load
from ipydarkroom.sync import Client
from ipydarkroom.testing import QUICK, ScriptedPainter, tiny_png

LINK = "https://files.example.org/a.png"
SCHEMA = {
    "type": "object",
    "properties": {
        "prompt": {"type": "string"},
        "image_urls": {"type": "array", "items": {"type": "string", "format": "uri"}},
        "frame": {"type": "object", "properties": {"image_url": {"type": "string"}, "weight": {"type": "number"}}},
    },
}


@pytest.fixture
def photo(tmp_path):
    """A picture on disk."""
    path = tmp_path / "photo.png"
    path.write_bytes(tiny_png())
    return path


def test_each_file_in_a_list_is_carried_inside_the_order(photo):
    """A path as text, a Path, bytes; the link between them stays as it is."""
    order = prepare(Model.from_schema(SCHEMA), {"image_urls": [str(photo), LINK, photo, tiny_png()]}, inline_limit=10_000)

    inside = [value.partition(",")[0] for value in order.sent["image_urls"]]
    assert ["data:image/png;base64", LINK, "data:image/png;base64", "data:image/png;base64"] == inside
    assert not order.blobs


def test_a_file_inside_an_object_is_too(photo):
    """And what stands beside it goes along."""
    order = prepare(Model.from_schema(SCHEMA), {"frame": {"image_url": photo, "weight": 0.5}}, inline_limit=10_000)

    assert order.sent["frame"]["image_url"].startswith("data:image/png;base64,")
    assert 0.5 == order.sent["frame"]["weight"]


def test_the_journal_keeps_name_and_hash_of_each(photo):
    """Never the bytes; and such an order is known to need its files, should it be sent again."""
    order = prepare(Model.from_schema(SCHEMA), {"image_urls": [LINK, photo]}, inline_limit=10_000)

    assert [LINK, "photo.png"] == [order.kept["image_urls"][0], order.kept["image_urls"][1]["$file"]]
    assert holds_stamp(order.kept)
    assert not holds_stamp({"image_urls": [LINK], "frame": {"image_url": LINK}})


def test_files_to_be_uploaded_are_told_by_their_place(photo):
    """The engine puts the link there."""
    order = prepare(Model.from_schema(SCHEMA), {"image_urls": [LINK, photo], "frame": {"image_url": photo}}, inline_limit=None)

    assert {("image_urls", 1), ("frame", "image_url")} == set(order.blobs)


@pytest.mark.parametrize("inputs", [{"image_urls": [LINK, "nowhere.png"]}, {"frame": {"image_url": Path("nowhere.png")}}])
def test_a_file_that_is_not_there_stops_the_order(inputs):
    """The problem says which item."""
    with pytest.raises(InputError) as caught:
        prepare(Model.from_schema(SCHEMA), inputs, inline_limit=None)

    [problem] = caught.value.problems
    assert len(problem.pointer) == 2


def test_a_list_of_files_is_uploaded_before_the_order_goes(tmp_path, photo):
    """On Kie, whose inputs are links: the order that arrives has one for each file, in its place."""
    apps = []

    def build(token, find, send):
        apps.append(build_app(tokens=frozenset({token.reveal()}), find=find, pace=Pace(0, 0), painters=[ScriptedPainter()], send=send))
        return apps[-1]

    settings = load({"IPYDARKROOM_HOME": str(tmp_path / "home"), "IPYDARKROOM_LOCAL": "1", "IPYDARKROOM_SPENDING": "off"})
    model = Model.from_schema(SCHEMA, id="acme/kite", provider="kie")
    with Client(local=True, settings=settings, paces=(QUICK, QUICK), local_app=build) as client:
        job = client.submit(model, {"prompt": "a kite", "image_urls": [photo, LINK, tiny_png()], "frame": {"image_url": photo}})
        assert job.result(timeout=60).images
        [task] = apps[0].state.studio.jobs_of(model)

    first, second, third = task.inputs["image_urls"]
    assert LINK == second
    assert len({first, third, task.inputs["frame"]["image_url"]}) == 3
    assert all(link.startswith("http") for link in (first, third, task.inputs["frame"]["image_url"]))
