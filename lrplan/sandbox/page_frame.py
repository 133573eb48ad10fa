"""What the sandbox's pages for people have in common: a frame, a style, and what a browser may do with them.

Problem: pages show names that any client made up, in a browser that may also be signed in elsewhere.
Method: one document without scripts, its style inside it, and a policy that lets the browser load nothing but pictures
from the same sandbox. Whoever fills the frame escapes every text.
Surprising case: the icon is an empty one inside the page, because browsers ask for ``/favicon.ico`` otherwise.
"""

import html

POLICY = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none';"
    " frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}

STYLE = """
:root { color-scheme: light dark; --back: #fbfaf8; --card: #fff; --text: #1d1c1a; --weak: #6b675f; --line: #dedad2;
  --new: #0b7a43; --cover: #9a6a00; }
@media (prefers-color-scheme: dark) { :root { --back: #171614; --card: #201f1c; --text: #eceae5; --weak: #a09b91;
  --line: #3a3833; --new: #4cc38a; --cover: #e0b04b; } }
* { box-sizing: border-box }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
header, main { max-width: 75rem; margin: 0 auto; padding: 1rem 1.25rem }
h1 { font-size: 1.5rem; margin: .5rem 0 } h2 { font-size: 1.15rem; margin: 0 0 .5rem } h3 { font-size: 1rem; margin: 0 }
p { margin: .4rem 0 } small, .weak { color: var(--weak); font-size: .85rem } a { color: inherit }
code { font-size: .9em; overflow-wrap: anywhere }
section, article { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem;
  margin: 0 0 1rem }
ul.tree, ul.tree ul { list-style: none; margin: 0; padding: 0 0 0 1.1rem } ul.tree { padding: 0 }
ul.tree li { padding: .1rem 0; overflow-wrap: anywhere } ul.tree .set { font-weight: 600 }
.photos { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: .6rem; list-style: none;
  margin: .8rem 0 0; padding: 0 }
.photos li { min-width: 0; font-size: .8rem; overflow-wrap: anywhere }
.photos img, .cover { display: block; width: 100%; aspect-ratio: 3/2; object-fit: cover; background: var(--line);
  border-radius: .3rem }
.photos li.new img { outline: 3px solid var(--new); outline-offset: 1px }
.badge { font-size: .72rem; border: 1px solid currentcolor; border-radius: 1rem; padding: 0 .45rem;
  white-space: nowrap }
.new .badge, .badge.new { color: var(--new) } .badge.is-cover { color: var(--cover) }
.album { display: grid; grid-template-columns: 9rem 1fr; gap: 0 1rem }
.album .photos, .album > p { grid-column: 1 / -1 }
.album .name { overflow-wrap: anywhere } .gone { opacity: .55 }
@media (max-width: 34rem) { .album { grid-template-columns: 1fr } }
"""


def document(title: str, body: str) -> str:
    """Frame a page; ``title`` is text, ``body`` is HTML."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f"<title>{html.escape(title)}</title><style>{STYLE}</style></head><body>{body}</body></html>\n"
    )
