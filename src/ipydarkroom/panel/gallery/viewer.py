"""One picture in large, what is known about it, and what can be done with it; or two, beside each other.

Buttons are hidden by class, never taken out of their box: those that follow would be made anew, and the focus gone.
Whoever does something with a picture stays with it, so that one that arrives cannot take it away.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

import ipywidgets as w

from ...markup import Markup, tag
from ...redaction import masked_text
from ..pump import put
from . import media
from .comparing import beside, comparison_html, rows_of
from .facts import facts_html
from .selection import key_of

if TYPE_CHECKING:
    from ...results import Picture
    from ..acts import Acts
    from ..kit import Kit
    from ..model import PanelModel
    from .deeds import Deeds
    from .prints import Prints
    from .selection import Key, Selection

__all__ = ["Viewer"]


class Viewer:
    """The widgets of the large view; made when the first picture comes.

    Args:
        kit: Makes the widgets.
        state: Whose lock keeps a press and a paint apart, and whose model names the inputs.
        selection: What is looked at.
        prints: Has the copies.
        deeds: What can be done.
        acts: What is asked of the panel.
    """

    def __init__(self, kit: Kit, state: PanelModel, selection: Selection, prints: Prints, deeds: Deeds, acts: Acts) -> None:
        self._kit = kit
        self._state = state
        self._model = state.model
        self._selection = selection
        self._prints = prints
        self._deeds = deeds
        self._acts = acts
        self._said = ""
        self._unfolded = False
        self._of: Key | None = None
        self._original: w.DOMWidget | None = None
        self._link: w.HTML | None = None
        self._answer: w.HTML | None = None
        self._targets: w.HBox | None = None
        self._print = kit.make(w.HTML, "dr-print")
        self._loupe = kit.make(w.Box, "dr-loupe", children=(self._print,))
        self._facts = kit.make(w.HTML, "dr-about")
        self._place = kit.make(w.HTML, "dr-place-of")
        self._older = self._button("older", lambda: selection.step(-1), icon="chevron-left")
        self._newer = self._button("newer", lambda: selection.step(1), icon="chevron-right")
        self._newest = self._button("newest", selection.newest)
        self._full = self._button("full", self._press_full, icon="expand")
        self._given = self._button("show_given", lambda: self._do(self._show_given), icon="image")
        self._compare = self._button("compare", selection.compare, icon="columns")
        self._again = self._button("again", lambda: self._do(deeds.again), icon="undo")
        self._vary = self._button("vary", lambda: self._do(deeds.vary), icon="random")
        self._use = self._button("use_as", self._press_use, icon="share")
        self._save = self._button("download", self._press_download, icon="download")
        self._walk = kit.make(w.HBox, "dr-acts", children=(self._older, self._place, self._newer, self._newest))
        tools = (self._full, self._given, self._compare, self._again, self._vary, self._use, self._save)
        self._tools = kit.make(w.HBox, "dr-acts", children=tools)
        self._side = kit.make(w.VBox, "dr-side", children=(self._facts, self._tools))
        self.root = kit.make(w.VBox, "dr-viewer", children=(self._loupe, self._walk, self._side))

    @property
    def html(self) -> str:
        """What stands in large now."""
        return str(self._print.value)

    def paint(self) -> None:
        """Bring the large view in line with what is looked at."""
        shown, pair = self._selection.shown, self._selection.pair
        if shown is None:
            return
        gone = self._tidy(key_of(shown))
        if pair is None:
            self._paint_one(shown)
        else:
            drawn = map(self._prints.large, pair)
            put(self._print, value=comparison_html(pair, drawn, rows_of(*pair, self._model, self._kit), self._kit))
            put(self._facts, value="")
        put(self._loupe, children=(self._print,) if self._original is None else (self._original,))
        self._paint_tools(shown, pair is not None)
        extras = [part for part in (self._paint_targets(shown), self._link, self._paint_answer()) if part is not None]
        wide = self._original is not None or self._prints.before(shown) is not None
        looks = ("dr-viewer", "dr-two") if pair else ("dr-viewer", "dr-whole-width") if wide else ("dr-viewer",)
        put(self.root, children=(self._loupe, self._walk, self._side, *extras), _dom_classes=looks)
        self._kit.drop(*gone)

    def republish(self) -> None:
        """Send the picture again from this thread."""
        self._print.send_state("value")

    def _paint_one(self, shown: Picture) -> None:
        before = self._prints.before(shown)
        drawn: Markup = self._prints.large(shown)
        if before is not None:
            shape = shown.width / shown.height if shown.height else 1.0
            say = self._kit.say
            drawn = beside([(before[0], say("panel.gallery.given"), before[1]), (drawn, say("panel.gallery.result"), shape)])
        put(self._print, value=drawn)
        put(self._facts, value=facts_html(shown, self._model, self._kit))

    def _paint_tools(self, shown: Picture, comparing: bool) -> None:
        say, selection, full = self._kit.say, self._selection, self._original is not None
        number, count = selection.place
        put(self._place, value=tag("span", say("panel.gallery.place", number=number, count=count), role="status"))
        alone = comparing or selection.choosing
        word = "full" if shown.mime.startswith("image/") else "play"
        icon = "compress" if full else "expand" if word == "full" else "play"
        put(self._full, description=say(f"panel.gallery.{'fit' if full else word}"), icon=icon)
        put(self._compare, description=say("panel.gallery.compare_end" if alone else "panel.gallery.compare"))
        wanted = {
            self._older: count > 1, self._newer: count > 1, self._newest: not selection.following, self._full: not comparing,
            self._given: not alone and bool(self._deeds.link(shown)) and self._prints.before(shown) is None,
            self._compare: count > 1, self._again: not alone, self._vary: not alone and self._deeds.can_vary(shown),
            self._use: not alone and bool(self._deeds.targets(shown)), self._save: not alone,
        }
        for button, there in wanted.items():
            put(button, _dom_classes=("dr-quiet",) if there else ("dr-quiet", "dr-away"))
        put(self._place, _dom_classes=("dr-place-of",) if count > 1 else ("dr-place-of", "dr-away"))

    def _paint_targets(self, shown: Picture) -> w.HBox | None:
        """The row of forms that take the picture, while it is unfolded."""
        if self._unfolded and self._targets is None:
            buttons = [self._made(name, functools.partial(self._use_as, deed)) for name, deed in self._deeds.targets(shown)]
            self._targets = self._kit.make(w.HBox, "dr-acts", "dr-targets", children=tuple(buttons))
        return self._targets

    def _paint_answer(self) -> w.HTML | None:
        said = self._kit.say("panel.gallery.choose") if self._selection.choosing else self._said
        if not said and self._answer is None:
            return None
        self._answer = self._answer or self._kit.make(w.HTML, "dr-answer")
        put(self._answer, value=tag("span", said, role="status"))
        return self._answer

    def _tidy(self, key: Key) -> list[w.DOMWidget]:
        """What belongs to another picture, or is not wanted any more: to be dropped when it is out of sight."""
        gone: list[w.DOMWidget | None] = []
        if key != self._of or self._selection.pair is not None:
            gone.append(self._link)
            self._of, self._said, self._unfolded, self._link = key, "", False, None
            self._selection.full = False
        if not self._selection.full:
            gone.append(self._original)
            self._original = None
        if not self._unfolded and self._targets is not None:
            gone += [*self._targets.children, self._targets]
            self._targets = None
        return [widget for widget in gone if widget is not None]

    # --- presses

    def _button(self, word: str, act: Callable[[], object], icon: str = "") -> w.Button:
        return self._made(self._kit.say(f"panel.gallery.{word}"), act, icon)

    def _made(self, name: str, act: Callable[[], object], icon: str = "") -> w.Button:
        made = self._kit.make(w.Button, "dr-quiet", description=name, icon=icon)
        made.on_click(lambda _button: self._acts.guard(lambda: self._pressed(act)))
        return made

    def _pressed(self, act: Callable[[], object]) -> None:
        with self._state.lock:
            act()
        self.look()

    def look(self) -> None:
        """Show what is selected now, and make its copies where they are missing."""
        with self._state.lock:
            wanted = self._selection.pair or (self._selection.shown,)
            missing = [each for each in wanted if each is not None and not self._prints.ready(each)]
        self._acts.paint()
        if missing:
            self._acts.aside(lambda: self._prepare(missing), 0.0)

    def _prepare(self, pictures: list[Picture]) -> None:
        for picture in pictures:
            self._prints.prepare(picture)

    def _do(self, deed: Callable[[Picture], str]) -> None:
        if (shown := self._selection.stay()) is not None:
            self._said = deed(shown)

    def _show_given(self, shown: Picture) -> str:
        """Nothing is asked for a picture behind a link before somebody presses this."""
        link = self._deeds.link(shown)
        self._prints.show_link(shown, link)
        return self._kit.say("panel.gallery.from_link", link=masked_text(link))

    def _press_use(self) -> None:
        self._selection.stay()
        self._unfolded = not self._unfolded

    def _use_as(self, deed: Callable[[], str]) -> None:
        self._said, self._unfolded = deed(), False

    def _press_full(self) -> None:
        """Bring all bytes of the picture into the page, or let them go."""
        shown = self._selection.stay()
        if self._selection.full or shown is None:
            self._selection.full = False
            return
        self._said = media.too_large(shown, self._kit)
        if not self._said:
            self._original = media.opened(shown, self._kit)
            self._selection.full = True

    def _press_download(self) -> None:
        shown = self._selection.stay()
        if shown is None or self._link is not None:
            return
        self._said = media.too_large(shown, self._kit, saving=True)
        if not self._said:
            self._link = self._kit.make(w.HTML, "dr-download", value=media.download_html(shown, self._kit))
