"""
The one place that builds adapters: environment and project in, the ports of one run out.

Flag, then environment, then lrplan.yaml, then default. Which credentials are used is decided in `access`; none ever
stand in a file of the project.

The surprising case: `endpoint: sandbox` starts the stand-in inside this very process, for the length of the command,
and with it come its own credentials, whatever the environment holds for the real service.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from attrs import field, frozen

from lrplan.cli.access import choose, credentials_for, given_by, token_folder
from lrplan.cli.desk import Desk
from lrplan.cli.endpoint import endpoint_given, naming_it
from lrplan.cli.trouble import tell
from lrplan.diagnostics import Diagnostic
from lrplan.manifest.entries import Project
from lrplan.model.ids import ServiceId
from lrplan.model.taken import Taken
from lrplan.ports import Clock, Credentials, Events, Files
from lrplan.workflow.surroundings import Surroundings

LIVE_ENDPOINT = "https://lr.adobe.io"  # Lightroom API, "Getting started"
SANDBOX = "sandbox"
SANDBOX_FOLDER = Path(".lrplan") / "sandbox"


@frozen(kw_only=True)
class Access:
    """Where the service is, and what opens it."""

    endpoint: str
    credentials: Credentials = field(repr=False)


@asynccontextmanager
async def surroundings(desk: Desk, events: Events) -> AsyncIterator[Surroundings]:
    """Everything a run on this project may touch, open for the length of the block.

    Raises:
        Failure: LRP301, LRP302, LRP306 when there are no credentials; LRP101 when the sandbox cannot keep its data;
            LRP901 when the environment names no address of a service.
    """
    from lrplan.lightroom.service import connect
    from lrplan.sources.catalog_index import LocalIndex
    from lrplan.sources.clock import SystemClock
    from lrplan.sources.originals import LocalOriginals
    from lrplan.storage.folder import FolderMemory

    def tell_one(said: Diagnostic) -> None:
        if said not in desk.told:
            desk.told.add(said)
            tell([said], desk.sources)

    project = desk.manifest.project
    clock = SystemClock()
    async with _access(desk, clock, events) as access:
        service = connect(
            endpoint=access.endpoint,
            credentials=access.credentials,
            originals=LocalOriginals(desk.folder),
            clock=clock,
            events=events,
            concurrency=project.api.concurrency,
            rate=project.api.rate,
        )
        async with service as connected:
            yield Surroundings(
                service=connected,
                service_id=access.credentials.api_key,
                memory=FolderMemory(desk.folder / project.state, shown=project.state, tell=tell_one),
                files=_files(desk, events),
                clock=clock,
                events=events,
                index=LocalIndex(desk.folder / project.state / "cache"),
            )


def surroundings_against(desk: Desk, taken: Taken, events: Events) -> Surroundings:
    """Everything that a plan may touch where a snapshot stands for the catalog. Failure LRP305: it is not its own."""
    from lrplan.sources.clock import SystemClock
    from lrplan.workflow.against import against

    return against(taken, desk.manifest.project, files=_files(desk, events), clock=SystemClock(), events=events)


def _files(desk: Desk, events: Events) -> Files:
    from lrplan.sources.files import LocalFiles

    project = desk.manifest.project
    return LocalFiles(
        desk.folder,
        manifests=project.manifests,
        cache=desk.folder / project.state / "cache",
        keep=desk.sources.__setitem__,
        events=events,
    )


@asynccontextmanager
async def _access(desk: Desk, clock: Clock, events: Events) -> AsyncIterator[Access]:
    endpoint = endpoint_of(desk.manifest.project)
    if endpoint != SANDBOX:
        from lrplan.storage.tokens import LocalTokens

        store = LocalTokens(token_folder(os.environ), clock=clock)
        command = desk.manifest.project.auth_command
        chosen = choose(
            given_by(os.environ),
            store,
            issuer=ims_endpoint(),
            command=command.value if command is not None else (),
            now=clock.now(),
        )
        async with credentials_for(
            chosen, store, folder=desk.folder, clock=clock, events=events, printed=desk.printed
        ) as credentials:
            with naming_it(os.environ):
                yield Access(endpoint=endpoint, credentials=credentials)
        return
    from lrplan.cli.stand_in import stand_in
    from lrplan.lightroom.credentials import GivenCredentials
    from lrplan.sandbox import SandboxOptions

    async with stand_in(SandboxOptions(data=desk.folder / SANDBOX_FOLDER)) as served:
        credentials = GivenCredentials(api_key=ServiceId(served.api_key), token=served.access_token)
        yield Access(endpoint=served.endpoint, credentials=credentials)


def endpoint_of(project: Project | None) -> str:
    """Where the service is: as the environment says, else as *project* does, else Adobe's own. Failure LRP901."""
    declared = project.endpoint.value if project is not None and project.endpoint is not None else LIVE_ENDPOINT
    return endpoint_given(os.environ) or declared


def ims_endpoint() -> str:
    """Scheme, host and port of the sign-in service. Failure LRP901 when the environment names no such thing."""
    from lrplan.lightroom.ims import LIVE_IMS, ims_root

    return ims_root(os.environ.get("LRPLAN_IMS_ENDPOINT") or LIVE_IMS)
