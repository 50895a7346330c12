"""Which characters a class of ECMA 262 means: digits and words are ASCII's, spaces and categories are Unicode's."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

__all__ = ["CONTROLS", "SETS", "category", "is_word"]

_SPACES = frozenset("\t\n\v\f\r \u00a0\ufeff\u2028\u2029")
CONTROLS = {"t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}
_CATEGORIES = {
    "letter": "L", "cased_letter": "LC", "uppercase_letter": "Lu", "lowercase_letter": "Ll", "titlecase_letter": "Lt",
    "modifier_letter": "Lm", "other_letter": "Lo", "mark": "M", "combining_mark": "M", "nonspacing_mark": "Mn",
    "spacing_mark": "Mc", "enclosing_mark": "Me", "number": "N", "decimal_number": "Nd", "digit": "Nd", "letter_number": "Nl",
    "other_number": "No", "punctuation": "P", "punct": "P", "connector_punctuation": "Pc", "dash_punctuation": "Pd",
    "open_punctuation": "Ps", "close_punctuation": "Pe", "initial_punctuation": "Pi", "final_punctuation": "Pf",
    "other_punctuation": "Po", "symbol": "S", "math_symbol": "Sm", "currency_symbol": "Sc", "modifier_symbol": "Sk",
    "other_symbol": "So", "separator": "Z", "space_separator": "Zs", "line_separator": "Zl", "paragraph_separator": "Zp",
    "other": "C", "control": "Cc", "cntrl": "Cc", "format": "Cf", "surrogate": "Cs", "private_use": "Co", "unassigned": "Cn",
}  # fmt: skip
_SHORT = frozenset({*_CATEGORIES.values()})


def is_word(letter: str) -> bool:
    """One of the letters of a word: ASCII only."""
    return letter.isascii() and (letter.isalnum() or letter == "_")


def _is_space(letter: str) -> bool:
    return letter in _SPACES or unicodedata.category(letter) == "Zs"


SETS: dict[str, Callable[[str], bool]] = {
    "d": lambda letter: "0" <= letter <= "9", "w": is_word, "s": _is_space,
    "D": lambda letter: not "0" <= letter <= "9", "W": lambda letter: not is_word(letter), "S": lambda letter: not _is_space(letter),
}  # fmt: skip
"""The letters after a backslash that mean a set."""


def category(said: str) -> Callable[[str], bool] | None:
    """What is in a general category of Unicode, by its long or its short name; None for one not known here."""
    name = said.rpartition("=")[2] if said.startswith(("gc=", "General_Category=")) else said
    if name in ("Any", "ASCII"):
        return str.isascii if name == "ASCII" else lambda _letter: True
    short = name if name in _SHORT else _CATEGORIES.get(name.lower(), "")
    wanted = ("Lu", "Ll", "Lt") if short == "LC" else short
    return (lambda letter: unicodedata.category(letter).startswith(wanted)) if short else None
