"""What a kernel does with clicks and threads differs by its version: nothing may be lost in any of them. See `make matrix`."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.kernel
PANEL = 'import ipydarkroom as dr\npanel = dr.Panel("bytedance/seedream-5/lite/text-to-image", local=True)\npanel'


def test_a_click_during_a_busy_cell_orders_once(lab, record_property):
    """Some kernels answer a click while a cell sleeps, some when it is over; it is one order in either case."""
    busy = "import time\nfor _ in range(30):\n    time.sleep(0.1)\n    if panel.jobs: break\nprint('DURING', len(panel.jobs))"
    lab.open(lab.write("click.ipynb", PANEL, busy))
    lab.run(0)
    lab.page.get_by_role("textbox", name="Prompt").fill("a quiet lake")
    lab.page.keyboard.press("Tab")
    lab.run(1, wait=False)
    lab.page.wait_for_function("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'busy'")
    lab.page.get_by_role("button", name="Run", exact=True).click()

    expect(lab.page.locator(".dr-line", has_text="Succeeded")).to_have_count(1, timeout=60_000)
    expect(lab.page.locator(".dr-line")).to_have_count(1)
    expect(lab.page.locator(".dr-loupe img")).to_have_count(1)
    expect(lab.cell(1)).to_contain_text("DURING")
    record_property("found", "during the cell" if "DURING 1" in lab.cell(1).inner_text() else "after the cell")


def test_waiting_in_a_cell_shows_the_picture(lab):
    """`wait()` holds the kernel; what it waits for is on the page when it returns, and in the output the file keeps."""
    lab.open(lab.write("wait.ipynb", PANEL, "panel.value = {'prompt': 'a mill'}\npanel.submit()\nprint('DONE', len(panel.wait().jobs[0].record.kept))"))
    lab.run(0)
    lab.run(1)

    expect(lab.cell(1)).to_contain_text("DONE 1")
    expect(lab.page.locator(".dr-loupe img")).to_have_count(1)
    lab.page.wait_for_function(
        """() => JSON.stringify(window.jupyterapp.shell.currentWidget.content.model.cells.get(0).toJSON().outputs)
            .includes('data:image')"""
    )


def test_nothing_of_a_job_ends_up_in_another_cell(lab):
    """While a job runs other cells print; the job's thread writes into its panel and nowhere else."""
    cells = [PANEL, "panel.value = {'prompt': 'a mill'}\njob = panel.submit()", "import time\nwhile not job.done: time.sleep(0.05)\nprint('END')"]
    lab.open(lab.write("elsewhere.ipynb", *cells))
    for index in range(3):
        lab.run(index)

    expect(lab.cell(2).locator(".jp-OutputArea-output")).to_have_count(1)
    expect(lab.cell(2)).to_contain_text("END")
    expect(lab.page.locator(".dr-loupe img")).to_have_count(1)
    assert "Traceback" not in lab.page.locator("body").inner_text()
