"""
How long it takes to read manifests, as a ratio to the bare event stream of the C parser.

Run: `python -m tests.bench manifest [MEMBERS]`. Prints one JSON object a row; nothing is asserted.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable

from ruamel.yaml.cyaml import CParser
from ruamel.yaml.events import StreamEndEvent

from lrplan.manifest.entries import SourceText
from lrplan.manifest.parse import parse_manifests

PROJECT = SourceText("lrplan.yaml", b"lrplan: 1\nproject: bench\n")
MEMBERS_PER_ALBUM = 100
ROUNDS = 7


def manifest_of(members: int, member: str) -> SourceText:
    """A manifest with this many members, 100 an album; *member* is a format with `{0}` for the running number."""
    lines = ["lrplan: 1", "albums:"]
    for start in range(0, members, MEMBERS_PER_ALBUM):
        lines += [f"  album-{start}:", f"    name: Album {start}", "    members:"]
        lines += [f"      - {member.format(start + index)}" for index in range(MEMBERS_PER_ALBUM)]
    return SourceText("manifests/bench.yaml", "\n".join(lines).encode())


def events_only(source: SourceText) -> None:
    """Drain the event stream."""
    next_event = CParser(source.content).get_event
    while type(next_event()) is not StreamEndEvent:
        pass


def full_parse(source: SourceText) -> None:
    """Parse, with all checks."""
    manifest, said = parse_manifests(PROJECT, [source])
    if manifest is None:
        raise RuntimeError(said)


def seconds(work: Callable[[SourceText], None], source: SourceText) -> float:
    """Process time of one call."""
    start = time.process_time()
    work(source)
    return time.process_time() - start


def main() -> None:
    """Print the rows."""
    members = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    shapes = {"names": "DSC_{0:08d}_studio_north.jpg", "ids": "{0:032x}", "uploads": "../originals/{0:08d}.CR3"}
    for shape, member in shapes.items():
        source = manifest_of(members, member)
        # Taken in turns, so that a noisy neighbour slows both.
        pairs = [(seconds(events_only, source), seconds(full_parse, source)) for _ in range(ROUNDS)]
        events, parse = (statistics.median(column) for column in zip(*pairs, strict=True))
        row = {"bench": "manifest", "members": shape, "n": members, "events_s": events, "parse_s": parse}
        print(json.dumps(row | {"ratio": round(statistics.median(parse / events for events, parse in pairs), 2)}))


if __name__ == "__main__":
    main()
