"""What lies in the text of a page: JSON objects, requests, fenced blocks. Pure, and linear in the text, however hostile.

`objects` reads JSON wherever it stands, `requests` reads curl lines with their bodies, `fences` reads Markdown's code
blocks, and `repairs` gives other readings of a text that was copied with markup or line numbers in it.
"""

from .fences import Block, fenced_blocks
from .objects import Found, object_at, objects_in
from .repairs import readings
from .requests import Request, requests_in

__all__ = ["Block", "Found", "Request", "fenced_blocks", "object_at", "objects_in", "readings", "requests_in"]
