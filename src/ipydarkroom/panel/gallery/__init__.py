"""The pictures of a panel: one in large with what is known about it and what can be done with it, and all of them as a strip.

`selection` knows which picture is looked at and which two are compared; `prints` makes the copies, `given` remembers what
the jobs were made from, `deeds` fills forms. `strip`, `viewer` and `wall` are the widgets, `facts` and `comparing` their words.
"""

from .deeds import Deeds
from .wall import Gallery, empty_rule

__all__ = ["Deeds", "Gallery", "empty_rule"]
