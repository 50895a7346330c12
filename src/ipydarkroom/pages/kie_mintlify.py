"""Kie's pages as Mintlify gave them until spring 2026: Markdown with one ````yaml fence, an OpenAPI 3.0.0 document.

Behind the fence's opening stand the document's file, the method and the path: `market/z-image.json post /api/v1/...`.
"""

from __future__ import annotations

import re

from . import Page, cut_page, dialect
from .kie_apidog import is_kie, openapi_page, own_api, yaml_fences

__all__ = ["KieMintlify"]

_WORDS = re.compile(r"ya?ml\s+\S+\s+(?:(?P<method>get|post|put|patch|delete)\s+(?P<path>\S+))?", re.IGNORECASE)


@dialect(rank=120)
class KieMintlify:
    """Markdown with ````yaml <file> post <path>."""

    name = "kie-mintlify"

    def recognises(self, text: str) -> bool:
        return is_kie(text) and any(_WORDS.match(fence.words + " ") for fence in yaml_fences(text.replace("\r\n", "\n")))

    def read(self, text: str) -> Page:
        text = text.replace("\r\n", "\n")
        fence = next(found for found in yaml_fences(text) if _WORDS.match(found.words + " "))
        said = _WORDS.match(fence.words + " ")
        if said and said["path"] and not said["path"].endswith("/jobs/createTask"):
            raise own_api(said["path"])
        if not fence.closed:
            raise cut_page(self.name, "page_end")
        return openapi_page(self.name, text, fence.inside)
