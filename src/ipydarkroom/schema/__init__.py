"""From a foreign schema document to a tree of fields, and from values to problems. Pure; the only reader of raw schemas.

`read` makes the form's tree with `tree`, which asks `document` (references, `allOf`) and one file per subject: `kinds`,
`demands`, `values`, `bounds`, `branches`, `inside`, `order`, `media`, `ratios`; `notes` tells what was put right. `judge` is
JSON Schema over that tree, with `patterns` and `formats`; `check` is what a form demands above it, with `links` and
`variants`. `claims` lists what is judged here; for the rest, `opinion` asks another. `conditions` says what the fields of an
object mean for each other, by the `parts` that apply now and the fields as `refining` makes them; `payload` says what is sent.
"""

from .check import check
from .conditions import Conditions, Standing, conditions
from .judge import judge
from .notes import Note, Notes
from .payload import payload, shown
from .read import Reading, read_schema, read_tree

__all__ = [
    "Conditions", "Note", "Notes", "Reading", "Standing", "check", "conditions", "judge", "payload", "read_schema", "read_tree", "shown",
]
