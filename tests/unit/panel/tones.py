"""A sound for tests, made of nothing."""

from __future__ import annotations

import io
import math
import struct
import wave


def tone():
    """A quarter of a second of 440 Hz, as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8_000)
        sound.writeframes(b"".join(struct.pack("<h", round(9_000 * math.sin(math.tau * 440 * at / 8_000))) for at in range(2_000)))
    return file.getvalue()
