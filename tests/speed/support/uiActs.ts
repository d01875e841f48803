import type { Page } from 'playwright-core';

// What both sides do, timed in the page: from the event until the second frame after it, when the first was drawn.

const slow = { timeout: 120_000 };

async function openStudy(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: 'Library' }).click();
  await page.locator('button.open', { hasText: name }).click(slow);
  await page.locator('.pane.axial .surface').waitFor(slow);
  await page.locator('.viewer > .v-progress-linear').waitFor({ state: 'detached', ...slow });
  await frames(page);
}

/** From the choice of the study until all of its voxels are in the window. Another one is opened first, so that it is nowhere in memory. @returns ms. */
export async function loadOurs(page: Page): Promise<number> {
  await openStudy(page, 'hippocampus');
  const start = performance.now();
  await openStudy(page, 'volume.nii');
  return performance.now() - start;
}

/** @returns ms. */
export async function loadTheirs(page: Page): Promise<number> {
  const start = performance.now();
  await page.evaluate(`niivue.loadVolumes([{ url: './volume.nii?' + Math.random() }])`);
  await frames(page);
  return performance.now() - start;
}

const frames = (page: Page) =>
  page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');

/**
 * Each step in a frame of its own, until the last one is on the screen: a page that draws by WebGL has only queued its pictures when its
 * frames are over, and a picture of the page waits for them all.
 *
 * @param step An expression. @returns Mean ms a slice.
 */
async function stepThrough(page: Page, steps: number, step: string): Promise<number> {
  await frames(page);
  const start = performance.now();
  await page.evaluate(`(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    for (let n = 0; n < ${steps}; n += 1) {
      ${step};
      await frame();
    }
  })()`);
  await page.screenshot({ clip: { x: 0, y: 0, width: 1, height: 1 } });
  return (performance.now() - start) / steps;
}

const slices = 40;
const direction = `(n < ${slices / 2} ? 1 : -1)`;

/** Forwards, then back, by the wheel. */
export const scrollOurs = (page: Page): Promise<number> =>
  stepThrough(
    page,
    slices,
    `document.querySelector('.pane.axial .surface').dispatchEvent(
      new WheelEvent('wheel', { deltaY: 60 * ${direction}, bubbles: true, cancelable: true }))`,
  );

export const scrollTheirs = (page: Page): Promise<number> =>
  stepThrough(page, slices, `niivue.moveCrosshairInVox(0, 0, ${direction})`);
