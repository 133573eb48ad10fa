"""
The little that must be known of an XMP file: that it is one, and which file it says it belongs to.

XMP is XML with one RDF element in it, as UTF-8 (ISO 16684-1, 7.1 and 7.3). It never has a document type, and so no
entities of its own; one that has is refused before any of it is expanded, so that no file can grow while it is read.
"""

from xml.parsers import expat

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_META = "adobe:ns:meta/"
_PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
_BETWEEN = "\n"  # between namespace and name; a newline stands in neither
_RDF_ELEMENT = f"{_RDF}{_BETWEEN}RDF"
_AROUND = frozenset({f"{_META}{_BETWEEN}xmpmeta", f"{_META}{_BETWEEN}xapmeta"})
_EXTENSION = f"{_PHOTOSHOP}{_BETWEEN}SidecarForExtension"
_EXTENSION_DEPTH = 3  # inside a description, which is inside of RDF
_EXTENSION_CHARACTERS_MAX = 16  # ours: what is longer is no extension


class NotXmpError(ValueError):
    """Why something is no XMP document, as the predicate of a sentence."""


def sidecar_extension(content: bytes) -> str:
    """The extension that *content* says it belongs to, without a dot, as written; "" where it says none.

    Raises:
        NotXmpError: It is no XMP.
    """
    reader = _Reader()
    if b"\0" in content:  # UTF-16, which a parser finds out by itself, whatever it is told
        raise NotXmpError("is not XML in UTF-8: it has bytes that are 0")
    try:
        reader.parser.Parse(content, True)  # noqa: FBT003 - it takes no keyword
    except expat.ExpatError as problem:
        raise NotXmpError(f"is not XML in UTF-8 (line {problem.lineno}: {expat.ErrorString(problem.code)})") from None
    if not reader.has_rdf:
        raise NotXmpError("is XML, but not XMP: it has no rdf:RDF")
    return reader.extension


class _Reader:
    def __init__(self) -> None:
        self.has_rdf = False
        self.extension = ""
        self._rdf_depth = 0  # of the open elements from rdf:RDF on
        self._above: list[str] = []
        self._text: list[str] | None = None
        self.parser = expat.ParserCreate("UTF-8", _BETWEEN)
        self.parser.buffer_text = True
        self.parser.XmlDeclHandler = self._declared
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        del version, standalone
        if encoding is not None and encoding.casefold() != "utf-8":
            raise NotXmpError(f"is not UTF-8: it says that it is {encoding[:20]}")

    def _doctype(self, *_: object) -> None:
        raise NotXmpError("is not XMP: it has a document type")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._rdf_depth or (name == _RDF_ELEMENT and _AROUND.issuperset(self._above)):
            self._rdf_depth += 1
            self.has_rdf = True
            if self._rdf_depth < _EXTENSION_DEPTH and _EXTENSION in attributes:
                self._found(attributes[_EXTENSION])
            if self._rdf_depth == _EXTENSION_DEPTH and name == _EXTENSION:
                self._text = []
        elif len(self._above) < _EXTENSION_DEPTH:  # deeper than RDF can lie, nothing needs to be known
            self._above.append(name)
        else:
            raise NotXmpError("is XML, but not XMP: it has no rdf:RDF")

    def _end(self, name: str) -> None:
        if self._rdf_depth:
            self._rdf_depth -= 1
            if self._text is not None and name == _EXTENSION:
                self._found("".join(self._text))
                self._text = None
        else:
            self._above.pop()

    def _characters(self, text: str) -> None:
        if self._text is not None and sum(map(len, self._text)) <= _EXTENSION_CHARACTERS_MAX:
            self._text.append(text[: _EXTENSION_CHARACTERS_MAX + 1])

    def _found(self, extension: str) -> None:
        extension = extension.strip().removeprefix(".")
        if 0 < len(extension) <= _EXTENSION_CHARACTERS_MAX and extension.isprintable():
            self.extension = self.extension or extension
