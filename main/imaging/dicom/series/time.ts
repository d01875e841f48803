/** Seconds since midnight of a TM value, `HHMMSS.FFFFFF`, of which the end may be missing (PS3.5 6.2); `undefined` for anything else. */
export function secondsOfDay(text: string | undefined): number | undefined {
  // ACR-NEMA wrote colons.
  const [, hours, minutes = '0', seconds = '0'] =
    /^(\d\d)(?:(\d\d)(?:(\d\d(?:\.\d*)?))?)?$/.exec(text?.trim().replaceAll(':', '') ?? '') ?? [];
  return hours === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/** Days since 1970 of a DA value, `YYYYMMDD`. */
function dayNumber(text: string | undefined): number | undefined {
  const [, year, month, day] = /^(\d{4})\.?(\d\d)\.?(\d\d)$/.exec(text?.trim() ?? '') ?? [];
  return year === undefined ? undefined : Date.UTC(Number(year), Number(month) - 1, Number(day)) / 86_400_000;
}

/** Seconds since 1970 of a DT value; the offset from UTC is left out, all times of an object being of one place. */
export function secondsOfDateTime(text: string | undefined): number | undefined {
  const plain = text?.trim().replace(/[+-]\d{4}$/, '') ?? '';
  return join(dayNumber(plain.slice(0, 8)), secondsOfDay(plain.slice(8)));
}

/** Seconds since 1970 of a date and a time. */
export function secondsOf(date: string | undefined, time: string | undefined): number | undefined {
  return join(dayNumber(date), secondsOfDay(time));
}

function join(day: number | undefined, seconds: number | undefined): number | undefined {
  return day === undefined || seconds === undefined ? undefined : day * 86_400 + seconds;
}
