"""An input that is a secret of another service: it is sent, and nothing keeps it."""

from __future__ import annotations

import dataclasses

import ipydarkroom as dr
from ipydarkroom.metadata import facts_of
from ipydarkroom.models import Model
from ipydarkroom.prepare import fingerprint, prepare

SCHEMA = {
    "properties": {
        "prompt": {"type": "string"},
        "key": {"type": "string", "format": "password"},
        "loras": {"type": "array", "items": {"type": "object", "properties": {"path": {"type": "string"}, "key": {"type": "string", "writeOnly": True}}}},
    }
}
INPUTS = {"prompt": "a fox", "key": "canary-1", "loras": [{"path": "a", "key": "canary-2"}]}


def test_a_secret_is_sent_and_not_kept():
    """At any depth."""
    order = prepare(Model.from_schema(SCHEMA), INPUTS, inline_limit=None)

    assert dict(order.sent) == INPUTS
    assert "canary" not in repr(dict(order.kept))


def test_equal_secrets_make_equal_orders_and_others_do_not():
    """So that `dr.run` finds what was made with the same key."""
    model = Model.from_schema(SCHEMA)
    prints = {
        fingerprint("x", "m", prepare(model, {**INPUTS, "key": key}, inline_limit=None).kept) for key in ("canary-1", "canary-1", "canary-3")
    }

    assert 2 == len(prints)


def test_a_picture_does_not_tell_it(tmp_path):
    """Neither the journal's record nor the facts in the file."""
    with dr.testing.local_client(tmp_path) as client:
        job = client.submit(Model.from_schema(SCHEMA), INPUTS)
        job.wait(30)
        said = repr(dataclasses.asdict(job.record)) + repr(facts_of(job.record)) + repr(client.jobs())
        kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())

    assert "canary" not in said
    assert b"canary" not in kept
