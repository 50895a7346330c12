"""A widget that opens with a short message is the same in the page: JupyterLab's own models are asked."""

from __future__ import annotations

import json

CELL = """
import json
import ipywidgets as w
from ipydarkroom.panel.kit import Kit
from ipydarkroom.panel.lean import _TRIED
kit = Kit("en")
kinds = [kind for kind in _TRIED if issubclass(kind, w.DOMWidget)]
for kind in kinds:
    kit.make(kind, "dr-x")
    if "options" in kind.class_traits():
        kit.make(kind, "dr-x", options=("a", "b"))
made = [*kit._made, *kit._styles.values(), kit._layout]
box = kit.make(w.VBox, children=kit._made)
print(json.dumps({each.model_id: each.get_state() for each in made}, default=str))
"""
MODELS = """async (names) => {
    const rendermime = window.jupyterapp.shell.currentWidget.content.rendermime;
    const renderer = rendermime.createRenderer('application/vnd.jupyter.widget-view+json');
    const manager = await renderer._manager.promise;
    const found = {};
    for (const name of names) {
        const model = await manager.get_model(name);
        found[name] = model.constructor._serialize_state ? model.serialize(model.get_state()) : model.get_state();
    }
    return JSON.parse(JSON.stringify(found, (_, value) => (value && value.model_id ? 'IPY_MODEL_' + value.model_id : value)));
}"""


def test_a_short_opening_message_leaves_the_page_with_the_same_models(lab):
    """For every kind of widget that forms use and more: each entry of the kernel's state is the page's, empty ones too."""
    lab.open(lab.write("opening.ipynb", CELL, "box"))
    lab.run(0)
    kernel = json.loads(lab.cell(0).locator(".jp-OutputArea-output pre").inner_text())
    lab.run(1)
    page = lab.page.evaluate(MODELS, list(kernel))

    differ = {
        (state["_model_name"], key): (value, page[name].get(key, "absent"))
        for name, state in kernel.items() for key, value in state.items() if page[name].get(key, "absent") != value
    }

    assert 30 < len(kernel)
    assert {} == {
        key: found for key, found in differ.items()
        if not (key[0].endswith("StyleModel") and set(found) == {None, ""})  # a style's view takes a property away for either
    }
