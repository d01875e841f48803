// Everything a command says goes through here, so that `--json` keeps its promise: on stdout one JSON object a line, nothing else.

import type { Progress, ReportProgress } from '../jobs/progress.ts';
import { formatDuration } from '../contract/duration.ts';
import type { Failure } from '../product/failure.ts';

export interface Reporter {
  readonly progress: ReportProgress;
  warn(message: string): void;
  /** The command's answer, last of all: an event for machines, the text for people. */
  result(event: Readonly<Record<string, unknown>>, text: string): void;
  failure(failure: Failure): void;
}

/** The part of a stream that is used; `columns` only of a terminal. */
interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface ReporterSettings {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly format: 'json' | 'text';
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds, never going back. */
  readonly now: () => number;
}

const colours = { red: 31, yellow: 33 } as const;

function paint(colour: keyof typeof colours, text: string, { stderr, environment }: ReporterSettings): string {
  const plain = !stderr.isTTY || Boolean(environment['NO_COLOR']) || environment['TERM'] === 'dumb';
  return plain ? text : `\x1b[${colours[colour]}m${text}\x1b[39m`;
}

/** File names may hold anything: no line breaks into a one-line message, no escape sequences to the terminal. */
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');

/** Lets one call through per `interval` milliseconds, and always the last step. */
function createThrottle(interval: number, now: () => number, first: number): (progress: Progress) => boolean {
  let next = first;
  return ({ done, total }) => {
    if (now() < next && done < total) return false;
    next = now() + interval;
    return true;
  };
}

function progressText({ label, done, total, secondsLeft }: Progress): string {
  const left = secondsLeft === null ? '' : `, ${formatDuration(secondsLeft)} left`;
  return oneLine(`${label} ${done}/${total}${left}`);
}

/** Rewrites one line on a terminal; elsewhere (a log file) a line now and then. */
function createProgressLine({ stderr, now }: ReporterSettings) {
  const due = stderr.isTTY ? createThrottle(100, now, now()) : createThrottle(10_000, now, now() + 10_000);
  let shown = false;
  return {
    show: (progress: Progress): void => {
      // A job that is over before its first line is due needs none in a log.
      if (!due(progress) || (!stderr.isTTY && !shown && progress.done >= progress.total)) return;
      const text = progressText(progress);
      stderr.write(stderr.isTTY ? `\r\x1b[2K${text.slice(0, (stderr.columns ?? 80) - 1)}` : `${text}\n`);
      shown = true;
    },
    clear: (): void => {
      if (shown && stderr.isTTY) stderr.write('\r\x1b[2K');
    },
  };
}

export function createReporter(settings: ReporterSettings): Reporter {
  const { stdout, stderr, format } = settings;
  const line = createProgressLine(settings);
  const due = createThrottle(100, settings.now, settings.now());
  const say = (text: string): void => {
    line.clear();
    stderr.write(`${text}\n`);
  };
  const tell = (event: Readonly<Record<string, unknown>>): void => {
    stdout.write(`${JSON.stringify(event)}\n`);
  };
  return {
    progress: (progress) => {
      const { done, total, secondsLeft, label } = progress;
      if (format === 'text') line.show(progress);
      else if (due(progress)) tell({ event: 'progress', done, total, secondsLeft, label });
    },
    warn: (message) => {
      say(`${paint('yellow', 'warning:', settings)} ${oneLine(message)}`);
    },
    result: (event, text) => {
      line.clear();
      if (format === 'json') tell({ event: 'result', ...event });
      else stdout.write(`${text}\n`);
    },
    failure: (failure) => {
      const { what, where, remedy } = failure;
      if (format === 'json') tell({ event: 'error', ...failure });
      say(`${paint('red', 'error:', settings)} ${oneLine(`${what} (${where}). ${remedy}`)}`);
    },
  };
}
