"""
A short text that changes when what lrplan compares of an album changes: name, parent, publishInfo, cover, members.

Stamps are left out, for the service moves them by itself. A plan carries the fingerprint of every album it starts from;
before the first write to the album it is taken again, and a difference means that somebody was there in between. What
is remembered of an album has one too: there a difference means that another run was there.
"""

import xxhash

from lrplan.model.album import Album, Membership, PublishInfo, without_stamps
from lrplan.model.state import Binding


def fingerprint(album: Album, members: Membership | None) -> str:
    """xxh3-128 over an album and its members, 32 hex digits; *members* is None where they were not read."""
    digest = xxhash.xxh3_128()
    info: PublishInfo = without_stamps(album.publish_info)
    cover = album.cover or (members.cover if members is not None else None)
    _feed(digest, album.id, album.kind.value, album.name, album.parent, cover)
    _feed(digest, info.remote_id, info.view, info.edit, info.service_payload, "deleted" if info.deleted else None)
    if members is None:
        return digest.hexdigest()
    _feed(digest, str(len(members.asset_ids)), members.cover)
    _feed(digest, *members.asset_ids)
    _feed(digest, *members.orders)
    for asset_id in sorted(members.infos):
        member = members.infos[asset_id]
        _feed(digest, asset_id, member.remote_id, member.service_payload)
    return digest.hexdigest()


def combined(fingerprints: tuple[str, ...]) -> str:
    """One fingerprint for several generations of an address; "" for none, itself for one."""
    if len(fingerprints) <= 1:
        return "".join(fingerprints)
    return xxhash.xxh3_128_hexdigest("|".join(fingerprints).encode())


def binding_fingerprint(binding: Binding | None) -> str:
    """xxh3-128 over what is remembered of an address, 32 hex digits; "" for nothing."""
    if binding is None:
        return ""
    digest, applied = xxhash.xxh3_128(), binding.applied
    info = applied.publish_info
    _feed(digest, binding.album_id, str(binding.generation), str(len(binding.put)), *binding.put)
    _feed(digest, *(("listed", *binding.arranged) if binding.arranged is not None else (None,)))
    _feed(digest, *(("seen", *binding.seen) if binding.seen is not None else (None,)))
    _feed(digest, *(text for asset_id in sorted(binding.known_as) for text in (asset_id, binding.known_as[asset_id])))
    _feed(digest, *(text for key in sorted(binding.leaving) for text in (key, str(binding.leaving[key]))))
    _feed(digest, binding.when_gone, str(binding.protect), str(binding.gone))
    _feed(digest, applied.name, applied.parent, applied.order, applied.cover)
    if info is not None:
        _feed(digest, info.remote_id, info.view, info.edit, info.service_payload, str(info.deleted))
        _feed(digest, str(info.version), info.created, info.updated)
    return digest.hexdigest()


def _feed(digest: xxhash.xxh3_128, *texts: str | None) -> None:
    # each text is preceded by its length, and None differs from ""
    parts = []
    for text in texts:
        if text is None:
            parts.append(b"~")
        else:
            encoded = text.encode("utf-8", "surrogatepass")
            parts.append(b"%d:%b" % (len(encoded), encoded))
    digest.update(b"".join(parts) + b"|")
