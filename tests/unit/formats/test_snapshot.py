"""What holds for every snapshot file: it survives, and what is no snapshot, or was touched, is refused by name."""

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings

from lrplan.diagnostics import Failure
from lrplan.formats.plan import is_plan_file
from lrplan.formats.snapshot import decode_snapshot, encode_snapshot, is_snapshot_file
from lrplan.model.album import Album
from lrplan.model.snapshot import Snapshot
from lrplan.model.taken import Taken
from tests.unit.formats.generated import values
from tests.unit.formats.test_golden import GOLDEN, TAKEN

WRITTEN = encode_snapshot(TAKEN, version="1")


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None, max_examples=60)
@given(album=values(Album))
def test_an_album_survives_its_file(album: Album) -> None:
    held: Snapshot = evolve(TAKEN.snapshot, albums={album.id: album}, members={})
    taken: Taken = evolve(TAKEN, snapshot=held)
    assert decode_snapshot(encode_snapshot(taken, version="1"), file="s.json") == taken


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'"name": "Studio North"', b'"name": "Studio South"', "LRP106"),
        (b'"formatVersion": "1.0"', b'"formatVersion": "1.1"', "LRP107"),
        (b'"formatVersion": "1.0"', b'"formatVersion": null', "LRP106"),
        (b'"findsTrash": false', b'"findsTrash": false, "extra": 1', "LRP106"),
        (b'"readAt"', b'"readA"', "LRP106"),
        (b'"project"', b'"\xff"', "LRP106"),
    ],
)
def test_a_file_that_is_not_this_snapshot_is_refused_by_name(old: bytes, new: bytes, code: str) -> None:
    assert old in WRITTEN
    with pytest.raises(Failure) as failure:
        decode_snapshot(WRITTEN.replace(old, new), file="some/snapshot.json")
    (said,) = failure.value.diagnostics
    assert (said.code, said.span and said.span.file, said.why.endswith(".")) == (code, "some/snapshot.json", True)
    assert failure.value.exit_code == 3


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"{}", b"[" * 100_000, b"\x00\xff", WRITTEN[:-40]])
def test_what_is_no_snapshot_is_told_apart(content: bytes) -> None:
    assert not is_snapshot_file(content)
    with pytest.raises(Failure) as failure:
        decode_snapshot(content, file="s.json")
    assert failure.value.diagnostics[0].code == "LRP106"
    assert failure.value.diagnostics[0].hint == "take a new one with `lrplan snapshot -o FILE`"


def test_plans_and_snapshots_are_told_apart() -> None:
    plan = (GOLDEN / "plan-1.0.json").read_bytes()
    assert (is_plan_file(plan), is_snapshot_file(plan)) == (True, False)
    assert (is_plan_file(WRITTEN), is_snapshot_file(WRITTEN)) == (False, True)
    assert is_snapshot_file(WRITTEN.replace(b'"1.0"', b'"7.0"').replace(b'"seconds"', b'"novelty"'))


def test_the_order_in_which_things_were_read_is_not_in_the_file() -> None:
    held = TAKEN.snapshot
    turned = evolve(held, albums=dict(reversed(held.albums.items())), assets=dict(reversed(held.assets.items())))
    assert encode_snapshot(evolve(TAKEN, snapshot=turned), version="1") == WRITTEN
