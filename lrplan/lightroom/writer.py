"""
Sending one write and understanding the answer: the only module that knows which request a write is.

Refusals that may pass have been retried below; what arrives here is final. The status decides first, then code and
body. Nothing here deletes an asset, takes a photo out of an album or deletes an album's children: there is no
documented call for the first two, and the last is never planned.

The surprising case: adding photos may succeed in part under 201 and fail in part under 403, and the body lists each
photo that was not added. Being a member already is what was wanted, also where every photo of the call was one.
"""

from collections.abc import Mapping
from typing import assert_never

from attrs import evolve

from lrplan.lightroom import payloads, wire
from lrplan.lightroom.call import JSON, Call, Reply, Upload, target_of
from lrplan.lightroom.listing import MEMBERS
from lrplan.lightroom.pictures import ASSET, DEVELOP, XMP
from lrplan.lightroom.problem import NOT_PERMITTED
from lrplan.lightroom.reader import ALBUM, Reader
from lrplan.lightroom.session import Session
from lrplan.plan.write import (
    Absent,
    Accepted,
    Answer,
    CopyDevelop,
    Exists,
    OriginalExists,
    PartlyAccepted,
    PostAlbum,
    PostRenditions,
    PutAlbum,
    PutAsset,
    PutDevelop,
    PutMembers,
    PutOriginal,
    Refused,
    RefusedPhoto,
    RemoveAlbum,
    Write,
)
from lrplan.ports import Originals

ORIGINAL = "/v2/catalogs/{catalog_id}/assets/{asset_id}/master"
RENDITIONS = "/v2/catalogs/{catalog_id}/assets/{asset_id}/renditions"


class Writer:
    """The writing calls of one session."""

    def __init__(self, session: Session, reader: Reader, originals: Originals) -> None:
        self._session = session
        self._reader = reader
        self._originals = originals

    async def send(self, write: Write, *, stamp: str) -> Answer:
        """Send one request, with retries where the service asks for them, and say what it answered.

        Args:
            stamp: UTC instant, ISO 8601 with Z, for the stamps that clients must set.

        Raises:
            Failure: LRP301 to LRP304, LRP801 to LRP803, or LRP502 from the original's stream.
        """
        match write:
            case PutAlbum():
                return await self._put_album(write, stamp)
            case PostAlbum():
                return await self._post_album(write, stamp)
            case RemoveAlbum():
                return await self._remove_album(write)
            case PutMembers():
                return await self._put_members(write)
            case PutAsset():
                return await self._put_asset(write, stamp)
            case PutOriginal():
                return await self._put_original(write)
            case PutDevelop() | CopyDevelop():
                return await self._put_develop(write)
            case PostRenditions():
                return await self._post_renditions(write)
            case _:
                assert_never(write)

    async def _put_album(self, write: PutAlbum, stamp: str) -> Answer:
        body = payloads.created_album(write, service_id=self._session.credentials.api_key, stamp=stamp)
        reply = await self._json("PUT", ALBUM, {"album_id": write.album_id}, body)
        if _exists(reply):
            return Exists(request_id=reply.request_id)
        return Accepted(request_id=reply.request_id) if reply.is_success else _refused(reply)

    async def _post_album(self, write: PostAlbum, stamp: str) -> Answer:
        reply = await self._json(
            "POST", ALBUM, {"album_id": write.current.id}, payloads.updated_album(write, stamp=stamp)
        )
        return _done_or_absent(reply, owner=self._session.cleaned(write.current.service_id or ""))

    async def _remove_album(self, write: RemoveAlbum) -> Answer:
        ids = {"catalog_id": await self._reader.catalog_id(), "album_id": write.album_id}
        return _done_or_absent(
            await self._session.send(Call(method="DELETE", route=ALBUM, target=target_of(ALBUM, ids)), _looked_at)
        )

    async def _put_members(self, write: PutMembers) -> Answer:
        ids = {"catalog_id": await self._reader.catalog_id(), "album_id": write.album_id}
        call = Call(
            method="PUT",
            route=MEMBERS,
            target=target_of(MEMBERS, ids),
            headers={"Content-Type": JSON},
            body=wire.body_of(payloads.added_members(write.entries)),
        )
        reply = await self._session.send(call, self._member_problems)
        if reply.is_success:
            problems = reply.value if isinstance(reply.value, tuple) else ()
            refused = _refused_photos(write, problems)
            return PartlyAccepted(refused=refused, request_id=reply.request_id) if refused else _accepted(reply)
        if reply.status == 404 and not (reply.problem and reply.problem.about & {"asset", "assets"}):
            return Absent(request_id=reply.request_id)
        if reply.status != 403:
            return _refused(reply)
        try:
            return _members_forbidden(write, reply, self._member_problems(reply.body))
        except wire.NotJson:
            return _members_forbidden(write, reply, ())

    def _member_problems(self, body: bytes) -> tuple[wire.MemberProblem, ...]:
        # A 201 without any body lists no refusals.
        problems = wire.member_problems(body) if body.strip() else ()
        return tuple(evolve(problem, words=self._session.cleaned(problem.words)) for problem in problems)

    async def _put_asset(self, write: PutAsset, stamp: str) -> Answer:
        account_id = await self._reader.account_id()
        api_key = self._session.credentials.api_key
        body = payloads.created_asset(write, service_id=api_key, account_id=account_id, stamp=stamp)
        headers = {"If-None-Match": write.original.sha256}
        reply = await self._json("PUT", ASSET, {"asset_id": write.asset_id}, body, headers)
        if reply.status == 412:
            return OriginalExists(asset_id=wire.existing_asset(reply.body), request_id=reply.request_id)
        if _exists(reply):
            return Exists(request_id=reply.request_id)
        return _done_or_absent(reply)

    async def _put_original(self, write: PutOriginal) -> Answer:
        original = write.original
        # The service may be told which renditions and metadata to make of an original, in headers that all parts must
        # share. None of their values is documented, so none is sent with any part.
        headers = {"Content-Type": original.content_type}
        if write.content_range:
            headers["Content-Range"] = write.content_range
        ids = {"catalog_id": await self._reader.catalog_id(), "asset_id": write.asset_id}
        upload = Upload(open=lambda: self._originals.part(original, write.part), size_bytes=write.size_bytes)
        call = Call(method="PUT", route=ORIGINAL, target=target_of(ORIGINAL, ids), headers=headers, body=upload)
        reply = await self._session.send(call, _looked_at)
        if reply.status == 412 or _exists(reply):
            return Exists(request_id=reply.request_id)
        return _done_or_absent(reply)

    async def _put_develop(self, write: PutDevelop | CopyDevelop) -> Answer:
        catalog_id = await self._reader.catalog_id()
        if isinstance(write, PutDevelop):
            body, content_type = write.xmp, XMP
        else:
            body, content_type = wire.body_of(payloads.copied_develop(write.source, catalog_id=catalog_id)), JSON
        call = Call(
            method="PUT",
            route=DEVELOP,
            target=target_of(DEVELOP, {"catalog_id": catalog_id, "asset_id": write.asset_id}),
            headers={"Content-Type": content_type},
            body=body,
        )
        reply = await self._session.send(call, _looked_at)
        return Exists(request_id=reply.request_id) if _exists(reply) else _done_or_absent(reply)

    async def _post_renditions(self, write: PostRenditions) -> Answer:
        ids = {"catalog_id": await self._reader.catalog_id(), "asset_id": write.asset_id}
        kinds = ",".join(kind.value for kind in write.kinds)
        call = Call(
            method="POST",
            route=RENDITIONS,
            target=target_of(RENDITIONS, ids),
            headers={"X-Generate-Renditions": kinds},
        )
        return _done_or_absent(await self._session.send(call, _looked_at))

    async def _json(
        self,
        method: str,
        route: str,
        ids: Mapping[str, str],
        body: payloads.Json,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        target = target_of(route, {"catalog_id": await self._reader.catalog_id(), **ids})
        headers = {"Content-Type": JSON, **(headers or {})}
        call = Call(method=method, route=route, target=target, headers=headers, body=wire.body_of(body))
        return await self._session.send(call, _looked_at)


def _looked_at(body: bytes) -> None:
    """See that a 2xx comes from the service: it sends JSON or nothing that matters, others send pages of HTML."""
    if body.lstrip().startswith(b"<") or (wire.begins_as_json(body) and wire.tree(body) is None):
        raise wire.flaw_of(body)


def _members_forbidden(write: PutMembers, reply: Reply, problems: tuple[wire.MemberProblem, ...]) -> Answer:
    """403: nothing was added, either for a reason of each photo or for one of the album or the whole call."""
    if not problems:
        if _exists(reply):
            return _accepted(reply)
        return _refused(reply)
    named = {problem.asset_id for problem in problems}
    refused = _refused_photos(write, problems)
    # A photo that a 403 does not name was not added either, and nobody says why.
    refused += tuple(
        RefusedPhoto(asset_id=entry.asset_id, why="the service added none and gave no reason for this one")
        for entry in write.entries
        if entry.asset_id not in named
    )
    return PartlyAccepted(refused=refused, request_id=reply.request_id) if refused else _accepted(reply)


def _refused_photos(write: PutMembers, problems: tuple[wire.MemberProblem, ...]) -> tuple[RefusedPhoto, ...]:
    whys: dict[str, str] = {}
    for problem in problems:
        if not problem.exists and problem.asset_id not in whys:
            nameless = f"code {problem.code}" if problem.code else "no reason given"
            whys[problem.asset_id] = problem.words or nameless
    return tuple(
        RefusedPhoto(asset_id=entry.asset_id, why=whys[entry.asset_id])
        for entry in write.entries
        if entry.asset_id in whys
    )


def _exists(reply: Reply) -> bool:
    return reply.status == 403 and reply.problem is not None and reply.problem.exists


def _accepted(reply: Reply) -> Accepted:
    return Accepted(request_id=reply.request_id)


def _done_or_absent(reply: Reply, *, owner: str = "") -> Answer:
    if reply.is_success:
        return _accepted(reply)
    return Absent(request_id=reply.request_id) if reply.status == 404 else _refused(reply, owner=owner)


def _refused(reply: Reply, *, owner: str = "") -> Refused:
    """A lasting refusal; 413 alone ends the run, whatever its code, which stands for other refusals too."""
    problem = reply.problem
    why = problem.words if problem else "no reason given"
    if reply.status == 403 and problem is not None and problem.code == NOT_PERMITTED:
        who = f"made it: {owner}" if owner else "made it"
        why = f"{why}; only the API key that {who} may change it, and only projects and their sets"
    return Refused(status=reply.status, why=why, ends_run=reply.status == 413, request_id=reply.request_id)
