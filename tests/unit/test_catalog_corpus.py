"""Every published schema of the corpus beside this checkout, as its provider's catalog would send it, becomes a model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ipydarkroom.catalog.listing import Listed
from ipydarkroom.providers import Further, get_provider
from ipydarkroom.wire import Reply

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside this checkout")


def names(schema: dict[str, object]) -> set[str]:
    """What the document calls its inputs, without outer blanks."""
    return {name.strip() for name in schema.get("properties", {})}


def test_every_schema_of_runcomfys_catalog():
    """In one list; an entry keeps its document verbatim, and its form has every input."""
    provider = get_provider("runcomfy")
    files = sorted((CORPUS / "runcomfy").glob("*--catalog.*.schema.json"))
    schemas = {f"acme/{path.name.partition('--')[0]}": json.loads(path.read_text("utf-8")) for path in files}
    told = {"models": [{"model_id": name, "input_schema": schema} for name, schema in schemas.items()], "total": len(schemas)}

    listing = provider.catalogued(provider.catalog(), Reply(200, {}, json.dumps(told).encode()))

    assert len(files) > 10
    assert (list(schemas), 0) == ([entry.id for entry in listing.models], listing.skipped)
    for entry in listing.models:
        model = entry.model("here")
        assert schemas[entry.id] == dict(model.schema)
        assert names(schemas[entry.id]) == {field.name for field in model.fields}


def test_every_schema_of_kies_documentation():
    """Each inside the document that the schema call answers. Where the root has branches, theirs are inputs too."""
    provider = get_provider("kie")
    pages = [page for page in json.loads((CORPUS / "kie" / "catalog.json").read_text("utf-8"))["pages"] if page.get("input_schema")]

    assert len(pages) > 60
    for page in pages:
        body = {"type": "object", "properties": {"model": {"type": "string"}, "input": page["input_schema"]}}
        post = {"post": {"requestBody": {"content": {"application/json": {"schema": body}}}}}
        told = {"code": 200, "data": {"model": page["model"], "openapi": {"openapi": "3.1.0", "paths": {"/api/v1/jobs/createTask": post}}}}
        found = provider.described(page["model"], Reply(200, {}, json.dumps(told).encode()))
        assert isinstance(found, Further)
        entry: Listed = found.known

        assert page["input_schema"] == entry.schema
        assert names(page["input_schema"]) <= {field.name.strip() for field in entry.model("here").fields}
