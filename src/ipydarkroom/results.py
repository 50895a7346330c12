"""What a finished job gives: a Result with its Pictures. Bytes we keep, not links that expire."""

from __future__ import annotations

import builtins
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from . import errors
from .display import figure, gallery, made_before
from .errors import DarkroomError, StorageError
from .jobs import State
from .languages import say
from .thumbnails import thumbnail
from .reasons import bill, said_of, step_of

if TYPE_CHECKING:
    from PIL import Image

    from .jobs import JobRecord, Kept, Trouble

__all__ = ["Picture", "Result", "error_of"]


@dataclass(frozen=True, slots=True)
class Picture:
    """One result file on disk, verified. Shows itself in a cell as a thumbnail of at most 512 px and 80 kB.

    A video or an audio file is a Picture too, with `width` and `height` 0.
    """

    record: JobRecord
    kept: Kept

    @property
    def path(self) -> Path:
        """Where the file is: absolute, named by job and number."""
        return Path(self.kept.path)

    @property
    def mime(self) -> str:
        """The type found in the bytes, such as `image/png`; not what a server said."""
        return self.kept.mime

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.kept.width

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.kept.height

    @property
    def bytes(self) -> bytes:
        """The whole file.

        Raises:
            StorageError: It was moved or deleted.
        """
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise StorageError(f"The picture {self.path} cannot be read: {error.strerror}.") from error

    def pil(self) -> Image.Image:
        """The picture as a PIL image, fully loaded; the caller owns it."""
        from .images import decode  # Pillow loads on first use

        return decode(self.bytes)

    def save(self, target: str | Path) -> Path:
        """Copy the file, byte for byte, to `target` (a file name or a folder). An existing file is not overwritten.

        Raises:
            StorageError: The target exists, or cannot be written.
        """
        place = Path(target).expanduser()
        place = place / self.path.name if place.is_dir() else place
        try:
            with place.open("xb") as out, self.path.open("rb") as source:
                shutil.copyfileobj(source, out)
        except OSError as error:
            raise StorageError(f"Cannot save to {place}: {error.strerror}.", next_step="Choose another name.") from error
        return place

    def thumbnail(self) -> tuple[builtins.bytes, str]:
        """A small copy for a page: encoded bytes of at most 80 kB, and their MIME type."""
        return thumbnail(self.path)

    def __repr__(self) -> str:
        return f"<Picture {self.path.name} {self.mime} {self.width}x{self.height}>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": figure(self.kept, self.record)}


@dataclass(frozen=True, slots=True)
class Result:
    """A finished job's pictures and what they were made with. Shows itself in a cell.

    `reused` is True when `dr.run` found them made before, so that nothing was ordered or paid now.
    """

    record: JobRecord
    reused: bool = False

    @property
    def job_id(self) -> str:
        """Our id of the job, for `client.job(id)`."""
        return self.record.id

    @property
    def files(self) -> tuple[Picture, ...]:
        """Every result file, in the provider's order."""
        return tuple(Picture(self.record, kept) for kept in self.record.kept)

    @property
    def images(self) -> tuple[Picture, ...]:
        """The files that are images."""
        return tuple(file for file in self.files if file.mime.startswith("image/"))

    @property
    def model(self) -> str:
        """The model's id."""
        return self.record.model

    @property
    def inputs(self) -> Mapping[str, object]:
        """What was sent; files as name and hash."""
        return self.record.inputs

    @property
    def seed(self) -> object:
        """The seed that was sent, or None when the server chose."""
        return self.record.inputs.get("seed")

    @property
    def cost(self) -> float | None:
        """What the provider says it cost, in its own unit (RunComfy: USD; Kie: credits); None when it did not say."""
        return self.record.cost

    @property
    def is_local(self) -> bool:
        """True when the local backend drew it: nothing was paid."""
        return self.record.is_local

    @property
    def note(self) -> str:
        """A sentence from the server about this result, for example that an input was replaced by a stand-in."""
        return self.record.note

    def __repr__(self) -> str:
        place = "local" if self.is_local else self.record.provider
        again = f" · {made_before(self.record, 'en')}" if self.reused else ""
        return f"<Result {self.model} · {len(self.files)} file(s) · {place} · job {self.job_id}{again}>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        line = made_before(self.record) if self.reused else ""
        return {"text/plain": repr(self), "text/html": gallery([self.record], line=line)}


def error_of(record: JobRecord, job: object, stopped: Trouble | None = None) -> DarkroomError | None:
    """The typed error a job ended with, or None when it has not ended badly.

    Args:
        record: The job as it stands.
        job: What the error's `.job` shall be.
        stopped: Why we stopped looking (or could not fetch the files), where that is the case.
    """
    trouble = stopped or record.trouble
    if record.state is State.CANCELLED:
        if record.charged == "no":
            return errors.JobCancelled("The job was cancelled before any work, so there is no picture.", job=job)
        said = "The job was cancelled when work had begun: there is no picture, and it may be charged."
        return errors.JobCancelled(said, job=job, key="error.job_cancelled_at_work")
    if trouble is None or (record.state is State.SUCCEEDED and stopped is None):
        return None
    found = getattr(errors, trouble.kind, None)
    kind = found if isinstance(found, type) and issubclass(found, DarkroomError) else errors.DarkroomError
    key, params = said_of(record, trouble)
    own = key == kind.key  # the provider's sentence says more than ours
    message = trouble.message if own else say(key, language="en", **{**params, "bill": bill(record.charged, "en")})
    error = kind(
        message, next_step=step_of(record, trouble, "en"), job=job, key=key,
        code=trouble.code, id=record.id, provider=record.provider, model=record.model, host=urlsplit(record.origin).hostname,
    )
    error.params |= {**params, "message": trouble.message} if own else params
    return error
