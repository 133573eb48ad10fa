"""
How the CPU of planning, applying and planning again grows with the number of memberships, without HTTP.

The catalog lives in a value, so what is measured is lrplan alone. A row's `ratio` is seconds per membership over those
of the first row: it stays near 1 where nothing is quadratic. Run: `python -m tests.bench growth [MEMBERSHIPS]`.
"""

import asyncio
import json
import sys
import time

from lrplan.manifest.entries import SourceText
from lrplan.manifest.parse import parse_manifests
from lrplan.model.asset import Asset
from lrplan.model.ids import AccountId, AssetId, CatalogId, ServiceId
from lrplan.model.snapshot import Account, Catalog, Snapshot
from lrplan.workflow.apply import apply
from lrplan.workflow.plan import plan
from lrplan.workflow.surroundings import Surroundings
from tests.memory_catalog import MemoryCatalog
from tests.ports import FakeClock, GivenFiles, KeptEvents, MemoryInMemory

MEMBERS_PER_ALBUM = 100
KEY = ServiceId("bench")


def world(memberships: int) -> Snapshot:
    """A catalog of that many photos, and no album."""
    names = (f"{index:032x}" for index in range(memberships))
    assets = {
        AssetId(name): Asset(id=AssetId(name), file_name=f"DSC_{index:07d}.jpg", capture_date="2026-05-02T10:00:00")
        for index, name in enumerate(names)
    }
    account = Account(id=AccountId("a" * 32), name="Bench", status="subscriber")
    return Snapshot(
        account=account, catalog=Catalog(id=CatalogId("c" * 32), name="Bench"), service_id=KEY, assets=assets
    )


def manifest_text(memberships: int) -> bytes:
    """A project of albums of 100 photos each, with limits out of the way."""
    lines = ["lrplan: 1", "project: bench", "limits: {create: 1000000, add: 100000000}", "albums:"]
    for first in range(0, memberships, MEMBERS_PER_ALBUM):
        lines += [f"  album-{first}:", f"    name: Album {first}", "    members:"]
        lines += [f"      - DSC_{first + index:07d}.jpg" for index in range(MEMBERS_PER_ALBUM)]
    return "\n".join(lines).encode()


async def measure(memberships: int) -> dict[str, float]:
    """CPU seconds of the first plan, its apply, and the plan that then finds nothing to do."""
    manifest, said = parse_manifests(SourceText("lrplan.yaml", manifest_text(memberships)), [])
    assert manifest is not None, said
    around = Surroundings(
        service=MemoryCatalog(world(memberships)),
        service_id=KEY,
        memory=MemoryInMemory(),
        files=GivenFiles(),
        clock=FakeClock(),
        events=KeptEvents(),
    )
    started = time.process_time()
    first = await plan(manifest, around)
    planned = time.process_time()
    await apply(first.plan, around, manifest=manifest)
    applied = time.process_time()
    again = await plan(manifest, around)
    ended = time.process_time()
    assert again.plan.is_empty
    return {"plan_s": planned - started, "apply_s": applied - planned, "plan_again_s": ended - applied}


def main() -> None:
    """Print a row for 1,000 memberships, and ten times as many until the size that was asked for."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    base: dict[str, float] = {}
    size = 1000
    while size <= most:
        row = asyncio.run(measure(size))
        each = {name: seconds / size for name, seconds in row.items()}
        base = base or each
        ratios = {name.replace("_s", "_ratio"): round(each[name] / base[name], 2) for name in each}
        print(json.dumps({"memberships": size, **{name: round(s, 3) for name, s in row.items()}, **ratios}))
        size *= 10


if __name__ == "__main__":
    main()
