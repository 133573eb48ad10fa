"""The store of sign-ins: who may read it, what survives, what a keyring may do, and two who renew at once."""

import asyncio
import errno
import os
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from attrs import define, evolve, field

from lrplan.diagnostics import ExitCode, Failure
from lrplan.model.ids import ServiceId
from lrplan.model.sign_in import AccessToken, SignIn, Slot, after, origin_of
from lrplan.storage.tokens import FILE, LocalTokens, usable_keyring
from tests.unit.lightroom.stage import FakeClock
from tests.unit.storage.watched import Watched

NOW = "2026-05-01T10:00:00.000000Z"
ISSUER = "https://ims.example"
SLOT = Slot(api_key=ServiceId("key"), issuer=ISSUER)
SIGN_IN = SignIn(
    slot=SLOT, access=AccessToken(value="marked-access"), refresh_token="marked-refresh", client_secret="marked-secret"
)


@define
class FakeKeyring:
    """The library keyring, as far as it is used. *mood*: what it does with what it is told."""

    kept: dict[tuple[str, str], str] = field(factory=dict)
    mood: str = "good"

    def get_password(self, service: str, name: str) -> str | None:
        self._speak()
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, text: str) -> None:
        self._speak()
        if self.mood != "forgetful":
            self.kept[service, name] = text

    def delete_password(self, service: str, name: str) -> None:
        self._speak()
        del self.kept[service, name]

    def _speak(self) -> None:
        if self.mood == "locked":
            raise RuntimeError("marked-words of a backend")


def tokens(folder: Path, keyring: FakeKeyring | None = None, **more: Any) -> LocalTokens:
    return LocalTokens(folder / "lrplan", clock=FakeClock(), keyring=lambda: keyring, **more)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=["file", "keyring"])
def keyring(request: pytest.FixtureRequest) -> FakeKeyring | None:
    return FakeKeyring() if request.param == "keyring" else None


def test_what_was_saved_is_found_by_the_next_process_and_by_its_slot_only(
    tmp_path: Path, keyring: FakeKeyring | None
) -> None:
    tokens(tmp_path, keyring).save(SIGN_IN, now=NOW)
    other = tokens(tmp_path, keyring)
    assert other.find(SLOT) == SIGN_IN
    assert other.find(evolve(SLOT, issuer="https://else.example")) is None
    assert other.find(evolve(SLOT, api_key=ServiceId("other"))) is None
    assert other.find(evolve(SLOT, origin=origin_of("x"))) is None
    assert other.api_keys(ISSUER) == ("key",)
    assert other.api_keys("https://else.example") == ()


def test_saving_replaces_and_removing_forgets(tmp_path: Path, keyring: FakeKeyring | None) -> None:
    store = tokens(tmp_path, keyring)
    assert not store.remove(SLOT)
    store.save(SIGN_IN, now=NOW)
    newer = evolve(SIGN_IN, refresh_token="next")
    store.save(newer, now=NOW)
    second = evolve(SIGN_IN, slot=evolve(SLOT, api_key=ServiceId("second")))
    store.save(second, now=NOW)
    assert store.find(SLOT) == newer
    assert store.api_keys(ISSUER) == ("key", "second")
    assert store.remove(SLOT)
    assert not store.remove(SLOT)
    assert store.find(SLOT) is None
    assert store.find(second.slot) == second


def test_only_its_owner_may_read_the_file_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        tokens(tmp_path).save(SIGN_IN, now=NOW)
    finally:
        os.umask(before)
    assert mode(tmp_path / "lrplan") == 0o700
    assert {mode(file) for file in (tmp_path / "lrplan").iterdir() if file.is_file()} == {0o600}


@pytest.mark.parametrize("bits", [0o640, 0o604, 0o660, 0o610, 0o602, 0o644])
def test_a_file_that_others_may_touch_is_refused(tmp_path: Path, bits: int) -> None:
    store = tokens(tmp_path)
    store.save(SIGN_IN, now=NOW)
    (tmp_path / "lrplan" / FILE).chmod(bits)
    for act in (lambda: store.find(SLOT), lambda: store.save(SIGN_IN, now=NOW), lambda: store.prove(SLOT)):
        said = refused(act)
        assert "not safe" in said.what
        assert f"{bits:04o}" in said.why
        assert "chmod 600" in said.hint


def test_a_link_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    store, file = tokens(tmp_path), tmp_path / "lrplan" / FILE
    store.save(SIGN_IN, now=NOW)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert "symbolic link" in refused(lambda: store.find(SLOT)).why
    file.unlink()
    file.mkdir()
    assert "not a regular file" in refused(lambda: store.find(SLOT)).why
    file.rmdir()
    os.mkfifo(file, 0o600)
    assert "not a regular file" in refused(lambda: store.find(SLOT)).why


@pytest.mark.parametrize("number", range(5))
def test_a_cut_at_any_call_to_the_disk_leaves_the_old_sign_in_or_the_new(tmp_path: Path, number: int) -> None:
    tokens(tmp_path).save(SIGN_IN, now=NOW)
    watched = Watched(failures={number: errno.ENOSPC})
    newer = evolve(SIGN_IN, refresh_token="next")
    store = tokens(tmp_path, disk=watched.disk())
    if number < 4:
        assert "No space left" in refused(lambda: store.save(newer, now=NOW)).why
    else:
        store.save(newer, now=NOW)
    renamed = f"rename {FILE}" in watched.calls and watched.calls.index(f"rename {FILE}") != number
    assert tokens(tmp_path).find(SLOT) == (newer if renamed else SIGN_IN)
    assert [path.name for path in (tmp_path / "lrplan").glob(".*")] == []


def test_a_file_is_forced_to_the_disk_before_and_its_folder_after_it_takes_the_name(tmp_path: Path) -> None:
    tokens(tmp_path).save(SIGN_IN, now=NOW)
    watched = Watched()
    tokens(tmp_path, disk=watched.disk()).save(SIGN_IN, now=NOW)
    assert watched.calls == ["write", "sync file", f"rename {FILE}", "sync folder"]


@pytest.mark.parametrize("number", range(4))
def test_a_disk_that_will_not_take_the_successor_is_told_before_anything_is_spent(tmp_path: Path, number: int) -> None:
    tokens(tmp_path).save(SIGN_IN, now=NOW)
    disk = Watched(failures={number: errno.ENOSPC}).disk()
    assert "its successor can be kept" in refused(lambda: tokens(tmp_path, disk=disk).prove(SLOT)).why


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told_before_anything_is_spent(tmp_path: Path) -> None:
    tokens(tmp_path).save(SIGN_IN, now=NOW)
    (tmp_path / "lrplan").chmod(0o500)
    try:
        said = refused(lambda: tokens(tmp_path).prove(SLOT))
    finally:
        (tmp_path / "lrplan").chmod(0o700)
    assert "its successor can be kept" in said.why


def test_a_place_that_is_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "lrplan").write_text("a file")
    said = refused(lambda: tokens(tmp_path).prove(SLOT))
    assert said.code == "LRP306"
    assert said.hint


def test_proving_changes_nothing(tmp_path: Path, keyring: FakeKeyring | None) -> None:
    store = tokens(tmp_path, keyring)
    store.prove(SLOT)
    assert store.find(SLOT) is None
    store.save(SIGN_IN, now=NOW)
    before = (tmp_path / "lrplan" / FILE).read_bytes()
    store.prove(SLOT)
    assert (tmp_path / "lrplan" / FILE).read_bytes() == before
    assert store.find(SLOT) == SIGN_IN
    assert keyring is None or len(keyring.kept) == 1


def test_with_a_keyring_no_secret_lies_in_a_file(tmp_path: Path) -> None:
    keyring = FakeKeyring()
    store = tokens(tmp_path, keyring)
    store.save(SIGN_IN, now=NOW)
    assert store.where(SLOT) == "the keyring"
    assert b"marked" not in b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert "marked-refresh" in "".join(keyring.kept.values())


@pytest.mark.parametrize(("mood", "says"), [("locked", "cannot be used"), ("forgetful", "does not keep")])
def test_a_keyring_that_fails_is_told_before_anything_is_spent_and_without_its_words(
    tmp_path: Path, mood: str, says: str
) -> None:
    keyring = FakeKeyring()
    store = tokens(tmp_path, keyring)
    store.save(SIGN_IN, now=NOW)
    keyring.mood = mood
    keyring.kept = {} if mood == "forgetful" else keyring.kept
    said = refused(lambda: store.prove(SLOT))
    assert says in said.what
    assert "marked" not in repr(said)
    assert "--store file" in said.hint


def test_a_keyring_that_is_gone_is_told_and_one_that_came_moves_nothing(tmp_path: Path) -> None:
    keyring = FakeKeyring()
    tokens(tmp_path, keyring).save(SIGN_IN, now=NOW)
    assert "no keyring" in refused(lambda: tokens(tmp_path, None).find(SLOT)).what
    tokens(tmp_path, keyring).remove(SLOT)
    assert keyring.kept == {}
    tokens(tmp_path, None).save(SIGN_IN, now=NOW)
    tokens(tmp_path, keyring).save(evolve(SIGN_IN, refresh_token="next"), now=NOW)
    assert keyring.kept == {}
    assert tokens(tmp_path, None).find(SLOT) == evolve(SIGN_IN, refresh_token="next")


def test_a_new_sign_in_goes_where_it_is_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    keyring = FakeKeyring()
    tokens(tmp_path, keyring).save(SIGN_IN, now=NOW)
    tokens(tmp_path, keyring, place="file").save(SIGN_IN, now=NOW)
    assert keyring.kept == {}
    assert tokens(tmp_path, None).find(SLOT) == SIGN_IN
    tokens(tmp_path, keyring, place="keyring").save(SIGN_IN, now=NOW)
    assert b"marked" not in (tmp_path / "lrplan" / FILE).read_bytes()
    assert tokens(tmp_path, keyring).find(SLOT) == SIGN_IN


def test_successors_of_a_token_in_the_environment_go_when_they_are_over(tmp_path: Path) -> None:
    store = tokens(tmp_path)
    old = evolve(SIGN_IN, slot=evolve(SLOT, origin=origin_of("old")), refresh_expires_at=after(NOW, days=-1))
    new = evolve(SIGN_IN, slot=evolve(SLOT, origin=origin_of("new")), refresh_expires_at=after(NOW, days=1))
    over = evolve(SIGN_IN, refresh_expires_at=after(NOW, days=-1))
    for one in (over, old, new):
        store.save(one, now=after(NOW, days=-2))
    store.save(new, now=NOW)
    assert store.find(old.slot) is None
    assert store.find(new.slot) == new
    assert store.find(SLOT) == over
    assert store.api_keys(ISSUER) == ("key",)


def test_two_stores_take_turns_at_one_sign_in_and_not_at_two(tmp_path: Path) -> None:
    first, second = tokens(tmp_path), tokens(tmp_path)
    told: list[str] = []

    async def hold(store: LocalTokens, slot: Slot, name: str) -> None:
        async with store.hold(slot):
            told.append(f"{name} in")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            told.append(f"{name} out")

    async def act() -> None:
        await asyncio.gather(hold(first, SLOT, "a"), hold(second, SLOT, "b"))
        other = evolve(SLOT, api_key=ServiceId("other"))
        await asyncio.gather(hold(first, SLOT, "c"), hold(second, other, "d"))

    asyncio.run(act())
    assert told == ["a in", "a out", "b in", "b out", "c in", "d in", "c out", "d out"]


def test_whoever_waits_too_long_for_another_says_so(tmp_path: Path) -> None:
    async def act() -> None:
        async with tokens(tmp_path).hold(SLOT), tokens(tmp_path).hold(SLOT):
            raise AssertionError

    with pytest.raises(Failure) as caught:
        asyncio.run(act())
    assert "for too long" in caught.value.diagnostics[0].what
    assert caught.value.exit_code is ExitCode.CREDENTIALS


@pytest.mark.parametrize(("priority", "usable"), [(5, True), (1, True), (0.5, False), (0, False), (None, False)])
def test_only_a_keyring_that_is_recommended_is_used(
    monkeypatch: pytest.MonkeyPatch, priority: float | None, usable: bool
) -> None:
    library = SimpleNamespace(
        get_keyring=lambda: SimpleNamespace(**({} if priority is None else {"priority": priority}))
    )
    monkeypatch.setitem(__import__("sys").modules, "keyring", library)
    assert (usable_keyring() is library) is usable


def test_the_library_itself_is_spoken_to_rightly(tmp_path: Path) -> None:
    keyring = pytest.importorskip("keyring", reason="the extra keyring is not installed")
    backend = pytest.importorskip("keyring.backend")
    fake = FakeKeyring()
    body = {name: lambda _, *words, name=name: getattr(fake, name)(*words) for name in dir(fake) if "password" in name}
    before = keyring.get_keyring()
    keyring.set_keyring(type("Recommended", (backend.KeyringBackend,), {"priority": 5, **body})())
    try:
        store = LocalTokens(tmp_path / "lrplan", clock=FakeClock())
        store.prove(SLOT)
        store.save(SIGN_IN, now=NOW)
        assert store.find(SLOT) == SIGN_IN
        assert len(fake.kept) == 1
        assert store.remove(SLOT)
        assert fake.kept == {}
    finally:
        keyring.set_keyring(before)


def test_without_the_library_there_is_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "keyring", None)
    assert usable_keyring() is None


def refused(act: Any) -> Any:
    with pytest.raises(Failure) as caught:
        act()
    assert caught.value.exit_code is ExitCode.CREDENTIALS
    (said,) = caught.value.diagnostics
    assert said.code == "LRP306"
    assert "marked" not in repr(said)
    return said
