/** Text as a value of VR LO: at most 64 characters, no control characters, no backslash, which would divide it (PS3.5 table 6.2-1). */
export function shortText(text: string): string {
  return text
    .replace(/[\\\p{Cc}]+/gu, ' ')
    .trim()
    .replace(/^(.{64}).*$/su, '$1');
}
