"""Renew the pictures of the README from the screenshots that the browser tests took."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
SHOTS = ROOT / "tests" / "browser" / "shots"
IMAGES = ROOT / "docs" / "images"
NAMES = {"panel-light.png": "panel.png", "panel-dark.png": "panel-dark.png", "history-wall-light.png": "history.png"}


def main() -> int:
    missing = [name for name in NAMES if not (SHOTS / name).exists()]
    if missing:
        print(f"No screenshot {', '.join(missing)} in {SHOTS}; make browser takes them.")
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    for shot, name in NAMES.items():
        with Image.open(SHOTS / shot) as picture:
            picture.convert("RGB").save(IMAGES / name, optimize=True)
        print(f"docs/images/{name}: {(IMAGES / name).stat().st_size // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
