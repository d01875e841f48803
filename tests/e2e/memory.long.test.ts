import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { computeProcesses } from '../main/host/computeProcesses.ts';
import { builtPages, openInterface } from './interface.ts';
import { writeScan } from './scan.ts';
import { beginWithSample, openStudy, slow } from './steps.ts';

const pages = builtPages();
const cycles = 50;
/** By then everything that is kept for good was made once. */
const settled = 5;
/** Of what is held while the scan is open. */
const mostGrowth = 0.1;
/** A sixteenth of the pixels of a usual CT, so that a hundred openings take minutes; what leaks, leaks by the volume. */
const shape = [128, 128, 300] as const;
const voxelBytes = 2 * shape[0] * shape[1] * shape[2];

const usage = z.object({ usedSize: z.number(), backingStorageSize: z.number() });

/** What the page holds, voxels among it, once nothing that is free is left; bytes. */
async function heldByPage(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize } = usage.parse(await session.send('Runtime.getHeapUsage'));
  return usedSize + backingStorageSize;
}

/** Memory that the compute processes have resident, bytes; by the Linux kernel's count. */
async function residentBytes(): Promise<number> {
  const statuses = await Promise.all(computeProcesses().map((id) => readFile(`/proc/${id}/status`, 'utf8')));
  return statuses.reduce((sum, status) => sum + 1024 * Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1]), 0);
}

const counters = z.object({ nodes: z.number(), jsEventListeners: z.number() });

/** Elements and listeners of the page, gone ones among them that something still holds. */
const heldElements = async (session: CDPSession) => counters.parse(await session.send('Memory.getDOMCounters'));

async function openWhole(page: Page, name: string): Promise<void> {
  await openStudy(page, name);
  await page.locator('.pane.axial').waitFor(slow);
  await page.locator('.viewer > .v-progress-linear').waitFor({ state: 'detached', ...slow });
}

/** How much more there is at the end than once all was settled, by the largest of five each. */
function growth(values: readonly number[]): number {
  const largest = (from: number) => Math.max(...values.slice(from, from + 5));
  return largest(cycles - 5) - largest(settled);
}

it('opens and closes a scan of 300 slices fifty times without growing, in the page and in the process beside it', async () => {
  const { page, folder, ask } = await openInterface(pages);
  const path = join(folder, 'scan.nii');
  await writeScan(path, shape);
  await ask('studies:open', { paths: [path] });
  await beginWithSample(page);
  // Software draws the 3-D view: the fewer its pixels, the sooner it is there.
  await page.setViewportSize({ width: 800, height: 500 });
  const session = await page.context().newCDPSession(page);
  const [held, closed, resident]: [number[], number[], number[]] = [[], [], []];
  const elements: z.infer<typeof counters>[] = [];
  for (let cycle = 0; cycle < cycles; cycle++) {
    await openWhole(page, 'scan.nii');
    held.push(await heldByPage(session));
    await openWhole(page, 'hippocampus');
    closed.push(await heldByPage(session));
    resident.push(await residentBytes());
    elements.push(await heldElements(session));
  }
  // A 3-D view that is left behind shows in these long before it does in bytes.
  expect(elements.at(-1)).toEqual(elements[settled]);
  expect(page.workers()).toEqual([]);
  const open = held[settled]!;
  expect(growth(held) / open).toBeLessThan(mostGrowth);
  expect(growth(closed) / open).toBeLessThan(mostGrowth);
  expect(growth(resident) / resident[settled]!).toBeLessThan(mostGrowth);
  // And the voxels of the scan are gone.
  expect(open - closed[settled]!).toBeGreaterThan(0.9 * voxelBytes);
}, 1_800_000);
