// The options that `plan` and `train` share.

import { z } from 'zod';
import { onCommandLine } from './command.ts';
import { path, wholeNumber } from './options.ts';

export const preset = onCommandLine(z.enum(['small', 'base', 'large']).default('small'), {
  usage: '--preset <preset>',
  summary: 'size of the network: small, base or large',
});

export const set = onCommandLine(z.array(z.string()).default([]), {
  usage: '--set <key=value>',
  summary: 'change a setting of the training; once for each',
  takes: 'list',
});

export const memory = onCommandLine(wholeNumber(1).optional(), {
  usage: '--memory <MiB>',
  summary: 'memory that may be used (default: what is free)',
});

export const splits = onCommandLine(path().optional(), {
  usage: '--splits <file>',
  summary: 'a splits.json that says which patients train, validate and test',
});

export const groupBy = onCommandLine(z.string().optional(), {
  usage: '--group-by <pattern>',
  summary: 'regular expression that finds the patient in a file name',
});
