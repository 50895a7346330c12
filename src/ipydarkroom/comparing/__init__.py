"""Which inputs of several models mean the same, and what a value of one becomes at another. Pure.

`plain` is the shape of an input that can be compared, `roles` says what it is for, `common` gathers inputs of one meaning within the `limits`
of all, `nearest` finds the choice most like another,
`carry` brings one value to one model, `plan` all of them, with everything that was changed or left out on the way.
"""

from .carry import CHANGED, DROPPED, Carried, carry
from .common import Common, common_inputs, given
from .nearest import frame_of
from .plan import Plan, common_rules, plan
from .roles import ROLES, role_of

__all__ = [
    "CHANGED", "DROPPED", "ROLES", "Carried", "Common", "Plan", "carry", "common_inputs", "common_rules", "frame_of", "given", "plan",
    "role_of",
]
