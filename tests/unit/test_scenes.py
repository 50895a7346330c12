"""Scenes: the words decide which layers there are, and they make a picture at every shape."""

from __future__ import annotations

import pytest

from ipydarkroom.local.scenery.canvas import develop
from ipydarkroom.local.painters import Order
from ipydarkroom.local.scenery.scenes import compose
from ipydarkroom.local.scenery.study import study


def kinds(prompt: str, seed: int = 1, **rest) -> set[str]:
    """The names of the layers' classes."""
    return {type(layer).__name__ for layer in compose(study(Order(prompt, seed, (400, 300), **rest)))}


@pytest.mark.parametrize(
    ("prompt", "present", "absent"),
    [
        ("the sea at noon", {"Water", "Disc"}, {"Stars", "Aurora"}),
        ("mountains at night", {"Stars", "Ridge", "Disc"}, {"Water"}),
        ("northern lights", {"Aurora", "Stars"}, {"Clouds"}),
        ("forest in fog at dawn", {"Fog", "Beams", "Shapes"}, {"Stars"}),
        ("portrait of a woman", {"Shapes", "Corners"}, {"Water", "Fog"}),
        ("abstract", {"Ridge", "Cast"}, {"Water", "Disc", "Stars"}),
    ],
)
def test_words_decide_the_layers(prompt: str, present: set[str], absent: set[str]) -> None:
    """What is named is there; what does not belong is not."""
    found = kinds(prompt)

    assert present <= found
    assert not absent & found


def test_a_poster_has_no_lens_and_no_clouds() -> None:
    """The design manner is flat."""
    assert not {"Corners", "Clouds", "Fog"} & kinds("mountains at sunset", style="design")


@pytest.mark.parametrize("size", [(90, 30), (30, 90), (50, 50)])
@pytest.mark.parametrize("prompt", ["city street, a man walking in the rain", "space", "owl in the forest", "snowman, lighthouse, cabin",
                                    "whale", "palm beach with balloons", "sakura", "lantern festival", "deer in a meadow"])
def test_every_scene_fills_every_shape(prompt: str, size: tuple[int, int]) -> None:
    """No hole is left, and no number is broken."""
    made = study(Order(prompt, 3, size, speed="turbo"))

    planes = develop(made.frame, compose(made))

    assert -0.01 <= planes.min() <= planes.max() <= 1.01
    assert planes.std() > 0.02
