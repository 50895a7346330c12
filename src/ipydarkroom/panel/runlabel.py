"""What Run says about itself: how many pictures it may make at most, and what they may cost. Only where that says something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .labels import money

if TYPE_CHECKING:
    from ..budget import Estimate
    from ..models import Model
    from .kit import Kit

__all__ = ["run_label"]


def run_label(model: Model, most: Estimate, kit: Kit, *, local: bool) -> str:
    """The text of the button: `Run`, `Run · up to 15 pictures · ≤ $0.45`, `Run · number of pictures open`.

    An unknown number is told where it may cost money, and where the model's own page says that it varies; about a
    schema somebody wrote we know nothing, and on this machine that costs nothing.
    """
    parts = [kit.say("panel.run")]
    things = "pictures" if model.kind.endswith("image") else "results"
    if most.pictures is None and (model.most or not local):
        parts.append(kit.say(f"panel.run.open.{things}"))
    elif most.pictures is not None and most.pictures > 1:
        parts.append(kit.say(f"panel.run.{things}", count=most.pictures))
    if most.usd is not None and not local:
        parts.append(f"≤ {money(most.usd)}")
    return " · ".join(parts)
