"""What lies in the text of a page: JSON objects, requests, fenced blocks. Pure, and linear in the text, however hostile.

`objects` reads JSON wherever it stands, `requests` reads curl lines with their bodies, `fences` reads Markdown's code
blocks, `repairs` gives other readings of a text that was copied with markup or line numbers in it, and `tongues` tells
which language words are in.
"""

from .fences import Block, fenced_blocks
from .objects import Found, object_at, objects_in
from .repairs import readings
from .requests import Request, requests_in
from .tongues import language_of

__all__ = ["Block", "Found", "Request", "fenced_blocks", "language_of", "object_at", "objects_in", "readings", "requests_in"]
