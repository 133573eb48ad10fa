"""
What commands that only look print as JSON: every published schema is current, and accepts what is printed and nothing
else. UPDATE_GOLDEN=1 writes the schemas anew.
"""

import json
import os
from pathlib import Path

import jsonschema
import pytest
from attrs import evolve

from lrplan.diff.change import Drift, DriftKind, FieldChange, MemberChange, Move
from lrplan.diff.outside import DriftReport, Outside
from lrplan.diff.registry import Named, NamedPhoto, Registry, Standing
from lrplan.formats.drift import drift_schema, encode_drift
from lrplan.formats.memory import encode_rebuilt, encode_shown, rebuilt_schema, shown_schema
from lrplan.formats.registry import encode_ids, ids_schema
from lrplan.model.album import AlbumKind
from lrplan.model.state import Binding, State
from lrplan.plan.rebuild import Found, Rebuilt

REFERENCE = Path("docs/reference")
A, B, C = (digit * 32 for digit in "abc")
DRIFT = DriftReport(
    project="studio",
    account_id="acc",
    catalog_id="cat",
    service_id="key",
    albums=(
        Outside(
            address="albums.a",
            kind=AlbumKind.ALBUM,
            name="A\u2028B",
            id=A,
            fields=(FieldChange(path="cover", before=None, after="b.jpg", changed_outside=True),),
            members=MemberChange(
                before=(A, B), after=(B, C), added=(C,), removed=(A,), moved=(Move(asset_id=B, before=2, after=1),)
            ),
            vanished=(C,),
        ),
        Outside(address="sets.b", kind=AlbumKind.SET, name="b", id=B, is_gone=True, source="m/a.yaml:2"),
    ),
    orphans=(Drift(kind=DriftKind.ORPHAN, text="kept", album_id=C),),
    unfinished=("r1",),
    names={A: "a.jpg"},
)
STATE = State(account_id="acc", catalog_id="cat", service_id="key", project="studio", serial=7, used={"albums.x": 1})
BINDING = Binding(album_id=A, generation=1, put=(B,), seen=(B, C))
FOUND = Found(address="albums.~0be790792508", name="A\u202e", album_id=A, generation=1, is_claimed=True)
IDS = Registry(
    project="studio",
    named=(
        Named(
            address="albums.a",
            kind=AlbumKind.ALBUM,
            standing=Standing.LIVE,
            album_id=A,
            generation=2,
            remote_id="g-1",
            photos=(NamedPhoto(asset_id=B, file_name="b\u202e.jpg", remote_id="p-1"), NamedPhoto(asset_id=C)),
        ),
        Named(address="sets.b", kind=AlbumKind.SET, standing=Standing.TO_CREATE, album_id=B, generation=0, photos=None),
    ),
)
CASES = {
    "ids": (ids_schema, lambda: encode_ids(IDS, photos=True, version="0.1.0")),
    "drift": (drift_schema, lambda: encode_drift(DRIFT, version="0.1.0")),
    "state": (
        shown_schema,
        lambda: encode_shown(
            evolve(STATE, bindings={"albums.a": BINDING}), unfinished=("r1",), holder="process 1", version="0.1.0"
        ),
    ),
    "rebuild": (
        rebuilt_schema,
        lambda: encode_rebuilt(
            Rebuilt(state=STATE, found=(FOUND,)),
            kept=STATE,
            aside="aside",
            is_damaged=True,
            unreadable=("r1",),
            version="0.1.0",
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_published_schema_is_current_and_accepts_what_is_printed_and_nothing_else(name: str) -> None:
    schema, encode = CASES[name]
    page = REFERENCE / f"{name}.schema.json"
    if os.environ.get("UPDATE_GOLDEN"):
        page.write_bytes(schema())
    assert page.read_bytes() == schema()
    validator = jsonschema.Draft202012Validator(json.loads(page.read_bytes()))
    validator.check_schema(validator.schema)
    told = json.loads(encode())
    validator.validate(told)
    assert not validator.is_valid({**told, "novelty": 1})
    for key in told:
        if key in validator.schema["$defs"][validator.schema["$ref"].rpartition("/")[2]]["required"]:
            assert not validator.is_valid({other: told[other] for other in told if other != key})
