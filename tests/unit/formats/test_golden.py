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
from lrplan.formats.snapshot import decode_snapshot, encode_snapshot, snapshot_schema
from lrplan.formats.state import decode_state, encode_state
from lrplan.model.album import Album, AlbumKind, MemberInfo, Membership, Order, PublishInfo
from lrplan.model.asset import Asset
from lrplan.model.catalog_index import CatalogIndex
from lrplan.model.snapshot import Account, Catalog, Snapshot
from lrplan.model.state import Applied, Binding, State
from lrplan.model.taken import Taken
from lrplan.model.window import Window
from lrplan.plan.action import Step
from lrplan.plan.plan import Plan, Summary
from lrplan.resolve.desired import EmptyKind, EmptyWish
from tests.unit.formats.test_journal import EXAMPLE as ENTRIES
from tests.unit.formats.test_plan_laws import ACTIONS, ORIGINAL

GOLDEN = Path("tests/golden/formats")
REFERENCE = Path("docs/reference")
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

TAKEN = Taken(
    project="studio",
    snapshot=Snapshot(
        account=Account(id="acc", name="Jo", status="trial", storage_used_bytes=5, storage_limit_bytes=9),
        catalog=Catalog(id="cat", name="Studio North"),
        service_id="key",
        albums={
            A: Album(
                id=A,
                kind=AlbumKind.ALBUM,
                service_id="key",
                name="A\u2028B",
                parent=C,
                cover=B,
                publish_info=PublishInfo(view="v"),
                raw='{"theirs": 1}',
            ),
            C: Album(id=C, kind=AlbumKind.SET, service_id=None, name="C"),
        },
        members={
            A: Membership(
                asset_ids=(C, B),
                orders=("m", None),
                infos={B: MemberInfo(remote_id="p-1", service_payload="s", raw='{"order": "m"}')},
                cover=C,
            )
        },
        assets={
            B: Asset(
                id=B,
                file_name="né.jpg",
                capture_date="2026-05-01T10:00:00",
                sha256="0" * 64,
                imported_on="camera",
                size_bytes=7,
            ),
            C: Asset(id=C, subtype="deleted_video"),
        },
        incomplete=frozenset({B}),
        walked=True,
        read_at="2026-05-04T12:00:00.000000Z",
        calls=12,
        album_calls=2,
        seconds=1.5,
    ),
    aside=frozenset({C}),
    finds_trash=False,
    finds_undated=True,
    state=STATE,
)

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
    "snapshot-1.0.json": (
        lambda: encode_snapshot(TAKEN, version="0.1.0"),
        lambda content: decode_snapshot(content, file="snapshot.json"),
        TAKEN,
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


SCHEMAS = {"plan": plan_schema, "snapshot": snapshot_schema}


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_golden_file_uses_every_key_that_has_no_default(kind: str) -> None:
    content = (GOLDEN / f"{kind}-1.0.json").read_text(encoding="utf-8")
    parts = json.loads(SCHEMAS[kind]())["$defs"].values()
    assert [key for part in parts for key in part.get("required", ()) if f'"{key}":' not in content] == []


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_published_schema_is_current(kind: str) -> None:
    published = REFERENCE / f"{kind}.schema.json"
    if os.environ.get("UPDATE_GOLDEN"):
        published.write_bytes(SCHEMAS[kind]())
    assert published.read_bytes() == SCHEMAS[kind]()


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_published_schema_accepts_its_kind_and_nothing_else(kind: str) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMAS[kind]()))
    validator.check_schema(validator.schema)
    held = json.loads((GOLDEN / f"{kind}-1.0.json").read_bytes())
    validator.validate(held)
    assert not validator.is_valid({**held, "novelty": 1})
    assert not validator.is_valid({key: held[key] for key in held if key != "checksum"})


def test_files_are_canonical() -> None:
    for name in ("plan-1.0.json", "snapshot-1.0.json", "state-1.json"):
        content = (GOLDEN / name).read_text(encoding="utf-8")
        assert content == json.dumps(json.loads(content), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
