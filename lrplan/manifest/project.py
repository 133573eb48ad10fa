"""lrplan.yaml less its sets and albums: guards, places, defaults, limits, options of the API."""

from typing import TypeVar

from lrplan.manifest.declarations import read_within, read_word
from lrplan.manifest.entries import ApiOptions, Declared, Defaults, Limits, Project, Share
from lrplan.manifest.fields import Found, Page, read_words
from lrplan.manifest.project_keys import PREVIOUS_PROJECTS
from lrplan.manifest.tree import Scalar
from lrplan.model.album import Order
from lrplan.model.policy import Reorder, Replace, Unlisted

T = TypeVar("T")


def read_project(page: Page, found: Found) -> Project | None:
    """Make the project of what was found at the top level; None without a name."""
    name = found.get("project", str)
    if name is None:
        return None
    return Project(
        name=name.value,
        span=name.span,
        previous=_previous(page, found, name.value),
        account=found.get("account", str),
        catalog=found.get("catalog", str),
        endpoint=found.get("endpoint", str),
        auth_command=_command(found.inner("auth")),
        manifests=_or(found.get("manifests", str), "manifests"),
        state=_or(found.get("state", str), ".lrplan"),
        defaults=_defaults(page, found.inner("defaults")),
        limits=_limits(found.inner("limits")),
        api=_api(found.inner("api")),
    )


def _previous(page: Page, found: Found, name: str) -> tuple[str, ...]:
    """The names that the project had before; its own is none of them."""
    entry = found.nodes.get("previousProjects")
    words = read_words(page, PREVIOUS_PROJECTS, entry) if entry is not None else ()
    for word in words:
        if word.value == name:
            place = Scalar(word.value, word.span.line, word.span.column, word.span.width)
            why = "It is the name that the project has now."
            page.complain("LRP203", f"{name} is no previous project", place, why=why, hint="take it out of the list")
    return tuple(word.value for word in words)


def _command(found: Found | None) -> Declared[tuple[str, ...]] | None:
    return found.get("command", tuple) if found is not None else None


def _defaults(page: Page, found: Found | None) -> Defaults:
    if found is None:
        return Defaults()
    return Defaults(
        order=read_word(found, "order", Order),
        reorder=read_word(found, "reorder", Reorder),
        unlisted=read_word(found, "unlisted", Unlisted),
        replace=read_word(found, "replace", Replace),
        within=read_within(page, found.inner("within")),
    )


def _limits(found: Found | None) -> Limits:
    base = Limits()
    if found is None:
        return base
    return Limits(
        delete=_share(found, "delete", base.delete),
        replace=_share(found, "replace", base.replace),
        remove=_share(found, "remove", base.remove),
        create=_share(found, "create", base.create),
        add=_share(found, "add", base.add),
        upload=_share(found, "upload", base.upload),
    )


def _share(found: Found, name: str, default: int | Share) -> int | Share:
    declared: Declared[int | Share] | None = found.values.get(name)
    return _or(declared, default)


def _api(found: Found | None) -> ApiOptions:
    base = ApiOptions()
    if found is None:
        return base
    return ApiOptions(
        concurrency=_or(found.get("concurrency", int), base.concurrency),
        rate=_or(found.get("rate", float), base.rate),
        part_size_bytes=_or(found.get("partSize", int), base.part_size_bytes),
    )


def _or(declared: Declared[T] | None, default: T) -> T:
    return declared.value if declared is not None else default
