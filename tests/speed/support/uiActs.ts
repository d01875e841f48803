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

/** Each step in a frame of its own. @param step An expression. @returns Mean ms a slice. */
function stepThrough(page: Page, steps: number, step: string): Promise<number> {
  return page.evaluate(`(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    await frame();
    const start = performance.now();
    for (let n = 0; n < ${steps}; n += 1) {
      ${step};
      await frame();
    }
    return (performance.now() - start) / ${steps};
  })()`);
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
