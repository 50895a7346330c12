"""The jobs of one page of a history as text and pictures: names to choose by, little pictures, a table. No widget in here.

The page of jobs is one group of radio buttons, for the hand: a style sheet puts each one's picture on it, or lays the
buttons, unseen, over the rows of a table. The front end does not let arrow keys walk through radio buttons, and sixty
stops are too many for the Tab key; so a box for the number is there for the keys, and says which job it is for the ear.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from ..dates import amount, duration, moment
from ..display import cut, line, money
from ..errors import Unreadable
from ..jobs import State
from ..languages import say
from ..markup import Markup, data_uri, tag
from ..redaction import masked_text
from ..thumbnails import thumbnail

if TYPE_CHECKING:
    from ..jobs import JobRecord, Kept

__all__ = ["BATCH", "Thumbs", "entry", "sheet", "table"]

BATCH = 6
"""Pictures that are made and sent together."""

_PX, _BYTES = 256, 10_000  # a page of 60 is half a megabyte
_MOST = 240  # thumbnails in memory, a few megabytes
_PROMPT_LETTERS = 120


class Thumbs:
    """The newest few hundred little pictures, as addresses that hold their data. Empty for a file that shows nothing."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[str, str], str] = OrderedDict()

    def get(self, record: JobRecord) -> str | None:
        """The picture of a job, None where it is still to be made."""
        kept = _pictured(record)
        return "" if kept is None else self._made.get((kept.path, kept.sha256))

    def make(self, record: JobRecord) -> None:
        """Make it. Blocking: some tens of milliseconds."""
        kept = _pictured(record)
        if kept is None:
            return
        self._made[kept.path, kept.sha256] = ""  # gone, broken or too large: the chosen one says which, in words
        with suppress(OSError, Unreadable, ValueError):
            self._made[kept.path, kept.sha256] = data_uri(*thumbnail(kept.path, max_px=_PX, max_bytes=_BYTES))
        while len(self._made) > _MOST:
            self._made.popitem(last=False)


def _pictured(record: JobRecord) -> Kept | None:
    return next((kept for kept in record.kept if kept.mime.startswith("image/")), None)


def entry(number: int, record: JobRecord, language: str) -> str:
    """What one job is called: number and prompt, then how many pictures where several, when, and what became of it."""
    parts = [moment(record.created, language)]
    if len(record.kept) > 1:
        parts.insert(0, f"×{len(record.kept)}")
    if record.state is not State.SUCCEEDED:
        parts.append(say(f"state.{record.state}", language=language))
    name = say("history.entry", language=language, number=number, prompt=_prompt(record) or line(record.model))
    return f"{name}\n{' · '.join(parts)}"


def sheet(mark: str, start: int, records: Sequence[JobRecord], thumbs: Thumbs) -> Markup:
    """A style sheet that puts pictures on the radio buttons with the class `mark`, from the one at `start` (0) on."""
    rules = []
    for at, record in enumerate(records, start=start + 1):
        shown = thumbs.get(record)
        if shown:
            rules.append(f'.{mark}>*>:nth-child({at}){{--p:url("{shown}")}}')
        elif shown == "":
            rules.append(f'.{mark}>*>:nth-child({at}){{--s:"{_GONE if _pictured(record) else _PLAYED}"}}')
    return tag("style", Markup("".join(rules))) if rules else Markup()


_PLAYED, _GONE = "\\25B6", "\\2013"  # something to play; nothing to see


def table(first: int, records: Sequence[JobRecord], language: str) -> Markup:
    """The page as a table; rows are of one height, as the buttons lie over them.

    Args:
        first: The number of its first job.
        records: The jobs of the page.
        language: The reader's.
    """
    names = ("number", "time", "prompt", "model", "state", "files", "seconds", "cost")
    head = tag("tr", *(tag("th", say(f"history.column.{name}", language=language), class_=f"dr-c-{name}", scope="col") for name in names))
    rows = [_row(number, record, language) for number, record in enumerate(records, start=first)]
    return tag("table", tag("thead", head), tag("tbody", *rows), class_="dr-table")


def _row(number: int, record: JobRecord, language: str) -> Markup:
    took = duration(record.finished - record.sent, language) if record.finished and record.sent else ""
    state = tag("span", say(f"state.{record.state}", language=language), class_=f"dr-state dr-state-{record.state.value}")
    local = say("badge.local", language=language)
    cells = (
        str(number), moment(record.created, language), _prompt(record), record.model, state,
        str(len(record.kept) or ""), took, local if record.is_local else _cost(record, language),
    )
    return tag("tr", *(tag("td", each) for each in cells))


def _cost(record: JobRecord, language: str) -> str:
    """In US dollars where that is known, else in the provider's own unit."""
    if record.cost is None:
        return ""
    return money(record.usd) if record.usd is not None else amount(record.cost, language)


def _prompt(record: JobRecord) -> str:
    said = record.inputs.get("prompt")
    return line(cut(masked_text(said), _PROMPT_LETTERS)) if isinstance(said, str) else ""
