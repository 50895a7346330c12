"""Which inputs take a file, and what is told about it."""

from __future__ import annotations

import pytest

from ipydarkroom.schema import read_schema


def field_of(name, part, **hint):
    """The field of a schema with that one property."""
    return read_schema({"type": "object", "properties": {name: part}}, {name: hint}).fields[0]


@pytest.mark.parametrize(
    ("name", "part", "kind"),
    [
        ("image", {"type": "string"}, "image"),
        ("inputImage", {"type": "string"}, "image"),
        ("image_url_2", {"type": "string"}, "image"),
        ("mask", {"type": "string", "format": "uri"}, "image"),
        ("first_frame_url", {"type": "string"}, "image"),
        ("driving_video", {"type": "string", "format": "uri"}, "video"),
        ("source", {"type": "string", "format": "image_uri"}, "image"),
        ("source", {"type": "string", "format": "uri", "title": "The picture to change"}, "image"),
        ("anything", {"type": "audio"}, "audio"),
        ("anything", {"type": "string", "contentMediaType": "video/mp4"}, "video"),
    ],
)
def test_a_type_a_format_or_a_name_tells_the_medium(name, part, kind):
    """A picture, video or sound may then be given as a file, a path or a link."""
    assert kind == field_of(name, part).media.kind


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("callback_url", {"type": "string", "format": "uri"}),
        ("prompt", {"type": "string", "description": "What the image shows"}),
        ("image_size", {"type": "string", "enum": ["square"]}),
        ("image", {"type": "string", "enum": ["none", "first"]}),
        ("image", {"type": "string", "format": "date"}),
        ("num_images", {"type": "integer"}),
        ("imagination", {"type": "string"}),
    ],
)
def test_other_inputs_take_no_file(name, part):
    """A word inside a name, or in the help of a text, is not enough."""
    assert field_of(name, part).media is None


def test_a_list_takes_files_by_its_items():
    """`image_uris` says it for lists that do not say what they hold."""
    named = field_of("image_urls", {"type": "array", "items": {"type": "string", "format": "uri"}})
    bare = field_of("inputs", {"type": "array", "format": "image_uris"})

    assert (None, "image") == (named.media, named.items.media.kind)
    assert ("string", "image") == (bare.items.kind, bare.items.media.kind)


def test_a_hint_goes_before_everything_the_schema_says():
    """Limits are known from the page's prose only, so they come from the catalog."""
    limits = {"kind": "image", "max_bytes": 10, "advised_bytes": 5, "mimes": ["image/png"]}

    media = field_of("x", {"type": "string"}, media=limits).media
    in_list = field_of("x", {"type": "array", "items": {"type": "string"}}, media=limits).items.media

    assert media == in_list
    assert ("image", 10, 5, ("image/png",)) == (media.kind, media.max_bytes, media.advised_bytes, media.mimes)
