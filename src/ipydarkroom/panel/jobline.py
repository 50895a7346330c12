"""One line per job: where it stands in our words and the provider's, for how long, what it cost, and one button.

The line is one HTML widget, painted anew from the job each time. Its button is gone when there is nothing to stop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from ..display import duration
from ..jobs import State
from ..markup import Markup, css, join, tag, visible
from ..providers import get_provider
from ..redaction import masked_text
from .labels import error_text, next_step_text
from .model import live
from .pump import put

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..jobs import JobRecord
    from ..sync import Job
    from .kit import Kit

__all__ = ["JobLine"]


class JobLine:
    """The line of one job.

    Args:
        job: The job.
        stop: Called when the button is pressed: to cancel, or to stop watching where no cancel is offered.
    """

    def __init__(self, job: Job, kit: Kit, stop: Callable[[JobLine], None]) -> None:
        self.job = job
        self.outcome = ""
        self._kit = kit
        self._can_cancel = get_provider(job.provider).can_cancel
        self._text = kit.make(w.HTML, "dr-line-text")
        self._button: w.Button | None = kit.make(
            w.Button, "dr-quiet", "dr-stop",
            description=kit.say("panel.cancel" if self._can_cancel else "panel.stop_watching"),
        )
        self._button.on_click(lambda _button: stop(self))
        self.root = kit.make(w.HBox, "dr-line", children=(self._text, self._button))
        self.paint()

    @property
    def finished(self) -> bool:
        """True when nothing on this line will change any more."""
        return not live(self.job) or self.outcome == "not_offered"

    def paint(self) -> None:
        """Bring the line in line with the job."""
        put(self._text, value=self._markup())
        if self._button is not None and (self.finished or self.job.state is State.SUCCEEDED):
            put(self.root, children=(self._text,))
            self._kit.drop(self._button)
            self._button = None

    def republish(self) -> None:
        """Send the line again from this thread, for front ends that miss what a background thread sends."""
        self._text.send_state("value")

    def close(self) -> None:
        """Take the line away."""
        self._kit.drop(*(widget for widget in (self._text, self._button, self.root) if widget is not None))

    def _markup(self) -> Markup:
        record = self.job.record
        parts = [tag("span", self._state(record), class_=f"dr-state dr-state-{record.state.value}")]
        parts += [tag("span", word, class_="dr-word") for word in (self._word(record),) if word]
        parts.append(tag("span", self._elapsed(), class_="dr-clock"))
        parts += [tag("span", cost, class_="dr-cost") for cost in (self._cost(record),) if cost]
        lines = [tag("div", join(parts, " "), class_="dr-line-head")]
        if not self.finished:
            lines.append(_bar(record, self._kit.say("card.progress")))
        lines += [tag("div", sentence, class_=f"dr-said {mark}") for sentence, mark in self._sentences(record)]
        return join(lines)

    def _state(self, record: JobRecord) -> str:
        say = self._kit.say
        if record.state is State.SUCCEEDED and not self.job.done:
            return say("card.saving", kept=len(record.kept), count=len(record.outputs))
        watched = self.outcome != "not_offered" or record.state.is_terminal
        said = say(f"state.{record.state.value}") if watched else say("panel.not_watched")
        said = said[:1].upper() + said[1:]
        if watched and record.state is State.QUEUED and record.position is not None:
            said += " · " + say("card.queue" if record.position else "card.queue_next", position=record.position)
        if watched and record.state is State.RUNNING and record.fraction is not None:
            said += f" · {round(record.fraction * 100)} %"
        if record.state is State.SUCCEEDED:
            said += " · " + say("card.picture" if len(record.kept) == 1 else "card.pictures", count=len(record.kept))
        return said

    def _elapsed(self) -> str:
        """Whole seconds while the clock runs, tenths at the end."""
        return duration(self.job.elapsed) if self.finished else duration(int(self.job.elapsed)).replace(".0 ", " ")

    def _word(self, record: JobRecord) -> str:
        """The provider's own word; once all has gone well nobody needs it."""
        return "" if record.state is State.SUCCEEDED else visible(record.word)

    def _cost(self, record: JobRecord) -> str:
        if record.is_local or record.cost is None:
            return ""
        return self._kit.say("card.cost", cost=f"{record.cost:g}", provider=record.provider)

    def _sentences(self, record: JobRecord) -> list[tuple[str, str]]:
        """What to say below the line, each with its look."""
        found: list[tuple[str, str]] = []
        error = self.job.error
        if error is not None and record.state is not State.CANCELLED and self.outcome != "not_offered":
            language = self._kit.language
            found += [(error_text(error, language), "dr-problem"), (next_step_text(error, language), "dr-next")]
            if record.state is State.FAILED:
                found.append((self._kit.say(f"charged.{record.charged}"), "dr-next"))
        if self.outcome:
            free = record.is_local and self.outcome in ("not_offered", "still_running", "unknown")
            key = f"panel.cancel.{self.outcome}" + ("_local" if free else "")
            found.append((self._kit.say(key, id=record.id), "dr-next"))
        if record.note:
            found.append((masked_text(record.note), "dr-next"))
        return [(sentence, mark) for sentence, mark in found if sentence]


def _bar(record: JobRecord, name: str) -> Markup:
    """A progress bar; without a fraction it only moves."""
    if record.fraction is None:
        return tag("div", tag("div", class_="dr-bar-fill"), class_="dr-bar dr-bar-open", role="progressbar", aria_label=name)
    percent = round(record.fraction * 100)
    fill = tag("div", class_="dr-bar-fill", style=css(width=f"{percent}%"))
    return tag(
        "div", fill, class_="dr-bar", role="progressbar", aria_label=name,
        aria_valuemin="0", aria_valuemax="100", aria_valuenow=str(percent),
    )
