import type { TestProject } from 'vitest/node';
import { chromium } from './chromium.ts';
import { sayData } from './data.ts';
import { dciodvfy } from './dciodvfy.ts';
import { installPart } from './debian.ts';
import { installElectron, virtualScreen } from './electron.ts';
import { installOracles } from './oracles.ts';
import { strace } from './strace.ts';
import { softwareVulkan } from './vulkan.ts';

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs once before a project's tests: finds or installs what they need. */
export async function setup(project: TestProject): Promise<void> {
  sayData(say);
  await installOracles('plain', say);
  await installPart(dciodvfy, say);
  await installPart(chromium, say);
  if (project.name === 'fast') return;
  await installOracles('torch', say);
  await installPart(softwareVulkan, say);
  await installPart(virtualScreen, say);
  await installPart(strace, say);
  await installElectron(say);
}
