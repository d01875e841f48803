import type { TestProject } from 'vitest/node';
import { sayData } from './data.ts';
import { dciodvfy } from './dciodvfy.ts';
import { installPart } from './debian.ts';
import { installOracles } from './oracles.ts';
import { softwareVulkan } from './vulkan.ts';

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs once before a project's tests: finds or installs what they need. */
export async function setup(project: TestProject): Promise<void> {
  sayData(say);
  await installOracles('plain', say);
  await installPart(dciodvfy, say);
  if (project.name === 'fast') return;
  await installOracles('torch', say);
  await installPart(softwareVulkan, say);
}
