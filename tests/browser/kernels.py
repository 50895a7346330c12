"""Which kernel the tests' notebooks ask for: `make matrix` runs those marked `kernel` on several versions of ipykernel."""

from __future__ import annotations

import os

__all__ = ["KERNEL"]

KERNEL = os.environ.get("IPYDARKROOM_TEST_KERNEL", "python3")
"""The name of a registered kernel; `python3` is the one of this very environment."""
