r"""
Text from elsewhere made safe to show: one function for each kind of output.

Names of albums and photos come from a live catalog, where anybody may have typed anything: escape codes that repaint a
terminal, marks that turn the reading direction so that one name looks like another, line breaks that fake a line of a
plan. Every such character is replaced by the escape a programmer would write (`\x1b`, `\u202e`), so that it is seen.

The surprising case: the two joiners U+200C and U+200D are invisible too, but stay, because Persian words and family
emoji fall apart without them.
"""

import unicodedata

_JOINERS = frozenset("\u200c\u200d")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # Unicode categories that print nothing of their own
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def for_text(text: str) -> str:
    """*text* on one line, for a terminal or a plain file: what would not be seen, or would act, is spelled out."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character in _JOINERS or unicodedata.category(character) not in _HIDDEN:
        return character
    if character in _SHORT:
        return _SHORT[character]
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
