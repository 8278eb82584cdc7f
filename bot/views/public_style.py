"""How the public status page looks: one sheet inside of the page, in the reader's own light or dark."""

import base64
import hashlib

STYLE = """
:root { color-scheme: light dark; --paper: #f7f7f5; --card: #fff; --ink: #1c1e21; --quiet: #5b6068; --rule: #dcdedb;
  --calm: #1d6b40; --calm-paper: #e6f3ea; --busy: #8a4b00; --busy-paper: #fdf0dc; --link: #1a5fb4; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #15171a; --card: #1e2125; --ink: #eceef0; --quiet: #a5abb3; --rule: #34383e;
    --calm: #8fdcae; --calm-paper: #16301f; --busy: #ffc26b; --busy-paper: #38270d; --link: #8ab8ff; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main, header, footer { max-width: 46rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
main { padding-bottom: 1rem; }
footer { padding-top: 1rem; padding-bottom: 3rem; color: var(--quiet); font-size: .875rem; }
h1 { margin: 0 0 1.25rem; font-size: 1.5rem; line-height: 1.25; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.125rem; }
h3 { margin: 0; font-size: 1rem; font-weight: 600; }
a { color: var(--link); }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 3px; border-radius: 2px; }
.state { display: flex; gap: .75rem; align-items: baseline; margin: 0; padding: 1rem 1.25rem; border-radius: .75rem;
  font-size: 1.125rem; font-weight: 600; }
.state.calm { color: var(--calm); background: var(--calm-paper); }
.state.busy { color: var(--busy); background: var(--busy-paper); }
article { margin: 0 0 1rem; padding: 1rem 1.25rem; background: var(--card); border: 1px solid var(--rule);
  border-radius: .75rem; }
article.ongoing { border-left: .3rem solid var(--busy); }
.when { margin: .125rem 0 0; color: var(--quiet); font-size: .875rem; }
ol { list-style: none; margin: 1rem 0 0; padding: 0; }
li + li { margin-top: 1rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
.kind { margin: 0 0 .25rem; font-size: .875rem; color: var(--quiet); }
.kind strong { color: var(--ink); }
.text p { margin: 0 0 .5rem; overflow-wrap: anywhere; }
.text p:last-child { margin-bottom: 0; }
.none { margin: 0; color: var(--quiet); }
@media print { body { background: #fff; } article { break-inside: avoid; } }
""".strip()

STYLE_SOURCE = f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
"""The sheet as a Content-Security-Policy names it: no other style has an effect, and no script at all."""
