"""The palettes: curated by hand, each a sky, a light, a distance and a nearness, with a few accents.

`choose` picks one by the mood of the words and bends it towards colours that were named or ordered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .chance import Chance
from .colours import RGB, from_hex, lightness, mix, parse, recolour, scale

__all__ = ["PALETTES", "Palette", "choose"]


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one picture.

    `sky` runs from zenith to horizon (four stops), `light` is sun or moon, `glow` the air around it, `far` the most
    distant land, `near` the closest, `accents` the small bright things. `moods` are the words it suits.
    """

    name: str
    moods: frozenset[str]
    sky: tuple[RGB, ...]
    light: RGB
    glow: RGB
    far: RGB
    near: RGB
    accents: tuple[RGB, ...]

    @property
    def dark(self) -> bool:
        """True when the sky is a night sky."""
        return lightness(self.sky[1]) < 0.45  # between dusk blue and day blue


def _palette(name: str, moods: str, sky: str, light: str, land: str, accents: str) -> Palette:
    lit, glow = (from_hex(word) for word in light.split())
    far, near = (from_hex(word) for word in land.split())
    stops = tuple(from_hex(word) for word in sky.split())
    return Palette(name, frozenset(moods.split()), stops, lit, glow, far, near, tuple(map(from_hex, accents.split())))


PALETTES: tuple[Palette, ...] = (
    _palette("alpine", "day mountain", "#2f6fb0 #6aa5d4 #b4d6e8 #f3ead6", "#fff6dc #ffe9b8", "#9dbdd3 #16364a",
             "#e2725b #f2c14e #4f8a6d #f7f3ea"),
    _palette("meadow", "day flower forest spring", "#4f9fd0 #93c9e2 #d6ece4 #fdf3d0", "#fffbe6 #fff0bd",
             "#a3c9b4 #1d4a38", "#e4572e #f2c14e #f7f3ea #b56fa8"),
    _palette("sorbet", "dawn day flower calm spring desert", "#7fb9d0 #c3dde0 #f7dcd0 #fbeee0", "#fffaf0 #ffe8d6",
             "#d8bfc8 #54456a", "#ee8f8a #f5c36b #8fb8a8 #fff5ee"),
    _palette("nordic", "day fog rain mountain", "#76899a #a2b1ba #cbd3d6 #e8e4dc", "#fbf8f0 #f0ebe0",
             "#b0bcc3 #22303b", "#c8553d #d9b36c #7a8c7f #eceae4"),
    _palette("lagoon", "day sea", "#1b78a6 #56b3c9 #b4e0dc #fdf2d4", "#fffbe8 #fff0c4", "#8fc3c9 #0d3a54",
             "#f2785c #f6c65b #eef6f0 #2a9d8f"),
    _palette("riviera", "day sea city summer", "#2b86c5 #78bde0 #cfe7ea #ffeccf", "#fffdf0 #ffe6b0", "#a9bfd0 #27435f",
             "#ef6f53 #f4b942 #f8f1e4 #3d8f8a"),
    _palette("moss", "day forest fog rain", "#355a50 #6f9c82 #c0d2a2 #f6edc0", "#fffbdc #f6efb0", "#a8c19a #0c231c",
             "#d98f4e #ead27a #8fb573 #f4f0dc"),
    _palette("autumn", "day dawn forest autumn", "#587c96 #b5b79f #f0c684 #fbe5b8", "#fff6dd #ffdf9e",
             "#cd965c #3a1c18", "#d9532c #f0a63a #8f3b2a #f6e3b8"),
    _palette("frost", "day snow mountain", "#6093c0 #9fc6dd #d5e6ee #f8f3ec", "#fffdf6 #fff1dc", "#bdd3e2 #274a68",
             "#d9644a #f0c987 #5f8ea8 #ffffff"),
    _palette("dune", "day desert", "#3a7da6 #96c2c6 #f0dcb0 #fae8c8", "#fffbe8 #ffe9b6", "#e2b27e #7d3c24",
             "#c8553d #f2c879 #2f6f73 #fbf0dc"),
    _palette("ink", "calm minimal fog", "#cbc6bb #dedad0 #ebe7de #f6f3ec", "#c8382a #e9ddd0", "#bdb9b0 #17171a",
             "#c8382a #8a8780 #3c3c40 #f6f3ec"),
    _palette("ember", "sunset mountain desert city", "#281a4a #782d6b #e0553f #ffba62", "#fff3c8 #ff9a4a",
             "#d0625a #1a0f2e", "#ff7b54 #ffd166 #f25f5c #ffe8c2"),
    _palette("peach", "sunset sea mountain calm", "#45568a #ac7ba2 #f3a588 #ffe2b6", "#fff6da #ffc58a",
             "#cf929a #2a2346", "#f4845f #f7b267 #8f6aa8 #fff0da"),
    _palette("coral", "sunset sea summer", "#1c3868 #6d68a8 #f18a7e #ffdaa4", "#fff4d0 #ffa98a", "#b07f9f #161f42",
             "#ff6b6b #ffd166 #4d96a8 #fff1dc"),
    _palette("copper", "sunset desert autumn forest", "#35263a #8a4a40 #dc8e4c #f9dc98", "#fff2c8 #ffc06a",
             "#c9805a #26131a", "#e76f51 #f4a261 #a8503c #fbe6b8"),
    _palette("saffron", "sunset desert city", "#713558 #d6714e #f6b560 #ffe6aa", "#fffadc #ffcf7a", "#d98b62 #4a1c2c",
             "#e4572e #ffd07a #8a3b52 #fff0cf"),
    _palette("rosewater", "dawn sea calm", "#556aa6 #a09bc9 #f2bcba #fdecce", "#fffbea #ffd9c0", "#c4a9bf #2a2c52",
             "#ee8e8e #f8cf9a #8fa6d0 #fff3ea"),
    _palette("lilac", "dawn mountain flower desert snow", "#3b4786 #8376b8 #daa4c8 #ffdfc8", "#fff8ec #ffc9c0",
             "#aa94c0 #221f48",
             "#e58fb0 #f7c59f #7fa8c9 #fff0ea"),
    _palette("mint", "dawn forest fog", "#276a7b #79b5b0 #dfe2c2 #fff1d4", "#fffdee #fff0c2", "#9cc3b5 #12363e",
             "#ef8b6b #f4d58d #5aa08c #fbf6e2"),
    _palette("midnight", "night mountain snow sea forest space", "#060b20 #102149 #26477a #6d8fb8", "#fbf5e2 #8fb2e0",
             "#355a8e #050a1a", "#f6d186 #ff9f68 #8fc1e3 #eaf2fb"),
    _palette("boreal", "night aurora snow forest", "#04101e #0b2c3e #15545c #58a692", "#f3fbee #7fe0c0",
             "#245c66 #030d14", "#7bf0b8 #c7f59a #8a7be8 #eafff4"),
    _palette("indigo", "night flower desert space", "#0b0822 #251a56 #523a8c #b27fba", "#fdf0e2 #c79ae0",
             "#57449a #0a0720",
             "#f7b2c4 #ffd6a0 #8f8cf0 #fbeefb"),
    _palette("bluehour", "night city sea", "#0b1836 #233f78 #6478b2 #f2b89c", "#fff3df #ffb08a", "#4c629c #0a1226",
             "#ffc36b #ff8f6b #8fd0e8 #fff0d6"),
    _palette("neon", "night city neon rain", "#0a0619 #2b0f4d #7d1d7b #ff6691", "#ffe9d6 #ff5fa2", "#6a2a86 #0a0418",
             "#21e6e6 #ff4fa0 #ffd166 #f4eaff"),
    _palette("snowdusk", "sunset night snow", "#26356a #6673ac #b9b0d6 #f8d4c4", "#fff8ec #ffcdbd", "#9aa3cf #1b2246",
             "#f4a07a #ffe0b0 #7f93d0 #ffffff"),
    _palette("storm", "storm rain sea fog", "#232d38 #475663 #7c8b93 #c8cabf", "#f6f4e6 #d8dcd0", "#74838c #0e161d",
             "#e0a458 #c8553d #8fa6b0 #e6e8e0"),
)


def choose(moods: Sequence[str], colours: Sequence[RGB], ordered: Sequence[str], chance: Chance) -> Palette:
    """The palette for a picture.

    Args:
        moods: Words of mood, the most important first (time of day leads).
        colours: Colours named in the prompt; they tint a curated palette.
        ordered: Colours ordered as `#rrggbb`; they take over all roles. What is no such colour is left out.
        chance: Where the choice among equally fitting palettes comes from.
    """
    weights = {mood: 2.0 ** -min(place, 4) for place, mood in enumerate(dict.fromkeys(moods))}
    scores = [sum(weights.get(mood, 0.0) for mood in palette.moods) for palette in PALETTES]
    best = max(scores)
    fitting = [palette for palette, score in zip(PALETTES, scores, strict=True) if score >= best * 0.84]
    palette = fitting[chance.choice("palette", len(fitting))]
    wanted = [colour for colour in map(parse, ordered) if colour is not None]
    if wanted:
        return _ordered(palette, wanted)
    return _tinted(palette, list(colours)) if colours else palette


def _tinted(palette: Palette, colours: list[RGB]) -> Palette:
    """Bend a palette: the first colour takes the air, the next one the land, and all of them the accents."""
    air, land = colours[0], colours[min(1, len(colours) - 1)]
    return replace(
        palette,
        sky=tuple(recolour(stop, air, 0.72) for stop in palette.sky),
        glow=recolour(palette.glow, air, 0.5),
        far=recolour(palette.far, land, 0.75),
        near=recolour(palette.near, land, 0.6),
        accents=(*colours, *palette.accents)[:4],
    )


def _ordered(palette: Palette, colours: list[RGB]) -> Palette:
    """Build all roles from the given colours, by lightness; the curated palette only says how dark the sky is."""
    ladder = sorted(colours, key=lightness)
    if palette.dark:
        sky = [mix(_rung(ladder, part), palette.sky[i], 0.25) for i, part in enumerate((0.0, 0.2, 0.5, 0.8))]
        sky = [scale(stop, light=factor) for stop, factor in zip(sky, (0.45, 0.6, 0.8, 0.95), strict=True)]
    else:
        sky = [mix(_rung(ladder, part), palette.sky[i], 0.2) for i, part in enumerate((0.25, 0.5, 0.75, 1.0))]
    darkest, lightest = ladder[0], ladder[-1]
    return replace(
        palette,
        sky=tuple(sky),
        light=mix(lightest, (1.0, 1.0, 0.97), 0.65),
        glow=mix(lightest, palette.glow, 0.35),
        far=mix(_rung(ladder, 0.5), sky[3], 0.35),
        near=scale(darkest, light=min(1.0, 0.26 / max(lightness(darkest), 0.05))),
        accents=tuple((*colours, *colours, *colours, *colours)[:4]),
    )


def _rung(ladder: list[RGB], part: float) -> RGB:
    """The colour a part of the way up a ladder, mixed between its neighbours."""
    at = part * (len(ladder) - 1)
    left = min(int(at), max(len(ladder) - 2, 0))
    return mix(ladder[left], ladder[min(left + 1, len(ladder) - 1)], at - left)
