"""Scenes: a study becomes a list of layers, back to front. Ingredients are made elsewhere; here they are arranged."""

from __future__ import annotations

from .canvas import Layer
from .chance import Contour
from .colours import mix, scale
from .cosmos import cosmos
from .gardens import blossom, meadow, palms, tufts
from .heavens import heavens
from .land import Fog, Ridge, ground, snow_tone
from .landscapes import city, coast, desert, mountains, ribbons, water
from .portraits import portrait
from .staging import afloat, standing
from .streets import avenue
from .study import Study
from .weather import Beams, Corners, floating, petals, rainfall, snowfall
from .woods import forest, park, sentinels, trunks

__all__ = ["compose"]


def compose(study: Study) -> list[Layer]:
    """The layers of the whole picture."""
    if study.reading.figure == "portrait":
        return [*portrait(study), Corners(0.18)]
    if study.reading.walking and study.has("city"):
        layers = avenue(study)
    elif study.has("space"):
        layers = cosmos(study)
    else:
        layers = _landscape(study)
    return [*layers, *_weather(study)]


def _landscape(study: Study) -> list[Layer]:
    """Sky, then what stands at the horizon, then the ground or the water, then what is near."""
    layers = heavens(study)
    if study.has("ribbons"):
        return [*layers[:1], *ribbons(study)]
    wet = _wet(study)
    layers += _horizon(study, wet=wet)
    return [*layers, *(_shore(study, layers) if wet else _inland(study))]


def _wet(study: Study) -> bool:
    """Whether there is water: at the sea always, before a town often."""
    if study.has("sea"):
        return True
    riverside = study.frame.h > 1.1 or study.chance.number("river") > 0.4  # a tall picture would show too much street
    return study.has("city") and not study.reading.figure and riverside


def _horizon(study: Study, *, wet: bool) -> list[Layer]:
    """Mountains, hills, coasts and towns in the distance."""
    layers: list[Layer] = []
    h = study.frame.h
    if study.has("mountain"):
        top = study.horizon - h * (0.34 if h < 1.1 else 0.27)  # a tall picture has more sky
        cut = wet or study.has("desert", "meadow")
        layers += mountains(study, study.horizon + (0.02 if cut else h * 0.22), top)
    elif study.has("meadow", "forest") or (study.has("desert") and not study.flat):
        layers += mountains(study, study.horizon + 0.02, study.horizon - 0.16, hero=False)
    elif study.has("sea") and not study.has("city"):
        layers += coast(study)
    if study.has("city"):
        layers += city(study, study.horizon + (0.012 if wet else h * 0.14 + 0.03))
    if wet and study.has("forest") and not study.has("city"):
        layers += forest(study, study.horizon - 0.05, study.horizon)[: 2 * study.some(2)]
    return layers


def _shore(study: Study, behind: list[Layer]) -> list[Layer]:
    """Water reflecting what is behind it, what floats on it, and the near shore."""
    calm = study.has("calm", "fog", "city", "forest")
    rough = 1.0 if study.has("storm") else 0.25 if calm else study.chance.number("wind", 0.35, 0.8)
    return [water(study, list(behind), rough), *afloat(study), *_near_shore(study)]


def _near_shore(study: Study) -> list[Layer]:
    """A point of land by the water with what stands on it; sometimes none, for the open sea."""
    someone = study.reading.figure not in {None, "whale"}
    wanted = someone or study.has("lighthouse", "house", "palm", "summer", "meadow", "snow", "snowman", "desert")
    if not wanted and study.chance.number("shore") < 0.45:
        return []
    h, w = study.frame.h, study.frame.w
    # It runs in from the side away from the light, so that the glitter stays free.
    point = (0.0 if study.side > 0 else w, 0.24 if wanted else 0.15, w * 0.55)
    contour = Contour.draw(study.chance.stream("shore"), level=h + 0.05, height=0.04, pace=2.2, rough=0.45, hero=point)
    tone = snow_tone(study, 1.0) if study.has("snow") else study.tone(0.97)
    land = Ridge(contour, tone, scale(tone, light=0.8), 0.2, study.chance_for("shore"))
    trees = palms(study, h) if study.has("palm") else []
    return [*trees, *standing(study, contour, w * (0.5 - study.side * 0.30)), land, *tufts(study, contour)]


def _inland(study: Study) -> list[Layer]:
    """The ground where there is no water, and everything near."""
    layers: list[Layer] = []
    h = study.frame.h
    if study.has("desert"):
        layers += desert(study, study.horizon)
    elif study.has("meadow"):
        layers += meadow(study)
    if study.has("forest"):
        layers += forest(study, study.horizon + (0.06 if study.has("mountain", "meadow") else -0.04), h + 0.05)
    peopled = study.reading.figure is not None or study.has("house", "snowman", "lighthouse")
    if study.has("forest") and not peopled:
        return [*layers, *(trunks(study) if study.chance.number("trunks") > 0.55 else [])]
    if study.has("desert", "meadow") and not peopled:
        return layers
    return [*layers, *_foreground(study)]


def _foreground(study: Study) -> list[Layer]:
    """The nearest rise of the land, with tall trees at its side and what the words put on it."""
    h = study.frame.h
    town = study.has("city")
    level = study.horizon + h * 0.14 + 0.02 if town else h * (0.95 if study.reading.figure else 0.985)
    tone = study.tone(0.55) if study.has("desert") else None
    land, contour = ground(study, level, 0.05 if town else 0.10, tone=tone)
    tall: list[Layer] = []
    if town:
        tall = park(study, contour)
    elif study.chance.number("firs") > 0.4 and not study.has("desert", "meadow", "ink"):
        tall = sentinels(study, contour)
    spot = study.frame.w * 0.5 + (study.sun[0] - study.frame.w * 0.5) * 0.75  # before the light, a little inwards
    return [*tall, *standing(study, contour, spot), land, *tufts(study, contour)]


def _weather(study: Study) -> list[Layer]:
    """What lies over everything: falling, floating, shining, and the lens."""
    layers: list[Layer] = []
    palette, frame = study.palette, study.frame
    if study.has("forest") and not study.dark and not study.flat:
        amount = 0.30 if study.has("fog") or study.soft else 0.2
        layers.append(Beams(study.chance_for("beams"), *study.sun, palette.glow, 0.5, amount))
    if study.has("fog"):
        for at in (0.52, 0.78):
            layers.append(Fog(study.chance_for(f"fog {at}"), study.haze, frame.h * at, frame.h * 0.16, 0.55))
    falling = study.time != "sunset" or study.chance.number("falling") > 0.5
    if study.has("snow") and not study.has("aurora") and falling:
        layers += snowfall(study.chance_for("snow"), frame, mix((1.0, 1.0, 1.0), palette.sky[3], 0.15), study.detail)
    if study.has("rain", "storm"):
        layers += rainfall(study.chance_for("rain"), frame, mix(palette.light, palette.sky[2], 0.3), study.detail)
    if study.has("blossom"):
        layers += [*blossom(study), *petals(study.chance_for("petals"), frame, (0.98, 0.75, 0.80), study.detail)]
    if study.has("lantern") or (study.dark and study.has("meadow")):
        layers += floating(study.chance_for("lights"), frame, palette.accents[1], study.some(34), study.horizon * 0.8)
    return layers if study.flat else [*layers, Corners(0.24)]
