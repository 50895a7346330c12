"""The only maker of HTML: tags, attributes and inline styles from plain values, escaping everything that is not Markup.

Prompts, titles, help texts, error messages and file names are foreign text. They enter a page through `text` or as a
child of `tag`, never by joining strings. No sentence and no colour is decided here, and no other module writes a tag.
"""

from __future__ import annotations

import base64
import html
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Markup", "css", "data_uri", "join", "looks_like_formula", "no_formula", "tag", "text", "visible"]

_VOID = frozenset({"br", "hr", "img", "input", "meta", "source", "wbr"})
_REFUSED = frozenset({"base", "embed", "iframe", "link", "object", "script"})
_NAME = re.compile(r"[a-z][a-z0-9-]*\Z")
_MIME = re.compile(r"[a-z0-9]+/[a-z0-9][a-z0-9.+-]*\Z")
_ADDRESSES = frozenset({"action", "formaction", "href", "poster", "src"})
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_OPEN_SCHEMES = re.compile(r"(https?|mailto):|data:(image|video|audio)/|data:application/zip;base64,", re.IGNORECASE)
_STYLE_VALUE = re.compile(r"[\w\s.,%#()/*+-]*\Z")
_STYLE_FETCHES = re.compile(r"(url|image|image-set|expression|attr)\s*\(", re.IGNORECASE)
_NO_FORMULA = "mathjax_ignore tex2jax_ignore"  # for MathJax 3 and 4, and for MathJax 2
_FORMULA = re.compile(r"\$[^$]*\$|\\[(\[\\$]|\\(?:begin|ref|eqref)\b")  # what MathJax takes for one, as JupyterLab sets it up
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # control, format (bidi, zero-width), surrogate, line separators


class Markup(str):
    """HTML that is safe to place as it is. Only this module, and constants written by hand, make one."""

    __slots__ = ()


def visible(value: object) -> str:
    r"""Return the text with characters that hide, reorder or break a line written out, e.g. `\u202e`; not yet HTML.

    Tabs and line feeds stay. Zero-width joiners are written out too, so a joined emoji shows its parts.
    """
    plain = str(value).replace("\r\n", "\n")
    if plain.isascii() and plain.isprintable():
        return plain
    return "".join(_written_out(letter) if _hides(letter) else letter for letter in plain)


def text(value: object) -> Markup:
    """Return any value as escaped text: nothing in it can open a tag, end an attribute or turn the line around."""
    if isinstance(value, Markup):
        return value
    return Markup(html.escape(visible(value), quote=True))


def looks_like_formula(value: str) -> bool:
    """Whether a front end that typesets labels would take some of a text for a formula: "from $1 to $2" is enough.

    It looks across elements, so ask with all of a label, and write each of them with `no_formula`.
    """
    return bool(_FORMULA.search(value))


def no_formula(name: str, value: str, *, class_: str = "", **attributes: object) -> Markup:
    """Return one element with a text that no front end typesets.

    JupyterLab looks for formulas twice: in the HTML before it is cleaned, attributes included, where it would write `<` as
    `&lt;` once more, and in the page. So the signs that make one are written as numbers, and the element is marked.
    """
    element = tag(name, value, class_=f"{class_} {_NO_FORMULA}".strip(), **attributes)
    return Markup(element.replace("$", "&#36;").replace("\\", "&#92;"))


def tag(name: str, /, *children: str | None, **attributes: object) -> Markup:
    """Return one element.

    Args:
        name: The element's name in lower case.
        children: Markup is kept, other text is escaped, None is left out.
        attributes: A trailing `_` is dropped and `_` becomes `-`: `class_="a"`, `aria_label="b"`. None and False are
            left out, True stands bare. An address that is neither http(s), mailto, relative nor a picture, video,
            sound or zip as data URI is left out.

    Raises:
        ValueError: A name that is not plain, an element or attribute that runs code, or children of a void element.
    """
    if not _NAME.match(name) or name in _REFUSED:
        raise ValueError(f"{name!r} is not an element we write")
    opening = Markup(f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>")
    if name in _VOID:
        if children:
            raise ValueError(f"<{name}> has no children")
        return opening
    return Markup(f"{opening}{join(child for child in children if child is not None)}</{name}>")


def join(children: Iterable[str], between: str = "") -> Markup:
    """Return the children one after the other, with `between` between them; what is not Markup is escaped."""
    return Markup(str(text(between)).join(text(child) for child in children))


def css(**properties: object) -> str:
    """Return an inline style: `css(max_width="10px", gap=None)` is `max-width:10px;`.

    None is left out. So is a value that could end its declaration or load something (quotes, `;`, `url(`): a
    hostile colour costs its own colour and nothing else.
    """
    kept = {name: str(value) for name, value in properties.items() if value is not None}
    return "".join(f"{name.replace('_', '-')}:{value};" for name, value in kept.items() if _harmless(value))


def data_uri(data: bytes, mime: str) -> str:
    """Return the bytes as a `data:` address for `src`.

    Raises:
        ValueError: `mime` is not a plain MIME type.
    """
    if not _MIME.match(mime):
        raise ValueError(f"{mime!r} is not a MIME type")
    return f"data:{mime};base64,{base64.b64encode(data).decode('ascii')}"


def _attribute(key: str, value: object) -> str:
    name = _attribute_name(key)
    if value is None or value is False or (name in _ADDRESSES and not _open(str(value))):
        return ""
    return f" {name}" if value is True else f' {name}="{text(str(value))}"'


@lru_cache(maxsize=256)  # a form writes the same few a thousand times
def _attribute_name(key: str) -> str:
    name = key.rstrip("_").replace("_", "-")
    if not _NAME.match(name) or name.startswith("on") or name == "srcdoc":
        raise ValueError(f"{name!r} is not an attribute we write")
    return name


def _open(address: str) -> bool:
    """Whether an address may be followed: browsers skip blanks and controls inside `java script:`, so we do too."""
    if _OPEN_SCHEMES.match(address):
        return True
    bare = "".join(letter for letter in address if letter > " " and not _hides(letter))
    return not _SCHEME.match(bare)


def _harmless(value: str) -> bool:
    return bool(_STYLE_VALUE.match(value)) and not _STYLE_FETCHES.search(value)


def _hides(letter: str) -> bool:
    return letter not in "\n\t" and unicodedata.category(letter) in _HIDDEN


def _written_out(letter: str) -> str:
    point = ord(letter)
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"
