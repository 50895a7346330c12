"""`python -m ipydarkroom` is the same as `ipydarkroom`."""

from .command import main

raise SystemExit(main())
