"""The ingredients of a landscape: each function gives the layers of one kind of land, back to front."""

from __future__ import annotations

from .canvas import Layer
from .chance import Contour
from .colours import RGB, mix, ramp
from .land import Cast, Fog, Relief, Ridge
from .shapes import Mist, Shapes
from .study import Study
from .town import Row, skyline
from .water import Water
from .woods import hillside

__all__ = ["city", "coast", "desert", "mountains", "ribbons", "water"]

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
        if hero and number == (1 if count > 3 else 0):  # never the nearest
            clear = study.frame.h * stream.uniform(0.12, 0.24) * (1.3 - 0.6 * study.strength)  # sky left above it
            tall = min(0.52, max(0.08, level - height * 0.5 - clear) / 1.12)
            summit = (wide * (0.5 - study.side * stream.uniform(0.02, 0.22)), tall, tall * stream.uniform(1.0, 1.35))
        contour = Contour.draw(
            study.chance.stream(f"range {number}"), level=level, height=height,
            pace=2.1 + 1.2 * part if part < 1 else 1.6, sharp=0.85 - 0.55 * part, rough=0.43, octaves=4 if study.flat else 6, hero=summit,
        )
        layers.append(_range(study, contour, part, reach))
        if part >= 0.5 and summit is None and not study.has("desert", "sea", "city", "ink"):
            layers.append(hillside(study, contour, part, number))  # woods on the nearer hills only
        if not study.flat and number < count - 1:
            fog = study.chance.number(f"veil {number}", 0.25, 0.6) * (1.5 if study.has("fog") or study.soft else 1.0)
            veil = study.chance_for(f"veil {number}")
            layers.append(Fog(veil, study.haze, level - reach * 0.02, reach * 0.16, min(fog, 0.9)))
    return layers


def _range(study: Study, contour: Contour, part: float, reach: float) -> Ridge:
    """One range: paler and bluer the farther it is; the nearest hills are wooded, not rocky."""
    top = study.tone(0.12 + 0.80 * part**1.25)
    foot = top if study.flat else mix(top, study.haze, 0.72 - 0.5 * part)
    rocky = part < 0.75 or study.has("snow")
    relief = _rock(study, contour, part, reach, top) if rocky else None
    chance = study.chance_for(f"range {contour.level:.4f}")
    return Ridge(contour, top, foot, reach * (0.75 - 0.3 * part), chance, relief)


def _rock(study: Study, contour: Contour, part: float, reach: float, tone: RGB) -> Relief:
    """The light on a range, and its snow: on the summit, or nearly everywhere in winter."""
    winter, hot = study.has("snow"), study.has("desert", "summer", "palm")
    capped = contour.hero is not None and part < 0.5 and not hot
    snow = mix(_WHITE, study.palette.glow, 0.25)
    if study.dark:
        snow = mix(snow, study.palette.far, 0.45)
    line = contour.level - contour.height * 0.2
    line += reach * 0.35 if winter else -reach * (0.42 if contour.hero else 0.3)
    return Relief(
        lit=mix(tone, study.palette.glow, 0.2 if study.dark else 0.42), shaded=mix(tone, study.palette.near, 0.30),
        amount=0.75 - 0.45 * part, side=study.side, lean=0.55, grain=0.0 if study.flat else 0.03,
        softness=0.10 if study.flat else 0.4, facet=0.035, fade=0.42 - 0.26 * part,
        snow=snow if winter or capped else None, snowline=line, ragged=reach * 0.22,
    )


def coast(study: Study) -> list[Layer]:
    """What is far out at sea: nothing, an island, long headlands, or a low range in the haze."""
    kind = study.chance.choice("coast", 5)
    stream = study.chance.stream("coast")
    layers: list[Layer] = []
    for number in range((0, 1, 2, 3, 2)[kind]):
        centre = study.frame.w * (0.5 - study.side * stream.uniform(0.16, 0.5))
        tall, half = stream.uniform(0.10, 0.19), stream.uniform(0.16, 0.36)
        if kind == 2:  # headlands come in from the edge
            centre, tall, half = (0.0 if study.side > 0 else study.frame.w), tall * (1.1 - 0.45 * number), 0.5 - 0.2 * number
        height, hero = (0.03, (centre, tall, half)) if kind != 3 else (0.12 - 0.03 * number, None)
        level = study.horizon + 0.028 - 0.012 * number + (0.01 if hero is None else 0.0)
        contour = Contour.draw(
            study.chance.stream(f"coast {number}"), level=level, height=height,
            pace=5 if hero else 2.6, sharp=0.3 if hero else 0.6, hero=hero,
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


def desert(study: Study, base: float) -> list[Layer]:
    """Dunes from `base` to the lower edge, each with a lit and a shaded slope."""
    layers: list[Layer] = []
    count = 4 if study.flat else study.some(5)
    reach = study.frame.h - base
    for number in range(count):
        part = (number + 0.4) / count
        contour = Contour.draw(
            study.chance.stream(f"dune {number}"), level=base + reach * (0.10 + 0.9 * part**1.35),
            height=0.08 + 0.20 * part,
            pace=1.15 - 0.45 * part, sharp=0.5, rough=0.16, octaves=3,
        )
        tone = study.tone(0.10 + 0.62 * part)
        lit = mix(mix(tone, study.palette.glow, 0.55), study.palette.far, 0.15)
        relief = Relief(lit=lit, shaded=mix(tone, study.palette.near, 0.5), amount=0.92, side=study.side,
                        lean=1.5 - 0.5 * part,
                        grain=0.0 if study.flat else 0.008, softness=0.16, facet=0.12, fade=0.35)
        layers.append(Ridge(contour, tone, mix(tone, study.haze, 0.25 * (1 - part)), 0.42, study.chance_for("dune"),
                            relief))
    return layers


def city(study: Study, base: float, *, rows: int = 3) -> list[Layer]:
    """Skylines one behind the other, with lit windows from dusk on."""
    layers: list[Layer] = []
    lit = {"night": 0.42, "sunset": 0.20, "dawn": 0.12}.get(study.time, 0.0) * (0.6 if study.flat else 1.0)
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
            lit=lit * (0.35 + 0.65 * part) or 0.55, pitch=0.0072 + 0.0026 * part, centre=centre,
        )  # fmt: skip
        buildings, windows = skyline(stream, row, study.frame.w)
        mist = None if study.flat else Mist(study.haze, base - row.height * 0.8, base, 0.66 - 0.5 * part)
        layers.append(Shapes(buildings, mist=mist))
        if windows and (study.detail >= 1 or part > 0.4):  # in a hurry, only the near windows
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
            study.chance.stream(f"ribbon {number}"), level=h * (0.42 + 0.86 * part) + swell * 0.2,
            height=swell * h * (1.1 - 0.4 * part),
            pace=0.95 - 0.25 * part, rough=0.30, octaves=3,
        )
        relief = Relief(lit=mix(tone, palette.light, 0.62), shaded=mix(tone, palette.near, 0.28), amount=0.9,
                        side=study.side,
                        lean=0.5, grain=0.0, softness=0.9, facet=0.12, fade=0.10)
        if number and not study.flat:
            layers.append(Cast(contour, palette.near, 0.05 + 0.05 * part, 0.55))
        layers.append(Ridge(contour, tone, mix(tone, palette.near, 0.35), 0.5, study.chance_for("ribbon"), relief))
    return layers

