"""
List files: one string member a line.

`#` starts a comment at the beginning of a line and after white space, so `DSC#1.jpg` is a name. A byte order mark and
CRLF, as Windows editors write them, are no part of a name.
"""

import re
from posixpath import dirname

from lrplan.diagnostics import Diagnostic, SourceSpan, error
from lrplan.manifest.entries import Declared, PhotoRef, SourceText
from lrplan.manifest.members import string_mistake
from lrplan.manifest.reference import read_reference

_COMMENT = re.compile(r"(?:^|\s)#.*")


def parse_list(source: SourceText) -> tuple[tuple[Declared[PhotoRef], ...], tuple[Diagnostic, ...]]:
    """Read a list file.

    Returns:
        The photos in the order of the lines, relative uploads as seen from the project's folder; and what is wrong, of
        all lines at once, but for those behind one that is not UTF-8: a picture is no list with a thousand mistakes.
    """
    folder = dirname(source.file)
    photos: list[Declared[PhotoRef]] = []
    said: list[Diagnostic] = []
    content = source.content.removeprefix(b"\xef\xbb\xbf")
    for number, raw in enumerate(re.split(b"\r\n|[\r\n]", content), 1):
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError as problem:
            said.append(_not_utf8(source.file, number, raw, problem))
            break
        written = _COMMENT.sub("", line)
        text = written.strip(" \t")
        if not text:
            continue
        column = len(written) - len(written.lstrip(" \t")) + 1
        span = SourceSpan(file=source.file, line=number, column=column, width=len(text))
        wrong = string_mistake(text)
        if wrong is None:
            photos.append(Declared(read_reference(text, folder), span))
        else:
            said.append(error(wrong.code, wrong.what, span=span, why=wrong.why, hint=wrong.hint))
    return tuple(photos), tuple(said)


def _not_utf8(file: str, number: int, line: bytes, problem: UnicodeDecodeError) -> Diagnostic:
    column = len(line[: problem.start].decode("utf-8")) + 1
    why = f"Byte 0x{line[problem.start]:02x} cannot stand here in UTF-8. The file is not read beyond this line."
    span = SourceSpan(file=file, line=number, column=column)
    return error("LRP102", "not UTF-8", span=span, why=why, hint="save the file as UTF-8")
