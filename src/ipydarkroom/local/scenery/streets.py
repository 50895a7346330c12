"""A street towards the light, with somebody walking there."""

from __future__ import annotations

from .canvas import Layer
from .chance import Contour
from .colours import RGB, mix, scale
from .land import Fog, Ridge
from .shapes import Shape, Shapes, curve
from .sky import Disc, Sky, Stars
from .staging import cast, person
from .study import Study
from .town import Block, lamps, street

__all__ = ["avenue"]


def avenue(study: Study) -> list[Layer]:
    """The whole street scene, back to front."""
    palette, frame = study.palette, study.frame
    x, y = frame.w * study.chance.number("vanish", 0.44, 0.56), frame.h * 0.56
    lit = {"night": 0.42, "sunset": 0.2, "dawn": 0.12}.get(study.time, 0.05)
    lights = (*palette.accents[:3], palette.light)
    block = Block(x, y, frame.w * 0.56, 0.23, mix(palette.near, palette.far, 0.25), mix(palette.far, study.haze, 0.5),
                  lights, lit)
    return [*_end(study, block), *_houses(study, block), *_walker(study, block)]


def _end(study: Study, block: Block) -> list[Layer]:
    """The sky over the street's end, with the light in it, and the road's surface."""
    palette, frame, (x, y) = study.palette, study.frame, (block.x, block.y)
    layers: list[Layer] = [Sky(palette.sky, palette.glow, y, x, y - 0.05, 0.5, 0.95, steps=8 if study.flat else 0)]
    if study.dark:
        layers.append(Stars(study.chance_for("stars"), palette.light, y * 0.8, study.some(300)))
    layers.append(Disc(study.chance_for("disc"), x, y - 0.075, 0.075, palette.light,
                       mix(palette.light, palette.glow, 0.5)))
    road = Contour.draw(study.chance.stream("road"), level=y, height=0.0, pace=1.0, octaves=1)
    tone = mix(palette.near, study.haze, 0.25)
    far = mix(study.haze, palette.glow, 0.4)
    layers.append(Ridge(road, far, tone, (frame.h - y) * 0.7, study.chance_for("road"), curve=0.6))
    return [*layers, Shapes(_paving(study, block, tone))]


def _houses(study: Study, block: Block) -> list[Layer]:
    """Both sides of the street, its windows, and the lamps along the kerbs."""
    walls, glows = street(study.chance.stream("street"), block)
    posts, globes = lamps(block, scale(study.palette.near, light=0.8))
    air = mix(study.haze, study.palette.glow, 0.4)
    layers: list[Layer] = [
        Shapes(walls), Fog(study.chance_for("air"), air, block.y - 0.04, 0.16, 0.5, patchy=0.25), Shapes(glows),
    ]
    if glows and block.lit > 0.1 and not study.flat:
        layers.append(Shapes(glows, blur=0.008, opacity=0.45, light=True))
    layers += [Shapes(posts), Shapes(globes)]
    return layers if study.time == "day" else [*layers, Shapes(globes, blur=0.012, opacity=0.9, light=True)]


def _paving(study: Study, block: Block, road: RGB) -> list[Shape]:
    """Pavements on both sides, and the dashes down the middle."""
    shapes: list[Shape] = []

    def point(across: float, z: float) -> tuple[float, float, int]:
        return block.x + across / z, block.y + block.eye / z, 1

    pale = mix(road, study.palette.light, 0.16)
    for side in (-1, 1):
        wall, kerb = side * block.half, side * (block.half - 0.12)
        shapes.append(Shape(curve([point(wall, 0.4), point(wall, 40), point(kerb, 40), point(kerb, 0.4)], steps=1),
                            pale))
    z = 0.55
    while z < 9:  # beyond, a dash is thinner than a hair
        dash = [point(-0.012, z), point(-0.012, z * 1.22), point(0.012, z * 1.22), point(0.012, z)]
        shapes.append(Shape(curve(dash, steps=1), mix(pale, study.palette.light, 0.25)))
        z *= 1.55
    return shapes


def _walker(study: Study, block: Block) -> list[Layer]:
    """Somebody before the light, with a long shadow towards us."""
    stream = study.chance.stream("walker")
    depth = 1.55 - 0.35 * study.strength
    x, foot = block.x + stream.uniform(-0.07, 0.07) * study.frame.w, block.y + block.eye / depth
    size = 0.475 / depth
    near, end = study.frame.h + 0.02, x + (x - block.x) * 1.4
    shadow = [(x - 0.05 * size, foot, 1), (x + 0.05 * size, foot, 1), (end + 0.22 * size, near, 1),
              (end - 0.22 * size, near, 1)]
    dim = Shape(curve(shadow, steps=2), scale(study.palette.near, light=0.8))
    name = cast(study) or "person"
    name = "person" if name == "whale" else name
    return [Shapes([dim], blur=0.008, opacity=0.5),
            Shapes(person(study, name, x, foot, size, flip=bool(stream.integers(2))))]
