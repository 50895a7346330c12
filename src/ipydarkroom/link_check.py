"""What a link leads to, asked on request and before any order: is it there, is it a picture, how large, until when.

HEAD is asked first. The first bytes are asked for where HEAD is refused (many signed links answer GET only), and where a
picture, a film or a sound is wanted: a Content-Type is a claim, the bytes are the evidence, and they tell a picture's size.
What a provider's server gets may still differ: it asks from elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from .arguments import demand_name
from .errors import InputError, NoAnswer, NotSent, Unreadable
from .fields import Media, Problem
from .images import measure
from .intake import read_file, size_text
from .kinds import is_page, sniff
from .schema.links import expiry_of, judge_link
from .wire import Blob

if TYPE_CHECKING:
    from datetime import datetime

    from .fetching import Glance
    from .transport import Transport

__all__ = ["LinkCheck", "check_link"]

_HEAD_BYTES = 2**16  # a camera's JPEG has its preview before its size
_GIVEN = re.compile(r"bytes \d+-\d+/(\d{1,18})")
_KINDS = ("image", "video", "audio", "file")
_WHY = {401: "link_refused", 403: "link_refused", 404: "link_gone", 410: "link_gone"}


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """What a link led to when it was asked.

    `mime` is told by the first bytes where they were read and known, else by the server; empty when unknown. `size` is in
    bytes, `width` and `height` in pixels as shown; None when unknown. `expires` is what a signed link says of itself.
    `problems` speak against it: what a server answered instead of a file, or what the field does not take.
    """

    url: str
    host: str
    status: int
    mime: str = ""
    size: int | None = None
    width: int | None = None
    height: int | None = None
    expires: datetime | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def reachable(self) -> bool:
        """Whether the server gave a file, of whatever kind."""
        return self.status in (200, 206) and not any(problem.code == "link_page" for problem in self.problems)

    @property
    def fits(self) -> bool:
        """Whether nothing speaks against it."""
        return not any(problem.blocking for problem in self.problems)


async def check_link(transport: Transport, url: str, media: Media | str) -> LinkCheck:
    """Ask a link, and judge what it leads to. Sends no credentials and keeps nothing.

    Args:
        transport: The door.
        url: The link.
        media: What the field takes that it is meant for, or just `image`, `video`, `audio` or `file`.

    Raises:
        InputError: It is no public https link, or `media` is none of these.
        SpendingForbidden: IPYDARKROOM_LOCAL=1 keeps everything on this machine.
        NotSent: No connection came about.
        NoAnswer: It leads into a private network, redirects without end, or no usable answer came.
    """
    link, media = demand_name("A link", url).strip(), _demand_media(media)
    _demand_link(link)
    try:
        told = await transport.glance("HEAD", link)
        if told.status != 200 or media.kind != "file" or not _claimed(told):
            told = await transport.glance("GET", link, _HEAD_BYTES)
    except NotSent as error:
        host = _host(link)
        raise NotSent(f"No connection to {host}.", key="error.link_not_reached", host=host) from error
    except NoAnswer as error:
        if error.key == "error.private_network":
            raise
        host = _host(link)
        raise NoAnswer(f"{host} gave no usable answer.", key="error.link_no_answer", host=host) from error
    return _judged(link, told, media)


def _demand_media(media: Media | str) -> Media:
    if isinstance(media, Media):
        return media
    if media not in _KINDS:
        raise InputError("media= takes a field's Media, or one of image, video, audio and file.")
    return Media(media)  # type: ignore[arg-type]  # one of these words


def _demand_link(link: str) -> None:
    code = "link_invalid" if link[:5].lower() == "data:" else judge_link(link)
    if code is not None:
        params = {"scheme": link.partition(":")[0]} if code == "link_scheme" else {}
        problem = Problem((), code, params)
        raise InputError("This is not a link that can be checked.", problems=(problem,), key=f"problem.{code}", **params)


def _judged(link: str, told: Glance, media: Media) -> LinkCheck:
    found = LinkCheck(link, told.host, told.status, _claimed(told), _size(told), expires=expiry_of(link))
    if told.status not in (200, 206):
        code = _WHY.get(told.status, "link_status")
        return replace(found, mime="", size=None, problems=(Problem((), code, {"host": told.host, "status": told.status}),))
    if is_page(told.head) or found.mime in ("text/html", "application/xhtml+xml"):
        return replace(found, mime="text/html", problems=(Problem((), "link_page", {"host": told.host}),))
    kind = sniff(told.head)
    if kind is not None:
        found = replace(found, mime=kind.mime)
        if kind.media == "image":
            found = _measured(found, told.head)
    return replace(found, problems=_problems(found, told.head, media))


def _measured(found: LinkCheck, head: bytes) -> LinkCheck:
    try:
        width, height = measure(head)
    except Unreadable:  # its size stands further behind
        return found
    return replace(found, width=width, height=height)


def _problems(found: LinkCheck, head: bytes, media: Media) -> tuple[Problem, ...]:
    """What a file is refused for when it is given by hand, as far as the first bytes tell."""
    problems: tuple[Problem, ...] = ()
    name = unquote(urlsplit(found.url).path.rpartition("/")[2]) or found.host
    if head:
        try:
            read_file(Blob(head, name, found.mime or "application/octet-stream"), replace(media, max_bytes=None, advised_bytes=None))
        except InputError as error:
            problems = tuple(problem for problem in error.problems if isinstance(problem, Problem))
    if found.size is not None and media.max_bytes is not None and found.size > media.max_bytes:
        has, limit = size_text(found.size), size_text(media.max_bytes)
        problems += (Problem((), "link_too_large", {"size": has, "limit": limit}),)
    return problems


def _claimed(told: Glance) -> str:
    return told.headers.get("content-type", "").partition(";")[0].strip().lower()


def _size(told: Glance) -> int | None:
    """The whole file's size in bytes, as the server says it."""
    given = _GIVEN.fullmatch(told.headers.get("content-range", "").strip())
    if given is not None:
        return int(given[1])
    length = told.headers.get("content-length", "")
    plain = told.status == 200 and not told.headers.get("content-encoding")
    return int(length) if plain and length.isascii() and length.isdigit() and len(length) < 19 else None


def _host(link: str) -> str:
    return urlsplit(link).hostname or ""
