"""
Files of every format version, kept for ever: each is still read, and the newest is what is still written.

UPDATE_GOLDEN=1 writes the files of the newest formats anew. A changed file of a format that was released is a broken
promise: then the format needs a new version, and this one stays.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from lrplan.diagnostics import SourceSpan, warning
from lrplan.diff.change import (
    BlockedPhoto,
    Change,
    Drift,
    DriftKind,
    FieldChange,
    MemberChange,
    Move,
    Reason,
    Verb,
)
from lrplan.formats.catalog_index import decode_index, encode_index
from lrplan.formats.journal import decode_journal, encode_entry
from lrplan.formats.originals import CachedOriginal, decode_cache, encode_cache
from lrplan.formats.plan import decode_plan, encode_plan, plan_schema
from lrplan.formats.state import decode_state, encode_state
from lrplan.model.album import AlbumKind, Order, PublishInfo
from lrplan.model.asset import Asset
from lrplan.model.catalog_index import CatalogIndex
from lrplan.model.state import Applied, Binding, State
from lrplan.model.window import Window
from lrplan.plan.action import Step
from lrplan.plan.plan import Plan, Summary
from lrplan.resolve.desired import EmptyKind, EmptyWish
from tests.unit.formats.test_journal import EXAMPLE as ENTRIES
from tests.unit.formats.test_plan_laws import ACTIONS, ORIGINAL

GOLDEN = Path("tests/golden/formats")
SCHEMA = Path("docs/reference/plan.schema.json")
SPAN = SourceSpan(file="manifests/a.yaml", line=6, column=3, width=11)
A, B, C = (digit * 32 for digit in "abc")

BINDINGS = {
    "albums.smith-jones": Binding(
        album_id=A,
        generation=2,
        put=(B, C),
        arranged=(B, C),
        known_as={B: "DSC_0007.jpg"},
        applied=Applied(
            name="Smith & Jones",
            parent="sets.weddings",
            order=Order.LISTED,
            cover=C,
            publish_info=PublishInfo(view="v"),
        ),
    ),
    "albums.torn": Binding(album_id=B, generation=0, put=(C,)),
    "sets.weddings": Binding(album_id=C, generation=0, applied=Applied(name="Weddings “2026”")),
}
STATE = State(
    account_id="acc",
    catalog_id="cat",
    service_id="key",
    project="studio",
    serial=7,
    bindings=BINDINGS,
    used={"albums.old": 4},
    arrived={B: ("bytes 0-32767/70000",)},
    storage_is_full=True,
    folded=("r1",),
)
PLAN = Plan(
    project="studio",
    account_id="acc",
    catalog_id="cat",
    service_id="key",
    catalog_name="Studio North",
    manifests_digest="5" * 64,
    created_at="2026-05-04T12:00:00.000000Z",
    has_state=False,
    complete=False,
    allowed={"delete": 14},
    changes=(
        Change(
            address="albums.a",
            kind=AlbumKind.ALBUM,
            verb=Verb.REPLACE,
            name="A\u2028B",
            span=SPAN,
            reason=Reason(code="order", text="a photo before the place has no key"),
            id=A,
            new_id=B,
            generation=3,
            retired=(C,),
            dropped=(A,),
            looks_inside=True,
            fields=(FieldChange(path="name", before=None, after="A", changed_outside=True),),
            members=MemberChange(
                before=(A, B),
                after=(B, C),
                added=(C,),
                removed=(A,),
                moved=(Move(asset_id=B, before=2, after=1),),
                unlisted=(B,),
                foreign=(A,),
                rewritten=(B,),
                keys={B: "m", C: "t"},
            ),
            cover=B,
            blocked=(BlockedPhoto(asset_id=A, text="in the trash; restore it in Lightroom", span=SPAN),),
            fingerprint="f0f0",
        ),
        Change(address="sets.b", kind=AlbumKind.SET, verb=Verb.UNCHANGED, name="B"),
    ),
    steps=tuple(
        Step(id=f"albums.a/{number}", action=action, requires=("albums.a/0",) * (number > 0), calls=number)
        for number, action in enumerate(ACTIONS)
    ),
    targets=BINDINGS,
    forgotten=("albums.old",),
    present_files=("originals/DSC_0001.CR3",),
    bases={"albums.smith-jones": "0" * 32},
    names={A: "DSC_0042.jpg", B: "<b>né.jpg"},
    empty=(EmptyWish(address="albums.a", kind=EmptyKind.SELECT, value="fileName: DSC_03*.jpg", span=SPAN),),
    drift=(
        Drift(kind=DriftKind.ORPHAN, text="an album of this project", album_id=C),
        Drift(kind=DriftKind.UNLISTED, text="photos", address="albums.a", album_id=A, count=3),
    ),
    warnings=(warning("LRP210", "photo named twice", span=SPAN, why="One wins.", hint="remove one"),),
    summary=Summary(create=1, change=2, replace=3, delete=4, let_go=5, blocked=6, unchanged=7, members_add=8),
    read_seconds=1.25,
    apply_seconds=8.0,
)

CACHE = (CachedOriginal(device=1, inode=2, mtime_ns=3, ctime_ns=4, original=ORIGINAL),)

INDEX = CatalogIndex(
    account_id=A,
    catalog_id=B,
    as_of="2026-05-04T10:00:00.000000Z",
    windows=(Window(after="2026-05-01"),),
    assets={
        A: Asset(id=A, file_name="né.jpg", capture_date="2026-05-02T10:00:00", sha256="e" * 64, size_bytes=5),
        C: Asset(id=C, subtype="deleted_video", imported_on="camera"),
    },
)

CASES: dict[str, tuple[Callable[[], bytes], Callable[[bytes], object], object]] = {
    "plan-1.0.json": (
        lambda: encode_plan(PLAN, version="0.1.0"),
        lambda content: decode_plan(content, file="plan.json"),
        PLAN,
    ),
    "state-1.json": (lambda: encode_state(STATE), decode_state, STATE),
    "catalog-1.json": (lambda: encode_index(INDEX), decode_index, INDEX),
    "originals-1.jsonl": (lambda: encode_cache(CACHE), decode_cache, CACHE),
    "journal-1.jsonl": (lambda: b"".join(map(encode_entry, ENTRIES)), decode_journal, (ENTRIES, None)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_file_of_every_version_is_still_read_and_the_newest_still_written(name: str) -> None:
    encode, decode, value = CASES[name]
    if os.environ.get("UPDATE_GOLDEN"):
        (GOLDEN / name).write_bytes(encode())
    content = (GOLDEN / name).read_bytes()
    assert decode(content) == value
    assert encode() == content


def test_the_golden_plan_uses_every_key_that_has_no_default() -> None:
    plan = (GOLDEN / "plan-1.0.json").read_text(encoding="utf-8")
    parts = json.loads(plan_schema())["$defs"].values()
    assert [key for part in parts for key in part.get("required", ()) if f'"{key}":' not in plan] == []


def test_the_published_schema_is_current() -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        SCHEMA.write_bytes(plan_schema())
    assert SCHEMA.read_bytes() == plan_schema()


def test_the_published_schema_accepts_a_plan_and_nothing_else() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(plan_schema()))
    validator.check_schema(validator.schema)
    plan = json.loads((GOLDEN / "plan-1.0.json").read_bytes())
    validator.validate(plan)
    assert not validator.is_valid({**plan, "novelty": 1})
    assert not validator.is_valid({key: plan[key] for key in plan if key != "digest"})


def test_files_are_canonical() -> None:
    for name in ("plan-1.0.json", "state-1.json"):
        content = (GOLDEN / name).read_text(encoding="utf-8")
        assert content == json.dumps(json.loads(content), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
