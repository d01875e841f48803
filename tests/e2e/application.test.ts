import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../main/imaging/image.ts';
import type { Page } from 'playwright-core';
import { builtPages, openInterface } from './interface.ts';
import { canvasPoint, colourfulness, pixel } from './pane.ts';
import { beginWithSample, drag, goTo, segment, slow } from './steps.ts';

const pages = builtPages();

async function exportMask(page: Page, path: string): Promise<void> {
  await page.getByRole('tab', { name: 'Segment' }).click();
  await page.getByRole('button', { name: 'Export…' }).click();
  await page.getByRole('textbox', { name: 'File' }).fill(path);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByText('Saved and read back').waitFor(slow);
  await page.getByRole('button', { name: 'Close' }).last().click();
}

describe('the interface in a browser', () => {
  it('shows the sample, segments it, flips samples, paints, undoes, redoes, and exports what is on the screen', async () => {
    const { page, errors, folder } = await openInterface(pages);
    await beginWithSample(page);
    await segment(page);

    const first = join(folder, 'first.nii.gz');
    await exportMask(page, first);
    const { volume } = await readImage(first);
    const [width, height, depth] = volume.grid.shape;
    const k = Math.floor(depth / 2);
    const labelAt = (i: number, j: number) => volume.data[(k * height + j) * width + i]!;
    const surrounded = (i: number, j: number, wanted: (label: number) => boolean) =>
      [-2, 0, 2].every((b) => [-2, 0, 2].every((a) => wanted(labelAt(i + a, j + b))));
    const find = (wanted: (label: number) => boolean): readonly [number, number, number] => {
      for (let j = 4; j < height - 4; j++)
        for (let i = 4; i < width - 4; i++) if (surrounded(i, j, wanted)) return [i, j, k];
      throw new Error('no such place in the slice');
    };
    await page.keyboard.press('x');
    const inside = await canvasPoint(
      page,
      'axial',
      volume.grid,
      find((label) => label > 0),
    );
    const place = find((label) => label === 0);
    const outside = await canvasPoint(page, 'axial', volume.grid, place);
    const colour = (at: typeof inside) => pixel(page, 'axial', at);
    expect(colourfulness(await colour(inside))).toBeGreaterThan(30);
    expect(colourfulness(await colour(outside))).toBe(0);

    await page.keyboard.press('.');
    await page.getByText('Sample 1 of 8').waitFor(slow);
    await page.keyboard.press(',');

    await page.keyboard.press('b');
    const { x, y } = outside.page;
    // Painting begins when the log of edits has been read; a stroke over what is painted already is no step.
    const paint = async (): Promise<number> => {
      await drag(page, { x, y }, { x: x + 3, y: y + 3 });
      return colourfulness(await colour(outside));
    };
    await expect.poll(paint, { timeout: 20_000 }).toBeGreaterThan(30);
    await page.keyboard.press('Control+z');
    await expect.poll(async () => colourfulness(await colour(outside)), { timeout: 20_000 }).toBe(0);
    await page.keyboard.press('Control+y');
    await expect.poll(async () => colourfulness(await colour(outside)), { timeout: 20_000 }).toBeGreaterThan(30);

    const second = join(folder, 'second.nii.gz');
    await exportMask(page, second);
    const { volume: corrected } = await readImage(second);
    const [i, j] = place;
    expect(corrected.data[(k * height + j) * width + i]).toBe(1);
    expect(errors).toEqual([]);
  }, 300_000);

  it('has no serious finding of axe on any screen', async () => {
    const { page } = await openInterface(pages);
    await beginWithSample(page);
    // Not by a script element: the page's own rules refuse it.
    await page.evaluate(readFileSync(join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8'));
    const findings: string[] = [];
    for (const screen of ['Viewer', 'Library', 'Jobs', 'Training', 'Settings']) {
      await goTo(page, screen);
      await page.waitForTimeout(500);
      findings.push(...(await seriousFindings(page)).map((finding) => `${screen}: ${finding}`));
    }
    expect(findings).toEqual([]);
  }, 200_000);
});

/** What axe calls serious or critical on what is shown. */
function seriousFindings(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  });
}
