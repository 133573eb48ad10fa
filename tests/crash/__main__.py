"""`python -m tests.crash [--full]`: kill an apply at one point of each kind, or at every point, and finish it."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from attrs import define, field

from tests.crash.project import make_template
from tests.crash.sweep import Point, Undisturbed, points_of, prove, run_undisturbed

SIDE_BY_SIDE = 3


def chosen(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """One point of each kind and phase; the form of the command alternates.

    Of requests it is the middle one. Of calls to the disk it is the one at a third, which every apply comes to: where
    the disk is slow, more requests share a sync, and there are half as many as where it is fast.
    """
    kinds: dict[tuple[str, str, str], list[Point]] = {}
    for point in points:
        if point.place != "request" or point.stored is (point.phase == "after"):
            kinds.setdefault((point.place, point.phase, point.kind), []).append(point)
    return tuple(alike[len(alike) // (2 if place == "request" else 3)] for (place, _, _), alike in kinds.items())


@define
class Swept:
    """What became of the points of a sweep.

    Attributes:
        proven: How many applies were killed and finished.
        unreached: Of each point at which nothing was killed, why.
        failures: What went wrong at the others.
    """

    proven: int = 0
    unreached: list[str] = field(factory=list)
    failures: list[str] = field(factory=list)

    def __str__(self) -> str:
        points = f"{self.proven} of {self.proven + len(self.failures)}"
        return f"{points}, and {len(self.unreached)} not reached" if self.unreached else points


async def sweep(template: Path, folder: Path, *, full: bool) -> Swept:
    """Prove every point, or one of each kind."""
    forms = (False, True)
    swept = Swept()
    wanted: dict[bool, Undisturbed] = {}
    for stored in forms:
        wanted[stored] = await run_undisturbed(template, folder / f"undisturbed-{stored}", stored=stored)
    points = tuple(point for stored in forms for point in points_of(wanted[stored], stored=stored))
    points = points if full else chosen(points)
    gate = asyncio.Semaphore(SIDE_BY_SIDE)

    async def one(number: int, point: Point) -> None:
        async with gate:
            try:
                unreached = await prove(point, template, folder / f"point-{number}", wanted[point.stored].catalog)
            except AssertionError as problem:
                swept.failures.append(str(problem))
                print(problem, flush=True)
                return
            if unreached:
                swept.unreached.append(unreached)
                print(unreached, flush=True)
            else:
                swept.proven += 1

    await asyncio.gather(*(one(number, point) for number, point in enumerate(points)))
    return swept


def main() -> int:
    """Run the sweep that the command line asks for."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lrplan-crash-") as kept:
        folder = Path(kept)
        make_template(folder / "template")
        swept = asyncio.run(sweep(folder / "template", folder, full="--full" in sys.argv[1:]))
    print(f"{swept}, {time.monotonic() - began:.0f} s")
    return 1 if swept.failures else 0


if __name__ == "__main__":
    sys.exit(main())
