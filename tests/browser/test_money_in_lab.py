"""Lost orders, earlier jobs and the question before money, in real JupyterLab. Nothing is sent: paid hosts are locked."""

from __future__ import annotations


import pytest
from playwright.sync_api import expect

# A journal of its own, with two orders of a kernel that is gone: what another kernel's death leaves behind.
LEFT = """
import os
os.environ["IPYDARKROOM_HOME"] = {home!r}
from pathlib import Path
from ipydarkroom.jobs import JobRecord, Orphaned, Sending, Trouble, advance, new_job_id
from ipydarkroom.journal import Journal
Path({home!r}).mkdir(exist_ok=True)
journal = Journal(Path({home!r}) / "journal.sqlite3")
for at, (provider, origin, model, prompt) in enumerate([
    ("kie", "https://api.kie.ai", "ideogram/v3-reframe", "wider"),
    ("runcomfy", "https://model-api.runcomfy.net", "bytedance/seedream-5/lite/text-to-image", "a fox in the snow"),
]):
    record = JobRecord(
        new_job_id(1.79e9 + at, at), provider, origin, "remote", model, {{"prompt": prompt}}, created=1.79e9 + at, owner="gone:1:x:1"
    )
    journal.add(record)
    for event in (Sending(), Orphaned(Trouble("SubmitUncertain", "The order left, but no answer came within 60 s."))):
        record = advance(record, event, 1.79e9 + at)
        journal.put(record, type(event).__name__)
journal.close()
"""
PANEL = """
import os
os.environ["IPYDARKROOM_HOME"] = {home!r}
import ipydarkroom as dr
panel = dr.Panel("bytedance/seedream-5/lite/text-to-image", local=True, language={language!r})
panel
"""
PAID = """
import os
os.environ["IPYDARKROOM_HOME"] = {home!r}
os.environ["RUNCOMFY_API_TOKEN"] = "canary-77"
del os.environ["IPYDARKROOM_LOCAL"]
import dataclasses
import ipydarkroom as dr
from ipydarkroom.budget import Budget
from ipydarkroom.models import Price
from ipydarkroom.providers import Balance
client = dr.Client(budget=Budget(jobs=20, usd=1.5))
client.balance = lambda provider=None: Balance("runcomfy", 12.5, "USD", 12.5)
model = dataclasses.replace(client.model("bytedance/seedream-5/lite/text-to-image"), price=Price(0.03))
panel = dr.Panel(model, client=client, language={language!r})
panel
"""


def focused(lab):
    """What the element that has the focus says."""
    return lab.page.evaluate("() => document.activeElement.innerText || document.activeElement.tagName")


def theme(lab, name):
    """Change the theme, and wait until nothing covers the page any more."""
    lab.command("apputils:change-theme", theme=name)
    light = "true" if "Light" in name else "false"
    lab.page.wait_for_function(f"() => document.body.dataset.jpThemeLight === '{light}'")
    expect(lab.page.locator("#jupyterlab-splash")).to_have_count(0)


def shots(lab, name, index):
    """One screenshot of a cell in each theme, scrolled to its job lines."""
    for which in ("Light", "Dark"):
        theme(lab, f"JupyterLab {which}")
        lab.cell(index).locator(".dr-banner").scroll_into_view_if_needed()
        lab.cell(index).locator(".dr-buttons").evaluate("part => part.scrollIntoView({block: 'start'})")
        lab.shot(f"{name}-{which.lower()}")
    theme(lab, "JupyterLab Light")


@pytest.mark.kernel
def test_after_a_restart_lost_orders_are_found_and_decided_by_keyboard(lab):
    """Told of, taken in, looked for, given an id, asked about before a second order, given up; the focus never gets lost."""
    home = str(lab.server.root / "lost-home")
    lab.open(lab.write("lost.ipynb", LEFT.format(home=home), PANEL.format(home=home, language="en")))
    lab.run(0)
    lab.restart()
    lab.run(1)
    page, cell, keys = lab.page, lab.cell(1), lab.page.keyboard

    expect(cell.get_by_text("2 earlier jobs are unfinished (2 uncertain).")).to_be_visible()
    shots(lab, "money-earlier", 1)
    cell.get_by_role("button", name="Show them").focus()
    keys.press("Enter")
    expect(cell.locator(".dr-line")).to_have_count(2)
    expect(cell.locator(".dr-earlier")).to_have_count(0)

    line = cell.locator(".dr-line", has_text="RunComfy")
    link = line.get_by_role("link")
    expect(link).to_have_attribute("href", "https://www.runcomfy.com/profile/generations")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    line.get_by_role("button", name="Look again").focus()
    keys.press("Enter")
    expect(line.get_by_text("Still nothing known here.")).to_be_visible()
    assert "Look again" == focused(lab)

    keys.press("Tab")
    keys.press("Enter")
    expect(line.get_by_role("textbox", name="The id on the provider's list")).to_be_focused()
    keys.type("r-42")
    other = cell.locator(".dr-line", has_text="Kie.ai")
    other.get_by_role("button", name="Send again").focus()
    keys.press("Enter")
    expect(other.get_by_role("button", name="Yes, send again: may pay twice")).to_be_focused()
    shots(lab, "money-uncertain", 1)

    other.get_by_role("button", name="Give up").click()
    expect(other.get_by_text("Given up: nobody knows")).to_be_visible()
    expect(other.get_by_role("button")).to_have_count(0)
    line.get_by_role("button", name="Adopt").click()
    expect(line.get_by_role("button", name="Adopt")).to_have_count(0)
    expect(line.get_by_text("Uncertain")).to_have_count(0)
    shots(lab, "money-decided", 1)
    assert page.locator(".dr-notice:not(.dr-away)").count() == 0


def test_lost_orders_read_in_japanese(lab):
    """The notice, the sentences and the buttons."""
    home = str(lab.server.root / "lost-home-ja")
    lab.open(lab.write("lost_ja.ipynb", LEFT.format(home=home), PANEL.format(home=home, language="ja")))
    lab.run(0)
    lab.run(1)
    cell = lab.cell(1)
    expect(cell.get_by_text("以前のジョブが 2 件")).to_be_visible()
    shots(lab, "money-earlier-ja", 1)
    cell.get_by_role("button", name="表示する").click()
    expect(cell.locator(".dr-line")).to_have_count(2)
    cell.get_by_role("button", name="ID がわかる").first.click()
    cell.get_by_role("button", name="送り直す").last.click()

    expect(cell.get_by_text("二重に課金されることがあります")).to_be_visible()
    shots(lab, "money-uncertain-ja", 1)


def test_the_first_paid_run_asks_before_it_orders(lab):
    """The banner says what is left, Run what it may cost, and the first press asks; nothing has been ordered."""
    home = str(lab.server.root / "paid-home")
    lab.open(lab.write("paid.ipynb", PAID.format(home=home, language="en")))
    lab.run(0)
    cell = lab.cell(0)
    expect(cell.get_by_text("RunComfy: $12.50 left · budget: 0 of 20 orders, $0.00 of $1.50")).to_be_visible()
    cell.get_by_role("textbox", name="Prompt").fill("a fox in the snow")
    cell.get_by_role("radio", name="Several pictures allowed (auto)").press("Space")
    run = cell.get_by_role("button", name="Run · up to 15 pictures · ≤ $0.45")
    run.click()

    expect(cell.get_by_text("This runs at RunComfy with your account and may cost money: $0.45 at most")).to_be_visible()
    expect(cell.locator(".dr-line")).to_have_count(0)
    expect(run).to_be_focused()
    for which in ("Light", "Dark"):
        theme(lab, f"JupyterLab {which}")
        cell.locator(".dr-banner").evaluate("part => part.scrollIntoView({block: 'start'})")
        lab.shot(f"money-consent-{which.lower()}")
    theme(lab, "JupyterLab Light")
