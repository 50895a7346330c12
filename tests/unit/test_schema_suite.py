"""The checker against the public JSON Schema test suite: every case of the keywords it claims."""

from __future__ import annotations

import pytest
from foreign import suite

from ipydarkroom.schema import judge, read_tree

SUITE = dict(suite())


@pytest.mark.parametrize("file", sorted(SUITE) or ["absent"])
def test_nothing_of_the_suite_raises(file):
    """Claimed or not: every document is a tree, every value is judged."""
    if not SUITE:
        pytest.skip("the JSON Schema test suite does not lie beside this checkout")
    for group in SUITE[file]:
        tree, _ = read_tree(group["schema"])
        for case in group["tests"]:
            judge(tree, (), case["data"])
