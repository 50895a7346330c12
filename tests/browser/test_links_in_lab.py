"""The button "Check link" in JupyterLab: it is there once a link is, and says in a line what came of it."""

from __future__ import annotations

CELL = (
    "import ipydarkroom as dr\n"
    "from ipydarkroom.link_check import LinkCheck\n"
    "client = dr.Client(local=True)\n"
    "panel = dr.Panel('ideogram/ideogram-v3/reframe', client=client)\n"
    "panel"
)
THERE = (
    "client.check_link = lambda url, media: LinkCheck(url, 'example.org', 206, 'image/jpeg', 2_400_000, 4032, 3024)\n"  # the network is a stranger here
)


def test_a_link_is_checked_at_a_press(lab):
    """By keyboard: the machine's lock is told as it is; what is there has type, size and pixels."""
    lab.open(lab.write("links.ipynb", CELL, THERE))
    lab.run(0)
    page = lab.page
    box = page.locator(".dr-file input[type=text]")
    button = page.get_by_role("button", name="Check link")
    assert 0 == button.count()
    box.fill("https://example.org/a-photograph.jpg")
    box.press("Enter")
    button.wait_for()
    button.focus()
    page.keyboard.press("Enter")
    line = page.locator(".dr-file .dr-preview")
    line.get_by_text("IPYDARKROOM_LOCAL=1 keeps everything on this machine, so example.org was not asked.").wait_for()
    lab.shot("link-locked")
    lab.run(1)
    button.click()
    line.get_by_text("The link works · image/jpeg · 2.4 MB · 4032 × 3024 pixels").wait_for()
    lab.shot("link-checked")
    box.fill("")
    box.press("Enter")
    button.wait_for(state="detached")

    assert 0 == line.locator("visible=true").count()
