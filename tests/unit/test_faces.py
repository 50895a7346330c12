"""Faces: one sitter's shapes, with and without hat, beard and open eyes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ipydarkroom.local.scenery.faces import Sitter, behind, body, face, features, front, hat

SITTER = Sitter(
    skin=(0.8, 0.6, 0.5), shade=(0.6, 0.4, 0.4), hair=(0.2, 0.1, 0.1), cloth=(0.3, 0.5, 0.6), lips=(0.7, 0.2, 0.2),
    iris=(0.2, 0.4, 0.3), jewel=(0.9, 0.7, 0.2), glow=(1.0, 0.9, 0.7), ink=(0.1, 0.1, 0.2), style=0, man=False, beard=False,
    eyes_closed=False, hat=None, side=1.0,
)  # fmt: skip


@pytest.mark.parametrize("style", range(5))
def test_every_hairstyle_frames_the_face(style: int) -> None:
    """Some hair is behind the head and some in front, wider than the face is."""
    sitter = replace(SITTER, style=style)

    points = np.concatenate([shape.points for shape in behind(sitter)])

    assert np.ptp(points[:, 0]) > 0.7
    assert any(shape.colour == sitter.hair for shape in front(sitter))


def test_a_hat_is_worn_only_when_there_is_one() -> None:
    """A bare head has no brim."""
    assert [] == hat(SITTER)
    assert any(shape.colour == (0.5, 0.2, 0.1) for shape in hat(replace(SITTER, hat=(0.5, 0.2, 0.1))))


def test_beard_and_closed_eyes_change_the_features() -> None:
    """Each choice is drawn."""
    plain = len(features(SITTER))

    assert len(features(replace(SITTER, beard=True))) > plain
    irises = [sum(shape.colour == SITTER.iris for shape in features(replace(SITTER, eyes_closed=shut))) for shut in (False, True)]
    assert [2, 0] == irises


def test_the_shaded_half_turns_with_the_light() -> None:
    """The plane in shade is on the side away from the light, as is the coat's."""
    for make in (face, body):
        one, other = (shape.points[:, 0].mean() for shape in (make(SITTER)[-1], make(replace(SITTER, side=-1.0))[-1]))

        assert one < other
