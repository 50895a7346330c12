"""Writes into a picture file what it was made with, and reads it back, without touching a pixel.

Only the container changes: a PNG gains an iTXt chunk before its pixels, a JPEG an APP1 segment with XMP, a WebP an XMP
chunk. Nothing is decoded or encoded again. Where that is not possible (other types, facts that do not fit, a signed
content credential that any change would break) the bytes stay as they are and a JSON file lies beside them.

The facts are ours alone: model, provider, job id, inputs (masked), seed, time, local or hosted. Never a token.
"""

from __future__ import annotations

import html
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from .kinds import sniff
from .redaction import masked

if TYPE_CHECKING:
    from .jobs import JobRecord

__all__ = ["beside", "embed", "embedded", "facts_of", "read", "written"]

Change: TypeAlias = tuple[int, int, bytes]  # a stretch of the file, and what takes its place

_KEYWORD = b"ipydarkroom"
_NAMESPACE = b"ipydarkroom:ns:1/"
_MOST = 2**20  # bytes of facts we read back; inputs are kilobytes
_PNG_START = b"\x89PNG\r\n\x1a\n"
_XMP_START = b"http://ns.adobe.com/xap/1.0/\x00"
_XMP_ROOM = 65533 - len(_XMP_START)  # a JPEG segment holds 64 kB
_XMP_FACTS = re.compile(
    rb'<rdf:Description rdf:about="" xmlns:ipydarkroom="[^"]*" ipydarkroom:facts="([^"]*)"/>'
)
_XMP_END = b"</rdf:RDF>"
_XMP_FLAG, _ALPHA_FLAG = 0x04, 0x10  # of the VP8X chunk


def facts_of(record: JobRecord) -> dict[str, object]:
    """Return what a kept file says about its making; the same record always gives the same facts."""
    seed = record.inputs.get("seed")
    return {
        "made_with": "ipydarkroom",
        "model": record.model,
        "provider": record.provider,
        "backend": "local" if record.is_local else "hosted",
        "job": record.id,
        "request_id": record.remote_id,
        "inputs": masked(record.inputs),
        **({"seed": seed} if seed is not None else {}),
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds"),
    }


def written(facts: Mapping[str, object]) -> bytes:
    """Return the facts as UTF-8 JSON on one line. A lone surrogate becomes its JSON escape."""
    return json.dumps(facts, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace")


def embed(data: bytes, mime: str, facts: Mapping[str, object]) -> bytes:
    """Return the file with the facts inside, decoding to the same pixels.

    Facts of ours that are already inside are replaced, foreign metadata is kept. The very same object comes back when
    this file cannot take them; they then belong in a file `beside` it.
    """
    pieces = embedded(data, mime, facts)
    return data if pieces is None else b"".join(pieces)


def embedded(data: bytes, mime: str, facts: Mapping[str, object]) -> Iterator[bytes | memoryview] | None:
    """As `embed`, piece by piece without a second copy of the file; None when this file cannot take the facts."""
    kind = sniff(data)
    put = _WRITERS.get(mime) if kind is not None and kind.mime == mime else None
    changes = put(data, written(facts)) if put is not None else None
    return None if changes is None else _spliced(data, changes)


def read(source: bytes | str | Path) -> Mapping[str, object] | None:
    """Return the facts of a kept file, from inside it or from the JSON beside it; None where there are none.

    They come from a file that may have been anywhere: foreign text, to be checked like any other input.

    Raises:
        OSError: The path cannot be read.
    """
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    found = _parsed(_inside(data))
    if found is None and not isinstance(source, bytes) and (other := beside(Path(source))).is_file():
        found = _parsed(other.read_bytes())
    return found


def beside(path: Path) -> Path:
    """Where the facts lie for a file that cannot hold them: `clip.mp4` has `clip.mp4.json`."""
    return path.with_name(path.name + ".json")


def _parsed(raw: bytes | None) -> Mapping[str, object] | None:
    if raw is None or len(raw) > _MOST:
        return None
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.get("made_with") == "ipydarkroom" else None


def _inside(data: bytes) -> bytes | None:
    """The JSON inside a PNG, JPEG or WebP; the XMP is searched, not parsed, so no XML trick can matter."""
    if data.startswith(_PNG_START):
        texts = (data[at + 8 : end - 4] for name, at, end in _png_chunks(data) if name == b"iTXt")
        return next((text.split(b"\x00", 5)[-1] for text in texts if _is_ours(text)), None)
    packet = next((data[at:end] for at, end in _xmp_places(data)), b"")
    found = _XMP_FACTS.search(packet)
    return html.unescape(found[1].decode("utf-8", "replace")).encode() if found else None


def _xmp_places(data: bytes) -> Iterator[tuple[int, int]]:
    """Where XMP packets start and end in a JPEG or WebP."""
    if data.startswith(b"\xff\xd8"):
        for marker, at, end in _jpeg_segments(data):
            if marker == 0xE1 and data.startswith(_XMP_START, at + 4):
                yield at + 4 + len(_XMP_START), end
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        yield from ((at + 8, end) for name, at, end in _riff_chunks(data) if name == b"XMP ")


# --- PNG (ISO/IEC 15948): length, name, content, checksum ---


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of each whole chunk."""
    at = len(_PNG_START)
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if end > len(data):
            return
        yield data[at + 4 : at + 8], at, end
        if data[at + 4 : at + 8] == b"IEND":
            return
        at = end


def _is_ours(itxt: bytes) -> bool:
    """Our keyword, uncompressed, with empty language and translation: so the sixth part is the text."""
    return itxt.startswith(_KEYWORD + b"\x00\x00\x00\x00\x00")


def _png(data: bytes, facts: bytes) -> list[Change] | None:
    chunks = list(_png_chunks(data))
    pixels = next((at for name, at, _ in chunks if name == b"IDAT"), None)
    if pixels is None or any(name == b"caBX" for name, _, _ in chunks):  # caBX: content credentials (C2PA)
        return None
    content = b"iTXt" + _KEYWORD + b"\x00\x00\x00\x00\x00" + facts
    ours = (len(content) - 4).to_bytes(4, "big") + content + zlib.crc32(content).to_bytes(4, "big")
    old = [(at, end) for name, at, end in chunks if name == b"iTXt" and _is_ours(data[at + 8 : end])]
    return [*((at, end, b"") for at, end in old), (pixels, pixels, ours)]


# --- JPEG (ITU T.81, Annex B): segments up to the first scan ---


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment before the picture's own data."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker in (0xD9, 0xDA):
            return
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if end > len(data) or end < at + 4:
            return
        yield marker, at, end
        at = end


def _jpeg(data: bytes, facts: bytes) -> list[Change] | None:
    segments = list(_jpeg_segments(data))
    if any(marker == 0xEB and b"c2pa" in data[at:end] for marker, at, end in segments):
        return None
    old = [(at - 4 - len(_XMP_START), end) for at, end in _xmp_places(data)]
    packet = _packet(data[old[0][0] + 4 + len(_XMP_START) : old[0][1]] if old else b"", facts)
    if packet is None or len(packet) > _XMP_ROOM:
        return None
    ours = b"\xff\xe1" + (2 + len(_XMP_START) + len(packet)).to_bytes(2, "big") + _XMP_START + packet
    if old:
        return [(*old[0], ours)]
    place = 2  # JFIF and Exif want to be first
    for marker, at, end in segments:
        if marker != 0xE0 and not (marker == 0xE1 and data.startswith(b"Exif\x00", at + 4)):
            break
        place = end
    return [(place, place, ours)]


# --- WebP (RFC 9649): RIFF chunks, padded to even length ---


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end (without padding) of each whole chunk."""
    at, stop = 12, min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while at + 8 <= stop:
        end = at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")
        if end > stop:
            return
        yield data[at : at + 4], at, end
        at = end + (end - at) % 2


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "little") + content + b"\x00" * (len(content) % 2)


def _webp(data: bytes, facts: bytes) -> list[Change] | None:
    places = list(_riff_chunks(data))
    stop = places[-1][2] + places[-1][2] % 2 if places else 0
    if stop < min(len(data), 8 + int.from_bytes(data[4:8], "little")):  # a stretch we would lose by writing it anew
        return None
    if not places or any(name == b"C2PA" for name, _, _ in places):
        return None
    (name, at, end), *others = places
    is_extended = name == b"VP8X"
    header = data[at + 8 : end] if is_extended else _extended(name, data[at + 8 : end])
    packet = _packet(next((data[at + 8 : end] for name, at, end in places if name == b"XMP "), b""), facts)
    if packet is None or header is None or len(header) != 10:
        return None
    flagged = _chunk(b"VP8X", bytes([header[0] | _XMP_FLAG]) + header[1:])
    changes = [(at, end if is_extended else at, flagged)]
    changes += [(at, min(end + end % 2, len(data)), b"") for name, at, end in others if name in (b"VP8X", b"XMP ")]
    lacking = b"\x00" * (stop - len(data))  # the last chunk's padding, which some writers leave out
    changes.append((min(stop, len(data)), min(stop, len(data)), lacking + _chunk(b"XMP ", packet)))
    size = min(stop, len(data)) - 8 + sum(len(new) - (end - start) for start, end, new in changes)
    return [(4, 8, size.to_bytes(4, "little")), *changes]


def _extended(name: bytes, content: bytes) -> bytes | None:
    """The VP8X header for a simple WebP, read from its one frame: flags, then width and height less one."""
    if name == b"VP8 " and content[3:6] == b"\x9d\x01\x2a":
        width, height = (int.from_bytes(content[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        flags = 0
    elif name == b"VP8L" and content[:1] == b"\x2f":
        bits = int.from_bytes(content[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        flags = _ALPHA_FLAG if bits >> 28 & 1 else 0
    else:
        return None
    return bytes([flags, 0, 0, 0]) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def _packet(existing: bytes, facts: bytes) -> bytes | None:
    """An XMP packet with our facts, or the existing one with ours put in; None where it cannot be added safely."""
    escaped = html.escape(facts.decode("utf-8")).encode()
    ours = b'<rdf:Description rdf:about="" xmlns:ipydarkroom="%s" ipydarkroom:facts="%s"/>' % (
        _NAMESPACE, escaped,
    )
    if not existing:
        return (
            b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">%s</rdf:RDF></x:xmpmeta>'
            b'<?xpacket end="w"?>' % ours
        )
    bare = _XMP_FACTS.sub(b"", existing)
    return bare.replace(_XMP_END, ours + _XMP_END) if bare.count(_XMP_END) == 1 else None


def _spliced(data: bytes, changes: list[Change]) -> Iterator[bytes | memoryview]:
    """The data with each stretch (start, end) replaced."""
    view, at = memoryview(data), 0
    for start, end, new in sorted(changes, key=lambda change: change[0]):
        yield view[at:start]
        yield new
        at = end
    yield view[at:]


_WRITERS = {"image/png": _png, "image/jpeg": _jpeg, "image/webp": _webp}
