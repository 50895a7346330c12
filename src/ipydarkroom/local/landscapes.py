"""The ingredients of a landscape: each function gives the layers of one kind of land, back to front."""

from __future__ import annotations

import numpy as np

from .canvas import Layer
from .chance import Contour
from .colours import RGB, mix, ramp, scale
from .land import Cast, Fog, Relief, Ridge
from .plants import birch, blossom_branch, broadleaf, firs, flower, grass, palm
from .shapes import Mist, Shape, Shapes
from .study import Study
from .town import Row, skyline
from .water import Water

__all__ = [
    "blossom", "branches", "city", "coast", "desert", "forest", "ground", "meadow", "mountains", "palms", "park", "ribbons", "sentinels",
    "snow_tone", "water",
]

_WHITE: RGB = (1.0, 1.0, 1.0)


def mountains(study: Study, base: float, top: float, *, hero: bool = True) -> list[Layer]:
    """Ranges from `top` (the y of the farthest summits) down to `base`, with air between them."""
    count = 3 if study.flat else study.some(5)
    stream = study.chance.stream("mountains")
    layers: list[Layer] = []
    wide, reach = study.frame.w, base - top
    for number in range(count):
        part = number / max(count - 1, 1)
        level, height = top + reach * (0.50 + 0.50 * part), reach * (0.62 - 0.34 * part)
        summit = None
        if hero and number == (1 if count > 3 else 0):  # noqa: PLR2004  # never the nearest
            tall = max(0.08, level - height * 0.5 - study.frame.h * stream.uniform(0.12, 0.24) * (1.3 - 0.6 * study.strength)) / 1.12
            tall = min(tall, 0.52)
            summit = (wide * (0.5 - study.side * stream.uniform(0.02, 0.22)), tall, tall * stream.uniform(1.0, 1.35))
        contour = Contour.draw(
            study.chance.stream(f"range {number}"), level=level, height=height, pace=(2.1 + 1.2 * part) if part < 1 else 1.6,
            sharp=0.85 - 0.55 * part, rough=0.43, octaves=6 if not study.flat else 4, hero=summit,
        )
        layers.append(_range(study, contour, part, reach))
        if part >= 0.5 and summit is None and not study.has("desert", "sea", "city", "ink"):  # noqa: PLR2004  # woods on the nearer hills only
            layers.append(_woods(study, contour, part, number))
        if not study.flat and number < count - 1:
            fog = study.chance.number(f"veil {number}", 0.25, 0.6) * (1.5 if study.has("fog") or study.soft else 1.0)
            middle = contour.level - reach * 0.02
            layers.append(Fog(study.chance_for(f"veil {number}"), study.haze, middle, reach * 0.16, min(fog, 0.9)))
    return layers


def _range(study: Study, contour: Contour, part: float, reach: float) -> Ridge:
    """One range: paler and bluer the farther it is."""
    top = study.tone(0.12 + 0.80 * part**1.25)
    foot = top if study.flat else mix(top, study.haze, 0.72 - 0.5 * part)
    lit = mix(top, study.palette.glow, 0.42 if not study.dark else 0.2)
    snowy, hot = study.has("snow"), study.has("desert", "summer", "palm")
    relief = None
    if part < 0.75 or snowy:  # noqa: PLR2004  # the nearest hills are wooded, not rocky
        relief = Relief(
            lit=lit, shaded=mix(top, study.palette.near, 0.30), amount=(0.75 - 0.45 * part), side=study.side, lean=0.55,
            grain=0.0 if study.flat else 0.03, softness=0.10 if study.flat else 0.4, facet=0.035, fade=0.42 - 0.26 * part,
            snow=mix(_WHITE, study.palette.glow, 0.25 if not study.dark else 0.35) if snowy or (part < 0.5 and contour.hero and not hot) else None,  # noqa: PLR2004
            snowline=contour.level - contour.height * 0.2 + (reach * 0.35 if snowy else -reach * (0.42 if contour.hero else 0.3)),
            ragged=reach * 0.22,
        )  # fmt: skip
        if study.dark and relief.snow is not None:
            relief = _dimmed(relief, study)
    return Ridge(contour, top, foot, reach * (0.75 - 0.3 * part), study.chance_for(f"range {contour.level:.4f}"), relief)


def _woods(study: Study, contour: Contour, part: float, number: int) -> Shapes:
    """Small firs along a hill, in clumps: they give the mountains their size."""
    stream = study.chance.stream(f"woods {number}")
    tall = 0.010 + 0.034 * (part - 0.3) ** 1.3
    xs = np.sort(stream.uniform(-0.02, study.frame.w + 0.02, study.some(study.frame.w * (210 - 110 * part))))
    dense = np.sin(xs * stream.uniform(3, 7) + stream.uniform(0, 6)) + np.sin(xs * 11.3) * 0.6 + stream.normal(0, 0.5, len(xs))
    xs = xs[dense > -0.1]
    tone = study.tone(0.18 + 0.80 * part**1.2)
    return Shapes(firs(stream, xs, contour(xs) + 0.004, tall, (tone, _frosted(study, mix(tone, study.haze, 0.08)))))


def _dimmed(relief: Relief, study: Study) -> Relief:
    """Snow by moonlight."""
    assert relief.snow is not None  # noqa: S101  # asked by the only caller
    return Relief(relief.lit, relief.shaded, relief.amount, relief.side, relief.lean, relief.grain, relief.softness,
                  relief.facet, relief.fade, mix(relief.snow, study.palette.far, 0.45), relief.snowline, relief.ragged)


def coast(study: Study) -> list[Layer]:
    """What is far out at sea: nothing, an island, long headlands, or a low range in the haze."""
    kind = study.chance.choice("coast", 5)
    stream = study.chance.stream("coast")
    layers: list[Layer] = []
    for number in range((0, 1, 2, 3, 2)[kind]):
        centre = study.frame.w * (0.5 - study.side * stream.uniform(0.16, 0.5))
        tall, half = stream.uniform(0.10, 0.19), stream.uniform(0.16, 0.36)
        if kind == 2:  # noqa: PLR2004  # headlands come in from the edge
            centre, tall, half = (0.0 if study.side > 0 else study.frame.w), tall * (1.1 - 0.45 * number), 0.5 - 0.2 * number
        height, hero = (0.03, (centre, tall, half)) if kind != 3 else (0.12 - 0.03 * number, None)  # noqa: PLR2004
        contour = Contour.draw(
            study.chance.stream(f"coast {number}"), level=study.horizon + 0.028 - 0.012 * number + (0.01 if hero is None else 0.0),
            height=height, pace=5 if hero else 2.6, sharp=0.3 if hero else 0.6, hero=hero,
        )
        tone = study.tone(0.10 + 0.22 * number + (0.1 if kind == 1 else 0.0))
        layers.append(Ridge(contour, tone, mix(tone, study.haze, 0.5), 0.16, study.chance_for("coast")))
    return layers


def water(study: Study, above: list[Layer], rough: float) -> Water:
    """The sea, a lake or a river, from the horizon down."""
    palette = study.palette
    deep = mix(mix(palette.sky[0], palette.near, 0.42), palette.far, 0.12)
    light = mix(palette.light, palette.glow, 0.25)
    glitter = 0.9 if study.time in ("sunset", "dawn", "night") else 0.55
    return Water(study.chance_for("water"), above, study.horizon, deep, light, study.sun[0], rough=rough,
                 glitter=glitter * (0.6 if study.has("fog", "rain") else 1.0), width=0.045)


def forest(study: Study, base: float, bottom: float) -> list[Layer]:
    """Rows of trees from the far edge (y `base`) towards the viewer (y `bottom`), larger and darker."""
    if study.has("autumn") or (study.chance.number("kind of wood") > 0.78 and not study.has("snow")):  # noqa: PLR2004  # mostly firs
        return _leafy(study, base, bottom)
    layers: list[Layer] = []
    rows = 3 if study.flat else study.some(5)
    for number in range(rows):
        part = (number + 1) / rows
        stream = study.chance.stream(f"firs {number}")
        level = base + (bottom - base) * part**1.5
        tall = (0.10 + 0.30 * part**1.6) * (0.85 + 0.3 * study.strength)
        contour = Contour.draw(stream, level=level, height=0.05 + 0.05 * part, pace=1.8, octaves=4)
        xs = _clumps(stream, study.frame.w, study.some(study.frame.w * (46 - 30 * part)), tall * 0.5)
        tone = study.tone(0.25 + 0.75 * part)
        pale = _frosted(study, mix(tone, study.haze, 0.10 + 0.12 * (1 - part)))
        shapes = firs(stream, xs, contour(xs) + 0.01, tall, (tone, pale))
        mist = None if study.flat else Mist(study.haze, level - tall * 0.95, level + 0.02, 0.62 * (1 - part) + 0.08)
        layers += [Shapes(shapes, mist=mist), _floor(study, contour, part)]
        if not study.flat and number < rows - 1:
            amount = 0.5 if study.has("fog") or study.soft else 0.3
            layers.append(Fog(study.chance_for(f"glade {number}"), study.haze, level - 0.02, 0.07 + 0.05 * part, amount))
    return layers


def _clumps(stream: np.random.Generator, w: float, count: int, gap: float) -> np.ndarray:
    """Places along x, uneven, with clearings."""
    xs = np.linspace(-0.04, w + 0.04, count) + stream.normal(0, 0.35 * w / count, count)
    clearing, wide = stream.uniform(0.25, 0.75) * w, gap * stream.uniform(0.5, 1.3)
    return np.asarray(xs[np.abs(xs - clearing) > wide])


def _frosted(study: Study, tone: RGB) -> RGB:
    """Firs under snow are paler."""
    return mix(tone, mix(study.palette.far, _WHITE, 0.3), 0.45) if study.has("snow") else tone


def _floor(study: Study, contour: Contour, part: float) -> Ridge:
    """The ground a row of trees stands on."""
    tone = study.tone(0.25 + 0.75 * part)
    if study.has("snow"):
        tone = mix(snow_tone(study, part), tone, 0.15)
    foot = tone if study.flat else mix(tone, study.haze, 0.55 * (1 - part))
    return Ridge(contour, tone, foot, 0.12, study.chance_for("floor"))


def snow_tone(study: Study, part: float) -> RGB:
    """Snow on the ground: the sky's own light, brighter nearby."""
    white = mix(_WHITE, study.palette.glow, 0.18)
    if study.dark:
        return mix(study.palette.far, white, 0.18 + 0.12 * part)
    return mix(white, study.palette.sky[1], 0.30 - 0.12 * part)


def _leafy(study: Study, base: float, bottom: float) -> list[Layer]:
    """A wood of broad-leaved trees: slender trunks in depth, crowns in the accents' colours."""
    layers: list[Layer] = []
    rows = 3 if study.flat else study.some(4)
    accents = study.palette.accents
    for number in range(rows):
        part = (number + 1) / rows
        stream = study.chance.stream(f"leafy {number}")
        level = base + (bottom - base) * part**1.4
        contour = Contour.draw(stream, level=level, height=0.05, pace=1.6, octaves=4)
        shapes: list[Shape] = []
        for x in _clumps(stream, study.frame.w, study.some(study.frame.w * (13 - 8 * part)), 0.2 * part):
            low = scale(mix(accents[int(stream.integers(2))], study.palette.near, 0.35 + 0.2 * part), chroma=0.95)
            high = mix(low, accents[int(stream.integers(2))], 0.75)
            if study.dark:
                low, high = mix(low, study.palette.near, 0.6), mix(high, study.palette.near, 0.45)
            tones = (mix(low, study.haze, 0.55 * (1 - part)), mix(high, study.haze, 0.50 * (1 - part)))
            tall = (0.18 + 0.28 * part) * stream.uniform(0.75, 1.2)
            shapes += broadleaf(stream, float(x), float(contour(np.array([x]))[0]) + 0.012, tall, tones)
        mist = None if study.flat else Mist(study.haze, level - 0.3, level, 0.35 * (1 - part))
        layers += [Shapes(shapes, mist=mist), _floor(study, contour, part)]
    return layers


def branches(study: Study) -> list[Layer]:
    """Dark trunks close to the viewer, framing the picture from one side, out of focus."""
    stream = study.chance.stream("frame")
    shapes: list[Shape] = []
    for number in range(3):
        edge = stream.uniform(0.0, 0.14) * study.frame.w
        x = edge if (number % 2 == 0) == (study.side > 0) else study.frame.w - edge
        shapes += birch(stream, x, -0.05, study.frame.h + 0.05, stream.uniform(0.02, 0.042), scale(study.palette.near, light=0.85))
    return [Shapes(shapes, blur=0.0 if study.flat else 0.0022)]


def desert(study: Study, base: float) -> list[Layer]:
    """Dunes from `base` to the lower edge, each with a lit and a shaded slope."""
    layers: list[Layer] = []
    count = 4 if study.flat else study.some(5)
    reach = study.frame.h - base
    for number in range(count):
        part = (number + 0.4) / count
        contour = Contour.draw(
            study.chance.stream(f"dune {number}"), level=base + reach * (0.10 + 0.9 * part**1.35), height=0.08 + 0.20 * part,
            pace=1.15 - 0.45 * part, sharp=0.5, rough=0.16, octaves=3,
        )
        tone = study.tone(0.10 + 0.62 * part)
        lit = mix(mix(tone, study.palette.glow, 0.55), study.palette.far, 0.15)
        relief = Relief(lit=lit, shaded=mix(tone, study.palette.near, 0.5), amount=0.92, side=study.side, lean=1.5 - 0.5 * part,
                        grain=0.0 if study.flat else 0.008, softness=0.16, facet=0.12, fade=0.35)
        layers.append(Ridge(contour, tone, mix(tone, study.haze, 0.25 * (1 - part)), 0.42, study.chance_for("dune"), relief))
    return layers


def ground(study: Study, base: float, height: float = 0.06, *, tone: RGB | None = None) -> tuple[Ridge, Contour]:
    """The nearest rise of the land, and its contour for things to stand on."""
    contour = Contour.draw(study.chance.stream("ground"), level=base, height=height, pace=1.1, rough=0.35, octaves=4)
    colour = tone or (snow_tone(study, 1.0) if study.has("snow") else study.tone(0.94))
    foot = mix(colour, study.palette.near, 0.35) if not study.flat else colour
    return Ridge(contour, colour, foot, 0.3, study.chance_for("ground")), contour


def meadow(study: Study) -> list[Layer]:
    """Rolling grass full of flowers, larger and more out of focus towards the viewer."""
    layers: list[Layer] = []
    green = mix(study.palette.near, study.palette.accents[2], 0.30)
    rows = study.some(4)
    for number in range(rows):
        part = number / max(rows - 1, 1)
        level = study.horizon + (study.frame.h - study.horizon) * (0.12 + 0.78 * part)
        contour = Contour.draw(study.chance.stream(f"field {number}"), level=level, height=0.07, pace=0.9, rough=0.3, octaves=4)
        tone = mix(mix(study.palette.far, green, 0.45 + 0.5 * part), study.palette.glow, 0.16 * (1 - part))
        layers.append(Ridge(contour, tone, scale(tone, light=0.85), 0.2, study.chance_for("field")))
        layers += _bed(study, contour, part, tone, number)
    return layers


def _bed(study: Study, contour: Contour, part: float, tone: RGB, number: int) -> list[Layer]:
    """Grass and flowers growing on one rise."""
    stream = study.chance.stream(f"bed {number}")
    tall = 0.020 + 0.17 * part**1.8
    shapes: list[Shape] = []
    xs = stream.uniform(-0.02, study.frame.w + 0.02, study.some(study.frame.w * (330 - 90 * part)))
    ys = contour(xs) + stream.uniform(0, 0.03 + 0.13 * part, len(xs))
    kinds = [("poppy", "daisy", "tulip", "spike")[int(stream.integers(4))] for _ in range(2)]
    share = 0.20 + 0.14 * study.strength
    for x, y in sorted(zip(xs.tolist(), ys.tolist(), strict=True), key=lambda at: at[1]):
        blade = scale(mix(tone, study.palette.near, float(stream.uniform(0, 0.5))), light=float(stream.uniform(0.9, 1.2)))
        if stream.uniform() < share:
            colour = _petal(study, stream)
            shapes += flower(stream, kinds[int(stream.integers(2))], x, y, tall * stream.uniform(0.7, 1.15), colour, blade)
        else:
            shapes.append(grass(stream, x, y, tall * stream.uniform(0.5, 1.0), blade))
    return [Shapes(shapes)]


def _petal(study: Study, stream: np.random.Generator) -> RGB:
    """A flower's colour: the accents, the first ones most; dimmed at night."""
    place = min(int(stream.exponential(1.1)), len(study.palette.accents) - 1)
    colour = study.palette.accents[place]
    return mix(colour, study.palette.near, 0.35) if study.dark else colour


def city(study: Study, base: float, *, rows: int = 3) -> list[Layer]:
    """Skylines one behind the other, with lit windows from dusk on."""
    layers: list[Layer] = []
    lit = {"night": 0.42, "sunset": 0.20, "dawn": 0.12}.get(study.time, 0.0)
    palette = study.palette
    lights = (palette.accents[0], mix(palette.accents[0], palette.light, 0.6), palette.light, palette.accents[2])
    centre = study.chance.number("centre", 0.3, 0.7)
    for number in range(rows):
        part = number / max(rows - 1, 1)
        stream = study.chance.stream(f"skyline {number}")
        tone = study.tone(0.22 + 0.66 * part)
        row = Row(
            base=base + 0.004, height=(0.56 - 0.22 * part) * (0.8 + 0.4 * study.strength) * min(1.1, base * 1.45),
            wide=0.055 + 0.030 * part, colour=tone, side=mix(tone, palette.near, 0.35),
            lights=lights if lit else (mix(tone, study.haze, 0.22), mix(tone, palette.near, 0.3)),
            lit=(lit * (0.35 + 0.65 * part) if not study.flat else lit * 0.6) or 0.55, pitch=0.0072 + 0.0026 * part, centre=centre,
        )  # fmt: skip
        buildings, windows = skyline(stream, row, study.frame.w)
        mist = None if study.flat else Mist(study.haze, base - row.height * 0.8, base, 0.66 - 0.5 * part)
        layers.append(Shapes(buildings, mist=mist))
        if windows and (study.detail >= 1 or part > 0.4):  # noqa: PLR2004  # in a hurry, only the near windows
            layers.append(Shapes(windows, mist=mist, opacity=0.55 + 0.45 * part))
            if study.dark and not study.flat:
                layers.append(Shapes(windows, blur=0.006, opacity=0.5, light=True))
    return layers


def ribbons(study: Study) -> list[Layer]:
    """No place at all: folds of colour one over the other, each lit along its edge and shading the one behind."""
    layers: list[Layer] = []
    count, palette, h = study.some(11), study.palette, study.frame.h
    stops = (palette.sky[2], palette.accents[1], palette.accents[0], palette.far, palette.sky[1], palette.near)
    turn = study.chance.choice("turn", len(stops) - 1)
    table = ramp([*stops[turn:-1], *stops[:turn], stops[-1]], count)
    swell = study.chance.number("swell", 0.30, 0.52)
    for number in range(count):
        part = number / max(count - 1, 1)
        tone: RGB = (float(table[0, number]), float(table[1, number]), float(table[2, number]))
        contour = Contour.draw(
            study.chance.stream(f"ribbon {number}"), level=h * (0.42 + 0.86 * part) + swell * 0.2, height=swell * h * (1.1 - 0.4 * part),
            pace=0.95 - 0.25 * part, rough=0.30, octaves=3,
        )
        relief = Relief(lit=mix(tone, palette.light, 0.62), shaded=mix(tone, palette.near, 0.28), amount=0.9, side=study.side,
                        lean=0.5, grain=0.0, softness=0.9, facet=0.12, fade=0.10)
        if number and not study.flat:
            layers.append(Cast(contour, palette.near, 0.05 + 0.05 * part, 0.55))
        layers.append(Ridge(contour, tone, mix(tone, palette.near, 0.35), 0.5, study.chance_for("ribbon"), relief))
    return layers


def blossom(study: Study) -> list[Layer]:
    """A flowering branch reaching in from an upper corner."""
    stream = study.chance.stream("branch")
    w, h = study.frame.w, study.frame.h
    left = study.side > 0
    start = (-0.03 if left else w + 0.03, h * stream.uniform(0.04, 0.2))
    end = (w * (0.62 if left else 0.38), h * stream.uniform(0.2, 0.36))
    bark = mix(study.palette.near, (0.2, 0.12, 0.12), 0.4)
    return [Shapes(blossom_branch(stream, start, end, 0.024, bark, (0.97, 0.66, 0.74)))]


def palms(study: Study, base: float) -> list[Layer]:
    """Palms on the near shore."""
    stream = study.chance.stream("palms")
    x = study.frame.w * (0.5 - study.side * 0.36)
    shapes: list[Shape] = []
    for number in range(3):
        at = x + (number - 1) * 0.09 + stream.uniform(-0.03, 0.03)
        shapes += palm(stream, at, base + 0.02, study.frame.h * stream.uniform(0.42, 0.72), study.palette.near)
    return [Shapes(shapes)]


def park(study: Study, contour: Contour) -> list[Layer]:
    """Round trees along the edge of a town."""
    stream = study.chance.stream("park")
    xs = np.sort(stream.uniform(-0.02, study.frame.w + 0.02, study.some(study.frame.w * 26)))
    tone = study.tone(0.97)
    tones = (tone, mix(tone, study.palette.glow, 0.10))
    shapes: list[Shape] = []
    for x, y in zip(xs.tolist(), contour(xs).tolist(), strict=True):
        shapes += broadleaf(stream, x, y + 0.02, stream.uniform(0.05, 0.10), tones)
    return [Shapes(shapes)]


def sentinels(study: Study, contour: Contour) -> list[Layer]:
    """A few tall firs on the nearest land, at the side away from the light."""
    stream = study.chance.stream("sentinels")
    edge = 0.0 if study.side > 0 else study.frame.w
    xs = np.sort(edge + study.side * np.abs(stream.normal(0.02, 0.13, study.some(7))))
    tall = stream.uniform(0.16, 0.30) * min(1.3, study.frame.h + 0.25)
    tones = (study.tone(1.0), _frosted(study, study.tone(0.93)))
    return [Shapes(firs(stream, xs, contour(xs) + 0.012, tall, tones))]
