"""From a foreign schema document to fields, and from values to problems. Pure; the only reader of raw schemas.

`read` makes fields and notes what it had to put right; `ratios` reads sizes out of labels; `links` judges addresses;
`check` judges values; `payload` says what is shown and what is sent.
"""

from .check import check
from .payload import payload, shown
from .read import Note, read_schema

__all__ = ["Note", "check", "payload", "read_schema", "shown"]
