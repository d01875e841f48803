import { convert } from './commands/convert.ts';
import { data } from './commands/data.ts';
import { demo } from './commands/demo.ts';
import { evaluate } from './commands/evaluate.ts';
import { devices } from './commands/devices.ts';
import { info } from './commands/info.ts';
import { models } from './commands/models.ts';
import { plan } from './commands/plan.ts';
import { refine } from './commands/refine.ts';
import { segment } from './commands/segment.ts';
import { serve } from './commands/serve.ts';
import { statistics } from './commands/statistics.ts';
import { train } from './commands/train.ts';
import { runProgram } from './program.ts';

/** In the order of the help text. Adding a command is a file in commands/ and a line here. */
const commands = [
  segment,
  refine,
  plan,
  train,
  evaluate,
  data,
  demo,
  info,
  convert,
  models,
  statistics,
  devices,
  serve,
];

/** Runs one command line and ends the process with its exit code. */
export const sfumato = (argv: readonly string[]): Promise<never> => runProgram(argv, commands);
