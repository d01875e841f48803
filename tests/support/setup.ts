import type { TestProject } from 'vitest/node';
import { sayData } from './data.ts';
import { installDciodvfy } from './dciodvfy.ts';
import { installOracles } from './oracles.ts';

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs once before a project's tests: finds or installs what they need. */
export async function setup(project: TestProject): Promise<void> {
  sayData(say);
  await installOracles('plain', say);
  await installDciodvfy(say);
  if (project.name === 'long') await installOracles('torch', say);
}
