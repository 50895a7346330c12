"""Scenes: a study becomes a list of layers, back to front. The ingredients are made elsewhere; here they are arranged."""

from __future__ import annotations

import math

from . import landscapes
from .canvas import Layer
from .chance import Contour
from .colours import RGB, from_hex, mix, recolour, scale
from .figures import Tones, balloon, bird, boat, figure, house, lighthouse, snowman
from .land import Fog, Ridge
from .portraits import portrait
from .shapes import Mist, Shape, Shapes, curve, ellipse, stroke
from .sky import Aurora, Clouds, Disc, Sky, Stars
from .study import Study
from .town import Block, lamps, street
from .weather import Beams, Corners, floating, petals, rainfall, snowfall

__all__ = ["compose"]

_FURS: dict[str, tuple[RGB, RGB]] = {
    name: (from_hex(body), from_hex(pale))
    for name, body, pale in (
        ("fox", "#d2622a", "#f6e6d0"), ("cat", "#2a2630", "#6b6470"), ("owl", "#8a6242", "#f0dfc2"), ("deer", "#9a6a42", "#ead6b8"),
        ("wolf", "#6b7280", "#c9cdd2"), ("rabbit", "#b79c82", "#f5ece0"), ("bear", "#5f4434", "#c9a984"),
        ("horse", "#6e4530", "#c9a27e"), ("whale", "#2f4a62", "#dfeaf0"), ("person", "#b23a3a", "#e7c1a2"),
        ("man", "#b23a3a", "#e7c1a2"),
    )
}  # fmt: skip


def compose(study: Study) -> list[Layer]:
    """The layers of the whole picture."""
    if study.reading.figure == "portrait":
        return [*portrait(study), Corners(0.18)]
    if study.reading.walking and study.has("city"):
        layers = _street(study)
    elif study.has("space"):
        layers = _cosmos(study)
    else:
        layers = _landscape(study)
    return [*layers, *_weather(study)]


def _landscape(study: Study) -> list[Layer]:
    """Sky, then what stands at the horizon, then the ground, then what is near."""
    layers = _air(study)
    top = study.horizon - study.frame.h * (0.34 if study.frame.h < 1.1 else 0.27)  # noqa: PLR2004  # tall pictures: more sky
    wet = study.has("sea") or (study.has("city") and not study.reading.figure and (study.frame.h > 1.1 or study.chance.number("river") > 0.4))  # noqa: PLR2004
    if study.has("ribbons"):
        return [*layers[:1], *landscapes.ribbons(study)]
    if study.has("mountain"):
        layers += landscapes.mountains(study, study.horizon + (0.02 if wet or study.has("desert", "meadow") else study.frame.h * 0.22), top)
    elif study.has("meadow", "forest") or (study.has("desert") and not study.flat):
        layers += landscapes.mountains(study, study.horizon + 0.02, study.horizon - 0.16, hero=False)
    elif study.has("sea") and not study.has("city"):
        layers += landscapes.coast(study)
    if study.has("city"):
        layers += landscapes.city(study, study.horizon + (0.012 if wet else study.frame.h * 0.14 + 0.03), rows=3)
    if wet:
        return [*layers, *_shore(study, layers)]
    return [*layers, *_inland(study)]


def _air(study: Study) -> list[Layer]:
    """The sky with all that is in it."""
    palette, (x, y) = study.palette, study.sun
    power = {"night": 0.42, "day": 0.5, "dawn": 0.66}.get(study.time, 0.9)
    layers: list[Layer] = [
        Sky(palette.sky, palette.glow, study.horizon * 1.02, x, y, 0.55, power, steps=8 if study.flat else 0)
    ]
    hidden = study.has("fog", "rain", "storm")
    if study.dark:
        milky = 0.5 if study.has("stars", "space") else 0.22
        layers.append(Stars(study.chance_for("stars"), palette.light, study.horizon, study.some(900 if not hidden else 120), milky))
    if study.has("aurora"):
        layers.append(Aurora(study.chance_for("aurora"), (palette.accents[0], palette.accents[2]), study.horizon * 0.72, 0.46))
    if not (hidden and study.time == "day"):
        layers.append(_sun(study))
    cover = study.chance.number("cover", 0.12, 0.6) + (0.35 if study.has("cloud", "storm", "rain") else 0.0)
    if not study.flat and not study.has("aurora"):
        lit = mix(palette.sky[3], palette.light, 0.55) if not study.dark else mix(palette.sky[3], palette.sky[2], 0.4)
        shaded = mix(palette.sky[1], palette.sky[2], 0.6)
        layers.append(Clouds(study.chance_for("clouds"), lit, shaded, study.horizon * 0.05, study.horizon * 1.02,
                             cover * (0.5 if study.dark and not hidden else 1.0), stretch=study.chance.number("stretch", 3, 7),
                             detail=study.detail))
    if study.has("birds") or (not study.dark and not study.has("storm", "rain") and study.chance.number("flock") > 0.62):  # noqa: PLR2004
        layers.append(_flock(study))
    if study.has("balloon"):
        layers.append(_balloons(study))
    return layers


def _sun(study: Study) -> Disc:
    """The sun or moon; larger the more the words count, and where a figure stands before it."""
    palette, (x, y) = study.palette, study.sun
    radius = study.chance.number("disc", 0.042, 0.075) * (0.7 + 0.6 * study.strength)
    radius *= 1.7 if study.has("moon", "sun") or study.flat else 1.0
    radius *= 1.6 if study.reading.figure else 1.0
    phase = study.chance.number("phase", 0.3, 0.7) if study.dark and study.chance.number("moon") > 0.7 and not study.reading.figure else 0.0  # noqa: PLR2004
    low = mix(palette.light, palette.glow, 0.3 if not study.dark else 0.12)
    stripes = 5 if study.flat and study.time in ("sunset", "dawn") or study.has("neon") else 0
    return Disc(study.chance_for("disc"), x, y, radius, palette.light, low, phase=phase, seas=0.13 if study.dark else 0.0,
                bands=stripes, opacity=0.75 if study.has("fog") else 1.0)


def _flock(study: Study) -> Shapes:
    """A few birds, far away, in a loose line."""
    stream = study.chance.stream("flock")
    x, y = study.frame.w * stream.uniform(0.2, 0.8), study.horizon * stream.uniform(0.25, 0.6)
    tone = mix(study.palette.near, study.palette.sky[2], 0.25)
    shapes = []
    for number in range(int(stream.integers(5, 12))):
        at = (x + number * 0.022 + stream.normal(0, 0.012), y + number * 0.009 * study.side + stream.normal(0, 0.010))
        shapes.append(bird(*at, stream.uniform(0.012, 0.026), stream.uniform(-0.8, 1.0), tone))
    return Shapes(shapes)


def _balloons(study: Study) -> Shapes:
    """Hot-air balloons at different distances."""
    stream = study.chance.stream("balloons")
    shapes: list[Shape] = []
    sizes = sorted(stream.uniform(0.05, 0.2, 5).tolist())
    for size in sizes:
        at = (study.frame.w * stream.uniform(0.08, 0.92), study.horizon * stream.uniform(0.12, 0.8))
        far = 1 - size / 0.22
        colours = [mix(colour, study.haze, far * 0.6) for colour in study.palette.accents]
        turn = int(stream.integers(len(colours)))
        shapes += balloon(*at, size, colours[turn:] + colours[:turn], mix(study.palette.near, study.haze, far * 0.6))
    return Shapes(shapes)


def _shore(study: Study, behind: list[Layer]) -> list[Layer]:
    """Water, what floats on it, and the near shore."""
    if study.has("forest") and not study.has("city"):
        behind = [*behind, *landscapes.forest(study, study.horizon - 0.05, study.horizon + 0.0)[: 2 * study.some(2)]]
    rough = 0.25 if study.has("calm", "fog", "city", "forest") else study.chance.number("wind", 0.35, 0.8)
    rough = 1.0 if study.has("storm") else rough
    layers: list[Layer] = behind[len(behind):]
    extra = behind if study.has("forest") else []
    layers += [*extra[-2 * study.some(2):], landscapes.water(study, behind, rough)] if extra else [landscapes.water(study, behind, rough)]
    layers += _afloat(study)
    layers += _near_shore(study)
    return layers


def _afloat(study: Study) -> list[Layer]:
    """Boats and whales."""
    stream = study.chance.stream("afloat")
    shapes: list[Shape] = []
    palette = study.palette
    if study.has("boat") or (not study.has("city", "storm") and study.reading.figure is None and stream.uniform() > 0.6):  # noqa: PLR2004
        size = 0.12 + 0.14 * study.strength if study.has("boat") else 0.07
        x = study.frame.w * (0.5 - study.side * stream.uniform(0.02, 0.2))
        y = study.horizon + (study.frame.h - study.horizon) * (0.10 + size * 0.8)
        hull, sail = mix(palette.near, palette.accents[0], 0.15), mix(palette.light, palette.sky[2], 0.25)
        shapes += _mirrored(boat(x, y, size, hull, sail, flip=study.side > 0), y, 0.8)
        shapes += boat(x, y, size, hull, sail, flip=study.side > 0)
    if study.reading.figure == "whale":
        size = 0.22 + 0.16 * study.strength
        x, y = study.frame.w * (0.5 - study.side * 0.1), study.horizon + (study.frame.h - study.horizon) * 0.42
        shapes += figure("whale", x, y, size, _tones(study, "whale"), rim=0.0025 * -study.side)
        for number in range(4):
            wide = size * (0.28 + 0.16 * number)
            shapes.append(Shape(ellipse(x, y + 0.006 + 0.010 * number, wide, 0.0016), mix(palette.light, palette.sky[2], 0.4)))
    return [Shapes(shapes)] if shapes else []


def _mirrored(shapes: list[Shape], y: float, squash: float) -> list[Shape]:
    """Shapes turned upside down below the line y, thinner and darker, in ripples."""
    turned = []
    for shape in shapes:
        points = shape.points.copy()
        points[:, 1] = y - (points[:, 1] - y) * squash
        turned.append(Shape(points, scale(shape.colour, light=0.72)))
    return turned


def _near_shore(study: Study) -> list[Layer]:
    """A strip of land by the water, with what stands on it; none for the open sea."""
    figure_here = study.reading.figure not in (None, "whale")
    wanted = figure_here or study.has("lighthouse", "house", "palm", "summer", "meadow", "snow", "snowman", "desert")
    if not wanted and study.chance.number("shore") < 0.45:  # noqa: PLR2004
        return []
    stream = study.chance.stream("shore")
    h, w = study.frame.h, study.frame.w
    reach = 0.16 if wanted else 0.10
    # A point of land running in from the side away from the light, so that the glitter stays free.
    contour = Contour.draw(stream, level=h + 0.05, height=0.04, pace=2.2, rough=0.45,
                           hero=(0.0 if study.side > 0 else w, reach * 1.5, w * 0.55))
    tone = landscapes.snow_tone(study, 1.0) if study.has("snow") else study.tone(0.97)
    land = Ridge(contour, tone, scale(tone, light=0.8), 0.2, study.chance_for("shore"))
    spot = w * (0.5 - study.side * 0.30)
    palms = landscapes.palms(study, h) if study.has("palm") else []
    return [*palms, *_standing(study, contour, spot), land, *_growing(study, contour)]


def _inland(study: Study) -> list[Layer]:
    """The ground where there is no water, and everything near."""
    layers: list[Layer] = []
    h = study.frame.h
    if study.has("desert"):
        layers += landscapes.desert(study, study.horizon)
    elif study.has("meadow"):
        layers += landscapes.meadow(study)
    if study.has("forest"):
        start = study.horizon + (0.06 if study.has("mountain", "meadow") else -0.04)
        layers += landscapes.forest(study, start, h + 0.05)
    if study.has("desert", "meadow") and not (study.reading.figure or study.has("house", "snowman")):
        return layers
    if study.has("forest") and not (study.reading.figure or study.has("house", "snowman")):
        return [*layers, *(landscapes.branches(study) if study.chance.number("trunks") > 0.55 else [])]  # noqa: PLR2004
    tone = study.tone(0.55) if study.has("desert") else None
    level = h * 0.95 if study.reading.figure else h * 0.985
    if study.has("city"):
        level = study.horizon + h * 0.14 + 0.02
    land, contour = landscapes.ground(study, level, 0.10 if not study.has("city") else 0.05, tone=tone)
    spot = study.frame.w * 0.5 + (study.sun[0] - study.frame.w * 0.5) * 0.75
    tall: list[Layer] = []
    if study.chance.number("firs") > 0.4 and not study.has("desert", "city", "meadow", "ink"):  # noqa: PLR2004
        tall = landscapes.sentinels(study, contour)
    if study.has("city"):
        tall = landscapes.park(study, contour)
    return [*layers, *tall, *_standing(study, contour, spot), land, *_growing(study, contour)]


def _standing(study: Study, contour: Contour, spot: float) -> list[Layer]:
    """What the words put on the ground: a figure, a house, a lighthouse, a snowman."""
    import numpy as np  # noqa: PLC0415

    def foot(x: float) -> float:
        return float(contour(np.array([x]))[0]) + 0.006

    shapes: list[Shape] = []
    palette, w = study.palette, study.frame.w
    other = min(max(spot - study.side * 0.3, 0.14), w - 0.14)
    if study.has("house"):
        wall, roof = mix(palette.near, palette.accents[0], 0.25), mix(palette.near, study.haze, 0.12)
        shapes += house(other, foot(other), 0.13, wall, roof, palette.accents[1] if study.time != "day" else palette.light)
    if study.has("lighthouse"):
        shade = 0.35 if study.dark else 0.1
        shapes += lighthouse(other, foot(other), 0.30 + 0.16 * study.strength, mix(palette.light, palette.near, shade),
                             mix(palette.accents[0], palette.near, shade), palette.accents[1])
    if study.has("snowman"):
        white = landscapes.snow_tone(study, 1.0)
        shapes += snowman(other, foot(other) + 0.01, 0.2, mix(white, (1, 1, 1), 0.4), mix(white, palette.near, 0.25),
                          palette.accents[0], palette.near)
    name = _who(study)
    if name not in (None, "portrait", "whale"):
        size = (0.24 + 0.22 * study.strength) * (0.8 if name in ("bear", "rabbit") else 1.0)
        size *= min(1.0, study.frame.w / 0.9)
        flip = study.side < 0
        if name == "owl":
            shapes += _perch(study, spot, foot(spot) - 0.16)
            shapes += figure(name, spot, foot(spot) - 0.16, size * 0.8, _tones(study, name), rim=0.0025 * -study.side)
        else:
            shapes += figure(name, spot, foot(spot), size, _tones(study, name), flip=flip, rim=0.0022 * -study.side)
        if name in ("person", "man") and study.has("umbrella"):
            shapes += _umbrella(spot + 0.10 * size, foot(spot) - size * 0.72, size, palette.accents[0], palette.near)
    shine = [_beam(study, other, foot(other))] if study.has("lighthouse") and (study.dark or study.has("storm", "fog")) else []
    return [*shine, Shapes(shapes)] if shapes else []


def _beam(study: Study, x: float, foot: float) -> Shapes:
    """A lighthouse's two beams."""
    y = foot - 0.85 * (0.30 + 0.16 * study.strength)
    angle = study.chance.number("beam", -0.25, 0.1)
    shapes = []
    for way in (0.0, math.pi):
        far = [(x + math.cos(angle + way + half) * 1.6, y + math.sin(angle + way + half) * 1.6) for half in (-0.05, 0.05)]
        shapes.append(Shape(curve([(x, y, 1), *((*point, 1) for point in far)], steps=1), mix(study.palette.light, study.palette.accents[1], 0.3)))
    return Shapes(shapes, blur=0.006, opacity=0.34, light=True)


def _perch(study: Study, x: float, y: float) -> list[Shape]:
    """A bough for an owl, reaching in from the side."""
    edge = -0.05 if study.side < 0 else study.frame.w + 0.05
    tone = scale(study.palette.near, light=0.9)
    end = x - (edge - x) / abs(edge - x) * 0.22
    return [Shape(stroke([(edge, y + 0.07), ((edge + x) / 2, y + 0.015), (x, y + 0.012), (end, y - 0.02)], [0.06, 0.045, 0.034, 0.008]), tone),
            Shape(stroke([((edge + x * 2) / 3, y + 0.02), (x + (edge - x) * 0.1, y + 0.11)], [0.024, 0.004]), tone)]


def _umbrella(x: float, y: float, size: float, colour: RGB, stick: RGB) -> list[Shape]:
    r = size * 0.34
    dome = curve([(x - r, y - size * 0.25, 1), (x - r * 0.8, y - size * 0.44), (x, y - size * 0.55), (x + r * 0.8, y - size * 0.44),
                  (x + r, y - size * 0.25, 1), (x + r * 0.66, y - size * 0.285), (x + r * 0.33, y - size * 0.25, 1), (x, y - size * 0.285),
                  (x - r * 0.33, y - size * 0.25, 1), (x - r * 0.66, y - size * 0.285)])
    return [Shape(stroke([(x, y - size * 0.5), (x, y + size * 0.24)], [size * 0.014] * 2), stick), Shape(dome, colour)]


def _who(study: Study) -> str | None:
    """The figure to draw, by its name in `FIGURES`."""
    name = study.reading.figure
    return "man" if name == "person" and study.has("man") else name


def _tones(study: Study, name: str) -> Tones:
    """A figure's own colours, in the light of the scene."""
    body, pale = _FURS[name]
    if study.reading.figure_colour is not None:
        named = study.reading.figure_colour
        grey = max(named) - min(named) < 0.1  # noqa: PLR2004  # white, black and grey have no hue to give
        share = 0.8 if grey else 0.12 if name == "fox" else 0.5  # a red fox is orange
        body = mix(recolour(body, named, 0.75), named, share)
    elif name in ("person", "man"):
        body = study.palette.accents[0]
    gloom = {"night": 0.62, "sunset": 0.5, "dawn": 0.4}.get(study.time, 0.12) - 0.3 * (study.strength - 0.5)
    dark = mix(body, study.palette.near, 0.82)
    near = scale(study.palette.near, light=0.9)
    rim = mix(study.palette.light, study.palette.glow, 0.35)
    return Tones(mix(body, near, gloom), mix(pale, near, gloom * 0.8), dark, rim)


def _growing(study: Study, contour: Contour) -> list[Layer]:
    """Grass on the nearest land."""
    import numpy as np  # noqa: PLC0415

    from .plants import grass  # noqa: PLC0415

    if study.has("snow", "desert", "city"):
        return []
    stream = study.chance.stream("tufts")
    xs = stream.uniform(-0.02, study.frame.w + 0.02, study.some(study.frame.w * 260))
    tone = study.tone(1.0)
    shapes = [
        grass(stream, x, y + 0.012, stream.uniform(0.014, 0.045), scale(tone, light=float(stream.uniform(0.8, 1.25))))
        for x, y in zip(xs.tolist(), contour(np.asarray(xs)).tolist(), strict=True)
    ]
    return [Shapes(shapes)]


def _street(study: Study) -> list[Layer]:
    """A street towards the light, and somebody walking there."""
    palette, frame = study.palette, study.frame
    x, y = frame.w * study.chance.number("vanish", 0.44, 0.56), frame.h * 0.56
    lit = {"night": 0.42, "sunset": 0.2, "dawn": 0.12}.get(study.time, 0.05)
    near = mix(palette.near, palette.far, 0.25)
    block = Block(x, y, frame.w * 0.56, 0.23, near, mix(palette.far, study.haze, 0.5), (*palette.accents[:3], palette.light), lit)
    walls, glows = street(study.chance.stream("street"), block)
    posts, globes = lamps(block, scale(palette.near, light=0.8))
    sun = (x, y - 0.05)
    layers: list[Layer] = [Sky(palette.sky, palette.glow, y, *sun, 0.5, 0.95, steps=8 if study.flat else 0)]
    if study.dark:
        layers.append(Stars(study.chance_for("stars"), palette.light, y * 0.8, study.some(300)))
    layers.append(Disc(study.chance_for("disc"), x, y - 0.075, 0.075, palette.light, mix(palette.light, palette.glow, 0.5)))
    road = Contour.draw(study.chance.stream("road"), level=y, height=0.0, pace=1.0, octaves=1)
    tone = mix(palette.near, study.haze, 0.25)
    layers += [
        Ridge(road, mix(study.haze, palette.glow, 0.4), tone, (frame.h - y) * 0.7, study.chance_for("road"), curve=0.6),
        Shapes(_paving(study, block, tone)), Shapes(walls), Fog(study.chance_for("air"), mix(study.haze, palette.glow, 0.4), y - 0.04, 0.16, 0.5, patchy=0.25), Shapes(glows),
    ]
    if glows and lit > 0.1 and not study.flat:  # noqa: PLR2004
        layers.append(Shapes(glows, blur=0.008, opacity=0.45, light=True))
    layers += [Shapes(posts), Shapes(globes)]
    if study.time != "day":
        layers.append(Shapes(globes, blur=0.012, opacity=0.9, light=True))
    return [*layers, *_walker(study, block)]


def _paving(study: Study, block: Block, road: RGB) -> list[Shape]:
    """Pavements on both sides, and the dashes down the middle."""
    shapes: list[Shape] = []

    def point(across: float, z: float) -> tuple[float, float, int]:
        return block.x + across / z, block.y + block.eye / z, 1

    pale = mix(road, study.palette.light, 0.16)
    for side in (-1, 1):
        edge = [point(side * block.half, 0.4), point(side * block.half, 40), point(side * (block.half - 0.12), 40), point(side * (block.half - 0.12), 0.4)]
        shapes.append(Shape(curve(edge, steps=1), pale))
    z = 0.55
    while z < 9:  # noqa: PLR2004  # beyond, a dash is thinner than a hair
        dash = [point(-0.012, z), point(-0.012, z * 1.22), point(0.012, z * 1.22), point(0.012, z)]
        shapes.append(Shape(curve(dash, steps=1), mix(pale, study.palette.light, 0.25)))
        z *= 1.55
    return shapes


def _walker(study: Study, block: Block) -> list[Layer]:
    """Somebody before the light, with a long shadow towards us."""
    palette = study.palette
    stream = study.chance.stream("walker")
    depth = 1.55 - 0.35 * study.strength
    x, foot = block.x + stream.uniform(-0.07, 0.07) * study.frame.w, block.y + block.eye / depth
    size = 0.5 / depth * 0.95
    shadow = [(x - 0.05 * size, foot), (x + 0.05 * size, foot), (x + (x - block.x) * 1.4 + 0.22 * size, study.frame.h + 0.02),
              (x + (x - block.x) * 1.4 - 0.22 * size, study.frame.h + 0.02)]
    name = _who(study) or "person"
    dim = Shape(curve([(*point, 1) for point in shadow], steps=2), scale(palette.near, light=0.8))
    layers: list[Layer] = [Shapes([dim], blur=0.008, opacity=0.5)]
    shapes = figure(name, x, foot, size, _tones(study, name), flip=bool(stream.integers(2)), rim=0.003)
    if study.has("umbrella", "rain") and name in ("person", "man"):
        shapes += _umbrella(x + 0.1 * size, foot - size * 0.70, size, palette.accents[0], palette.near)
    return [*layers, Shapes(shapes)]


def _cosmos(study: Study) -> list[Layer]:
    """Deep space: nebulae, stars, a planet with a ring, and perhaps mountains to watch it from."""
    palette, frame = study.palette, study.frame
    x, y = frame.w * (0.5 + study.side * 0.16), frame.h * study.chance.number("planet", 0.34, 0.46)
    radius = 0.16 + 0.12 * study.strength
    tall = frame.h * 1.3
    first, second = palette.accents[0], palette.accents[2]
    layers: list[Layer] = [
        Sky(palette.sky[:3], mix(palette.glow, first, 0.4), tall, frame.w - x, frame.h * 0.3, 0.7, 0.5),
        Clouds(study.chance_for("nebula"), mix(first, palette.sky[2], 0.3), mix(second, palette.sky[1], 0.5), -0.6, tall, 0.38, stretch=1.8),
        Clouds(study.chance_for("dust"), mix(second, palette.sky[1], 0.4), palette.sky[0], -0.6, tall, 0.3, stretch=2.4),
        Stars(study.chance_for("stars"), palette.light, tall, study.some(1700), 0.0),
        *_planet(study, x, y, radius),
    ]
    if study.reading.figure or study.chance.number("watch") > 0.4:  # noqa: PLR2004
        layers += landscapes.mountains(study, frame.h * 0.99, frame.h * 0.78, hero=False)
        land, contour = landscapes.ground(study, frame.h * 0.97, 0.08)
        layers += [*_standing(study, contour, frame.w * (0.5 - study.side * 0.2)), land]
    return layers


def _planet(study: Study, x: float, y: float, radius: float) -> list[Layer]:
    """A planet: lit from one side, with the far and near halves of its ring."""
    palette = study.palette
    body, shade = mix(palette.accents[1], palette.light, 0.15), mix(palette.accents[1], palette.sky[0], 0.6)
    tilt = study.chance.number("tilt", -0.5, 0.5)
    rings: list[list[Shape]] = [[], []]
    for size, tone in ((2.15, 0.35), (1.95, 0.1), (1.72, 0.55), (1.6, 0.25)):
        colour = mix(palette.light, palette.sky[1], tone)
        outer = ellipse(x, y, radius * size, radius * size * 0.24, tilt, 96)
        inner = ellipse(x, y, radius * (size - 0.13), radius * (size - 0.13) * 0.24, tilt, 96)
        for half, part in enumerate((slice(48, 97), slice(0, 49))):
            edge = [*outer, outer[0]][part], [*inner, inner[0]][part]
            rings[half].append(Shape(_outline(*edge), colour))
    halo = Shape(ellipse(x, y, radius * 1.12, radius * 1.12), mix(palette.glow, palette.accents[0], 0.3))
    return [
        Shapes([halo], blur=0.04, opacity=0.6, light=True), Shapes(rings[0], opacity=0.8),
        Disc(study.chance_for("planet"), x, y, radius, body, shade, seas=0.3), Shapes(rings[1], opacity=0.9),
    ]


def _outline(outer: list, inner: list):  # noqa: ANN202
    import numpy as np  # noqa: PLC0415

    return np.array([*outer, *inner[::-1]])


def _weather(study: Study) -> list[Layer]:
    """What lies over everything: falling, floating, shining, and the lens."""
    layers: list[Layer] = []
    palette, frame = study.palette, study.frame
    if study.has("forest") and not study.dark and not study.flat:
        layers.append(Beams(study.chance_for("beams"), *study.sun, palette.glow, 0.5, 0.30 if study.has("fog") or study.soft else 0.2))
    if study.has("fog"):
        layers += [Fog(study.chance_for(f"fog {n}"), study.haze, frame.h * at, frame.h * 0.16, 0.55) for n, at in enumerate((0.52, 0.78))]
    if study.has("snow") and not study.has("aurora") and (study.time != "sunset" or study.chance.number("falling") > 0.5):  # noqa: PLR2004
        layers += snowfall(study.chance_for("snow"), frame, mix((1.0, 1.0, 1.0), palette.sky[3], 0.15), study.detail)
    if study.has("rain", "storm"):
        layers += rainfall(study.chance_for("rain"), frame, mix(palette.light, palette.sky[2], 0.3), study.detail)
    if study.has("blossom"):
        layers += landscapes.blossom(study)
        layers += petals(study.chance_for("petals"), frame, (0.98, 0.75, 0.80), study.detail)
    if study.has("lantern") or (study.dark and study.has("meadow")):
        layers += floating(study.chance_for("lights"), frame, palette.accents[1], study.some(34), study.horizon * 0.8)
    return layers if study.flat else [*layers, Corners(0.24)]


_ = Mist
