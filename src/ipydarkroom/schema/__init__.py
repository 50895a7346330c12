"""From a foreign schema document to fields, and from values to problems. Pure; the only reader of raw schemas.

`read` makes fields, with `document` for references and notes, `kinds` for types, `media` for files and `ratios` for
sizes in labels; `check` judges values, with `links` for addresses; `payload` says what is shown and what is sent.
"""

from .check import check
from .document import Note
from .payload import payload, shown
from .read import read_schema

__all__ = ["Note", "check", "payload", "read_schema", "shown"]
