"""
What the laws know of `whenGone`, `protect` and `paused`: said without any code of the planner.

What an entry says for the time after it counts once it is applied. Where an apply did not come to its end, nobody can
tell whether it did: then more than one thing may be so, and the laws ask for nothing that only one of them would do.
"""

from collections.abc import Iterable, Set

from lrplan.manifest.entries import AlbumEntry, Manifest, SetEntry
from lrplan.model.address import Address, album_address, set_address
from lrplan.model.ids import AlbumId, address_bits, owner_bits, read_album_id
from lrplan.model.snapshot import Snapshot
from tests.strategies import ALBUM_KEYS, OWNER, SET_KEYS

ADDRESSES: tuple[Address, ...] = (*map(set_address, SET_KEYS), *map(album_address, ALBUM_KEYS))


def generations_of(address: Address, world: Snapshot) -> tuple[AlbumId, ...]:
    """The live albums of *address*, the newest first."""
    found = []
    for one in world.albums:
        derived = read_album_id(one)
        if (
            derived is not None
            and derived.owner_bits == owner_bits(OWNER)
            and derived.address_bits == address_bits(address)
        ):
            found.append((derived.generation, one))
    return tuple(one for _, one in sorted(found, reverse=True))


def address_of(album: AlbumId) -> Address | None:
    """The address that an album is of, if it is this project's."""
    derived = read_album_id(album)
    if derived is None or derived.owner_bits != owner_bits(OWNER):
        return None
    return next((one for one in ADDRESSES if address_bits(one) == derived.address_bits), None)


def entry_at(address: Address, manifest: Manifest) -> SetEntry | AlbumEntry | None:
    """What *manifest* says of *address*, be it by the key that its entry has since."""
    now = next((one for one in manifest.former if first_address(one, manifest) == address), address)
    return manifest.sets.get(now) or manifest.albums.get(now)


def first_address(address: Address, manifest: Manifest) -> Address:
    """The address that the entry at *address* had before *manifest* moved it, by which the laws know it."""
    return manifest.former.get(address, (address,))[-1]


def held_in(manifest: Manifest, world: Snapshot) -> frozenset[Address]:
    """The entries to which nothing may be done: paused ones, and those in a paused set that is not in *world* yet."""
    return frozenset(
        a for a in ADDRESSES if (one := entry_at(a, manifest)) is not None and _waits(one, manifest, world)
    )


def _waits(entry: SetEntry | AlbumEntry, manifest: Manifest, world: Snapshot) -> bool:
    if entry.paused:
        return True
    if entry.parent is None or entry.parent.value == "/":
        return False
    parent = set_address(entry.parent.value)
    return not generations_of(first_address(parent, manifest), world) and _waits(manifest.sets[parent], manifest, world)


class Lasting:
    """What may be remembered of each address.

    Attributes:
        when_gone, protect: Everything that may have been applied last; nothing for what was never declared.
        away: Those that were let go, or marked, when their entry went, which has not come back.
        unsure: Those of which nobody can tell whether they were.
        was_protected, was_away: Which certainly were, when the last plan was made; *was_unsure*: which perhaps.
    """

    def __init__(self) -> None:
        self.when_gone: dict[Address, set[str]] = {}
        self.protect: dict[Address, set[bool]] = {}
        self.away: set[Address] = set()
        self.unsure: set[Address] = set()
        self.was_protected: frozenset[Address] = frozenset()
        self.was_away: frozenset[Address] = frozenset()
        self.was_unsure: frozenset[Address] = frozenset()

    def begin(self) -> None:
        """A plan is made."""
        self.was_protected = frozenset(address for address, may in self.protect.items() if may == {True})
        self.was_away, self.was_unsure = frozenset(self.away), frozenset(self.unsure)

    def end(self, manifest: Manifest, held: Set[Address], live: Iterable[Address], *, is_whole: bool) -> None:
        """An apply ended; not *is_whole*: it was cut, or did not do everything."""
        there = set(live)
        for address in ADDRESSES:
            entry = entry_at(address, manifest)
            if not is_whole:
                self.unsure.add(address)
            elif entry is None or address not in held:
                self.unsure.discard(address)
            if entry is None:
                if is_whole and address in there and self.when_gone.get(address, {"delete"}) <= {"keep", "tombstone"}:
                    self.away.add(address)
                elif is_whole and address not in there:
                    self._forget(address)
                continue
            if address in held:
                continue
            self.away.discard(address)
            when_gone = entry.when_gone.value.value if entry.when_gone is not None else "delete"
            before = set() if is_whole else self.when_gone.get(address, {"delete"})
            self.when_gone[address] = {when_gone, *before}
            protect = self.protect.get(address, {False})
            if entry.protect is not None:
                self.protect[address] = {entry.protect.value, *(set() if is_whole else protect)}

    def _forget(self, address: Address) -> None:
        """It is neither declared nor there."""
        self.away.discard(address)
        self.when_gone.pop(address, None)
        self.protect.pop(address, None)

    def may_be_protected(self, address: Address, manifest: Manifest) -> bool:
        """Whether a plan that takes the album at *address* away may be refused."""
        entry = entry_at(address, manifest)
        says_so = entry is not None and entry.protect is not None and entry.protect.value
        return says_so or True in self.protect.get(address, ())

    def stays(self, address: Address) -> bool:
        """Whether what is at *address* stays, now that its entry is gone."""
        return self.when_gone.get(address, {"delete"}) <= {"keep", "tombstone"}

    def goes(self, address: Address) -> bool:
        """Whether it certainly goes."""
        return self.when_gone.get(address, {"delete"}) == {"delete"}

    def is_marked_now(self, address: Address) -> bool:
        """Whether the last apply, if it did everything, had to mark it as deleted."""
        known = address not in self.was_away | self.was_unsure
        return known and self.when_gone.get(address) == {"tombstone"}
