"""`--allow delete=14`: the words that lift one limit, up to a number."""

from collections.abc import Mapping, Sequence

import click

KINDS = ("delete", "replace", "remove", "create", "add", "upload")


def allowances(context: click.Context, option: click.Parameter, words: Sequence[str]) -> Mapping[str, int]:
    """Read every `KIND=N`; click calls this, and tells the user what is wrong."""
    allowed: dict[str, int] = {}
    for word in words:
        kind, _, number = word.partition("=")
        if kind not in KINDS or not (number.isascii() and number.isdigit()):
            raise click.BadParameter(
                f"{word!r}: write KIND=N, where KIND is one of {', '.join(KINDS)} and N a number", context, option
            )
        most = _most(kind)
        if len(number.lstrip("0")) > len(str(most)) or int(number) > most:
            raise click.BadParameter(f"{word!r}: N is at most {most:,}", context, option)
        allowed[kind] = int(number)
    return allowed


def _most(kind: str) -> int:
    """What `limits` in lrplan.yaml may say at most, too."""
    from lrplan.manifest.bounds import BYTES_MAX, COUNT_MAX

    return BYTES_MAX if kind == "upload" else COUNT_MAX
