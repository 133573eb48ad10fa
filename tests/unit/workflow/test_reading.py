"""Whose catalog it is, and whose state: what is refused before anything is compared; and listings that lag."""

import asyncio

import pytest
from attrs import evolve

from lrplan.diagnostics import ExitCode, Failure
from lrplan.manifest.entries import Manifest, SourceText
from lrplan.manifest.parse import parse_manifests
from lrplan.model.album import Album
from lrplan.model.ids import AccountId, AlbumId, CatalogId, Owner, ServiceId
from lrplan.model.inventory import Inventory
from lrplan.model.snapshot import Catalog, Snapshot
from lrplan.model.state import Binding, State
from lrplan.plan.limits import LAG_WAITS_S
from lrplan.ports import MemberListing
from lrplan.workflow.reading import check_state, read_catalog
from lrplan.workflow.surroundings import Surroundings
from tests.memory_catalog import MemoryCatalog
from tests.ports import FakeClock, GivenFiles, KeptEvents, MemoryInMemory
from tests.unit.apply import stage as scene
from tests.unit.apply.stage import ALBUM, NEW, NEW_SET, OLD, OLD_SET, a_set, album, listing, world

OWNER = Owner(account_id=AccountId("a" * 32), service_id=ServiceId("key"), project="studio")
CATALOG = Catalog(id=CatalogId("c" * 32), name="Studio")


def state(**changed: str) -> State:
    mine = {"account_id": "a" * 32, "catalog_id": "c" * 32, "service_id": "key", "project": "studio"}
    return State(**{**mine, **changed}, serial=1)  # type: ignore[arg-type]


def test_a_state_of_this_very_project_is_used_and_none_is_fine() -> None:
    check_state(state(), OWNER, CATALOG)
    check_state(None, OWNER, CATALOG)


@pytest.mark.parametrize(
    ("changed", "noun"),
    [
        ({"account_id": "b" * 32}, "account"),
        ({"service_id": "another-key"}, "API key"),
        ({"project": "other"}, "project"),
        ({"catalog_id": "d" * 32}, "catalog"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_state_of_somebody_else_is_refused_and_never_tells_an_api_key(changed: dict[str, str], noun: str) -> None:
    with pytest.raises(Failure) as refused:
        check_state(state(**changed), OWNER, CATALOG)
    (said,) = refused.value.diagnostics
    assert (said.code, refused.value.exit_code) == ("LRP305", ExitCode.CREDENTIALS)
    assert noun in said.what
    assert "another-key" not in f"{said.what} {said.why} {said.hint}"


def test_who_changed_the_name_of_the_project_is_told_the_one_that_it_had() -> None:
    with pytest.raises(Failure) as refused:
        check_state(state(project="other"), OWNER, CATALOG)
    (said,) = refused.value.diagnostics
    assert said.why == f"It was written for project other, not {OWNER.project}; ids depend on it."
    assert said.hint.startswith("write `project: other` again; to leave its albums alone, begin another project")
    assert "credentials" not in said.hint


def test_a_state_of_another_api_key_is_told_in_plain_words() -> None:
    with pytest.raises(Failure) as refused:
        check_state(state(service_id="another-key"), OWNER, CATALOG)
    (said,) = refused.value.diagnostics
    assert said.why == "It was written for another API key; ids depend on it."
    assert said.hint.startswith("use the right credentials; for another API key begin")


def test_a_state_that_remembers_nothing_is_of_nobody() -> None:
    """It comes from runs that were refused, perhaps with the wrong credentials."""
    check_state(evolve(state(account_id="b" * 32), serial=0), OWNER, CATALOG)


# --- listings that lag ---

MANIFEST = """\
lrplan: 1
sets:
  travel: {name: Travel}
albums:
  iceland: {name: Iceland, members: []}
"""


def manifest() -> Manifest:
    project = SourceText("lrplan.yaml", b"lrplan: 1\nproject: studio\n")
    parsed, said = parse_manifests(project, [SourceText("manifests/a.yaml", MANIFEST.encode())])
    assert parsed is not None, said
    return parsed


class Behind(MemoryCatalog):
    """Lists the albums of another time, and hides the members of some albums for some readings."""

    listed: tuple[Album, ...] | None = None
    hidden: dict[AlbumId, int] = {}  # noqa: RUF012 - each test sets its own

    async def albums(self) -> tuple[Album, ...]:
        return await super().albums() if self.listed is None else self._answered("albums", self.listed)

    async def members(self, album_id: AlbumId) -> MemberListing | None:
        left = self.hidden.get(album_id, 0)
        self.hidden = {**self.hidden, album_id: left - 1}
        return self._answered("members", None) if left > 0 else await super().members(album_id)


def read(catalog: MemoryCatalog, binding: Binding | None = None) -> tuple[Snapshot, FakeClock]:
    clock = FakeClock()
    around = Surroundings(
        service=catalog,
        service_id=scene.KEY,
        memory=MemoryInMemory(),
        files=GivenFiles(),
        clock=clock,
        events=KeptEvents(),
    )
    bindings = {ALBUM: binding} if binding is not None else {}
    live = catalog.world
    known = State(
        account_id=live.account.id,
        catalog_id=live.catalog.id,
        service_id=scene.KEY,
        project="studio",
        bindings=bindings,
    )
    reading = asyncio.run(read_catalog(manifest(), {}, Inventory(), scene.KEY, known, around))
    return reading.snapshot, clock


BOTH = world(album(OLD), album(NEW), members={OLD: listing(1), NEW: listing(1, 2)})


def test_an_album_that_is_remembered_is_found_although_it_is_not_listed() -> None:
    catalog = Behind(BOTH)
    catalog.listed = ()
    assert read(catalog, Binding(album_id=OLD, generation=0))[0].albums.keys() == {OLD}


def test_the_newest_generation_that_was_ever_used_is_found_although_it_is_not_listed() -> None:
    catalog = Behind(BOTH)
    catalog.listed = (album(OLD),)
    found, _ = read(catalog, Binding(album_id=OLD, generation=1))
    assert found.albums.keys() == {OLD, NEW}
    assert found.members.keys() == {OLD, NEW}


def test_a_generation_that_is_not_proven_to_be_used_is_not_asked_for() -> None:
    for generation in (-1, 0):
        catalog = MemoryCatalog(world(album(OLD)))
        found, _ = read(catalog, Binding(album_id=OLD, generation=generation))
        assert found.calls == 2 + 1 + 1  # account and catalog, albums, members


@pytest.mark.parametrize("kind", ["albums", "sets"])
def test_an_older_generation_that_is_listed_but_not_there_any_more_does_not_count(kind: str) -> None:
    old, new = (album(OLD), album(NEW)) if kind == "albums" else (a_set(OLD_SET), a_set(NEW_SET))
    catalog = Behind(world(new))
    catalog.listed = (old, new)
    assert read(catalog)[0].albums.keys() == {new.id}


def test_older_generations_that_are_there_count() -> None:
    assert read(MemoryCatalog(world(a_set(OLD_SET), a_set(NEW_SET))))[0].albums.keys() == {OLD_SET, NEW_SET}


def test_photos_of_an_album_that_are_listed_late_are_waited_for() -> None:
    catalog = Behind(world(album(OLD), members={OLD: listing(1)}))
    catalog.hidden = {OLD: 2}
    found, clock = read(catalog)
    assert found.members[OLD] == listing(1)
    assert clock.slept_s == sum(LAG_WAITS_S[:2])


def test_an_album_whose_photos_are_never_listed_is_not_taken_for_gone() -> None:
    catalog = Behind(world(album(OLD)))
    catalog.hidden = {OLD: 100}
    with pytest.raises(Failure) as refused:
        read(catalog)
    assert [said.code for said in refused.value.diagnostics] == ["LRP802"]


def test_an_album_that_went_between_two_readings_is_gone() -> None:
    catalog = Behind(world(album(OLD)))
    catalog.listed = (album(OLD),)
    catalog.edit(albums={})
    found, clock = read(catalog)
    assert (found.albums, clock.slept_s) == ({}, 0)
