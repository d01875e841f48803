#!/usr/bin/env node
import { sfumato } from '../main/cli/sfumato.ts';

await sfumato(process.argv.slice(2));
