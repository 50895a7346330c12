"""Whether what a person gave to a call is of the kind it takes: a typed sentence at the door instead of a traceback inside."""

from __future__ import annotations

import math
from collections.abc import Mapping

from .errors import InputError
from .languages import known

__all__ = ["demand_inputs", "demand_language", "demand_name", "demand_seconds"]


def demand_seconds(timeout: object) -> float | None:
    """A time to wait: a number of seconds, or None for as long as it takes.

    Raises:
        InputError: Anything else, NaN among it.
    """
    if timeout is None:
        return None
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or math.isnan(timeout):
        raise InputError(
            f"timeout= takes a number of seconds, not {_short(timeout)}.", next_step="For example timeout=60, or None to wait.",
        )
    return float(timeout)


def demand_inputs(inputs: object) -> Mapping[str, object]:
    """Inputs as a mapping of names to values; None is no input.

    Raises:
        InputError: Anything else, or a name that is no text.
    """
    if inputs is None:
        return {}
    if not isinstance(inputs, Mapping):
        raise InputError(
            f"The inputs are a mapping of names to values, not {_short(inputs)}.",
            next_step='For example {"prompt": "a fox"}, or prompt="a fox" as a keyword.',
        )
    odd = [name for name in inputs if not isinstance(name, str)]
    if odd:
        raise InputError(f"An input's name is text, not {_short(odd[0])}.", next_step="Write it in quotation marks.")
    return inputs


def demand_language(language: object) -> str:
    """The code of a language we speak; English in place of another would be a puzzle.

    Raises:
        InputError: It is none of the four.
    """
    if isinstance(language, str) and known(language):
        return language
    raise InputError(
        f"There are no sentences in {_short(language)}.", next_step="Choose one of en, zh-CN, zh-TW, ja.",
        key="error.no_language", code=_short(language),
    )


def demand_name(what: str, name: object) -> str:
    """A name (of a model, a job, a provider) as text.

    Raises:
        InputError: It is no text.
    """
    if not isinstance(name, str):
        raise InputError(f"{what} is given as text, not {_short(name)}.", next_step="Write it in quotation marks.")
    return name


def _short(value: object) -> str:
    """What was given, in a few letters, by its kind where it is long: it may hold anything."""
    said = repr(value) if isinstance(value, (str, int, float, bool, bytes, type(None))) else ""
    return said if said and len(said) <= 40 else f"a {type(value).__name__}"
