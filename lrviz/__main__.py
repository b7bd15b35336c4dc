"""`python -m lrviz`: the figures from the command line (see `lrviz.cli`)."""

import sys

from .cli import main

sys.exit(main())
