"""
The story of `lrplan doctor`: one question after the other, each only where those before it make sense.

A question that fails does not end the story. Nothing is changed, but for one thing: what a probe that was cut off has
left on the account is removed, which is what whoever agreed to that probe agreed to.
"""

from attrs import define, evolve, field

from lrplan.diagnostics import Diagnostic, Failure, error
from lrplan.model.album import Album
from lrplan.model.checkup import Check, Checkup, Result, Topic, failed, skipped, well
from lrplan.model.ids import Owner
from lrplan.model.snapshot import Account, Catalog
from lrplan.ports import Claims
from lrplan.workflow import judging
from lrplan.workflow.belongings import albums_check, state_check
from lrplan.workflow.patient import Line, Patient
from lrplan.workflow.throwaway import leftovers_among, remove


async def diagnose(patient: Patient) -> Checkup:
    """Examine everything that planning and applying depend on; never raises `Failure`.

    Returns:
        A line for each question, in the order of `Topic`; that about leftovers only where there were any.
    """
    notes = _Notes(patient=patient)
    notes.add(
        judging.files_check(has_files=patient.has_files, manifest=patient.manifest, said=patient.said),
    )
    await _look_at_service(notes)
    claims = await _look_at_token(notes)
    notes.add(
        judging.scopes_check(claims) if notes.has_token else skipped(Topic.SCOPES, because=notes.broken(Topic.TOKEN)),
    )
    catalog = await _look_at_account(notes)
    await _look_at_belongings(notes, catalog)
    return Checkup(
        at=patient.clock.now(),
        endpoint=patient.endpoint,
        project=patient.project.name if patient.project is not None else "",
        checks=tuple(sorted(notes.checks, key=lambda check: list(Topic).index(check.topic))),
    )


@define
class _Notes:
    """The lines so far, and what was learned on the way."""

    patient: Patient
    checks: list[Check] = field(factory=list)
    account: Account | None = None
    has_token: bool = False

    def add(self, *checks: Check) -> None:
        """Write down one more line."""
        self.checks.extend(checks)

    def broken(self, *topics: Topic) -> Topic | None:
        """The first of *topics* that is not well enough to go on from."""
        bad = {check.topic: check for check in self.checks if check.result in (Result.FAILED, Result.SKIPPED)}
        return next((bad[topic].because or topic for topic in topics if topic in bad), None)

    @property
    def line(self) -> Line:
        """The connection; only asked for where the network line is well."""
        assert self.patient.line is not None
        return self.patient.line


async def _look_at_service(notes: _Notes) -> None:
    """Network, clock and API key: one call that needs no token."""
    patient = notes.patient
    if patient.line is None:
        known = bool(patient.obstacle)
        notes.add(failed(Topic.NETWORK, *patient.obstacle) if known else skipped(Topic.NETWORK, because=Topic.PROJECT))
    else:
        try:
            pulse = await patient.line.examiner.pulse()
        except Failure as failure:
            if _is_about_key(failure):
                notes.add(skipped(Topic.NETWORK, because=Topic.KEY), failed(Topic.KEY, *failure.diagnostics))
            else:
                notes.add(failed(Topic.NETWORK, *failure.diagnostics))
        else:
            version = f", version {pulse.version}" if pulse.version else ""
            facts = {"version": pulse.version or None}
            notes.add(well(Topic.NETWORK, f"{patient.endpoint} answers{version}", facts))
            notes.add(judging.clock_check(here=patient.clock.now(), there=pulse.date))
            if not patient.lacks:
                refusal = pulse.refusal
                notes.add(failed(Topic.KEY, refusal) if refusal else well(Topic.KEY, "the service knows it"))
    because = notes.broken(Topic.NETWORK)
    if because is not None:
        notes.add(skipped(Topic.CLOCK, because=because))
    if patient.lacks:
        notes.add(failed(Topic.KEY, *patient.lacks))
    elif because is not None and because is not Topic.KEY:
        notes.add(skipped(Topic.KEY, because=because))


async def _look_at_token(notes: _Notes) -> Claims | None:
    """The token, by what it says of itself and by asking whose it is."""
    patient = notes.patient
    claims: Claims | None = None
    if patient.line is not None:
        try:
            claims = await patient.line.examiner.claims()
            notes.has_token = True
        except Failure as failure:
            notes.add(failed(Topic.TOKEN, *failure.diagnostics))
            return None
    because = notes.broken(Topic.KEY, Topic.NETWORK)
    if because is not None:
        notes.add(skipped(Topic.TOKEN, because=because))
        return claims
    now = patient.clock.now()
    try:
        notes.account = await notes.line.service.account()
    except Failure as failure:
        if failure.diagnostics[0].code == "LRP303":  # whose token it is was understood
            notes.add(judging.token_check(claims, now=now, service_id=notes.line.service_id))
            notes.add(failed(Topic.ENTITLEMENT, *failure.diagnostics))
        elif _is_about_key(failure):
            notes.checks = [check for check in notes.checks if check.topic is not Topic.KEY]
            notes.add(failed(Topic.KEY, *failure.diagnostics), skipped(Topic.TOKEN, because=Topic.KEY))
        else:
            notes.add(failed(Topic.TOKEN, *_with_end(failure, claims, now)))
        return claims
    notes.add(judging.token_check(claims, now=now, service_id=notes.line.service_id))
    return claims


async def _look_at_account(notes: _Notes) -> Catalog | None:
    """Entitlement, storage, and the catalog with the project's guards."""
    because = notes.broken(Topic.TOKEN)
    account = notes.account
    if account is None:
        if notes.broken(Topic.ENTITLEMENT) is None:
            notes.add(skipped(Topic.ENTITLEMENT, because=because))
        notes.add(skipped(Topic.STORAGE, because=because or Topic.ENTITLEMENT))
    else:
        notes.add(judging.entitlement_check(account), judging.storage_check(account))
    because = because or notes.broken(Topic.ENTITLEMENT)
    if because is not None or account is None:
        notes.add(skipped(Topic.CATALOG, because=because))
        return None
    try:
        catalog = await notes.line.service.catalog()
    except Failure as failure:
        notes.add(failed(Topic.CATALOG, *failure.diagnostics))
        return None
    check = judging.catalog_check(account, catalog, notes.patient.project)
    notes.add(check)
    return catalog if check.result is not Result.FAILED else None


async def _look_at_belongings(notes: _Notes, catalog: Catalog | None) -> None:
    """What lrplan remembers, what lives, and what a probe has left."""
    patient, account = notes.patient, notes.account
    owner = None
    previous = patient.project.previous if patient.project is not None else ()
    if patient.project is not None and account is not None and patient.line is not None:
        owner = Owner(account_id=account.id, service_id=patient.line.service_id, project=patient.project.name)
    state = None
    if patient.memory is None:
        notes.add(_without_project(Topic.STATE, notes))
    else:
        check, state = await state_check(patient.memory, owner, catalog, previous=previous)
        notes.add(check)
    if catalog is None or account is None:
        notes.add(skipped(Topic.ALBUMS, because=notes.broken(Topic.CATALOG)))
        return
    try:
        albums = await notes.line.service.albums()
    except Failure as failure:
        notes.add(failed(Topic.ALBUMS, *failure.diagnostics))
        return
    if patient.manifest is not None and owner is not None:
        notes.add(albums_check(patient.manifest, owner, albums, state))
    else:
        notes.add(_without_project(Topic.ALBUMS, notes))
    leftovers = leftovers_among(albums, notes.line, account.id)
    if leftovers:
        notes.add(await leftovers_check(notes.line, leftovers, patient))


async def leftovers_check(line: Line, leftovers: tuple[Album, ...], patient: Patient) -> Check:
    """Remove what a probe that was cut off has left, and say so."""
    try:
        removal = await remove(line, leftovers, patient.clock)
    except Failure as failure:
        return failed(Topic.LEFTOVERS, *failure.diagnostics)
    facts = {"removed": removal.removed, "remains": tuple(album_id for album_id, _ in removal.remains)}
    if removal.remains:
        return failed(Topic.LEFTOVERS, *(_not_removed(album_id, why) for album_id, why in removal.remains), facts=facts)
    noun = "album or set" if len(removal.removed) == 1 else "albums and sets"
    summary = f"removed {len(removal.removed)} throw-away {noun} that a probe had left"
    return well(Topic.LEFTOVERS, summary, facts)


def _not_removed(album_id: str, why: str) -> Diagnostic:
    return error(
        "LRP753",
        f"the throw-away album or set {album_id} is still there",
        why=f"It was made by `lrplan doctor --probe`, and could not be removed: {why}.",
        hint="empty it in Lightroom, then run `lrplan doctor` again; nothing else depends on it",
    )


def _without_project(topic: Topic, notes: _Notes) -> Check:
    if notes.patient.has_files:
        return skipped(topic, because=Topic.PROJECT)
    return skipped(topic, "there is no project here")


def _is_about_key(failure: Failure) -> bool:
    said = failure.diagnostics[0]
    return said.code == "LRP302" and "API key" in said.what


def _with_end(failure: Failure, claims: Claims | None, now: str) -> tuple[Diagnostic, ...]:
    """The refusal of a token that says that it has ended says so too."""
    left_s = judging.seconds_left(claims.expires_at, now=now) if claims is not None else None
    if claims is None or left_s is None or left_s > 0 or failure.diagnostics[0].code != "LRP302":
        return failure.diagnostics
    first = failure.diagnostics[0]
    why = f"{first.why} It says of itself that it ended at {claims.expires_at}."
    return (evolve(first, why=why), *failure.diagnostics[1:])
