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

from attrs import field, frozen

from lrplan.cli.trouble import tell
from lrplan.cli.wiring import LIVE_ENDPOINT, SANDBOX, SANDBOX_FOLDER, credentials_from
from lrplan.diagnostics import Diagnostic, Failure
from lrplan.lightroom.credentials import GivenCredentials
from lrplan.manifest.entries import ApiOptions, Manifest, Project
from lrplan.model.ids import ServiceId
from lrplan.ports import Clock, Credentials, Events
from lrplan.workflow.patient import Line, Patient

NO_KEY, NO_TOKEN = "no-key", "no-token"  # neither is one


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
    """An API key, and a token or the reason why there is none, implementing the `Credentials` port.

    Attributes:
        without_token: What is raised in place of a token.
    """

    api_key: ServiceId
    token: str = field(default="", repr=False)
    without_token: Failure | None = None

    async def access_token(self, *, refused: str | None = None) -> str:
        """The token. Failure LRP301 when there is none, LRP302 when it is the one that was refused."""
        if self.without_token is not None:
            raise self.without_token
        return await GivenCredentials(api_key=self.api_key, token=self.token).access_token(refused=refused)


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
            endpoint=shown_endpoint(_endpoint(project)) if is_known else "",
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


@asynccontextmanager
async def _connected(files: Files, clock: Clock, events: Events) -> AsyncIterator[tuple[Line, tuple[Diagnostic, ...]]]:
    """The connection, and why there is no API key. Failure when no connection can be tried."""
    from lrplan.lightroom.service import connect
    from lrplan.sources.originals import LocalOriginals

    api = files.project.api if files.project is not None else ApiOptions()
    async with _some_access(files) as (endpoint, credentials, lacks):
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
async def _some_access(files: Files) -> AsyncIterator[tuple[str, Credentials, tuple[Diagnostic, ...]]]:
    """The endpoint, the credentials as far as there are any, and why there is no API key."""
    endpoint = _endpoint(files.project)
    if endpoint != SANDBOX:
        credentials, lacks = credentials_found(os.environ)
        yield endpoint, credentials, lacks
        return
    from lrplan.cli.stand_in import stand_in
    from lrplan.sandbox import SandboxOptions

    async with stand_in(SandboxOptions(data=files.folder / SANDBOX_FOLDER)) as served:
        yield served.endpoint, GivenCredentials(api_key=ServiceId(served.api_key), token=served.access_token), ()


def _endpoint(project: Project | None) -> str:
    declared = project.endpoint.value if project is not None and project.endpoint is not None else LIVE_ENDPOINT
    return os.environ.get("LRPLAN_ENDPOINT") or declared


def credentials_found(environment: Mapping[str, str]) -> tuple[Credentials, tuple[Diagnostic, ...]]:
    """The credentials that *environment* names, as far as it does, and why there is no API key."""
    with_key = {**environment, "LRPLAN_API_KEY": NO_KEY}
    with_token = {**environment, "LRPLAN_ACCESS_TOKEN": NO_TOKEN}
    key, token, without_token = NO_KEY, "", None
    lacks: tuple[Diagnostic, ...] = ()
    try:
        key = credentials_from(with_token, "").api_key
    except Failure as failure:
        lacks = failure.diagnostics
    try:
        token = credentials_from(with_key, "").access_token
    except Failure as failure:
        without_token = failure
    return LackingCredentials(api_key=ServiceId(key), token=token, without_token=without_token), lacks
