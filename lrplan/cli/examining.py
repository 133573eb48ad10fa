"""
What `cli.wiring` builds for a run, built for a doctor: who goes on where something is missing.

A missing API key, a missing token, an endpoint that is no address, a project that cannot be read: each becomes part of
the patient, for the doctor to tell.

The surprising case: without an API key somebody may still be asked whether anybody answers. Then a word that is no key
is sent, and a refusal of it is a sign of life.
"""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from attrs import frozen

from lrplan.cli.access import api_key_of, choose, credentials_for, given_by, token_folder
from lrplan.cli.trouble import tell
from lrplan.cli.wiring import SANDBOX, SANDBOX_FOLDER, endpoint_of, ims_endpoint
from lrplan.diagnostics import Diagnostic, Failure
from lrplan.lightroom.credentials import GivenCredentials
from lrplan.manifest.entries import ApiOptions, Manifest, Project
from lrplan.model.ids import ServiceId
from lrplan.ports import Clock, Credentials, Events
from lrplan.workflow.patient import Line, Patient

NO_KEY = "no-key"  # which it is not


@frozen(kw_only=True)
class Files:
    """What could be read of the project in a folder.

    Attributes:
        project: lrplan.yaml, if it is valid; *manifest* is the whole of the project, if that is.
        has_files: There is an lrplan.yaml.
    """

    folder: Path
    project: Project | None = None
    manifest: Manifest | None = None
    said: tuple[Diagnostic, ...] = ()
    has_files: bool = False


@frozen(kw_only=True)
class LackingCredentials:
    """An API key, and the reason why there is no token, implementing the `Credentials` port."""

    api_key: ServiceId
    why: Failure
    expires_at: str = ""
    renews: bool = False
    secrets: tuple[str, ...] = ()

    async def access_token(self, *, refused: str | None = None) -> str:  # noqa: ARG002 - none was ever given
        """Raises *why*."""
        raise self.why


def read_files(folder: Path) -> Files:
    """Read the project in *folder* as far as it can be read."""
    from lrplan.cli.desk import read_desk
    from lrplan.manifest.parse import parse_project
    from lrplan.sources.project import PROJECT_FILE, read_project_folder

    if not os.path.lexists(folder / PROJECT_FILE):
        return Files(folder=folder)
    try:
        project, _ = parse_project(read_project_folder(folder))
        manifest, said, _ = read_desk(folder)
    except Failure as failure:
        return Files(folder=folder, said=failure.diagnostics, has_files=True)
    return Files(folder=folder, project=project, manifest=manifest, said=said, has_files=True)


@asynccontextmanager
async def patient(files: Files, events: Events) -> AsyncIterator[Patient]:
    """Everything that a doctor may look at, as far as there is any of it; what is missing is part of the result."""
    from lrplan.sources.clock import SystemClock
    from lrplan.storage.folder import FolderMemory

    clock, project, memory = SystemClock(), files.project, None
    if project is not None:
        memory = FolderMemory(files.folder / project.state, shown=project.state, tell=lambda one: tell([one]))
    # An lrplan.yaml that cannot be read may well name another service than Adobe's: then nobody is asked.
    is_known = project is not None or not files.has_files or bool(os.environ.get("LRPLAN_ENDPOINT"))
    async with AsyncExitStack() as stack:
        line: Line | None = None
        lacks: tuple[Diagnostic, ...] = ()
        obstacle: tuple[Diagnostic, ...] = ()
        try:
            if is_known:
                line, lacks = await stack.enter_async_context(_connected(files, clock, events))
        except Failure as failure:
            obstacle = failure.diagnostics
        yield Patient(
            endpoint=_shown(project) if is_known else "",
            clock=clock,
            project=project,
            manifest=files.manifest,
            said=files.said,
            has_files=files.has_files,
            line=line,
            obstacle=obstacle,
            lacks=lacks,
            memory=memory,
        )


def shown_endpoint(endpoint: str) -> str:
    """*endpoint* as it may be shown: without a name, a password or a query that somebody wrote into it."""
    if endpoint == SANDBOX:
        return endpoint
    try:
        parts = urlsplit(endpoint.strip())
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "no address"
    if not parts.scheme or not parts.hostname:
        return "no address"
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path.rstrip('/')}"


def _shown(project: Project | None) -> str:
    try:
        return shown_endpoint(endpoint_of(project))
    except Failure:
        return shown_endpoint(os.environ.get("LRPLAN_ENDPOINT", ""))


@asynccontextmanager
async def _connected(files: Files, clock: Clock, events: Events) -> AsyncIterator[tuple[Line, tuple[Diagnostic, ...]]]:
    """The connection, and why there is no API key. Failure when no connection can be tried."""
    from lrplan.lightroom.service import connect
    from lrplan.sources.originals import LocalOriginals

    api = files.project.api if files.project is not None else ApiOptions()
    async with _some_access(files, clock, events) as (endpoint, credentials, lacks):
        connection = connect(
            endpoint=endpoint,
            credentials=credentials,
            originals=LocalOriginals(files.folder),
            clock=clock,
            events=events,
            concurrency=api.concurrency,
            rate=api.rate,
        )
        async with connection as service:
            yield Line(service=service, examiner=service.examiner, service_id=credentials.api_key), lacks


@asynccontextmanager
async def _some_access(
    files: Files, clock: Clock, events: Events
) -> AsyncIterator[tuple[str, Credentials, tuple[Diagnostic, ...]]]:
    """The endpoint, the credentials as far as there are any, and why there is no API key. Failure LRP901."""
    endpoint = endpoint_of(files.project)
    if endpoint != SANDBOX:
        async with AsyncExitStack() as stack:
            credentials, lacks = await _credentials(files, clock, events, stack)
            yield endpoint, credentials, lacks
        return
    from lrplan.cli.stand_in import stand_in
    from lrplan.sandbox import SandboxOptions

    async with stand_in(SandboxOptions(data=files.folder / SANDBOX_FOLDER)) as served:
        yield served.endpoint, GivenCredentials(api_key=ServiceId(served.api_key), token=served.access_token), ()


async def _credentials(
    files: Files, clock: Clock, events: Events, stack: AsyncExitStack
) -> tuple[Credentials, tuple[Diagnostic, ...]]:
    """The credentials that a run would use, as far as there are any, and why there is no API key."""
    from lrplan.storage.tokens import LocalTokens

    store, issuer = LocalTokens(token_folder(os.environ), clock=clock), ims_endpoint()
    key: str = NO_KEY
    lacks: tuple[Diagnostic, ...] = ()
    try:
        key = api_key_of(given_by(_of_key(os.environ, is_wanted=True)), store, issuer=issuer)
    except Failure as failure:
        lacks = failure.diagnostics
    command = files.project.auth_command if files.project is not None else None
    try:
        chosen = choose(
            given_by({**_of_key(os.environ, is_wanted=False), "LRPLAN_API_KEY": key}),
            store,
            issuer=issuer,
            command=command.value if command is not None else (),
            now=clock.now(),
        )
        own = credentials_for(chosen, store, folder=files.folder, clock=clock, events=events, printed=[])
        return await stack.enter_async_context(own), lacks
    except Failure as failure:
        return LackingCredentials(api_key=ServiceId(key), why=failure), lacks


def _of_key(environment: Mapping[str, str], *, is_wanted: bool) -> dict[str, str]:
    """What *environment* says about the API key, or all the rest."""
    return {name: value for name, value in environment.items() if name.startswith("LRPLAN_API_KEY") is is_wanted}
