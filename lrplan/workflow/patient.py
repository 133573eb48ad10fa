"""What `diagnose` examines, as far as it could be put together: every part may be missing, and then says why."""

from attrs import frozen

from lrplan.diagnostics import Diagnostic
from lrplan.manifest.entries import Manifest, Project
from lrplan.model.ids import ServiceId
from lrplan.ports import CatalogService, Clock, Examiner, Memory


@frozen(kw_only=True)
class Line:
    """The connection to one service.

    Attributes:
        service_id: The API key with which it speaks; without one, a stand-in that no service knows.
    """

    service: CatalogService
    examiner: Examiner
    service_id: ServiceId


@frozen(kw_only=True)
class Patient:
    """An installation: a project or none, credentials or none, a service or none.

    Attributes:
        endpoint: Where the service is looked for, as it may be shown; `sandbox` for a stand-in, "" where
            nobody knows.
        project: lrplan.yaml, if it can be read; None without one, and where it is not valid.
        manifest: The whole project, if it is valid.
        said: What is wrong with the project's files.
        has_files: Whether there is an lrplan.yaml at all.
        line: None when no connection can even be tried.
        obstacle: Why *line* is None; empty where the project's files, which cannot be read, may say where to look.
        lacks: Why there is no API key.
        memory: What lrplan remembers of the project.
    """

    endpoint: str
    clock: Clock
    project: Project | None = None
    manifest: Manifest | None = None
    said: tuple[Diagnostic, ...] = ()
    has_files: bool = False
    line: Line | None = None
    obstacle: tuple[Diagnostic, ...] = ()
    lacks: tuple[Diagnostic, ...] = ()
    memory: Memory | None = None
