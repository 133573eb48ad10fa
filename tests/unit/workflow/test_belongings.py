"""What of a project is there, told from a listing: declared and live, to come, older generations, strangers."""

from attrs import evolve

from lrplan.manifest.entries import SourceText
from lrplan.manifest.parse import parse_manifests
from lrplan.model.address import Address
from lrplan.model.album import Album, AlbumKind
from lrplan.model.checkup import Check, Result
from lrplan.model.ids import AccountId, Owner, ServiceId, album_id
from lrplan.model.state import Binding, State, WhenGone
from lrplan.workflow.belongings import albums_check

OWNER = Owner(account_id=AccountId("a" * 32), service_id=ServiceId("k"), project="p")
STATE = State(account_id=OWNER.account_id, catalog_id="c" * 32, service_id=OWNER.service_id, project="p")
PROJECT = b"lrplan: 1\nproject: p\nsets: {s: {name: S}}\nalbums: {a: {name: A}, b: {name: B}}\n"


def _check(*live: tuple[str, int], state: State | None = STATE, owner: Owner = OWNER) -> Check:
    manifest, said = parse_manifests(SourceText("lrplan.yaml", PROJECT), ())
    assert manifest is not None, said
    albums = tuple(
        Album(id=album_id(owner, address, generation), kind=AlbumKind.ALBUM, service_id=owner.service_id, name=address)
        for address, generation in live
    )
    return albums_check(manifest, OWNER, albums, state)


def test_what_is_live_and_what_is_to_come() -> None:
    check = _check(("albums.a", 0), ("sets.s", 3))
    assert (check.result, check.summary) == (Result.OK, "2 of 3 declared albums and sets live, to come: albums.b")
    assert (check.facts["live"], check.facts["notYetLive"]) == (2, ("albums.b",))


def test_an_older_generation_is_an_interrupted_replacement() -> None:
    check = _check(("albums.a", 4), ("albums.a", 5))
    assert [said.code for said in check.said] == ["LRP751"]
    assert check.facts["older"] == (album_id(OWNER, "albums.a", 4),)


def test_an_album_that_nobody_declares_is_told_with_its_name() -> None:
    check = _check(("albums.gone", 0))
    assert [said.code for said in check.said] == ["LRP752"]
    assert "albums.gone (" in check.said[0].why
    assert check.facts["notDeclared"] == (album_id(OWNER, "albums.gone", 0),)


def test_an_album_that_was_let_go_is_no_orphan() -> None:
    gone = Binding(album_id=album_id(OWNER, "albums.gone", 0), generation=0, when_gone=WhenGone.KEEP, gone=True)
    check = _check(("albums.a", 0), ("albums.gone", 0), state=evolve(STATE, bindings={Address("albums.gone"): gone}))
    assert (check.result, check.facts["notDeclared"]) == (Result.OK, ())


def test_live_albums_without_state_are_told() -> None:
    assert _check(("albums.a", 0), state=None).said[0].what == "there are albums of this project, and no state"
    assert _check(state=None).result is Result.OK


def test_albums_of_other_projects_are_nobody_s_business_here() -> None:
    other = Owner(account_id=OWNER.account_id, service_id=OWNER.service_id, project="q")
    assert _check(("albums.a", 0), ("albums.x", 0), owner=other).facts["live"] == 0
    assert _check(("albums.x", 0), owner=other).result is Result.OK


def test_what_has_an_id_of_another_kind_is_live_too() -> None:
    found = "5f" * 16
    text = (
        "lrplan: 1\nproject: p\npreviousProjects: [q]\n"
        f"albums: {{a: {{adopt: {found}}}, b: {{}}, c: {{}}}}\nmoved: [{{from: albums.old, to: albums.b}}]\n"
    )
    manifest, said = parse_manifests(SourceText("lrplan.yaml", text.encode()), ())
    assert manifest is not None, said
    before = Owner(account_id=OWNER.account_id, service_id=OWNER.service_id, project="q")
    ids = (found, album_id(OWNER, "albums.old", 3), album_id(before, "albums.c", 0), album_id(before, "albums.d", 0))
    albums = tuple(Album(id=one, kind=AlbumKind.ALBUM, service_id=OWNER.service_id, name="N") for one in ids)  # type: ignore[arg-type]
    check = albums_check(manifest, OWNER, albums, STATE)
    assert (check.facts["live"], check.facts["notYetLive"], check.facts["older"]) == (3, (), ())
    assert check.facts["notDeclared"] == (ids[3],)
