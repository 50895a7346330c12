"""What an input is for, whatever its provider calls it: the prompt, the picture to work on, the frame, the seed, the count.

What a catalog's entry declares (`Model.roles`) goes before what a name or a list of choices suggests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from ..models import Role
from .plain import plain

if TYPE_CHECKING:
    from ..fields import Field
    from ..models import Model

__all__ = ["ROLES", "is_files", "role_of", "roles_of"]

ROLES: tuple[Role, ...] = get_args(Role)

_IMAGES = ("image", "image_url", "image_urls", "images", "input_image", "input_urls", "image_input", "input_image_url")  # of Kie's 141 pages, RunComfy's, fal's
_COUNTS = ("num_images", "n", "num_outputs", "number_of_images", "batch_size")  # how many, not how many at most


def role_of(model: Model, field: Field) -> Role | None:
    """What that input of that model is for; None where nobody can say."""
    return roles_of(model).get(field.name)


def roles_of(model: Model) -> dict[str, Role]:
    """Input name -> role; each role once: what is declared, else the first input that looks like it."""
    found = {name: role for name, role in model.roles.items() if model.field(name) is not None}
    for role in ROLES:
        if role not in found.values():
            likely = next((field for field in model.fields if field.name not in found and _looks_like(role, field, model)), None)
            if likely is not None:
                found[likely.name] = role
    return found


def is_files(field: Field, kind: str = "image") -> bool:
    """Whether it takes a file of that kind, or a list of them."""
    media = field.media or (field.items.media if field.items else None)
    return media is not None and media.kind == kind


def _looks_like(role: Role, field: Field, model: Model) -> bool:
    match role:
        case "prompt":
            return field.name == "prompt" and field.kind == "string"
        case "seed":
            return field.is_seed or (field.name.lower() == "seed" and field.kind == "string" and not field.choices)
        case "count":
            return field.name in _COUNTS
        case "frame":
            choices = plain(field).choices
            return len(choices) > 1 and 2 * sum(bool(each.size or each.ratio) for each in choices) >= len(choices)
        case "image":
            pictures = [each for each in model.fields if is_files(each)]
            named = field.name in _IMAGES and field.kind in ("string", "array") and not (is_files(field, "video") or is_files(field, "audio"))
            return named or (pictures == [field] and field.required)
