import type { Locator, Page } from 'playwright-core';

/** What a computer that does other things too may take, ms. */
export const slow = { timeout: 120_000 };

/** For what takes less than a second of work: the processors of a test run are shared by several browsers, hosts and trainings. */
export const mostMilliseconds = 5_000;

/** Clicks, and waits for a button with these words. @returns Milliseconds between the two by the page's clock: what the test's own process waits for is not in it. */
export const timeToButton = (click: Locator, words: string): Promise<number> =>
  click.evaluate(
    (element: HTMLElement, wanted) =>
      new Promise<number>((resolve) => {
        const clicked = performance.now();
        const observer = new MutationObserver(() => {
          const isThere = [...document.querySelectorAll('button')].some(
            ({ textContent }) => textContent.trim() === wanted,
          );
          if (!isThere) return;
          observer.disconnect();
          resolve(performance.now() - clicked);
        });
        observer.observe(document.body, { childList: true, subtree: true, characterData: true });
        element.click();
      }),
    words,
  );

export const goTo = (page: Page, screen: string): Promise<void> =>
  page.getByRole('navigation').getByRole('button', { name: screen }).click();

/** Puts the tour away and waits for the sample, which opens on the first start. */
export async function beginWithSample(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Skip' }).click(slow);
  await page.getByText('Segments the anterior').waitFor(slow);
}

/** Segments what is shown as the model recommends, and waits for the result. */
export async function segment(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Segment', exact: true }).click(slow);
  await page.getByRole('button', { name: 'Export…' }).waitFor(slow);
}

export async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 6 });
  await page.mouse.up();
}

/** The middle of what a locator finds, in the page. */
export async function middleOf(locator: Locator): Promise<{ x: number; y: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('not shown');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Takes the handle to the right of the axial crosshair a third of a right angle down. */
export async function turnInAxial(page: Page): Promise<void> {
  const middle = await middleOf(page.locator('.pane.axial'));
  await page.mouse.move(middle.x, middle.y);
  const handles = await Promise.all((await page.locator('.pane.axial .handle').all()).map(middleOf));
  const from = handles.reduce((best, handle) => (handle.x > best.x ? handle : best));
  const reach = from.x - middle.x;
  const angle = Math.PI / 6;
  await drag(page, from, { x: middle.x + reach * Math.cos(angle), y: from.y + reach * Math.sin(angle) });
}

/** Opens a study of the library by its name, or a part of that. */
export async function openStudy(page: Page, name: string): Promise<void> {
  await goTo(page, 'Library');
  await page.locator('button.open', { hasText: name }).click(slow);
}

/** Chooses a folder in the page's own dialog, or a file of it. */
export async function choosePath(page: Page, folder: string, file?: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Folder or file' });
  await field.fill(folder);
  await field.press('Enter');
  if (file === undefined) await page.getByRole('button', { name: 'Open this folder' }).click();
  else await page.locator('.entries').getByText(file, { exact: true }).click(slow);
}

/** Takes an option of a list by their names. */
export async function choose(page: Page, list: string, option: string): Promise<void> {
  await page.locator('.v-select', { hasText: list }).last().click();
  await page.getByRole('option', { name: option }).click(slow);
}
