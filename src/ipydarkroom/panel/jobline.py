"""One line per job: where it stands in our words and the provider's, for how long, what it cost, and what can be done.

The text is one HTML widget, painted anew from the job each time. A job on its way has one button, an uncertain one has
four (see `decisions`), one that is over has none; they are made and dropped as the job goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from ..dates import amount, duration
from ..display import cut, given_up, provider_link, sent_at
from ..errors import BalanceError
from ..jobs import State
from ..markup import Markup, css, join, tag, visible
from ..providers import get_provider
from ..redaction import masked_text
from .decisions import Decisions
from ..reasons import uncertain_key
from .labels import error_text, next_step_text
from .model import live, uncertain
from .pump import put

if TYPE_CHECKING:
    from ..errors import DarkroomError
    from ..jobs import JobRecord
    from ..models import Model
    from ..sync import Job
    from .acts import Acts
    from .kit import Kit

__all__ = ["JobLine"]

_PROMPT_LETTERS = 120


class JobLine:
    """The line of one job.

    Args:
        job: The job.
        kit: Makes the widgets.
        acts: What its buttons do: stop (cancel, or end the watching where no cancel is offered) and decide.
        model: The panel's own model; a job of another one says which.
    """

    def __init__(self, job: Job, kit: Kit, acts: Acts, model: Model) -> None:
        self.job = job
        self.outcome = ""
        self.decisions: Decisions | None = None
        self._kit = kit
        self._acts = acts
        self._guest = (job.model, job.provider) != (model.id, model.provider or job.provider)
        self._can_cancel = get_provider(job.provider).can_cancel
        self._text = kit.make(w.HTML, "dr-line-text", value=self._markup())
        self._button: w.Button | None = None
        self.root = kit.make(w.HBox, "dr-line", children=(self._text,))
        self.paint()

    @property
    def finished(self) -> bool:
        """True when nothing on this line will change any more; an uncertain job waits for a person."""
        return (not live(self.job) and not uncertain(self.job)) or self.outcome == "not_offered"

    def paint(self) -> None:
        """Bring the line in line with the job."""
        gone = [*self._paint_button(), *self._paint_decisions()]
        put(self._text, value=self._markup())
        decisions = () if self.decisions is None else self.decisions.widgets
        button = () if self._button is None else (self._button,)
        put(
            self.root, children=(self._text, *button, *decisions),
            _dom_classes=("dr-line", "dr-line-open") if decisions else ("dr-line",),
        )
        if self.decisions is not None:
            self.decisions.paint()
        self._kit.drop(*gone)

    def republish(self) -> None:
        """Send the line again from this thread, for front ends that miss what a background thread sends."""
        self._text.send_state("value")

    def close(self) -> None:
        """Take the line away."""
        if self.decisions is not None:
            self.decisions.close()
        self._kit.drop(*(widget for widget in (self._text, self._button, self.root) if widget is not None))

    def _paint_button(self) -> list[w.Widget]:
        """Have the button to stop while there is something to stop; returns what is to be dropped."""
        wanted = live(self.job) and self.outcome != "not_offered" and self.job.state is not State.SUCCEEDED
        if not wanted:
            gone, self._button = self._button, None
            return [gone] if gone is not None else []
        if self._button is None:
            self._button = self._kit.make(
                w.Button, "dr-quiet", "dr-stop",
                description=self._kit.say("panel.cancel" if self._can_cancel else "panel.stop_watching"),
            )
            self._button.on_click(lambda _button: self._acts.guard(lambda: self._acts.stop(self)))
        return []

    def _paint_decisions(self) -> list[w.Widget]:
        """Have the four buttons while the job is uncertain; returns what is to be dropped."""
        if not uncertain(self.job):
            gone, self.decisions = self.decisions, None
            return [] if gone is None else gone.parts
        if self.decisions is None:
            self.outcome = ""
            self.decisions = Decisions(self.job, self._kit, self._acts)
        return []

    def _markup(self) -> Markup:
        record = self.job.record
        parts = [tag("span", self._state(record), class_=f"dr-state dr-state-{record.state.value}")]
        parts += [tag("span", word, class_="dr-word") for word in (self._word(record),) if word]
        parts.append(tag("span", self._elapsed(), class_="dr-clock"))
        parts += [tag("span", record.model, class_="dr-word") for _ in range(self._guest)]
        parts += [tag("span", cost, class_="dr-cost") for cost in (self._cost(record),) if cost]
        lines = [tag("div", join(parts, " "), class_="dr-line-head")]
        if live(self.job) and not self.finished:
            lines.append(_bar(record, self._kit.say("card.progress")))
        lines += [tag("div", sentence, class_=f"dr-said {mark}") for sentence, mark in self._sentences(record) if sentence]
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
        """Whole seconds while the clock runs, with what is usual; tenths at the end; of a lost order, when it left."""
        if uncertain(self.job) or given_up(self.job.record):
            return sent_at(self.job.record, self._kit.language)
        if self.finished:
            return duration(self.job.elapsed, self._kit.language)
        passed, usual = self._whole(self.job.elapsed), self.job.usual if live(self.job) else None
        return passed if usual is None else f"{passed} {self._kit.say('panel.usual', time=self._whole(max(1.0, usual + 0.5)))}"

    def _whole(self, seconds: float) -> str:
        return duration(seconds, self._kit.language, whole=True)

    def _word(self, record: JobRecord) -> str:
        """The provider's own word; once all has gone well nobody needs it."""
        return "" if record.state is State.SUCCEEDED else visible(record.word)

    def _cost(self, record: JobRecord) -> str:
        if record.is_local or record.cost is None:
            return ""
        return self._kit.say("card.cost", cost=amount(record.cost, self._kit.language), provider=record.provider)

    def _sentences(self, record: JobRecord) -> list[tuple[str, str]]:
        """What to say below the line, each with its look; empty ones are left out."""
        found = self._lost(record) if uncertain(self.job) or given_up(record) else self._trouble(record)
        if self.job.attended:
            found.append((self._kit.say("panel.attended"), "dr-next"))
        if self.outcome:
            free = record.is_local and self.outcome in ("not_offered", "still_running", "unknown")
            billed = self.outcome == "stopped" and record.charged != "no"
            key = f"panel.cancel.{self.outcome}" + ("_local" if free else "_at_work" if billed else "")
            found.append((self._kit.say(key, id=record.id), "dr-next"))
        found.append((masked_text(record.note), "dr-next"))
        if self.decisions is not None:
            found.append((self.decisions.said, "dr-answer"))
        return found

    def _lost(self, record: JobRecord) -> list[tuple[str, str]]:
        """What it means, what it may have cost, where a person can look, and what to look for."""
        say, prompt = self._kit.say, record.inputs.get("prompt")
        link = provider_link(record, "generations", self._kit.language)
        bill = say(f"charged.{record.charged}")
        return [
            (say(uncertain_key(record)), "dr-unsure") if uncertain(self.job) else (say("card.given_up"), "dr-next"),
            (join([bill, link], " ") if link else bill, "dr-next"),
            (cut(masked_text(prompt), _PROMPT_LETTERS) if isinstance(prompt, str) else "", "dr-next dr-quoted"),
        ]

    def _trouble(self, record: JobRecord) -> list[tuple[str, str]]:
        error = self.job.error
        if error is None or record.state is State.CANCELLED or self.outcome == "not_offered":
            return []
        said, bill = error_text(error, self._kit.language), self._kit.say(f"charged.{record.charged}")
        found = [(said, "dr-problem"), (self._next_step(error, record), "dr-next")]
        if record.state is State.FAILED and bill not in said:
            found.append((bill, "dr-next"))
        return found

    def _next_step(self, error: DarkroomError, record: JobRecord) -> str:
        """What to do now; of an empty account, with the page to fill it."""
        said = next_step_text(error, self._kit.language)
        shown = not isinstance(error, BalanceError) or "https://" in said  # the sentence itself names the page
        link = None if shown else provider_link(record, "top_up", self._kit.language)
        return join([said, link], " ") if link else said


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
