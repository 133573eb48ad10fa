r"""
Text from elsewhere made safe to show: one function for each kind of output.

Names of albums and photos come from a live catalog, where anybody may have typed anything: escape codes that repaint a
terminal, marks that turn the reading direction so that one name looks like another, line breaks that fake a line of a
plan. Every such character is replaced by the escape a programmer would write (`\x1b`, `\u202e`), so that it is seen.
"""

from lrplan.diagnostics.text import visible


def for_text(text: str) -> str:
    """*text* on one line, for a terminal or a plain file: what would not be seen, or would act, is spelled out."""
    return visible(text)
