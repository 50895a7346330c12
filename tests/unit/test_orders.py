"""Inputs to orders: prompt, size, seed, number of pictures, and the rest of what a painter is told."""

from __future__ import annotations

import pytest

from ipydarkroom.fields import Choice, Field
from ipydarkroom.local.orders import picture_field, read_orders, read_prompt
from ipydarkroom.local.painters import Order
from ipydarkroom.models import Model


def text(name: str, default: object = None, **rest: object) -> Field:
    """A string field."""
    return Field((name,), "string", **({} if default is None else {"default": default}), **rest)  # type: ignore[arg-type]


def options(name: str, *values: object, sizes: dict[str, tuple[int, int]] | None = None, default: object = None) -> Field:
    """A field with a list of values."""
    choices = tuple(Choice(value, str(value), size=(sizes or {}).get(str(value))) for value in values)
    return Field((name,), "string", choices=choices, **({} if default is None else {"default": default}))  # type: ignore[arg-type]


def orders(fields: tuple[Field, ...], **inputs: object) -> tuple[Order, ...]:
    """The orders of a model with these fields; the drawn seed is 7."""
    return read_orders(Model("acme/test", "runcomfy", fields), inputs, lambda: 7)


PROMPT = text("prompt")
SEED = Field(("seed",), "integer", minimum=0)
SEEDREAM = (
    PROMPT,
    options("resolution", "2K", "3K", "2304x1728 (4:3)", sizes={"2304x1728 (4:3)": (2304, 1728)}, default="2304x1728 (4:3)"),
    options("sequential_image_generation", "auto", "disabled", default="disabled"),
    Field(("max_images",), "integer", default=15),
)
DREAMINA = (PROMPT, Field(("force_single",), "boolean", default=False))


def test_the_chosen_size_is_exact() -> None:
    """A value with pixels in it decides the size."""
    field = options("width×height", "1024x1024(1:1)", "6198x2656(21:9)", sizes={"6198x2656(21:9)": (6198, 2656)})

    (order,) = orders((PROMPT, field), **{"prompt": "a fox", "width×height": "6198x2656(21:9)"})

    assert (6198, 2656) == order.size


def test_a_size_left_alone_is_the_models_default() -> None:
    """A silent size field counts with its default."""
    (order,) = orders(SEEDREAM, prompt="a fox")

    assert (2304, 1728) == order.size


@pytest.mark.parametrize(
    ("resolution", "prompt", "size"),
    [
        ("2K", "a fox", (2048, 2048)),
        ("3K", "a fox", (3072, 3072)),
        ("2K", "a fox, 16:9", (2736, 1536)),
        ("3K", "a fox, 9:16", (2304, 4096)),
    ],
)
def test_2k_and_3k_take_their_shape_from_the_prompt(resolution: str, prompt: str, size: tuple[int, int]) -> None:
    """`2K` and `3K` are an amount of pixels; sides are multiples of 16."""
    (order,) = orders(SEEDREAM, prompt=prompt, resolution=resolution)

    assert size == order.size
    assert (0, 0) == (order.size[0] % 16, order.size[1] % 16)


def test_width_and_height_may_be_two_numbers() -> None:
    """Two numbers of that name are the size, and the given ones go before a default elsewhere."""
    sides = (Field(("width",), "integer"), Field(("height",), "integer"))

    (order,) = orders((PROMPT, *sides, text("size", "512x512")), prompt="a fox", width=640, height=360)

    assert (640, 360) == order.size


def test_a_ratio_and_an_amount_of_pixels_make_a_size() -> None:
    """A ratio without pixels is combined with `1K` ... `4K`, else with about a megapixel."""
    fields = (PROMPT, text("aspect_ratio", "1:1"), text("image_resolution"))

    (small,) = orders(fields, prompt="a fox", aspect_ratio="16:9")
    (large,) = orders(fields, prompt="a fox", aspect_ratio="2:1", image_resolution="4K")

    assert (1360, 768) == small.size
    assert (5792, 2896) == large.size


def test_a_size_nobody_gave_is_a_megapixel() -> None:
    """Without any size field, the picture is square, or the shape the prompt asks for."""
    assert (1024, 1024) == orders((PROMPT,), prompt="a fox")[0].size
    assert (1360, 768) == orders((PROMPT,), prompt="a fox, 16:9")[0].size


def test_a_missing_seed_is_drawn_and_told() -> None:
    """Without a seed one is drawn; the file's facts repeat it."""
    (order,) = orders((PROMPT, SEED), prompt="a fox")

    assert 7 == order.seed
    assert {"backend": "local", "provider": "runcomfy", "model": "acme/test", "seed": "7"} == order.facts


@pytest.mark.parametrize("seed", [0, 3, 2147483647, 4.0])
def test_a_given_seed_is_taken_as_it_is(seed: float) -> None:
    """Whole numbers are the seed itself; zero is a seed, not silence."""
    (order,) = orders((PROMPT, SEED), prompt="a fox", seed=seed)

    assert int(seed) == order.seed


@pytest.mark.parametrize("seed", [-5, 1.5, 10**30, float("inf")])
def test_an_odd_seed_becomes_a_usable_one(seed: float) -> None:
    """Kie's seed is a number without bounds; each one leads to one whole number of 63 bits, always the same."""
    (first,) = orders((PROMPT, SEED), prompt="a fox", seed=seed)
    (again,) = orders((PROMPT, SEED), prompt="a fox", seed=seed)

    assert first.seed == again.seed
    assert 0 <= first.seed < 2**63


@pytest.mark.parametrize(
    ("inputs", "count"),
    [
        ({}, 1),
        ({"sequential_image_generation": "disabled", "max_images": 9}, 1),
        ({"sequential_image_generation": "auto"}, 4),
        ({"sequential_image_generation": "auto", "max_images": 2}, 2),
        ({"sequential_image_generation": "auto", "prompt": "six pictures of a fox"}, 6),
        ({"sequential_image_generation": "auto", "prompt": "3 small images of a fox"}, 3),
        ({"sequential_image_generation": "auto", "prompt": "画五张狐狸"}, 5),
        ({"sequential_image_generation": "auto", "max_images": 3, "prompt": "six pictures"}, 3),
        ({"sequential_image_generation": "auto", "prompt": "99 pictures"}, 15),
    ],
)
def test_a_set_has_as_many_pictures_as_asked_for(inputs: dict[str, object], count: int) -> None:
    """`max_images` counts with `auto` only; the prompt's number decides, else four, never above the maximum."""
    found = orders(SEEDREAM, **{"prompt": "a fox", **inputs})

    assert list(range(count)) == [order.index for order in found]


@pytest.mark.parametrize(
    ("prompt", "single", "count"),
    [("a fox", False, 1), ("four pictures of a fox", False, 4), ("four pictures of a fox", True, 1), ("two foxes", False, 1)],
)
def test_a_set_is_made_only_when_the_prompt_asks(prompt: str, single: bool, count: int) -> None:
    """A model that may make sets makes one when words ask for pictures, unless `force_single` forbids it."""
    assert count == len(orders(DREAMINA, prompt=prompt, force_single=single))


def test_a_number_of_pictures_may_be_written_as_text() -> None:
    """Kie's `num_images` is `"1"` to `"4"`."""
    field = options("num_images", "1", "2", "3", "4", default="1")

    assert 1 == len(orders((PROMPT, field), prompt="a fox"))
    assert 3 == len(orders((PROMPT, field), prompt="a fox", num_images="3"))


def test_format_speed_style_and_strength_are_read() -> None:
    """Enum words reach the painter in lower case; `scale` is the strength within its bounds."""
    fields = (
        PROMPT, text("output_format"), text("rendering_speed"), text("style"),
        Field(("guidance_scale",), "number", minimum=1, maximum=5),
    )  # fmt: skip

    (order,) = orders(
        fields, prompt="a fox", output_format="jpeg", rendering_speed="TURBO", style="REALISTIC", guidance_scale=2
    )
    (plain,) = orders(fields, prompt="a fox")

    assert ("jpeg", "turbo", "realistic", 0.25) == (order.format, order.speed, order.style, order.strength)
    assert ("png", "balanced", "auto", 0.5) == (plain.format, plain.speed, plain.style, plain.strength)


@pytest.mark.parametrize(
    ("value", "palette"),
    [
        ({"members": [{"color_hex": "#AA0000", "color_weight": 0.2}, {"color_hex": "00bb00", "color_weight": 0.8}]},
         ("#00bb00", "#aa0000")),
        ({"members": [{"color": "#123456"}, {"color": "red"}, 5]}, ("#123456",)),
        (["#abcdef", "nothing"], ("#abcdef",)),
        ({"name": "unknown"}, ()),
        ("error", ()),
        ({}, ()),
    ],
)  # fmt: skip
def test_a_palette_is_read_by_its_members(value: object, palette: tuple[str, ...]) -> None:
    """Colours as `#rrggbb`, the heaviest first; what is no colour is left out."""
    (order,) = orders((PROMPT, Field(("color_palette",), "object")), prompt="a fox", color_palette=value)

    assert palette == order.palette


def test_a_palette_may_be_called_by_its_name() -> None:
    """A named palette has colours of its own."""
    (order,) = orders((PROMPT, Field(("color_palette",), "object")), prompt="a fox", color_palette={"name": "ember"})

    assert 4 == len(order.palette)


def test_the_prompt_is_the_field_called_so_or_the_first_free_text() -> None:
    """A foreign schema may call it otherwise; choices and pictures are no prompt."""
    named = Model("a", None, (text("negative_prompt"), text("prompt")))
    unnamed = Model("b", None, (options("style", "x"), text("image_url"), text("style_codes"), text("what to paint")))

    assert "fox" == read_prompt(named, {"negative_prompt": "owl", "prompt": "fox"})
    assert "owl" == read_prompt(unnamed, {"style_codes": "a1", "image_url": "https://a.example/x.png", "what to paint": "owl"})


def test_a_lone_surrogate_in_a_prompt_does_no_harm() -> None:
    """Half a character from broken input cannot be written into a file, so it is replaced."""
    assert "a ? fox" == read_prompt(Model("a", None, (PROMPT,)), {"prompt": "a \ud83d fox"})


@pytest.mark.parametrize(
    ("name", "is_picture"),
    [
        ("image", True), ("image_url", True), ("image_urls", True), ("input_urls", True), ("reference_image", True),
        ("image_size", False), ("mask_url", False), ("max_images", False), ("prompt", False),
    ],
)  # fmt: skip
def test_a_picture_field_is_found_by_its_name(name: str, is_picture: bool) -> None:
    """Where a schema says nothing of media, the usual names do."""
    found = picture_field(Model("a", None, (text(name),)))

    assert is_picture == (found is not None)
