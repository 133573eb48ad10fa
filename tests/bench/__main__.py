"""`python -m tests.bench NAME [SIZE]` runs one benchmark and prints a JSON object a row; nothing is asserted."""

import importlib
import sys
from pathlib import Path

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))

if len(sys.argv) < 2 or sys.argv[1] not in NAMES:
    sys.exit(f"usage: python -m tests.bench NAME [SIZE], where NAME is one of {', '.join(NAMES)}")
name = sys.argv.pop(1)
importlib.import_module(f"tests.bench.{name}").main()
