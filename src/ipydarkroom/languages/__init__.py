"""Every sentence for people, by key, in four languages; one file each. `en` is the reference.

Exceptions speak English to the programmer. What stands on a panel, a card or a caption is said here.
"""

from __future__ import annotations

import functools
import importlib
import string

__all__ = ["LANGUAGES", "choose", "current", "first", "known", "normal", "say"]

LANGUAGES = ("en", "zh_cn", "zh_tw", "ja")

_chosen = {"language": "en"}


def choose(language: str) -> None:
    """Set the language of everything shown from now on, for this process."""
    _chosen["language"] = normal(language)


def current() -> str:
    """The language that is in force."""
    return _chosen["language"]


@functools.lru_cache(maxsize=64)  # asked with every sentence, and there are a handful of answers
def normal(code: str) -> str:
    """One of our languages for a code such as `zh-Hant`, `zh`, `ja-JP`; English for anything else."""
    parts = code.replace("_", "-").lower().split("-")
    if parts[0] == "zh":
        return "zh_tw" if {"tw", "hk", "mo", "hant"} & set(parts) else "zh_cn"
    return parts[0] if parts[0] in LANGUAGES else "en"


def known(code: str) -> bool:
    """Whether a code such as `zh-Hant`, `zh` or `ja-JP` is one of our languages; `normal` makes English of any other."""
    return code.replace("_", "-").lower().partition("-")[0] in {language.partition("_")[0] for language in LANGUAGES}


def say(key: str, *, language: str | None = None, **params: object) -> str:
    """The sentence of that key with its placeholders filled; English where the language lacks it, else the key.

    A tuple among the params is a list of keys: they are said in the same language, one after the other.
    """
    template = _find(key, language)
    return key if template is None else _fill(template, {name: _listed(value, language) for name, value in params.items()})


def first(*keys: str, language: str | None = None, default: str = "") -> str:
    """The first of the keys that exists, for chains from the special to the general; `default` when none does."""
    chosen = normal(language) if language else current()
    for table in (_sentences(chosen), _sentences("en")):
        for key in keys:
            if key in table:
                return _fill(table[key], {})
    return default


def _listed(value: object, language: str | None) -> object:
    if not isinstance(value, tuple):
        return value
    between = ", " if (normal(language) if language else current()) == "en" else "、"
    return between.join(say(str(key), language=language) for key in value)


def _find(key: str, language: str | None) -> str | None:
    chosen = normal(language) if language else current()
    return _sentences(chosen).get(key) or _sentences("en").get(key)


def _fill(template: str, params: dict[str, object]) -> str:
    """Placeholders are plain names; one that nobody filled shows as a dash, so that a sentence never fails."""
    if "{" not in template and "}" not in template:
        return template
    return "".join(
        literal + ("" if name is None else str(params.get(name, "–")))
        for literal, name, _, _ in string.Formatter().parse(template)
    )


@functools.cache
def _sentences(language: str) -> dict[str, str]:
    table: dict[str, str] = importlib.import_module(f".{language}", __name__).SENTENCES
    return table
