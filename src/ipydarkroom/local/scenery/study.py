"""A study: what a picture is to be, settled before the first stroke: words, palette, format, light, chance, manner."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .canvas import Frame
from .chance import Chance
from .colours import RGB, mix
from .palettes import Palette, choose
from .words import Reading, plain, read

if TYPE_CHECKING:
    from ..painters import Order

__all__ = ["Study", "study"]

_DETAIL = {"turbo": 0.55, "balanced": 1.0, "quality": 1.45}
_UNSPOKEN = (("mountain",), ("sea",), ("forest", "mountain"), ("desert",), ("meadow",), ("mountain", "sea"),
             ("ribbons",))
_TIMES = ("day", "sunset", "dawn", "night")


@dataclass(frozen=True, slots=True)
class Study:
    """All decisions a scene is made from.

    `time` is never empty. `sun` is the place of sun or moon in units, `side` -1 where it stands to the left of the
    middle, else 1. `detail` scales counts of things, `flat` is the poster manner, `soft` the atmospheric one,
    `strength` (0..1) how large and certain the named things are.
    """

    reading: Reading
    places: tuple[str, ...]
    time: str
    palette: Palette
    chance: Chance
    frame: Frame
    detail: float
    flat: bool
    soft: bool
    strength: float
    horizon: float
    sun: tuple[float, float]
    side: float

    @property
    def dark(self) -> bool:
        """True at night."""
        return self.time == "night"

    @property
    def haze(self) -> RGB:
        """The colour of distance: the air at the horizon."""
        return mix(self.palette.sky[3], self.palette.far, 0.35)

    def has(self, *names: str) -> bool:
        """Whether any of these words (place, weather or thing) was said or assumed."""
        said = {*self.places, *self.reading.weather, *self.reading.things}
        return any(name in said for name in names)

    def tone(self, part: float) -> RGB:
        """The colour of land at a distance: 0 is the farthest, 1 the nearest."""
        return mix(self.palette.far, self.palette.near, part)

    def chance_for(self, label: str) -> Chance:
        """A source of randomness of its own for one layer."""
        return Chance(f"{self.chance.key} {label}")

    def some(self, count: float) -> int:
        """A count of things, scaled by the detail asked for."""
        return max(1, round(count * self.detail))


def study(order: Order) -> Study:
    """Settle everything about an order. Speed and manner change how it is painted, never what is where."""
    reading = read(order.prompt)
    words = plain(order.prompt)
    series, one = Chance.of(words, order.seed), Chance.of(words, order.seed, order.index)
    places = reading.places or (() if reading.figure == "portrait" else _assumed(reading, one))
    time = reading.time or _time(reading, places, series)
    frame = Frame.of(order.size)
    palette = choose(_moods(reading, time, places), reading.colours, order.palette, series)
    horizon = frame.h * _horizon(places, one)
    x = frame.w * (0.5 + (one.number("sun x", 0.10, 0.30) * (1 if one.choice("side", 2) else -1)))
    style = order.style.casefold()
    made = Study(
        reading=reading, places=places, time=time, palette=palette, chance=one, frame=frame,
        detail=_DETAIL.get(order.speed.casefold(), 1.0), flat=style == "design", soft=style == "realistic",
        strength=min(1.0, max(0.0, order.strength)), horizon=horizon,
        sun=(x, 0.0), side=1.0 if x > frame.w / 2 else -1.0,
    )  # fmt: skip
    return replace(made, sun=(x, _sun_height(made)))


def _assumed(reading: Reading, chance: Chance) -> tuple[str, ...]:
    """Where a picture plays that names no place."""
    if reading.figure == "whale" or {"boat", "lighthouse"} & reading.things:
        return ("sea",)
    if "flower" in reading.things:
        return ("meadow",)
    if "blossom" in reading.things:
        return ("mountain", "sea")
    if "palm" in reading.things or "summer" in reading.weather:
        return ("sea",)
    if "aurora" in reading.weather:
        return ("mountain", "forest") if chance.choice("place", 2) else ("sea", "mountain")
    if "autumn" in reading.weather or reading.figure == "owl":
        return ("forest",)
    if "snow" in reading.weather or "snowman" in reading.things:
        return ("mountain", "forest")
    if reading.figure or reading.things:
        return (("mountain",), ("meadow", "mountain"), ("mountain", "forest"))[chance.choice("place", 3)]
    return _UNSPOKEN[chance.choice("place", len(_UNSPOKEN))]


def _time(reading: Reading, places: tuple[str, ...], chance: Chance) -> str:
    """The time of day where none is said."""
    if "space" in places or {"moon", "stars", "lantern"} & reading.things or {"aurora", "neon"} & reading.weather:
        return "night"
    if {"snow", "fog", "rain", "storm", "ink", "cloud"} & reading.weather or "sun" in reading.things:
        return ("day", "day", "dawn")[chance.choice("time", 3)]
    if "city" in places:
        return ("sunset", "night", "sunset", "day")[chance.choice("time", 4)]
    return _TIMES[chance.choice("time", 3)]


def _moods(reading: Reading, time: str, places: tuple[str, ...]) -> list[str]:
    """The words a palette is chosen by, the weightiest first."""
    strong = [word for word in ("ink", "aurora", "neon", "storm", "snow", "autumn") if word in reading.weather]
    if "ink" in strong:
        return ["minimal", "calm"]
    if "snow" in strong and time == "sunset":
        return ["snow", "sunset"]
    weak = [word for word in ("fog", "rain", "calm", "summer") if word in reading.weather]
    wanted = [time, *strong, *("flower" if place == "meadow" else place for place in places), *weak]
    return wanted if time in ("night", "sunset", "dawn") or not strong else [strong[0], *wanted]


def _horizon(places: tuple[str, ...], chance: Chance) -> float:
    """Where earth and sky meet, as a part of the height."""
    low, high = {"sea": (0.50, 0.64), "city": (0.66, 0.76), "meadow": (0.58, 0.68), "desert": (0.50, 0.60)}.get(
        next((place for place in ("sea", "city", "meadow", "desert") if place in places), ""), (0.56, 0.68)
    )
    return chance.number("horizon", low, high)


def _sun_height(made: Study) -> float:
    """How high the light stands: low at both ends of the day."""
    if made.time in ("sunset", "dawn"):
        return made.horizon * made.chance.number("sun y", 0.62, 0.86)
    if made.time == "night":
        return made.horizon * made.chance.number("sun y", 0.26, 0.46)
    return made.horizon * made.chance.number("sun y", 0.24, 0.5)
