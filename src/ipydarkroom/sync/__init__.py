"""Client and Job: AsyncClient for people who do not await. One loop, one thread, no second implementation.

It works inside a running notebook loop, keeps watching while a cell is busy, and an interrupt frees the cell at once
while the job goes on.
"""

from .client import Client
from .job import Job

__all__ = ["Client", "Job"]
