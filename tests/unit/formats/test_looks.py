"""
What commands that only look print as JSON: every published schema is current, and accepts what is printed and nothing
else. UPDATE_GOLDEN=1 writes the schemas anew.
"""

import json
import os
from pathlib import Path

import jsonschema
import pytest

from lrplan.diff.change import Drift, DriftKind, FieldChange, MemberChange, Move
from lrplan.diff.outside import DriftReport, Outside
from lrplan.formats.drift import drift_schema, encode_drift
from lrplan.model.album import AlbumKind

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
CASES = {"drift": (drift_schema, lambda: encode_drift(DRIFT, version="0.1.0"))}


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
