import { html, Markup } from './html.ts';

const style = new Markup(`
:root { color-scheme: light dark; --ink: #1c2026; --soft: #5b6470; --line: #d9dde3; --paper: #fff; --panel: #f5f6f8; --accent: #0b6bcb; --second: #b45309; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ebef; --soft: #9aa3af; --line: #343a43; --paper: #14161a; --panel: #1d2026; --accent: #6cb2ff; --second: #f0a856; }
}
body { margin: 0 auto; max-width: 72rem; padding: 2rem 1.5rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .3rem; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
p { max-width: 46rem; } .soft, figcaption, footer { color: var(--soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .8rem .35rem 0; text-align: right; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
th:first-child, td:first-child, td.text, th.text { text-align: left; } td.text { white-space: normal; } th { font-weight: 600; color: var(--soft); }
td small { display: block; color: var(--soft); }
figure { margin: 1rem 0; } img { max-width: 100%; height: auto; border-radius: 6px; }
svg { max-width: 100%; height: auto; } svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
.warning { background: var(--panel); border-left: 4px solid var(--second); padding: .6rem 1rem; margin: .5rem 0; }
.swatch { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: .5em; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .8rem; font-size: .85rem; }
`);

/** A whole page in one file: it loads nothing and runs nothing. */
export function page(title: string, body: Markup): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <title>${title}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        ${body}
        <footer>Made by Sfumato. Not for clinical use.</footer>
      </body>
    </html> `.text;
}

/** A table; the first column and those in `text` are text, the others numbers. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | Markup)[])[],
  text: readonly number[] = [],
): Markup {
  const kind = (column: number) => (text.includes(column) ? 'text' : '');
  const cells = (row: readonly (string | Markup)[]) =>
    row.map((cell, column) => html`<td class="${kind(column)}">${cell}</td>`);
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${head.map((cell, column) => html`<th class="${kind(column)}">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${cells(row)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A number for people: three decimals, a dash where there is none. */
export const shown = (value: number | undefined, decimals = 3): string =>
  value === undefined ? '–' : value.toFixed(decimals);
