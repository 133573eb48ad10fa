"""`python -m tests.crash [--full]`: kill an apply at one point of each kind, or at every point, and finish it."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.crash.project import make_template
from tests.crash.sweep import Point, Undisturbed, points_of, prove, run_undisturbed

SIDE_BY_SIDE = 3


def chosen(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """One point of each kind and phase, the middle one of each; the form of the command alternates."""
    kinds: dict[tuple[str, str, str], list[Point]] = {}
    for point in points:
        if point.place != "request" or point.stored is (point.phase == "after"):
            kinds.setdefault((point.place, point.phase, point.kind), []).append(point)
    return tuple(alike[len(alike) // 2] for alike in kinds.values())


async def sweep(template: Path, folder: Path, *, full: bool) -> tuple[int, list[str]]:
    """Prove the points; gives how many there were, and what went wrong."""
    forms = (False, True)
    failures: list[str] = []
    wanted: dict[bool, Undisturbed] = {}
    for stored in forms:
        wanted[stored] = await run_undisturbed(template, folder / f"undisturbed-{stored}", stored=stored)
    points = tuple(point for stored in forms for point in points_of(wanted[stored], stored=stored))
    points = points if full else chosen(points)
    gate = asyncio.Semaphore(SIDE_BY_SIDE)

    async def one(number: int, point: Point) -> None:
        async with gate:
            try:
                await prove(point, template, folder / f"point-{number}", wanted[point.stored].catalog)
            except AssertionError as problem:
                failures.append(str(problem))
                print(problem, flush=True)

    await asyncio.gather(*(one(number, point) for number, point in enumerate(points)))
    return len(points), failures


def main() -> int:
    """Run the sweep that the command line asks for."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lrplan-crash-") as kept:
        folder = Path(kept)
        make_template(folder / "template")
        count, failures = asyncio.run(sweep(folder / "template", folder, full="--full" in sys.argv[1:]))
    print(f"{count - len(failures)} of {count}, {time.monotonic() - began:.0f} s")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
