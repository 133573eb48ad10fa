"""What holds for every plan: it survives its file, and its digest names what it decides."""

import random
from typing import Any

import attrs
import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrplan.diagnostics import Failure, SourceSpan
from lrplan.diff.change import Change, Verb
from lrplan.formats.plan import decode_plan, encode_plan, plan_digest
from lrplan.model.album import AlbumKind, PublishInfo
from lrplan.model.inventory import Original
from lrplan.plan.action import (
    AddMembers,
    CreateAlbum,
    DeleteAlbum,
    Placed,
    RetireAlbum,
    SetCover,
    Step,
    UpdateAlbum,
    UploadOriginal,
)
from lrplan.plan.plan import Plan
from lrplan.resolve.desired import EmptyKind, EmptyWish
from tests.unit.formats.generated import values


def sound(plan: Plan) -> Plan:
    """*plan* with steps that have ids of their own and require only earlier ones."""
    steps = {step.id: step for step in plan.steps}
    ids = tuple(steps)
    placed = (evolve(step, requires=ids[: min(at, len(step.requires))]) for at, step in enumerate(steps.values()))
    return evolve(plan, steps=tuple(placed))


PLANS = values(Plan).map(sound)
relaxed = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None, max_examples=40
)


@relaxed
@given(plan=PLANS)
def test_a_plan_survives_its_file(plan: Plan) -> None:
    assert decode_plan(encode_plan(plan, version="1"), file="plan.json") == plan


@relaxed
@given(plan=PLANS)
def test_one_plan_has_one_file(plan: Plan) -> None:
    written = encode_plan(plan, version="1")
    assert encode_plan(decode_plan(written, file="plan.json"), version="1") == written


@relaxed
@given(plan=PLANS, data=st.data())
def test_what_decides_nothing_is_outside_the_digest(plan: Plan, data: st.DataObject) -> None:
    other = data.draw(PLANS)
    undecided = (
        *("catalog_name", "manifests_digest", "created_at", "names", "drift", "warnings", "summary"),
        *("read_seconds", "apply_seconds"),
    )
    assert plan_digest(evolve(plan, **{name: getattr(other, name) for name in undecided})) == plan_digest(plan)


@relaxed
@given(plan=PLANS, seed=st.integers())
def test_the_order_of_steps_is_outside_the_digest(plan: Plan, seed: int) -> None:
    shuffled = random.Random(seed).sample(plan.steps, len(plan.steps))
    assert plan_digest(evolve(plan, steps=tuple(shuffled))) == plan_digest(plan)


ORIGINAL = Original(
    path="../a/x.jpg",
    file_name="x.jpg",
    size_bytes=5,
    sha256="0" * 64,
    part_size_bytes=10,
    part_checks=("0" * 16,),
    subtype="image",
    content_type="image/jpeg",
)
INFO = PublishInfo(
    remote_id="a", view="b", edit="c", service_payload="d", deleted=False, version=1, created="e", updated="f"
)
ACTIONS = [
    CreateAlbum(
        address="albums.a", album_id="1", kind=AlbumKind.ALBUM, name="A", parent="2", publish_info=INFO, replaces="3"
    ),
    UpdateAlbum(address="albums.a", album_id="1", name="A", parent="2", publish_info=INFO),
    UploadOriginal(address="albums.a", asset_id="1", original=ORIGINAL),
    AddMembers(
        address="albums.a",
        album_id="1",
        photos=(Placed(asset_id="2", order="m", remote_id="r", service_payload="s"),),
        replaces="3",
    ),
    SetCover(address="albums.a", album_id="1", asset_id="2"),
    RetireAlbum(address="albums.a", album_id="1", successor="2", dropped=("3",), expected=4),
    DeleteAlbum(address="albums.a", album_id="1", kind=AlbumKind.SET),
]
EMPTY = EmptyWish(
    address="albums.a", kind=EmptyKind.SELECT, value="flag: pick", span=SourceSpan(file="a.yaml", line=2, column=3)
)
START = Change(address="albums.a", kind=AlbumKind.ALBUM, verb=Verb.UPDATE, name="A", fingerprint="f0")


def planned(action: Any, **changes: Any) -> Plan:
    plan = Plan(
        project="p",
        account_id="a",
        catalog_id="c",
        service_id="s",
        changes=(START,),
        steps=(Step(id="x", action=action),),
    )
    return evolve(plan, **changes)


def others(value: Any) -> list[Any]:
    """Values that differ from *value* in one leaf, the ones that decide nothing left out."""
    match value:
        case AlbumKind():
            return [AlbumKind.SET if value is AlbumKind.ALBUM else AlbumKind.ALBUM]
        case bool():
            return [not value]
        case int():
            return [value + 1]
        case str():
            return [value + "x"]
        case None:
            return []
        case tuple():
            return [(), *((*value[:i], o, *value[i + 1 :]) for i, item in enumerate(value) for o in others(item))]
        case _:
            local = {"path", "part_size_bytes", "part_checks", "subtype", "content_type", "capture_date"}
            names = [f.name for f in attrs.fields(type(value)) if not (isinstance(value, Original) and f.name in local)]
            return [evolve(value, **{name: other}) for name in names for other in others(getattr(value, name))]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: type(action).__name__)
def test_every_wanted_value_is_in_the_digest(action: Any) -> None:
    different = [plan_digest(planned(other)) for other in others(action)]
    assert len({plan_digest(planned(action)), *different}) == 1 + len(different)


def test_the_kind_of_an_action_is_in_the_digest() -> None:
    assert len({plan_digest(planned(action)) for action in ACTIONS}) == len(ACTIONS)


@pytest.mark.parametrize(
    "changes",
    [
        {"project": "q"},
        {"account_id": "q"},
        {"catalog_id": "q"},
        {"service_id": "q"},
        {"complete": False},
        {"allowed": {"delete": 1}},
        {"changes": (evolve(START, fingerprint="f1"),)},
        {"empty": (EMPTY,)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_a_plan_is_for_is_in_the_digest(changes: dict[str, Any]) -> None:
    assert plan_digest(planned(ACTIONS[0], **changes)) != plan_digest(planned(ACTIONS[0]))


def test_where_a_select_that_finds_nothing_stands_is_outside_the_digest() -> None:
    elsewhere = evolve(EMPTY, span=SourceSpan(file="b.yaml", line=1, column=1))
    assert plan_digest(planned(ACTIONS[0], empty=(EMPTY,))) == plan_digest(planned(ACTIONS[0], empty=(elsewhere,)))


def test_where_an_original_lies_is_outside_the_digest() -> None:
    elsewhere = evolve(ORIGINAL, path="/mnt/x.jpg", part_size_bytes=3, part_checks=("1", "2"))
    upload = UploadOriginal(address="albums.a", asset_id="1", original=ORIGINAL)
    assert plan_digest(planned(upload)) == plan_digest(planned(evolve(upload, original=elsewhere)))


@given(cut=st.floats(0, 1, exclude_max=True))
def test_a_plan_file_that_was_cut_is_damaged(cut: float) -> None:
    written = encode_plan(planned(ACTIONS[3]), version="1")
    with pytest.raises(Failure) as failure:
        decode_plan(written[: int(cut * (len(written) - 1))], file="plan.json")
    assert [said.code for said in failure.value.diagnostics] == ["LRP106"]
    assert failure.value.exit_code == 3


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'"name": "A"', b'"name": "B"', "LRP106"),
        (b'"formatVersion": "1.0"', b'"formatVersion": "1.1"', "LRP107"),
        (b'"formatVersion": "1.0"', b'"formatVersion": 2', "LRP107"),
        (b'"formatVersion": "1.0"', b'"formatVersion": null', "LRP106"),
        (b'"complete": true', b'"complete": true, "extra": 1', "LRP106"),
        (b'"kind": "createAlbum"', b'"kind": "burnAlbum"', "LRP106"),
        (b'"address": "albums.a"', b'"address": "albums.a", "source": "nowhere"', "LRP106"),
        (b'"project"', b'"\xff"', "LRP106"),
    ],
)
def test_a_file_that_is_not_this_plan_is_refused_by_name(old: bytes, new: bytes, code: str) -> None:
    written = encode_plan(planned(ACTIONS[0], changes=(evolve(START, name="C"),)), version="1")
    assert old in written
    with pytest.raises(Failure) as failure:
        decode_plan(written.replace(old, new), file="some/plan.json")
    (said,) = failure.value.diagnostics
    assert (said.code, said.span and said.span.file, said.why.endswith(".")) == (code, "some/plan.json", True)


@pytest.mark.parametrize(
    "steps",
    [
        (Step(id="x", action=ACTIONS[0]), Step(id="x", action=ACTIONS[0])),
        (Step(id="x", action=ACTIONS[0], requires=("x",)),),
        (Step(id="x", action=ACTIONS[0], requires=("y",)),),
        (Step(id="x", action=ACTIONS[0], requires=("y",)), Step(id="y", action=ACTIONS[0])),
    ],
    ids=["twice", "itself", "unknown", "later"],
)
def test_a_plan_whose_actions_cannot_be_ordered_is_damaged(steps: tuple[Step, ...]) -> None:
    with pytest.raises(Failure) as failure:
        decode_plan(encode_plan(planned(ACTIONS[0], steps=steps), version="1"), file="plan.json")
    assert failure.value.diagnostics[0].code == "LRP106"


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"{}", b"[" * 100_000, b'{"a":' * 100_000, b"\x00\xff"])
def test_garbage_is_a_damaged_plan(content: bytes) -> None:
    with pytest.raises(Failure) as failure:
        decode_plan(content, file="plan.json")
    assert failure.value.diagnostics[0].code == "LRP106"


@pytest.mark.parametrize(
    ("written", "edited"),
    [
        (b'"name": "A"', b'"name": "B"'),
        (b'"change": "create"', b'"change": "unchanged"'),
        (b'"createdAt": "', b'"createdAt": "1'),
        (b'"forgotten": []', b'"forgotten": ["albums.b"]'),
    ],
)
def test_an_edit_that_the_digest_does_not_see_is_refused_all_the_same(written: bytes, edited: bytes) -> None:
    change = Change(address="albums.a", kind=AlbumKind.ALBUM, verb=Verb.CREATE, name="A")
    content = encode_plan(
        Plan(project="p", account_id="a", catalog_id="c", service_id="s", changes=(change,)), version="1"
    )
    assert content.count(written) == 1
    decode_plan(content, file="plan.json")
    with pytest.raises(Failure) as refused:
        decode_plan(content.replace(written, edited), file="plan.json")
    assert "checksum" in refused.value.diagnostics[0].why
