"""All widgets of one history in their places, and the one function that paints them from its model."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ipywidgets as w

from ..dates import number
from ..display import gallery
from ..markup import Markup, join, tag
from .historyfilters import Filters
from .historymodel import PAGE
from .historywall import BATCH, Thumbs, entry, sheet, table
from .labels import error_text, next_step_text
from .passing import Passing
from .pump import put
from .screen import theme
from .taking import Taking

if TYPE_CHECKING:
    from ..exporting import Exported
    from ..jobs import JobRecord
    from .historymodel import HistoryModel
    from .kit import Kit

__all__ = ["HistoryActs", "HistoryScreen"]


@dataclass(frozen=True)
class HistoryActs:
    """What the widgets ask of the history they are in; every one returns at once.

    Attributes:
        ask: A filter was changed; takes parts of a `Question`.
        clear: Everything is wanted again.
        look: The journal shall be asked once more.
        turn: So many pages on.
        choose: One of the page was chosen.
        go_to: The job of that number is wanted, on whichever page.
        open: The chosen job's panel is wanted, or is to be closed.
        export: The folder of that name is wanted.
        aside: Do blocking work, painting before and after.
        pack: Makes a zip of what was found.
        pack_all: Makes a zip of the whole journal.
        passing: As `Settings.passing`.
    """

    ask: Callable[..., None]
    clear: Callable[[], None]
    look: Callable[[], None]
    turn: Callable[[int], None]
    choose: Callable[[int | None], None]
    go_to: Callable[[int], None]
    open: Callable[[], None]
    export: Callable[[str], None]
    aside: Callable[[Callable[[], None]], None]
    pack: Callable[[], Exported]
    pack_all: Callable[[], Exported]
    passing: str


class HistoryScreen:
    """The widgets of one history.

    Args:
        state: What is painted.
        kit: Makes the widgets.
        acts: What the widgets ask for.
        folder: The name a folder is offered under.

    Attributes:
        opened: The widget of the opened panel, if there is one.
        opening: Whether one is under way.
        answer: What became of the last export.
    """

    def __init__(self, state: HistoryModel, kit: Kit, acts: HistoryActs, folder: str) -> None:
        self.opened: w.Widget | None = None
        self.opening = False
        self.answer = Markup()
        self._state, self._kit, self._acts = state, kit, acts
        self._thumbs = Thumbs()
        self._mark = f"dr-w{uuid.uuid4().hex[:8]}"
        self._detail: tuple[object, Markup] = (None, Markup())
        self._shown: tuple[object, ...] = ()
        title = kit.make(w.HTML, "dr-banner", value=tag("div", tag("span", kit.say("history.title"), class_="dr-model"), class_="dr-head"))
        self._passing = Passing(kit, acts.passing, acts.pack_all, acts.aside)
        self._filters = Filters(state, kit, acts.ask)
        self._count = kit.make(w.HTML, "dr-count")
        self._page = kit.make(w.HTML, "dr-page")
        self._previous = self._button("history.previous", lambda: acts.turn(-1), "dr-stop")
        self._next = self._button("history.next", lambda: acts.turn(1), "dr-stop")
        self._clear = self._button("history.clear", acts.clear, "dr-stop", "dr-reset")
        refresh = self._button("history.refresh", acts.look, "dr-stop", "dr-reset")
        self._pager = kit.make(w.HBox, "dr-pager", children=(self._previous, self._page, self._next))
        bar = kit.make(w.HBox, "dr-history-bar", children=(self._filters.view, self._count, self._clear, refresh, self._pager))
        self._pictures = tuple(kit.make(w.HTML, "dr-sheet") for _ in range(0, PAGE, BATCH))
        self._table = kit.make(w.HTML, "dr-rows")
        self._picks = kit.make(w.RadioButtons, "dr-picks", self._mark)
        self._picks.observe(lambda change: acts.choose(change.new), "index")
        self._number = kit.make(w.BoundedIntText, "dr-field", "dr-number", min=1, max=1, value=1, **self._number_label())
        self._number.observe(lambda change: acts.go_to(change.new), "value")
        self._scroll = kit.make(w.VBox, "dr-scroll")
        self._large = kit.make(w.HTML, "dr-large-job")
        self._open = self._button("history.open", acts.open)
        self._side = kit.make(w.VBox, "dr-side", children=(self._number, self._large, self._open))
        self._body = kit.make(w.HBox, "dr-history-body")
        name = tag("span", kit.say("history.folder"), class_="dr-title")
        self._folder = kit.make(w.Text, "dr-field", "dr-short", value=folder, description=name, description_allow_html=True)
        export = self._button("history.export", lambda: acts.export(self._folder.value))
        self._taking = Taking(kit, acts.pack, acts.aside)
        self._take = kit.make(w.HBox, "dr-pair", "dr-take", children=(self._folder, export, self._taking.button))
        self._said = kit.make(w.HTML, "dr-line-text", "dr-taken")
        self._notice = kit.make(w.HTML, "dr-notice", "dr-away")
        self._parts = (kit.head_with(theme("history")), title, *self._passing.widgets, self._filters.root, bar, self._notice, self._body)
        self.root = kit.make(w.VBox, "dr-panel", "dr-history")

    def paint(self) -> None:
        """Bring every widget in line with the model. Sends nothing where nothing differs."""
        state = self._state
        self._passing.paint()
        self._filters.paint()
        self._paint_count()
        self._paint_picks()
        self._paint_pictures()
        put(self._large, value=self._detail[1] if self._detail[0] == _key(state.chosen) else Markup())
        name = "history.open.doing" if self.opening else "history.open" if self.opened is None else "history.close_panel"
        put(self._open, description=self._kit.say(name))
        put(self._side, children=() if state.chosen is None else (self._number, self._large, self._open))
        self._taking.paint()
        put(self._said, value=self.answer)
        self._paint_notice()
        opened = () if self.opened is None else (self.opened,)
        put(self.root, children=(*self._parts, *opened, self._take, self._said, *self._taking.said, *self._kit.more()))

    def lacking(self) -> Callable[[], None] | None:
        """The next piece of blocking work for what is in sight, or None: the chosen job in large, then little pictures."""
        chosen = self._state.chosen
        if chosen is not None and self._detail[0] != _key(chosen):
            return lambda: self._enlarge(chosen)
        if self._state.question.view != "wall":
            return None
        lacking = [record for record in self._state.records if self._thumbs.get(record) is None][:BATCH]
        return (lambda: self._make(lacking)) if lacking else None

    def focus_open(self) -> None:
        """Give the keys to the button that opened a panel."""
        self._open.focus()

    # --- inside

    def _enlarge(self, record: JobRecord) -> None:
        self._detail = (_key(record), Markup())  # first, so that what fails is not tried for ever
        self._detail = (_key(record), gallery([record], self._kit.language))

    def _make(self, records: list[JobRecord]) -> None:
        for record in records:
            self._thumbs.make(record)

    def _paint_count(self) -> None:
        state, say = self._state, self._kit.say
        many = "" if state.total != 1 else "_one"
        key = f"history.found_pictures{many}" if state.question.view == "wall" else f"history.found{many}"
        put(self._count, value=tag("div", say(key, count=number(state.total)), role="status"))
        pages = say("history.page", first=number(state.first), last=number(state.last), total=number(state.total))
        put(self._page, value=tag("span", pages))
        put(self._pager, _dom_classes=_marked(["dr-pager"], away=state.total <= PAGE))
        put(self._previous, _dom_classes=_marked(["dr-quiet", "dr-stop"], spent=not state.has_previous))
        put(self._next, _dom_classes=_marked(["dr-quiet", "dr-stop"], spent=not state.has_next))
        put(self._clear, _dom_classes=_marked(["dr-quiet", "dr-stop", "dr-reset"], away=state.question.is_open))

    def _paint_picks(self) -> None:
        """The page of jobs: made anew where it is another page, else only the choice is painted."""
        state, language = self._state, self._kit.language
        view = state.question.view
        shown = (view, state.first, *(_key(record) for record in state.records))
        if shown != self._shown:
            self._shown = shown
            put(self._body, children=(self._side,))  # and again below: a box that is drawn anew begins at its top
            for each in self._pictures:
                put(each, value="")
            listed = table(state.first, state.records, language) if view == "table" and state.records else self._nothing()
            hold = tag("div", role="group", tabindex="0", aria_label=self._kit.say("history.title"), class_="dr-hold")
            put(self._table, value=join([hold, listed]))  # what scrolls has something in it that keys can reach
            names = [entry(at, record, language) for at, record in enumerate(state.records, start=max(1, state.first))]
            with self._picks.hold_sync():
                put(self._picks, options=tuple(names))
                put(self._picks, index=state.place)
            put(self._picks, _dom_classes=("dr-picks", self._mark, f"dr-as-{view}"))
            put(self._body, _dom_classes=("dr-history-body", f"dr-as-{view}"))
        put(self._picks, index=state.place)
        put(self._number, max=max(1, state.total))
        put(self._number, value=state.number or self._number.value, **self._number_label())
        picks = (self._picks,) if state.records else ()
        put(self._scroll, children=(*self._pictures, self._table, *picks))
        put(self._body, children=(self._side, self._scroll))

    def _number_label(self) -> dict[str, object]:
        """The box's name, and which job it is: what the ear hears in place of the picture."""
        say, chosen = self._kit.say, self._state.chosen
        what = None if chosen is None else tag("span", entry(self._state.number or 0, chosen, self._kit.language).replace("\n", " · "), class_="dr-help dr-aloud")
        title = join([part for part in (tag("span", say("history.number"), class_="dr-title"), what) if part], " ")
        return {"description": title, "description_allow_html": True}

    def _nothing(self) -> Markup:
        """What stands in place of jobs where there are none."""
        if self._state.records:
            return Markup()
        key = "history.empty_journal" if self._state.question.is_open else "history.empty"
        return tag("p", self._kit.say(key), class_="dr-empty-text")

    def _paint_pictures(self) -> None:
        if self._state.question.view != "wall":
            return
        for at, widget in enumerate(self._pictures):
            some = self._state.records[at * BATCH : (at + 1) * BATCH]
            if all(self._thumbs.get(record) is not None for record in some):
                put(widget, value=sheet(self._mark, at * BATCH, some, self._thumbs))

    def _paint_notice(self) -> None:
        notice = self._state.trouble
        if notice is None:
            put(self._notice, value="", _dom_classes=("dr-notice", "dr-away"))
            return
        language = self._kit.language
        words = [tag("strong", error_text(notice, language)), tag("span", next_step_text(notice, language))]
        put(self._notice, value=tag("div", join(words, " "), role="alert"), _dom_classes=("dr-notice",))

    def _button(self, key: str, press: Callable[[], None], *marks: str) -> w.Button:
        made = self._kit.make(w.Button, "dr-quiet", *marks, description=self._kit.say(key))
        made.on_click(lambda _button: press())
        return made


def _key(record: JobRecord | None) -> object:
    """What a job's picture on the page depends on."""
    return None if record is None else (record.id, record.state, len(record.kept))


def _marked(classes: list[str], **marks: bool) -> tuple[str, ...]:
    return (*classes, *(f"dr-{name}" for name, wanted in marks.items() if wanted))
