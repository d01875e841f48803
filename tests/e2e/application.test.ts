import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readImage } from '../../main/imaging/image.ts';
import type { Page } from 'playwright-core';
import { buildInterface, openInterface } from './interface.ts';
import { canvasPoint, colourfulness, pixel } from './pane.ts';

const pages = mkdtempSync(join(tmpdir(), 'sfumato-interface-'));
beforeAll(() => buildInterface(pages), 120_000);
afterAll(() => {
  rmSync(pages, { recursive: true, force: true });
});

const slow = { timeout: 120_000 };

async function exportMask(page: Page, path: string): Promise<void> {
  await page.getByRole('tab', { name: 'Segment' }).click();
  await page.getByRole('button', { name: 'Export…' }).click();
  await page.getByRole('textbox', { name: 'File' }).fill(path);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByText('Saved and read back').waitFor(slow);
  await page.getByRole('button', { name: 'Close' }).last().click();
}

async function drawAt(page: Page, at: { readonly x: number; readonly y: number }): Promise<void> {
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  await page.mouse.move(at.x + 3, at.y + 3, { steps: 3 });
  await page.mouse.up();
}

describe('the interface in a browser', () => {
  it('shows the sample, segments it, flips samples, paints, undoes, redoes, and exports what is on the screen', async () => {
    const { page, errors, folder } = await openInterface(pages);
    await page.getByRole('button', { name: 'Skip' }).click(slow);
    await page.locator('.pane.axial').waitFor(slow);
    await page.getByRole('button', { name: 'Segment', exact: true }).click(slow);
    await page.getByRole('button', { name: 'Export…' }).waitFor(slow);

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
    await drawAt(page, outside.page);
    await expect.poll(async () => colourfulness(await colour(outside)), { timeout: 20_000 }).toBeGreaterThan(30);
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
    await page.getByRole('button', { name: 'Skip' }).click(slow);
    await page.getByText('Segments the anterior').waitFor(slow);
    // Not by a script element: the page's own rules refuse it.
    await page.evaluate(readFileSync(join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8'));
    const findings: string[] = [];
    for (const screen of ['Viewer', 'Library', 'Jobs', 'Training', 'Settings']) {
      await page.getByRole('navigation').getByRole('button', { name: screen }).click();
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
