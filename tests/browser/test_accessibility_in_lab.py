"""axe-core finds nothing wrong with our outputs in JupyterLab, light and dark; what plain widgets cannot do is in docs/accessibility.md."""

from __future__ import annotations

import json

import pytest
from axe import examine
from playwright.sync_api import expect
from test_controls_in_lab import PROPERTIES, cell
from test_forms_in_lab import EVERY_KIND

PALE = """
from IPython.display import HTML
HTML('<p style="color:#bbb;background:#fff">pale</p><input type="text">')
"""
RAN = """
import ipydarkroom as dr
ran = dr.Panel("bytedance/seedream-5/lite/text-to-image", local=True)
for prompt in ("a mill by the river", "an owl at night"):
    ran.value = {"prompt": prompt}
    ran.submit()
ran
"""
REFUSED = """
from contextlib import suppress
from ipydarkroom.errors import InputError
refused = dr.Panel("kie:ideogram/v3-reframe", local=True)
with suppress(InputError):
    refused.submit()
refused
"""
CARDS = "from IPython.display import display\nran.wait()\ndisplay(ran.jobs[0], ran.jobs[0].result(), ran.model)"
WORK = (
    "sweep = dr.Sweep('bytedance/seedream-5/lite/text-to-image', prompt=['a fox', 'an owl'], local=True)\nsweep",
    "dr.Compare(['bytedance/seedream-5/lite/text-to-image', 'bytedance/dreamina-4-0/text-to-image'], prompt='a fox', local=True)",
    "dr.History()",
    f"dr.Form(json.loads({json.dumps(json.dumps({'properties': {**EVERY_KIND, 'version': {'const': 2}}}))}))",
)
SLIDER = "noUi-handle"  # its handle has no name, and no widget can give it one; the box beside it has the same value and a name


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_axe_finds_nothing_wrong_with_our_outputs(lab, theme):
    """Every control, a form with problems, jobs and two pictures compared, the cards of job, result and model, a sweep, two
    models side by side, the history, a form of every kind. Contrast is AA."""
    name = lab.write(f"axe-{theme}.ipynb", PALE, RAN, REFUSED, cell(*PROPERTIES, required=("image",)), CARDS, *WORK)
    lab.open(name)
    lab.command("apputils:change-theme", theme=f"JupyterLab {theme}")
    light = str(theme == "Light").lower()
    lab.page.wait_for_function(f"() => document.body.dataset.jpThemeLight === '{light}'")
    expect(lab.page.locator("#jupyterlab-splash")).to_have_count(0)
    try:
        for index in range(5 + len(WORK)):
            lab.run(index)
        lab.cell(1).get_by_role("button", name="Compare…").click()
        expect(lab.cell(1).locator(".dr-loupe img").first).to_be_visible()
        expect(lab.cell(5)).to_contain_text("2 of 2", timeout=60_000)
        expect(lab.page.locator(".dr-problem").first).to_be_visible()
        for fold in lab.page.get_by_role("button", name="More settings").all():
            fold.click()
        expect(lab.page.locator(".noUi-handle").filter(visible=True)).to_have_count(2)
        lab.cell(0).locator("p").evaluate("mark => mark.closest('.jp-OutputArea').classList.add('pale')")
        control = examine(lab.page, ".pale")
        found = examine(lab.page, ".jp-OutputArea:not(.pale) .jp-OutputArea-output")
    finally:
        lab.command("apputils:change-theme", theme="JupyterLab Light")

    assert {"color-contrast", "label"} <= {line.split(":")[0] for line in control.wrong}  # it would have found it
    named = [line for line in found.wrong if not (line.startswith("aria-input-field-name") and SLIDER in line)]
    assert [] == named, "\n".join(named)
    assert found.contrast > 200
    assert found.unmeasured < found.contrast / 10
