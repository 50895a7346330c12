"""A notebook with one cell, in which one form after another is shown.

What takes time in JupyterLab, a page and a kernel, is waited for once for a file of tests.
"""

from __future__ import annotations

import json

from lab import Lab
from playwright.sync_api import expect

__all__ = ["Desk"]

ASK = """
async code => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const future = kernel.requestExecute({code});
    let said = '';
    future.onIOPub = message => { said += message.content.text ?? (message.content.traceback ?? []).join('\\n'); };
    await future.done;
    return said;
}
"""
SHOW = """
async code => {
    const notebook = window.jupyterapp.shell.currentWidget;
    notebook.content.activeCellIndex = 0;
    notebook.content.activeCell.model.sharedModel.setSource(code);
    await window.jupyterapp.commands.execute('notebook:run-cell');
}
"""
STICKING_OUT = """form => [...form.querySelectorAll('*')].filter(part => part.getClientRects().length
    && part.getBoundingClientRect().right > form.getBoundingClientRect().right + 1).map(part => part.className)"""


class Desk:
    """The notebook, its kernel and the form that is shown in it."""

    def __init__(self, lab: Lab) -> None:
        self.lab, self.page = lab, lab.page
        self.form = lab.page.locator(".dr-form")
        self.page.on("filechooser", lambda _chooser: None)  # asked for at a key's press, it comes too late

    def ask(self, code):
        """Run code in the kernel; what it prints."""
        return self.page.evaluate(ASK, code)

    def show(self, properties, *, language="en", code="", **schema):
        """Show a form of these properties; returns it."""
        said = json.dumps({"properties": properties, **schema})
        return self.cell(f"form = dr.Form(json.loads({said!r}), language={language!r})\n{code}\nform")

    def cell(self, code):
        """Show what a cell of this code ends with."""
        self.page.evaluate(SHOW, f"import ipydarkroom as dr, json\n{code}")
        expect(self.form.locator(".dr-buttons")).to_be_visible()
        return self.form

    def button(self, name, exact=True):
        """A button of the form."""
        return self.form.get_by_role("button", name=name, exact=exact)

    def box(self, name, exact=True):
        """A text box of the form."""
        return self.form.get_by_role("textbox", name=name, exact=exact)

    def press(self, *keys):
        """Press some keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def holds(self, value):
        """Wait until the kernel's form has this value."""
        for _ in range(50):
            said = json.loads(self.ask("print(json.dumps(form.value, default=lambda file: file.name))"))
            if said == value:
                break
        assert value == said

    def choose(self, button, *files):
        """Press a button that opens the browser's dialog for files, and choose these there."""
        with self.page.expect_file_chooser() as chooser:
            button.click()
        chooser.value.set_files(files)

    def dress(self, theme):
        """Change the lab's theme, `Light` or `Dark`, and wait until it is there."""
        self.lab.command("apputils:change-theme", theme=f"JupyterLab {theme}")
        self.page.wait_for_function(f"() => (document.body.dataset.jpThemeLight === 'true') === {json.dumps(theme == 'Light')}")
        expect(self.page.locator("#jupyterlab-splash")).to_have_count(0)

    def portray(self, name):
        """Keep a screenshot of the form as it is, dark and light."""
        for theme in ("Dark", "Light"):
            self.dress(theme)
            self.shot(f"{name}-{theme.lower()}")

    def sticking_out(self):
        """The classes of what stands further right than the form's own edge."""
        return self.form.evaluate(STICKING_OUT)

    def shot(self, name):
        """Keep a screenshot of the form, to be looked at."""
        self.lab.shots.mkdir(exist_ok=True)
        self.form.screenshot(path=self.lab.shots / f"{name}.png")
