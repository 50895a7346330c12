"""A comparison in real JupyterLab: from one form to pictures side by side, light and dark, in English and Japanese."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

SHOPS = """
import ipydarkroom as dr
photo = dr.run("bytedance/seedream-5/lite/text-to-image", prompt="a lighthouse by the sea at sunset", resolution="2048x2048 (1:1)", local=True)
shops = dr.Compare(
    ["runcomfy:ideogram/ideogram-v3/reframe", "kie:ideogram/v3-reframe"], image=photo.images[0].path, seed={seed},
    language={language!r}, local=True,
)
shops
"""
WORDS = """
import ipydarkroom as dr
words = dr.Compare(
    ["bytedance/seedream-5/lite/text-to-image", "bytedance/dreamina-4-0/text-to-image"],
    resolution="2848x1600 (16:9)", language={language!r}, local=True,
)
words
"""
PAID = """
import os
os.environ["RUNCOMFY_API_TOKEN"] = os.environ["KIE_API_KEY"] = "canary-77"
del os.environ["IPYDARKROOM_LOCAL"]
import dataclasses
import ipydarkroom as dr
from ipydarkroom.models import Price
client = dr.Client()
models = [
    dataclasses.replace(client.model(name), price=Price(usd))
    for name, usd in (("runcomfy:ideogram/ideogram-v3/reframe", 0.03), ("kie:ideogram/v3-reframe", 0.0175))
]
shops = dr.Compare(models, image="https://example.org/fox.png", resolution="1024:1024 (1:1)", client=client, language={language!r})
shops
"""
RUN = {"en": "Run", "ja": "実行"}


def opened(lab, name, cell, language):
    """The page with a comparison on it."""
    lab.page.set_viewport_size({"width": 1100, "height": 1700})
    lab.open(lab.write(f"{name}-{language}.ipynb", cell.format(language=language, seed=["en", "ja"].index(language) + 7), "print('VALUE', 1)"))
    lab.run(0)
    expect(lab.page.locator(".dr-run")).to_be_visible(timeout=60_000)
    return lab.page


def side_by_side(lab, count=2):
    """Wait for the pictures; returns them."""
    pictures = lab.page.locator(".dr-turn").first.locator("img")
    expect(pictures).to_have_count(count, timeout=60_000)
    for at in range(count):
        pictures.nth(at).evaluate("image => image.decode()")
    return pictures


def shots(lab, name, scroll_to=".dr-compare"):
    """Light and dark."""
    for theme, light in (("Light", "true"), ("Dark", "false")):
        lab.command("apputils:change-theme", theme=f"JupyterLab {theme}")
        lab.page.wait_for_function("light => document.body.dataset.jpThemeLight === light", arg=light)
        expect(lab.page.locator("#jupyterlab-splash")).to_have_count(0)
        lab.page.locator(scroll_to).first.evaluate("part => part.scrollIntoView()")
        lab.shot(f"{name}-{theme.lower()}")
    lab.command("apputils:change-theme", theme="JupyterLab Light")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_same_model_at_two_shops(lab, language):
    """Choose a frame that only one of them has: the table says what the other gets, then both pictures stand side by side."""
    page = opened(lab, "shops", SHOPS, language)
    table = page.locator(".dr-mapping")
    expect(table).to_contain_text("landscape_4_3")
    page.locator(".dr-frames label", has_text="12:5").first.click()

    changed = table.locator(".dr-changed")
    expect(changed).to_contain_text("1536:640 (12:5)")
    expect(changed).to_contain_text("landscape_16_9")
    expect(changed).to_contain_text("6")
    page.get_by_role("button", name=RUN[language], exact=True).click()
    expect(page.locator(".dr-frame-waiting, .dr-turn img")).to_have_count(2)
    pictures = side_by_side(lab)

    sizes = [pictures.nth(at).evaluate("image => [image.naturalWidth, image.naturalHeight]") for at in (0, 1)]
    assert [2.4, 1.8] == [round(width / height, 1) for width, height in sizes]
    tops = [pictures.nth(at).bounding_box()["y"] for at in (0, 1)]
    assert abs(tops[0] - tops[1]) < 2
    expect(page.locator(".dr-facts")).to_have_count(2)
    shots(lab, f"compare-shops-{language}")
    shots(lab, f"compare-shops-{language}-below", ".dr-map")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_words_at_two_models_by_keyboard_and_once_more_without_paying(lab, language):
    """Typed, ordered with the Enter key, seen developing; a second press finds what is there."""
    page = opened(lab, "words", WORDS, language)
    page.locator(".dr-long textarea").focus()
    page.keyboard.type({"en": "a fox in a snowy forest at night", "ja": "夜、雪の森のきつね"}[language])
    page.keyboard.press("Tab")
    run = page.get_by_role("button", name=RUN[language], exact=True)
    run.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".dr-line").first).to_be_visible(timeout=30_000)  # the first may be over before the second is seen
    lab.shot(f"compare-words-{language}-developing")
    side_by_side(lab)
    expect(page.locator(".dr-line")).to_have_count(0)
    shots(lab, f"compare-words-{language}")

    run.click()
    expect(page.locator(".dr-notice")).to_be_visible()
    expect(page.locator(".dr-turn")).to_have_count(1)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_each_shop_would_take_is_known_before_the_first_paid_press_and_asked_about(lab, language):
    """Two prices, their sum on Run, one question for both. Nothing is sent: paid hosts are locked."""
    page = opened(lab, "paid", PAID, language)
    expect(page.locator(".dr-card").first).to_contain_text("$0.03")
    expect(page.locator(".dr-card").last).to_contain_text("$0.0175")
    page.get_by_role("button", name=f"{RUN[language]} · ≤ $0.0475", exact=True).click()

    expect(page.locator(".dr-asks")).to_contain_text("$0.0475")
    expect(page.locator(".dr-asks")).to_contain_text("RunComfy, Kie.ai")
    expect(page.locator(".dr-line")).to_have_count(0)
    shots(lab, f"compare-paid-{language}")
    page.set_viewport_size({"width": 640, "height": 1700})
    page.locator(".dr-compare").first.evaluate("part => part.scrollIntoView()")
    assert page.locator(".dr-panel").first.evaluate("part => part.scrollWidth <= part.clientWidth + 1")
    lab.shot(f"compare-paid-{language}-narrow")


def test_the_saved_comparison_opens_without_a_kernel(lab):
    """Pictures, prices, seconds and notes are there; no dead widget stands in their place."""
    page = opened(lab, "kept", WORDS, "en")
    page.locator(".dr-long textarea").fill("mountains at dawn")
    page.get_by_role("button", name="Run", exact=True).click()
    side_by_side(lab)
    expect(page.locator(".dr-line")).to_have_count(0)
    lab.command("docmanager:save")
    saved = (lab.server.root / "kept-en.ipynb").stat().st_size
    lab.page.goto("about:blank")
    lab.server.end_kernels()
    lab.open_without_kernel("kept-en.ipynb")

    output = lab.cell(0)
    expect(output.locator("img")).to_have_count(2)
    expect(output).to_contain_text("same shape, nearest size of 11")
    expect(output).to_contain_text("mountains at dawn")
    expect(output.locator(".dr-run")).to_have_count(0)
    assert saved < 300_000
    output.evaluate("cell => cell.scrollIntoView()")
    lab.shot("compare-kept")
