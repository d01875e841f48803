#!/usr/bin/env node
// Starts the command line: from its TypeScript sources in the repository, from JavaScript in a build.

import { fileURLToPath } from 'node:url';
import { supervise } from './supervise.mjs';

const entry = fileURLToPath(new URL('./process.ts', import.meta.url));
supervise(entry, entry.endsWith('.ts') ? ['--import', import.meta.resolve('tsx/esm')] : []);
