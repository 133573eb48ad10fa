"""
Sign-ins on this machine: in the system's keyring where there is one, else in a file that only its owner may read.

    credentials.json    every sign-in; those whose secrets lie in the keyring without them
    credentials.lock    held while credentials.json is replaced
    locks/<hash>.lock   held while one sign-in is renewed, over the request and until its outcome is durable

The file is replaced whole, beside, fsynced and renamed, so that no cut loses a refresh token that was stored. A new
sign-in goes to the keyring if the library is installed and has a keyring to speak to; one that exists stays where it
is.

The surprising case: a keyring promises nothing, so what was written to it is read back before it counts as kept.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import stat
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Literal

from lrplan.diagnostics import Failure, SourceSpan, error
from lrplan.formats.sign_in import Kept, decode_sign_in, decode_sign_ins, encode_sign_in, encode_sign_ins
from lrplan.model.ids import ServiceId
from lrplan.model.sign_in import SignIn, Slot, is_over
from lrplan.ports import Clock
from lrplan.storage.disk import Disk, make_folder, remove_leftovers, replace_file
from lrplan.storage.failures import reason_of

FILE = "credentials.json"
PATIENCE_S = 120.0  # ours: a renewal with all its retries takes less
_PAUSE_S = 0.1  # ours: between two looks at a lock that another process holds
_PRIORITY_MIN = 1  # keyring, "Backend priority": from 1 on a keyring is recommended
_SERVICE = "lrplan"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_BEGIN_ANEW = "move it away, then sign in again: lrplan auth login"
_BYTES_MAX = 16 * 2**20  # ours: thousands of sign-ins

Place = Literal["auto", "keyring", "file"]


class LocalTokens:
    """Implements the `TokenStore` port in one folder and the keyring of its user."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock,
        place: Place = "auto",
        disk: Disk | None = None,
        keyring: Callable[[], ModuleType | None] | None = None,
    ) -> None:
        """Name the folder; nothing is touched yet.

        Args:
            place: Where sign-ins are to go that are saved here; `auto` as the module says.
            keyring: Gives the library when it has a keyring to speak to, else None.
        """
        self._folder = folder
        self._file = folder / FILE
        self._clock = clock
        self._place = place
        self._disk = disk or Disk()
        self._keyring = keyring or usable_keyring

    def find(self, slot: Slot) -> SignIn | None:
        """The sign-in at *slot*; None when there is none. Failure LRP106, LRP107, LRP306."""
        kept = self._at(slot)
        if kept is None or not kept.in_keyring:
            return kept.sign_in if kept is not None else None
        text = self._keyring_get(slot)
        return decode_sign_in(text, place="the keyring") if text is not None else None

    def api_keys(self, issuer: str) -> tuple[ServiceId, ...]:
        """The API keys with which somebody has signed in at *issuer*, sorted."""
        slots = (kept.sign_in.slot for kept in self._read())
        return tuple(sorted({slot.api_key for slot in slots if slot.issuer == issuer and not slot.origin}))

    def where(self, slot: Slot) -> str:
        """Where the sign-in at *slot* is kept, or would be."""
        return "the keyring" if self._goes_to_keyring(slot) else str(self._file)

    def prove(self, slot: Slot) -> None:
        """See that `save` would work now: everything that it does is done with what is there already."""
        with self._changing() as entries:
            self._write(entries)
        if self._goes_to_keyring(slot):
            text = self._keyring_get(slot)
            name = _name(slot)
            self._keyring_set(name if text is not None else f"{name} (trial)", text or "trial")
            if text is None:
                self._keyring_delete(f"{name} (trial)")

    def save(self, sign_in: SignIn, *, now: str) -> None:
        """Keep *sign_in*; durable when this returns. What came from a token in the environment and is over goes."""
        slot = sign_in.slot
        in_keyring = self._goes_to_keyring(slot)
        if in_keyring:
            self._keyring_set(_name(slot), encode_sign_in(sign_in))
        with self._changing() as entries:
            before = next((kept for kept in entries if kept.sign_in.slot == slot), None)
            rest = [kept for kept in entries if kept.sign_in.slot != slot and not _is_left_over(kept.sign_in, now)]
            if not (in_keyring and before is not None and before.in_keyring and len(rest) + 1 == len(entries)):
                self._write([*rest, Kept(sign_in=sign_in, in_keyring=in_keyring)])
        if before is not None and before.in_keyring and not in_keyring:
            self._keyring_delete(_name(slot))

    def remove(self, slot: Slot) -> bool:
        """Forget the sign-in at *slot*; False when there was none."""
        if not self._file.exists():
            return False
        with self._changing() as entries:
            kept = next((one for one in entries if one.sign_in.slot == slot), None)
            if kept is None:
                return False
            if kept.in_keyring:
                self._keyring_delete(_name(slot))
            self._write([one for one in entries if one.sign_in.slot != slot])
        return True

    @asynccontextmanager
    async def hold(self, slot: Slot) -> AsyncIterator[None]:
        """Keep every other process from renewing this sign-in.

        Raises:
            Failure: LRP306, the lock cannot be made, or another process holds it for longer than a renewal can take.
        """
        locks = self._folder / "locks"
        path = locks / f"{hashlib.sha256(_name(slot).encode()).hexdigest()[:32]}.lock"
        with self._storing():
            self._make_folder()
            make_folder(self._disk, locks)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            until = self._clock.monotonic() + PATIENCE_S
            while not _locked(descriptor):
                if self._clock.monotonic() >= until:
                    raise _store_failure(
                        "another lrplan has been renewing this sign-in for too long",
                        str(path),
                        f"For {PATIENCE_S:.0f} seconds it has not come to an end.",
                        "see what that process waits for, or end it; the lock ends with it",
                    )
                await self._clock.sleep(_PAUSE_S)
            yield
        finally:
            os.close(descriptor)

    # -- the file

    def _at(self, slot: Slot) -> Kept | None:
        return next((kept for kept in self._read() if kept.sign_in.slot == slot), None)

    def _read(self) -> tuple[Kept, ...]:
        content = _private(self._file)
        return decode_sign_ins(content, file=str(self._file)) if content is not None else ()

    @contextmanager
    def _changing(self) -> Iterator[tuple[Kept, ...]]:
        """The entries, for as long as nobody else may replace the file."""
        with self._storing():
            self._make_folder()
            descriptor = os.open(
                self._file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
            )
        try:
            with self._storing():
                fcntl.flock(descriptor, fcntl.LOCK_EX)  # held for one replacement of a small file
                remove_leftovers(self._folder, FILE)
            yield self._read()
        finally:
            os.close(descriptor)

    def _write(self, entries: "list[Kept] | tuple[Kept, ...]") -> None:
        content = encode_sign_ins(tuple(entries))
        with self._storing():
            replace_file(self._disk, self._file, content, mode=0o600)

    def _make_folder(self) -> None:
        if not self._folder.is_dir():
            make_folder(self._disk, self._folder.parent)
            with contextlib.suppress(FileExistsError):
                self._folder.mkdir(mode=0o700)

    @contextmanager
    def _storing(self) -> Iterator[None]:
        try:
            yield
        except OSError as problem:
            raise _store_failure(
                "the sign-in cannot be stored",
                str(self._file),
                f"{reason_of(problem)} A refresh token is spent by its use, so it is used only where its successor can"
                " be kept.",
                "make the folder writable, or set XDG_CONFIG_HOME to one that is",
            ) from problem

    # -- the keyring

    def _goes_to_keyring(self, slot: Slot) -> bool:
        if self._place != "auto":
            return self._place == "keyring"
        kept = self._at(slot)
        return kept.in_keyring if kept is not None else self._keyring() is not None

    def _library(self) -> ModuleType:
        library = self._keyring()
        if library is None:
            raise _store_failure(
                "there is no keyring to speak to",
                "the keyring",
                "The library keyring is not installed, or finds no keyring that is unlocked for this session.",
                "install it with `pip install 'lrplan[keyring]'`, or sign in with `lrplan auth login --store file`",
            )
        return library

    def _keyring_get(self, slot: Slot) -> str | None:
        library = self._library()
        with _speaking():
            text: str | None = library.get_password(_SERVICE, _name(slot))
        return text

    def _keyring_set(self, name: str, text: str) -> None:
        library = self._library()
        with _speaking():
            library.set_password(_SERVICE, name, text)
            is_kept = library.get_password(_SERVICE, name) == text
        if not is_kept:
            why = "What was written to it did not come back."
            raise _store_failure("the keyring does not keep the sign-in", "the keyring", why, _FILE_HINT)

    def _keyring_delete(self, name: str) -> None:
        library = self._library()
        with contextlib.suppress(Exception):  # whatever backends raise for what is gone already
            library.delete_password(_SERVICE, name)


_FILE_HINT = "unlock the keyring, or sign in with `lrplan auth login --store file`"


def usable_keyring() -> ModuleType | None:
    """The library keyring, if it is installed and has found a keyring that it recommends."""
    try:
        import keyring

        return keyring if keyring.get_keyring().priority >= _PRIORITY_MIN else None
    except Exception:  # noqa: BLE001 - no library, or a backend that cannot even tell how good it is
        return None


@contextmanager
def _speaking() -> Iterator[None]:
    try:
        yield
    except Exception as problem:  # noqa: BLE001 - backends raise what they like
        # Its words are its own: backends of several makers raise what they like, with what they like in it.
        why = f"The library keyring ends with {type(problem).__name__}."
        raise _store_failure("the keyring cannot be used", "the keyring", why, _FILE_HINT) from None


def _private(path: Path) -> bytes | None:
    """The bytes of a file that only its owner may read, None when there is none. Failure LRP306 for any other file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            found = os.fstat(descriptor)
            if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & _OTHERS:
                with open(descriptor, "rb", closefd=False) as file:
                    return file.read(_BYTES_MAX)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return None
    except OSError as problem:
        if problem.errno == errno.ELOOP:
            raise _unsafe(path, "It is a symbolic link.", "remove the link, and put the file itself there") from None
        raise _store_failure("the stored sign-in cannot be read", str(path), reason_of(problem), "") from problem
    if not stat.S_ISREG(found.st_mode):
        raise _unsafe(path, "It is not a regular file.", _BEGIN_ANEW)
    if found.st_uid != os.geteuid():
        raise _unsafe(path, "It belongs to somebody else.", _BEGIN_ANEW)
    why = f"Others than its owner have access to it (mode {stat.S_IMODE(found.st_mode):04o})."
    raise _unsafe(path, why, f"chmod 600 {path}; if somebody may have read it, sign out and in again")


def _unsafe(path: Path, why: str, hint: str) -> Failure:
    return _store_failure("the file with the sign-in is not safe", str(path), why, hint)


def _store_failure(what: str, place: str, why: str, hint: str) -> Failure:
    return Failure(error("LRP306", what, span=SourceSpan(file=place, line=0, column=1), why=why, hint=hint))


def _is_left_over(sign_in: SignIn, now: str) -> bool:
    return bool(sign_in.slot.origin) and is_over(sign_in.refresh_expires_at, now)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _name(slot: Slot) -> str:
    return " ".join(filter(None, (slot.issuer, slot.api_key, slot.origin)))
