"""
The files of a new project, as `lrplan init` writes them.

They are read by people who have never seen lrplan, so the comments say what a line is for and the example is harmless:
it makes one album and touches no photo.
"""

from collections.abc import Mapping
from types import MappingProxyType

import jinja2

PROJECT_FILE = "lrplan.yaml"
MANIFESTS_FOLDER = "manifests"
EXAMPLE_FILE = f"{MANIFESTS_FOLDER}/example.yaml"
IGNORE_FILE = ".gitignore"
IGNORED_LINE = ".lrplan/"

_TEMPLATES = {PROJECT_FILE: "lrplan.yaml.j2", EXAMPLE_FILE: "example.yaml.j2", IGNORE_FILE: "gitignore.j2"}


def new_project(name: str, *, sandbox: bool) -> Mapping[str, str]:
    """The files of a new project, path to text.

    Args:
        name: The project's name, `[a-z0-9-]{1,40}`.
        sandbox: Whether the stand-in on this machine answers instead of Adobe's service.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("lrplan.render"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - YAML, not HTML, and the name is checked
    )
    return MappingProxyType(
        {
            path: environment.get_template(template).render(project=name, sandbox=sandbox)
            for path, template in _TEMPLATES.items()
        }
    )
