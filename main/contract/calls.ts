// Everything that can be asked of the host. Adding a call is one entry in one of these files and one handler.

import type { z } from 'zod';
import { applicationCalls } from './application.ts';
import type { Call } from './call.ts';
import { jobCalls } from './jobs.ts';
import { modelCalls } from './models.ts';
import { editCalls, segmentationCalls } from './segmentations.ts';
import { fileCalls, studyCalls } from './studies.ts';
import { datasetCalls, trainingCalls } from './training.ts';
import { volumeCalls } from './volumes.ts';

const calls = {
  ...applicationCalls,
  ...fileCalls,
  ...studyCalls,
  ...volumeCalls,
  ...modelCalls,
  ...segmentationCalls,
  ...editCalls,
  ...jobCalls,
  ...datasetCalls,
  ...trainingCalls,
} satisfies Readonly<Record<string, Call>>;

type Calls = typeof calls;
export type CallName = keyof Calls;
/** As the asker writes it: what has a default may be left out. */
export type Asking<Name extends CallName> = z.input<Calls[Name]['ask']>;
/** As the handler gets it. */
export type Asked<Name extends CallName> = z.output<Calls[Name]['ask']>;
export type Answer<Name extends CallName> = z.output<Calls[Name]['answer']>;

/** Checks what came over the wire; throws a `ZodError`. */
interface Check<Value> {
  parse(raw: unknown): Value;
}

/** The same table as the compiler can follow a call's name through it. */
export const checks: {
  readonly [Name in CallName]: { readonly ask: Check<Asked<Name>>; readonly answer: Check<Answer<Name>> };
} = calls;

export const isCallName = (name: string): name is CallName => Object.hasOwn(calls, name);
