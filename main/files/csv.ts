/** What a field may hold; `null` and `undefined` are empty. */
export type CsvField = string | number | boolean | null | undefined;

/** Lines as RFC 4180 has them. */
export const csvText = (lines: readonly (readonly CsvField[])[]): string =>
  lines.map((line) => `${line.map(field).join(',')}\r\n`).join('');

/** A spreadsheet would run a text that begins like a formula: an apostrophe keeps it text. */
function field(content: CsvField): string {
  if (typeof content !== 'string') return String(content ?? '');
  const safe = /^[=+\-@\t\r]/.test(content) ? `'${content}` : content;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
