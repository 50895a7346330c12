"""One order as code, whatever it came from: a form as it stands now, or a job of the journal. Pure text.

Nothing secret gets in: a token is the variable that holds it, links are cut as they are wherever inputs are shown. A local
file stands in Python by its name or path, which is all that our client wants; curl gets a link to be put in its place.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote

from .as_code import curl, endpoints, model_code, model_name, python
from .errors import ModelNotFound
from .fields import placed
from .providers import get_provider
from .redaction import holds_mask, masked
from .schema.links import has_scheme
from .tokens import token_names, without_tokens
from .wire import Blob

if TYPE_CHECKING:
    from .fields import Field, Pointer
    from .models import Model

__all__ = ["OrderCode", "code_of"]

_LATER = ("status", "result")


@dataclass(frozen=True, slots=True)
class OrderCode:
    """An order as text to copy.

    Attributes:
        python: Ours, ready to run; where `named` is False, with the description that the model is made from, or, where that is
            too long to stand there, a comment that says where it comes from.
        curl: The order, and the looks at its job; empty where no provider carries the model.
        token: The environment variable that the token is read from; empty likewise.
        named: Whether the model is found by its name.
        files: The local files among the inputs, by name.
        cut: Whether something secret was left out.
    """

    python: str
    curl: str = ""
    token: str = ""
    named: bool = True
    files: tuple[str, ...] = ()
    cut: bool = False


def code_of(model: Model, inputs: Mapping[str, object], *, remote_id: str = "") -> OrderCode:
    """The code of an order.

    Args:
        model: What is ordered.
        inputs: Its inputs: as a form holds them (paths and files among them), or as a record keeps them (names and hashes).
        remote_id: The provider's id of the job, where there is one already: it stands in the commands that look at it.
    """
    files: list[str] = []
    secrets = model.secrets(inputs)
    inputs = _without(inputs, secrets)
    ours = {name: _plain(model.field(name), value, files, links=False) for name, value in inputs.items()}
    name = model_name(model)
    making = f"{model_code(model)}\n" if name is None else ""
    text = without_tokens(f"import ipydarkroom as dr\n\n{making}result = {python(name, ours)}")
    cut, names = bool(secrets) or holds_mask(ours), tuple(dict.fromkeys(files))
    try:
        provider = get_provider(model.provider or "")
    except ModelNotFound:
        return OrderCode(text, named=name is not None, files=names, cut=cut)
    theirs = {name: _plain(model.field(name), value, [], links=True) for name, value in inputs.items()}
    order = curl(provider.name, provider.submit(model.id, theirs))
    looks = [curl(provider.name, call) for step, call in endpoints(model) if step in _LATER]
    known = shlex.quote(remote_id) if remote_id else '"…"'
    later = "\n\n".join([f"REQUEST_ID={known}", *looks])
    return OrderCode(
        text, without_tokens(f"{order}\n\n{later}"), token_names(provider.name)[0], named=name is not None, files=names, cut=cut,
    )


def _without(inputs: Mapping[str, object], secrets: Iterable[Pointer]) -> Mapping[str, object]:
    """The inputs with dots for each secret."""
    shown: object = inputs
    for place in secrets:
        shown = placed(shown, place, "…")
    assert isinstance(shown, Mapping)  # as it began
    return shown


def _plain(field: Field | None, value: object, files: list[str], *, links: bool) -> object:
    """A value as code can say it: a file by name or path, or, for curl, as a link that a person puts in its place."""
    name = _file_name(field, value)
    if name is not None:
        files.append(PurePath(name).name)
        return f"https://example.com/{quote(PurePath(name).name)}" if links else name
    if isinstance(value, Mapping):
        children = {child.name: child for child in field.children} if field is not None else {}
        return {str(key): _plain(children.get(str(key)), inner, files, links=links) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        items = field.items if field is not None else None
        return [_plain(items, inner, files, links=links) for inner in value]
    shown = masked(value)
    return value if shown == value else shown if isinstance(shown, str) else _plain(field, shown, files, links=links)


def _file_name(field: Field | None, value: object) -> str | None:
    """The name or path of a local file, None for anything else."""
    match value:
        case Blob():
            return value.name
        case Mapping() if "$file" in value:
            return str(value["$file"]).replace("/", ".")  # what came inside a data address is called by its MIME type
        case os.PathLike():
            return str(PurePath(value))
        case str() if field is not None and field.media is not None and value.strip() and not has_scheme(value):
            return value
        case str() | int() | float() | Mapping() | list() | tuple() | None:
            return None
        case _:
            return "picture.png"

