"""
From the text of a scalar to a value of the type that its key has.

Every reader returns the value or a `Mistake`, which says in words what was expected; the caller knows the place. The
surprising case: hexadecimal digits may be written in capitals, as some programs print a SHA-256, and are made small.
"""

import re
from datetime import datetime
from ipaddress import ip_address
from posixpath import normpath
from typing import Any, assert_never
from urllib.parse import urlsplit

from attrs import frozen

from lrplan.manifest.bounds import COUNT_MAX, FORMAT_VERSION, KEY_DESCRIBED, PATH_CHARACTERS_MAX
from lrplan.manifest.entries import Share
from lrplan.manifest.value_types import (
    AlbumKey,
    Boolean,
    Choice,
    Date,
    Decimal,
    Endpoint,
    EntryAddress,
    FilePath,
    Folder,
    FormatVersion,
    Hex,
    Instant,
    ParentKey,
    ScalarType,
    ShareOrCount,
    Size,
    Text,
    Url,
    Whole,
    Word,
)
from lrplan.manifest.wording import Suggestions, listed, quoted
from lrplan.model.address import ADDRESS_PATTERN, KEY_PATTERN

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROL_IN_LINES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
DATE_PATTERN = r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?"
INSTANT_PATTERN = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z"
URL_PATTERN = r"[A-Za-z][A-Za-z0-9+.-]*://[^\s]+"
SIZE_PATTERN = r"(\d{1,18}(?:\.\d{1,9})?) ?([kKMGTP]i?B|B)?"
SHARE_PATTERN = r"(\d{1,3}(?:\.\d{1,9})?) ?%"
WHOLE_PATTERN = r"\d{1,18}"
DECIMAL_PATTERN = r"\d{1,18}(\.\d{1,9})?"
_UNITS = {"B": 1, "K": 1000, "M": 1000**2, "G": 1000**3, "T": 1000**4, "P": 1000**5}
_BINARY_UNITS = {"K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4, "P": 1024**5}
URL_CHARACTERS_MAX = 2048


@frozen
class Mistake:
    """Why a text is not a value of its type. *code* where it is not simply a wrong value."""

    why: str
    hint: str = ""
    what: str = ""
    code: str = "LRP203"


def read_value(kind: ScalarType, text: str) -> Any:
    """Read *text* as a value of *kind*.

    Returns:
        A str, bool, int, float or `Share`, as *kind* says; a `Mistake` where the text does not fit.
    """
    match kind:
        case Text():
            return _text(kind, text)
        case Word():
            return _word(kind, text)
        case Choice():
            return _choice(kind, text)
        case Boolean():
            return _boolean(text)
        case Whole():
            return _whole(kind, text)
        case Decimal():
            return _decimal(kind, text)
        case Size():
            return _size(kind, text)
        case ShareOrCount():
            return _share_or_count(text)
        case Date():
            return _date(text)
        case Instant():
            return _instant(text)
        case Hex():
            return _hex(kind, text)
        case Url():
            return _url(text)
        case Endpoint():
            return _endpoint(text)
        case Folder():
            return _folder(text)
        case FilePath():
            return _file_path(text)
        case ParentKey():
            return _parent_key(text)
        case AlbumKey():
            return _album_key(text)
        case EntryAddress():
            return _entry_address(text)
        case FormatVersion():
            return _format_version(text)
        case _:
            assert_never(kind)


def text_mistake(text: str, *, shortest: int = 1, longest: int, many_lines: bool = False) -> Mistake | None:
    """What is wrong with a text that a person reads: too short, too long, or with characters that cannot be shown."""
    if len(text) < shortest:
        return Mistake("It is empty.", "write a text, or leave the key out")
    if shortest and not text.strip():
        return Mistake("It holds nothing but white space.", "write a text, or leave the key out")
    if len(text) > longest:
        return Mistake(f"It has {len(text):,} characters; at most {longest:,} are accepted.")
    found = (_CONTROL_IN_LINES if many_lines else CONTROL).search(text)
    if found:
        return Mistake(f"It holds the control character U+{ord(found.group()):04X}.", "delete that character")
    return None


def date_order(text: str) -> str:
    """A date or time as text that sorts by time: a date alone is its midnight."""
    return text if "T" in text else f"{text}T00:00:00"


def _text(kind: Text, text: str) -> str | Mistake:
    wrong = text_mistake(text, shortest=kind.shortest, longest=kind.longest, many_lines=kind.many_lines)
    return wrong or text


def _word(kind: Word, text: str) -> str | Mistake:
    return text if re.fullmatch(kind.pattern, text) else Mistake(f"It must be {kind.described}.")


def _choice(kind: Choice, text: str) -> str | Mistake:
    if text in kind.options:
        return text
    return Mistake(f"It must be {listed(kind.options)}.", Suggestions(kind.options).hint(text))


def _boolean(text: str) -> bool | Mistake:
    if text in ("true", "false"):
        return text == "true"
    hint = {"yes": "write true", "on": "write true", "no": "write false", "off": "write false"}.get(text.casefold(), "")
    if text.casefold() in ("true", "false"):
        hint = f"write {text.casefold()}"
    return Mistake("It must be true or false.", hint)


def _whole(kind: Whole, text: str) -> int | Mistake:
    if re.fullmatch(WHOLE_PATTERN, text, re.ASCII) and kind.least <= int(text) <= kind.most:
        return int(text)
    return Mistake(f"It must be a whole number from {kind.least:,} to {kind.most:,}.")


def _decimal(kind: Decimal, text: str) -> float | Mistake:
    if re.fullmatch(DECIMAL_PATTERN, text, re.ASCII) and kind.least <= float(text) <= kind.most:
        return float(text)
    return Mistake(f"It must be a number from {kind.least:,} to {kind.most:,}.")


def _size(kind: Size, text: str) -> int | Mistake:
    found = re.fullmatch(SIZE_PATTERN, text, re.ASCII)
    if found is None:
        return Mistake("It must be a number of bytes with a unit, such as 20MB, 50 GB or 1.5 GiB.")
    unit = found[2] or "B"
    factor = (_BINARY_UNITS if unit.endswith("iB") else _UNITS)[unit[0].upper()]
    whole, _, fraction = found[1].partition(".")
    size_bytes: int = (int(whole + fraction) * factor) // 10 ** len(fraction)
    if kind.least <= size_bytes <= kind.most:
        return size_bytes
    return Mistake(f"It must be from {kind.least:,} to {kind.most:,} bytes; this is {size_bytes:,}.")


def _share_or_count(text: str) -> Share | int | Mistake:
    found = re.fullmatch(SHARE_PATTERN, text, re.ASCII)
    if found and 0 < float(found[1]) <= 100:
        return Share(of_live=float(found[1]) / 100)
    if re.fullmatch(WHOLE_PATTERN, text, re.ASCII) and int(text) <= COUNT_MAX:
        return int(text)
    return Mistake("It must be a share, such as 30%, of more than 0% and at most 100%, or a count, such as 14.")


def _date(text: str) -> str | Mistake:
    if re.fullmatch(DATE_PATTERN, text, re.ASCII) and _is_time(text):
        return text
    return Mistake("It must be a date, such as 2026-05-01, or a date and time, such as 2026-05-01T10:00:00.")


def _instant(text: str) -> str | Mistake:
    if re.fullmatch(INSTANT_PATTERN, text, re.ASCII) and _is_time(text[:19]):
        return text
    return Mistake("It must be a UTC time, such as 2026-05-01T10:00:00Z.")


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _hex(kind: Hex, text: str) -> str | Mistake:
    if re.fullmatch(f"[0-9a-fA-F]{{{kind.digits}}}", text):
        return text.lower()
    return Mistake(f"It must be {kind.digits} hexadecimal digits; this has {len(text):,}.")


def _url(text: str) -> str | Mistake:
    if len(text) <= URL_CHARACTERS_MAX and re.fullmatch(URL_PATTERN, text) and not CONTROL.search(text):
        return text
    return Mistake("It must be a fully formed URL, such as https://galleries.example.com/1042.")


def _endpoint(text: str) -> str | Mistake:
    if text == "sandbox":
        return text
    expected = Mistake("It must be sandbox, or a scheme, a host and perhaps a port, such as https://lr.adobe.io.")
    try:
        url = urlsplit(text)
        host, port = url.hostname, url.port
    except ValueError:
        return expected
    if url.scheme not in ("http", "https") or not host or CONTROL.search(text) or " " in text:
        return expected
    if url.username is not None or url.password is not None:
        return Mistake(
            "Credentials never stand in a file of the project.",
            "delete them here; lrplan reads LRPLAN_ACCESS_TOKEN and the like from the environment",
        )
    if url.path not in ("", "/") or url.query or url.fragment or text.rstrip("/").endswith(("?", "#")):
        return Mistake("Scheme, host and port are replaced, and the paths of the API follow.", "delete the path")
    if url.scheme == "http" and not _is_loopback(host):
        return Mistake("Credentials would cross the network unprotected.", "write https://")
    shown = f"[{host}]" if ":" in host else host
    return f"{url.scheme}://{shown}" + (f":{port}" if port is not None else "")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _folder(text: str) -> str | Mistake:
    wrong = text_mistake(text, longest=PATH_CHARACTERS_MAX)
    if wrong:
        return wrong
    if "://" in text:
        return Mistake("Only a folder is accepted, and this is a URL.", "write a folder on this machine")
    if text == "git":
        return Mistake("Only a folder is accepted.", "write ./git if a folder of that name is meant")
    return normpath(text)


def _file_path(text: str) -> str | Mistake:
    wrong = text_mistake(text, longest=PATH_CHARACTERS_MAX)
    if wrong:
        return wrong
    if "://" in text:
        return Mistake("It must be a file on this machine, and this is a URL.", "download the file first")
    if text.endswith("/") or text.rpartition("/")[2] in (".", ".."):
        return Mistake("It must be a file, and this is a folder.", "name the files in it one by one")
    return text


def _parent_key(text: str) -> str | Mistake:
    if text == "/" or re.fullmatch(KEY_PATTERN, text):
        return text
    return Mistake(f"It must be the key of a set, or / for the top level. A key has {KEY_DESCRIBED}.")


def _album_key(text: str) -> str | Mistake:
    if re.fullmatch(KEY_PATTERN, text):
        return text
    if re.fullmatch("[0-9a-fA-F]{32}", text):
        return text.lower()
    return Mistake(f"It must be the key of an album, or an id of 32 hexadecimal digits. A key has {KEY_DESCRIBED}.")


def _entry_address(text: str) -> str | Mistake:
    if re.fullmatch(ADDRESS_PATTERN, text):
        return text
    hint = f"write albums.{text} or sets.{text}" if re.fullmatch(KEY_PATTERN, text) else ""
    return Mistake(f"It must be albums.KEY or sets.KEY. A key has {KEY_DESCRIBED}.", hint)


def _format_version(text: str) -> int | Mistake:
    if text == str(FORMAT_VERSION):
        return FORMAT_VERSION
    if re.fullmatch(r"[1-9]\d{0,8}", text, re.ASCII):
        return Mistake(
            f"This lrplan reads version {FORMAT_VERSION}.",
            "update lrplan",
            what=f"file of format version {text}",
            code="LRP107",
        )
    return Mistake(
        f"This lrplan reads version {FORMAT_VERSION}.",
        f"write lrplan: {FORMAT_VERSION}",
        what=f"unknown format version {quoted(text)}",
        code="LRP105",
    )
