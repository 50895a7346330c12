"""From a page's text to what it says: YAML, Markdown, text copied from a browser. Pure; used by the dialects in `pages/`.

`yaml12` reads a YAML document and `openapi_task` finds the task in it. For pages without one, `lines` cuts text into
lines, `labels` knows their words, `entries` gathers what is said of each field, `nesting` finds where a field belongs,
`types` reads types and values, and `assembly` puts a JSON Schema together. `bodies` finds the JSON of requests,
and `markup_text` turns a saved page into Markdown.
"""

from .assembly import schema_from
from .bodies import Body, bodies_in
from .entries import entries_in
from .entry import Entry, Mark
from .lines import lines_of, unquoted
from .markup_text import is_markup, text_of_markup
from .nesting import Placed, place
from .openapi_task import Task, task_in
from .yaml12 import load_yaml

__all__ = [
    "Body", "Entry", "Mark", "Placed", "Task", "bodies_in", "entries_in", "is_markup", "lines_of", "load_yaml", "place", "schema_from", "task_in",
    "text_of_markup", "unquoted",
]
