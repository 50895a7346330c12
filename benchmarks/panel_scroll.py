"""How smoothly a gallery scrolls in JupyterLab in headless Chromium: the strip of many pictures against an empty box.

Everything is scrolled by the page's own script, a little at each animation frame, at an even speed over the whole height; so the page's main
thread has to do all that a scroll costs. What is told is the time from one frame to the next. Two controls are measured by turns with it, in the
same page: a box of the same height with nothing in it, which is what the machine can do at that moment, and the strip while each frame is made
to wait, which must be seen.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cells import percentile
from panel_fronts import BEGIN, RUN, browser, one_folder

__all__ = ["scrolled"]

_ROOT = Path(__file__).parent.parent
_PASS_MS = 4000  # over the whole height, once
_SLOW_MS = 60  # of work in each frame of a control
_EMPTY = """
from IPython.display import HTML
HTML("<div class='empty-strip' style='height: 430px; overflow: auto'><div style='height: {height}px'></div></div>")"""
_HEIGHT = 4400  # as 200 pictures have in a page of 1,200 pixels
# Every picture has its button, and the style sheets that draw on them are there.
_DRAWN = """count => {
    const buttons = [...document.querySelectorAll('.dr-strip button')];
    const drawn = buttons.filter(each => getComputedStyle(each).getPropertyValue('--dr-picture').includes('data:'));
    return buttons.length === count && drawn.length === count;
}"""
# One pass: milliseconds from each frame to the next, of tasks above 50 ms, and how many places it came by.
_SCROLL = """async ([selector, ms, backwards, slow]) => {
    const box = document.querySelector(selector), frame = () => new Promise(requestAnimationFrame);
    const go = share => { box.scrollTop = (box.scrollHeight - box.clientHeight) * (backwards ? 1 - share : share); };
    const gaps = [], tasks = [], places = new Set();
    const watcher = new PerformanceObserver(list => tasks.push(...list.getEntries().map(each => each.duration)));
    box.scrollIntoView({block: 'center'});
    go(0);
    for (let still = 0; still < 30; still++) await frame();
    watcher.observe({type: 'longtask'});
    const began = performance.now();
    for (let last = began, now = began; now - began < ms; last = now) {
        go((now - began) / ms);
        places.add(Math.round(box.scrollTop));
        while (performance.now() - now < slow);
        await frame();
        now = performance.now();
        gaps.push(now - last);
    }
    await new Promise(done => setTimeout(done, 100));
    watcher.disconnect();
    return {gaps, tasks, places: places.size};
}"""


_STRIP, _BOX = ".dr-strip", ".empty-strip"
_FIRST, _AGAIN = "the strip, the first time over", "the strip again"
_CONTROL, _SLOWED = "control: an empty box", f"control: the strip, {_SLOW_MS} ms of work in each frame"
_PASSES = (
    (_CONTROL, _BOX, False, 0), (_FIRST, _STRIP, False, 0), (_CONTROL, _BOX, True, 0), (_AGAIN, _STRIP, True, 0),
    (_CONTROL, _BOX, False, 0), (_AGAIN, _STRIP, False, 0), (_SLOWED, _STRIP, True, _SLOW_MS),
)
"""What a pass is called, what is scrolled, whether from the end to the start, and how many ms of work each frame has besides."""


def scrolled(pictures: int, mb: float = 0.3) -> Iterator[dict[str, Any]]:
    """One figure for each box and pass.

    Raises:
        RuntimeError: There is no browser.
    """
    path = browser()
    if path is None:
        raise RuntimeError("there is no Chromium here")
    sys.path[:0] = [str(_ROOT / "tests" / "browser")]
    from lab import FLAGS, Lab, serve
    from playwright.sync_api import sync_playwright

    with one_folder() as home, serve(Path(home)) as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        lab = Lab(chromium, server, Path(home))
        try:
            yield from _passes(lab, pictures, mb)
        finally:
            lab.close()
            chromium.close()


def _passes(lab: Any, pictures: int, mb: float) -> Iterator[dict[str, Any]]:
    """The strip is gone over for the first time between two passes of the empty box, as another job on this machine may slow any of them."""
    lab.context.set_default_timeout(300_000)
    lab.open(lab.write("scrolled.ipynb", BEGIN.format(mb=mb), RUN.format(jobs=pictures), _EMPTY.format(height=_HEIGHT)))
    for cell in range(3):
        lab.run(cell)
    lab.page.wait_for_function(_DRAWN, arg=pictures)
    found: dict[str, list[dict[str, Any]]] = {}
    for title, box, backwards, slow in _PASSES:
        found.setdefault(title, []).append(lab.page.evaluate(_SCROLL, [box, _PASS_MS, backwards, slow]))
    for title, passes in found.items():
        gaps, tasks = ([ms for one in passes for ms in one[what]] for what in ("gaps", "tasks"))
        yield {
            "figure": "panel: scroll", "title": title, "pictures": 0 if title == _CONTROL else pictures, "passes": len(passes),
            "frames": len(gaps), "places": sum(one["places"] for one in passes), "p50": _rounded(percentile(gaps, 0.5)),
            "p95": _rounded(percentile(gaps, 0.95)), "worst": _rounded(max(gaps)), "long_tasks": len(tasks), "longest": _rounded(max(tasks, default=0)),
        }


def _rounded(ms: float | None) -> float:
    return round(ms or 0.0, 1)
