"""The scene painter: the same bytes for the same order, the exact size, and words that matter."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from ipydarkroom.local.painters import Order
from ipydarkroom.local.painters.scene import ScenePainter

from paintbox import bytes_of, differ, painted, quiet

LISTED = (
    (1024, 1024), (2048, 2048), (2304, 1728), (1728, 2304), (2848, 1600), (1600, 2848), (2496, 1664), (1664, 2496), (3136, 1344),
    (3024, 1296), (3072, 3072), (3456, 2592), (2592, 3456), (4096, 2304), (2304, 4096), (3744, 2496), (2496, 3744), (4704, 2016),
    (4096, 4096), (4694, 3520), (4992, 3328), (5404, 3040), (6198, 2656),
)  # fmt: skip
SIGNATURES = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff", "webp": b"RIFF"}


def brightness(prompt: str, seed: int) -> float:
    """The mean of all pixels."""
    return float(painted(prompt, seed, (64, 48), speed="turbo").mean())


def test_the_same_order_gives_the_same_bytes_in_another_process() -> None:
    """Nothing depends on the process: not `hash()`, not a clock, not what was painted before."""
    program = (
        "import hashlib; from ipydarkroom.local.painters import Order;"
        "from ipydarkroom.local.painters.scene import ScenePainter;"
        "o = Order('夜 a red fox by the sea', 7, (80, 60), index=2, palette=('#102030',));"
        "print(hashlib.sha256(ScenePainter().paint(o, lambda _: None)).hexdigest())"
    )
    here = bytes_of("夜 a red fox by the sea", 7, (80, 60), index=2, palette=("#102030",))

    elsewhere = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | {"PYTHONHASHSEED": "4242", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=True,
    )

    assert hashlib.sha256(here).hexdigest() == elsewhere.stdout.strip()


@pytest.mark.parametrize("listed", LISTED)
def test_the_size_is_exactly_the_one_asked_for(listed: tuple[int, int]) -> None:
    """Every listed shape, at a thirty-second of its size, comes out to the pixel."""
    size = (listed[0] // 32, listed[1] // 32)

    image = Image.open(io.BytesIO(bytes_of("mountain lake", 3, size, speed="turbo")))

    assert size == image.size


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (250, 2)])
def test_a_sliver_is_painted_too(size: tuple[int, int]) -> None:
    """A size with hardly a pixel is no error."""
    assert size == Image.open(io.BytesIO(bytes_of("portrait by the sea", 1, size))).size


def test_seed_and_index_make_other_pictures() -> None:
    """Another seed is another picture, and picture 2 of a set is not picture 0."""
    first = painted("mountains", 1)

    assert differ(first, painted("mountains", 2)) > 6
    assert differ(first, painted("mountains", 1, index=1)) > 3


def test_the_largest_seed_is_painted() -> None:
    """Seeds are numbers without a bound here."""
    assert (72, 96, 3) == painted("sea", 2**63).shape


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("dark", "bright"), [("the sea at night", "the sea at noon"), ("夜の森", "昼の森"), ("城市 夜晚", "城市 白天")])
def test_night_is_darker_than_day(dark: str, bright: str, seed: int) -> None:
    """The time of day is seen whatever the seed, in each language."""
    assert brightness(dark, seed) < brightness(bright, seed) - 25


@pytest.mark.parametrize(("words", "channel"), [("red", 0), ("green", 1), ("blue", 2), ("紅色", 0), ("緑", 1), ("蓝色", 2)])
def test_a_named_colour_leads(words: str, channel: int) -> None:
    """The colour that is named is the strongest channel of the whole picture."""
    means = painted(f"{words} mountains", 5).mean((0, 1))

    assert channel == int(np.argmax(means))


def test_sunset_is_warm_and_snow_is_pale() -> None:
    """Words of mood choose the palette."""
    sunset, winter = painted("mountains at sunset", 2), painted("mountains in the snow at noon", 2)

    assert sunset[..., 0].mean() > sunset[..., 2].mean()
    assert winter.mean() > sunset.mean() + 20


def test_places_and_figures_change_the_picture() -> None:
    """Every subject has its own motif: no two of these are alike."""
    prompts = ("sea", "forest", "city", "mountain", "desert", "flower", "portrait", "a fox", "an owl", "space", "abstract")
    pictures = [painted(f"{word} at sunset", 1, speed="turbo") for word in prompts]

    likeness = [differ(one, other) for place, one in enumerate(pictures) for other in pictures[:place]]

    assert min(likeness) > 3


def test_an_unknown_prompt_still_makes_a_picture_of_its_own() -> None:
    """Words nobody listed steer the picture all the same."""
    first, second = painted("quorvex"), painted("blenthia")

    assert first.std() > 10
    assert differ(first, second) > 3


@pytest.mark.parametrize(
    "change", [{"strength": 0.0}, {"strength": 1.0}, {"speed": "turbo"}, {"speed": "quality"}, {"style": "design"}, {"style": "realistic"},
               {"palette": ("#0b3d2e", "#f4a259", "#f7f3e3")}],
)  # fmt: skip
def test_strength_speed_style_and_palette_are_seen(change: dict[str, object]) -> None:
    """Each of these changes pixels, and none of them the size."""
    plain = painted("a fox in the mountains", 4)

    other = painted("a fox in the mountains", 4, **change)

    assert plain.shape == other.shape
    assert differ(plain, other) > 0.5


@pytest.mark.parametrize("form", SIGNATURES)
def test_formats_are_what_they_say(form: str) -> None:
    """The file begins as its format does."""
    assert bytes_of("sea", format=form).startswith(SIGNATURES[form])


def test_the_file_says_local_and_the_picture_does_not_need_to() -> None:
    """The metadata names the local backend and the facts of the order."""
    image = Image.open(io.BytesIO(bytes_of("sea", facts={"prompt": "sea, 海", "model": "acme/test"})))

    assert "ipydarkroom (local backend)" == image.text["Software"]
    assert ("sea, 海", "acme/test") == (image.text["prompt"], image.text["model"])


def test_progress_rises_to_one() -> None:
    """The report grows and ends at 1."""
    told: list[float] = []

    ScenePainter().paint(Order("sea", 1, (400, 300)), told.append)

    assert sorted(told) == told
    assert 1.0 == told[-1]
    assert len(told) > 1


def test_a_report_that_raises_ends_the_work() -> None:
    """Cancelling is an exception out of the report, and it comes through unchanged."""

    class Stopped(Exception):
        pass

    def stop(_: float) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        ScenePainter().paint(Order("sea", 1, (64, 64)), stop)


def test_it_accepts_every_order() -> None:
    """It also serves where another painter was wanted but has nothing to work on."""
    order = Order("sea", 1, (64, 64))

    assert ScenePainter().accepts(order)
    assert ScenePainter().accepts(replace(order, image=b"x"))
    assert ScenePainter().paint(order, quiet).startswith(SIGNATURES["png"])
