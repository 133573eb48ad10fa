"""`lrplan auth status`: whose the credentials are that a command here would use, and until when."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from attrs import evolve, frozen

from lrplan.cli.access import Chosen, Source, choose, given_by, token_folder
from lrplan.cli.desk import open_desk
from lrplan.cli.screen import show
from lrplan.cli.session import Session
from lrplan.cli.signing import Silent
from lrplan.cli.trouble import tell
from lrplan.cli.wiring import LIVE_ENDPOINT, SANDBOX, endpoint_of, ims_endpoint
from lrplan.diagnostics import ExitCode, Failure
from lrplan.formats.sign_in import encode_status
from lrplan.manifest.entries import Project
from lrplan.render.escape import for_text
from lrplan.render.line import Line, Tone
from lrplan.sources.clock import SystemClock
from lrplan.storage.tokens import LocalTokens
from lrplan.workflow.sign_in import Standing, look

_HOUR_S, _DAY_S = 3600, 86_400


@frozen(kw_only=True)
class _Status:
    """What there is to show. *issuer* and *place* are "" where they do not matter."""

    source: Source
    standing: Standing
    issuer: str = ""
    place: str = ""

    @property
    def has_refresh(self) -> bool:
        """Whether there is a refresh token."""
        return self.standing.refresh_expires_at is not None


def show_status(folder: Path, session: Session, *, as_json: bool) -> int:
    """Show it on stdout; returns the exit code: 0, or 4 where there are no credentials or they are dead."""
    project = open_desk(folder).manifest.project if (folder / "lrplan.yaml").exists() else None
    try:
        status = asyncio.run(_found(project, folder))
    except Failure as failure:
        if not as_json or failure.exit_code is not ExitCode.CREDENTIALS:
            raise
        click.echo(encode_status({"alive": False, "why": failure.diagnostics[0].what}), nl=False)
        tell(failure.diagnostics)
        return ExitCode.CREDENTIALS
    if as_json:
        click.echo(encode_status(_json(status)), nl=False)
    else:
        show(_lines(status), session)
    return ExitCode.DONE if status.standing.alive else ExitCode.CREDENTIALS


async def _found(project: Project | None, folder: Path) -> _Status:
    endpoint = endpoint_of(project) if project is not None else os.environ.get("LRPLAN_ENDPOINT") or LIVE_ENDPOINT
    if endpoint == SANDBOX:
        return _Status(source=Source.SANDBOX, standing=Standing(alive=True))
    clock = SystemClock()
    store = LocalTokens(token_folder(os.environ), clock=clock)
    declared = project.auth_command if project is not None else None
    command = declared.value if declared is not None else ()
    chosen = choose(given_by(os.environ), store, issuer=ims_endpoint(), command=command, now=clock.now())
    place = store.where(chosen.slot) if chosen.sign_in.refresh_token or chosen.source is Source.SIGN_IN else ""
    standing = await _looked_at(chosen, folder, clock)
    return _Status(source=chosen.source, standing=standing, issuer=chosen.slot.issuer, place=place)


async def _looked_at(chosen: Chosen, folder: Path, clock: SystemClock) -> Standing:
    from lrplan.lightroom.ims import connect_ims
    from lrplan.sources.token_program import Program

    sign_in, slot = chosen.sign_in, chosen.slot
    if chosen.source is Source.COMMAND:
        sign_in = evolve(sign_in, access=await Program(chosen.command, folder=folder, clock=clock).run())
    async with connect_ims(endpoint=slot.issuer, api_key=slot.api_key, clock=clock, events=Silent()) as ims:
        return await look(sign_in, issuer=ims, clock=clock)


def _lines(status: _Status) -> Iterator[Line]:
    standing = status.standing
    if status.source is Source.SANDBOX:
        yield Line("The sandbox has credentials of its own.", Tone.GOOD)
        return
    whose = f" of {for_text(standing.whose)}" if standing.whose else ""
    kept = f", kept in {for_text(status.place)}" if status.place else ""
    yield Line(f"Credentials{whose}, from {_SOURCES[status.source]}{kept}")
    if standing.access_expires_at is not None:
        yield Line(f"Access token: {_until(standing.access_expires_at, standing.access_s_left)}")
    if status.has_refresh:
        days = standing.refresh_days_left
        left = days * _DAY_S if days is not None else None
        yield Line(f"Refresh token: {_until(standing.refresh_expires_at or '', left)}")
    if standing.why:
        yield Line(for_text(standing.why), Tone.FAINT)
    if standing.alive:
        yield Line("Alive." if standing.asked else "Alive, as far as can be told without asking.", Tone.GOOD)
    else:
        yield Line("Dead. Sign in again: lrplan auth login", Tone.BAD)


_SOURCES = {
    Source.ENVIRONMENT: "the environment",
    Source.SIGN_IN: "lrplan auth login",
    Source.COMMAND: "the program of auth.command",
}


def _until(expires_at: str, left_s: float | None) -> str:
    if not expires_at or left_s is None:
        return "nobody says until when"
    if left_s <= 0:
        return f"expired at {expires_at}"
    if left_s >= 2 * _DAY_S:
        return f"{left_s / _DAY_S:.0f} days left, until {expires_at}"
    return f"{left_s / _HOUR_S:.1f} hours left, until {expires_at}"


def _json(status: _Status) -> dict[str, Any]:
    standing = status.standing
    access: dict[str, Any] | None = None
    if standing.access_expires_at is not None:
        access = {"expiresAt": standing.access_expires_at or None, "secondsLeft": standing.access_s_left}
    refresh: dict[str, Any] | None = None
    if status.has_refresh:
        refresh = {"expiresAt": standing.refresh_expires_at or None, "daysLeft": standing.refresh_days_left}
    return {
        "accessToken": access,
        "alive": standing.alive,
        "asked": standing.asked,
        "issuer": status.issuer or None,
        "keptIn": status.place or None,
        "refreshToken": refresh,
        "source": status.source.value,
        "whose": standing.whose or None,
        "why": standing.why or None,
    }
