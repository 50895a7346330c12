"""A notebook in a browser, driven by name: JupyterLab, Notebook 7, Voila. Servers and how they are started: `applications`.

Every request that wants to leave loopback is refused and remembered.
"""

from __future__ import annotations

from pathlib import Path

import nbformat
from applications import Server, serve
from kernels import KERNEL
from playwright.sync_api import Browser, Locator, Page

__all__ = ["FLAGS", "FrontEnd", "Lab", "Notebook", "Server", "Voila", "serve"]

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]


class FrontEnd:
    """One notebook in one page, whatever shows it."""

    def __init__(self, browser: Browser, server: Server, shots: Path) -> None:
        self.server = server
        self.shots = shots
        self.context = browser.new_context(viewport={"width": 1200, "height": 1250}, reduced_motion="reduce")
        self.context.set_default_timeout(30_000)
        self.page: Page = self.context.new_page()
        self.left_loopback: list[str] = []
        self.page.route(lambda url: not url.startswith(("http://127.0.0.1", "data:", "blob:")), self._refuse)

    def _refuse(self, route) -> None:
        self.left_loopback.append(route.request.url)
        route.abort()

    def write(self, name: str, *cells: str) -> str:
        """Write a notebook of these cells; returns its file name."""
        notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": KERNEL, "display_name": KERNEL}})
        notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
        nbformat.write(notebook, self.server.root / name)
        return name

    def open(self, name: str) -> None:
        """Open a notebook and wait until it can be used."""
        raise NotImplementedError

    def run(self, index: int, *, wait: bool = True) -> None:
        """Run one cell, by its place among all cells."""
        raise NotImplementedError

    def cell(self, index: int) -> Locator:
        """One cell with its outputs."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index)

    def shot(self, name: str) -> None:
        """Keep a screenshot, to be looked at."""
        self.shots.mkdir(exist_ok=True)
        self.page.screenshot(path=self.shots / f"{name}.png")

    def note_lines(self) -> None:
        """From now on, remember every text a job line shows, however short."""
        self.page.evaluate(
            """() => {
                window.seenLines = [];
                const note = () => document.querySelectorAll('.dr-line').forEach((line) => {
                    if (window.seenLines.at(-1) !== line.innerText) window.seenLines.push(line.innerText);
                });
                new MutationObserver(note).observe(document.body, {subtree: true, childList: true, characterData: true});
            }"""
        )

    def lines(self) -> str:
        """All of those texts."""
        return "\n".join(self.page.evaluate("() => window.seenLines"))

    def darken(self, name: str) -> None:
        """Turn to the dark theme; the notebook of that name may be opened anew for it. It stays so for the page only."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the page and end its kernel."""
        self.context.close()
        self.server.end_kernels()


class Lab(FrontEnd):
    """JupyterLab, one notebook without side bars."""

    def open(self, name: str) -> None:
        """Open a notebook and wait until its kernel is idle."""
        self.page.goto(self.server.address(name), wait_until="domcontentloaded")
        self.page.wait_for_function("() => window.jupyterapp && window.jupyterapp.shell.currentWidget")
        self.page.wait_for_function(
            """() => {
                const kernel = window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel;
                return kernel && kernel.connectionStatus === 'connected' && kernel.status === 'idle';
            }""",
            timeout=60_000,
        )

    def open_without_kernel(self, name: str) -> None:
        """Open a notebook as a reader would who chooses no kernel."""
        path = self.server.root / name
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata.pop("kernelspec", None)
        notebook.metadata["language_info"] = {"name": "text"}  # else a kernel of that language is started unasked
        nbformat.write(notebook, path)
        self.page.goto(self.server.address(name), wait_until="domcontentloaded")
        dialog = self.page.locator(".jp-Dialog")
        dialog.locator("select").select_option(label="No Kernel")
        dialog.locator(".jp-mod-accept").click()
        dialog.wait_for(state="detached")
        assert self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel ?? null") is None

    def run(self, index: int, *, wait: bool = True) -> None:
        """Run one cell, by its place among all cells."""
        self.page.evaluate(
            """async ([index, wait]) => {
                const notebook = window.jupyterapp.shell.currentWidget;
                notebook.content.activeCellIndex = index;
                notebook.content.deselectAll();
                const done = window.jupyterapp.commands.execute('notebook:run-cell');
                if (wait) await done;
            }""",
            [index, wait],
        )

    def command(self, name: str, **arguments: object) -> None:
        """Run one of the application's own commands, such as `docmanager:save`."""
        self.page.evaluate(
            "async ([name, args]) => { await window.jupyterapp.commands.execute(name, args) }", [name, arguments]
        )

    def darken(self, name: str) -> None:
        """By the application's own command. The setting is the server's: the next test finds it light again."""
        self._theme("Dark")

    def close(self) -> None:
        """Close the page as it was opened, and end its kernel."""
        try:
            if self.page.locator("body[data-jp-theme-light=false]").count():
                self._theme("Light")
        finally:
            super().close()

    def _theme(self, name: str) -> None:
        self.command("apputils:change-theme", theme=f"JupyterLab {name}")
        self.page.wait_for_selector(f"body[data-jp-theme-light={str(name == 'Light').lower()}]", state="attached")  # a body of no height is not "visible"
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")  # it lies over the page until the theme is there

    def restart(self) -> None:
        """Restart the notebook's kernel, as a person would, and wait until it answers again.

        Asked for by the page's own connection: a cell that is run while the server still restarts it is never answered.
        """
        self.page.evaluate(
            """async () => {
                const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
                await kernel.restart();
                await kernel.requestKernelInfo();
            }"""
        )

    def kernel_status(self) -> str:
        """`idle` or `busy`, as the page's session knows it."""
        return self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status")


class Notebook(Lab):
    """Notebook 7: another shell around the same parts, driven by the same commands."""


class Voila(FrontEnd):
    """Voila: the outputs only, all cells run before anybody can look."""

    def open(self, name: str) -> None:
        """Open a notebook and wait until its cells have run and its widgets are there."""
        self.page.goto(self.server.address(name), wait_until="domcontentloaded")
        self.page.wait_for_selector("#rendered_cells", state="visible", timeout=60_000)

    def darken(self, name: str) -> None:
        """By the page's address, so that all runs again."""
        self.page.goto(f"{self.server.address(name)}&theme=dark", wait_until="domcontentloaded")
        self.page.wait_for_selector("#rendered_cells", state="visible", timeout=60_000)
        self.page.wait_for_selector("body[data-jp-theme-light=false]", state="attached")

    def run(self, index: int, *, wait: bool = True) -> None:
        """Nothing to do: every cell has run."""

    def cell(self, index: int) -> Locator:
        """One cell, which is its outputs."""
        return self.page.locator(f'[cell-index="{index + 1}"]')
