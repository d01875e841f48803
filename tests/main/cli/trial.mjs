// Runs the commands of trialCommands.ts the way sfumato.mjs runs the product's.

import { fileURLToPath } from 'node:url';
import { supervise } from '../../../main/cli/supervise.mjs';

const entry = fileURLToPath(new URL('./trialCommands.ts', import.meta.url));
supervise(entry, ['--import', import.meta.resolve('tsx/esm')]);
