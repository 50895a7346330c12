"""The upper half of a scene: the sky of a study with everything that is in it."""

from __future__ import annotations

from .canvas import Layer
from .colours import mix
from .figures import bird
from .props import balloon
from .shapes import Shape, Shapes
from .sky import Aurora, Clouds, Disc, Sky, Stars
from .study import Study

__all__ = ["heavens"]


def heavens(study: Study) -> list[Layer]:
    """Air, stars, northern lights, sun or moon, clouds, birds and balloons, back to front."""
    palette, (x, y) = study.palette, study.sun
    power = {"night": 0.42, "day": 0.5, "dawn": 0.66}.get(study.time, 0.9)
    layers: list[Layer] = [
        Sky(palette.sky, palette.glow, study.horizon * 1.02, x, y, 0.55, power, steps=8 if study.flat else 0)
    ]
    hidden = study.has("fog", "rain", "storm")
    if study.dark:
        milky = 0.5 if study.has("stars", "space") else 0.22
        count = study.some(120 if hidden else 900)
        layers.append(Stars(study.chance_for("stars"), palette.light, study.horizon, count, milky))
    if study.has("aurora"):
        lights = (palette.accents[0], palette.accents[2])
        layers.append(Aurora(study.chance_for("aurora"), lights, study.horizon * 0.72, 0.46))
    if not (hidden and study.time == "day"):
        layers.append(_sun(study))
    if not study.flat and not study.has("aurora"):
        layers.append(_clouds(study, hidden=hidden))
    fair = not study.dark and not study.has("storm", "rain")
    if study.has("birds") or (fair and study.chance.number("flock") > 0.62):
        layers.append(_flock(study))
    if study.has("balloon"):
        layers.append(_balloons(study))
    return layers


def _clouds(study: Study, *, hidden: bool) -> Clouds:
    """Few or many, long or short; thin at night."""
    palette, chance = study.palette, study.chance
    cover = chance.number("cover", 0.12, 0.6) + (0.35 if study.has("cloud", "storm", "rain") else 0.0)
    lit = mix(palette.sky[3], palette.sky[2], 0.4) if study.dark else mix(palette.sky[3], palette.light, 0.55)
    return Clouds(
        study.chance_for("clouds"), lit, mix(palette.sky[1], palette.sky[2], 0.6),
        top=study.horizon * 0.05, bottom=study.horizon * 1.02, cover=cover * (0.5 if study.dark and not hidden else 1.0),
        stretch=chance.number("stretch", 3, 7), detail=study.detail,
    )


def _sun(study: Study) -> Disc:
    """The sun or moon; larger the more the words count, and where a figure stands before it."""
    palette, chance, (x, y) = study.palette, study.chance, study.sun
    radius = chance.number("disc", 0.042, 0.075) * (0.7 + 0.6 * study.strength)
    radius *= 1.7 if study.has("moon", "sun") or study.flat else 1.0
    radius *= 1.6 if study.reading.figure else 1.0
    crescent = study.dark and not study.reading.figure and chance.number("moon") > 0.7
    striped = (study.flat and study.time in {"sunset", "dawn"}) or study.has("neon")
    return Disc(
        study.chance_for("disc"), x, y, radius, palette.light,
        low=mix(palette.light, palette.glow, 0.12 if study.dark else 0.3),
        phase=chance.number("phase", 0.3, 0.7) if crescent else 0.0, seas=0.13 if study.dark else 0.0,
        bands=5 if striped else 0, opacity=0.75 if study.has("fog") else 1.0,
    )


def _flock(study: Study) -> Shapes:
    """A few birds, far away, in a loose line."""
    stream = study.chance.stream("flock")
    x, y = study.frame.w * stream.uniform(0.2, 0.8), study.horizon * stream.uniform(0.25, 0.6)
    tone = mix(study.palette.near, study.palette.sky[2], 0.25)
    shapes = []
    for number in range(int(stream.integers(5, 12))):
        across = x + number * 0.022 + stream.normal(0, 0.012)
        down = y + number * 0.009 * study.side + stream.normal(0, 0.010)
        shapes.append(bird(across, down, stream.uniform(0.012, 0.026), stream.uniform(-0.8, 1.0), tone))
    return Shapes(shapes)


def _balloons(study: Study) -> Shapes:
    """Hot-air balloons at different distances, the small ones paler."""
    stream = study.chance.stream("balloons")
    shapes: list[Shape] = []
    for size in sorted(stream.uniform(0.05, 0.2, 5).tolist()):
        x, y = study.frame.w * stream.uniform(0.08, 0.92), study.horizon * stream.uniform(0.12, 0.8)
        away = 0.6 * (1 - size / 0.22)
        colours = [mix(colour, study.haze, away) for colour in study.palette.accents]
        turn = int(stream.integers(len(colours)))
        shapes += balloon(x, y, size, colours[turn:] + colours[:turn], mix(study.palette.near, study.haze, away))
    return Shapes(shapes)
