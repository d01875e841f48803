import type { Page } from 'playwright-core';
import type { Grid } from '../../ml/volume/grid.ts';
import { indexPoint, indexToWorld } from '../../ml/volume/space.ts';
import { alignedView, type ViewName } from '../../renderer/slices/view.ts';
import { fitViewport, worldToCanvas } from '../../renderer/slices/viewport.ts';

/** As the viewer leaves room around a picture. */
const margin = 0.96;

async function boxOf(page: Page, plane: ViewName) {
  const box = await page.locator(`.pane.${plane}`).boundingBox();
  if (box === null) throw new Error(`the ${plane} pane is not shown`);
  return box;
}

/** Where a voxel is on the canvas of a plane that nobody has moved, in CSS pixels from its corner. */
export async function canvasPoint(page: Page, plane: ViewName, grid: Grid, voxel: readonly [number, number, number]) {
  const box = await boxOf(page, plane);
  const view = alignedView(grid, plane);
  const whole = fitViewport(view, box.width, box.height);
  const [x, y] = worldToCanvas(
    { ...whole, scale: whole.scale * margin },
    view,
    indexToWorld(grid, indexPoint(...voxel)),
  );
  return { x, y, page: { x: box.x + x, y: box.y + y } };
}

/** Red, green and blue of a pixel of a plane: of all that is painted there, one picture over the other. */
export function pixel(page: Page, plane: ViewName, { x, y }: { x: number; y: number }): Promise<readonly number[]> {
  return page.locator(`.pane.${plane}`).evaluate(
    (pane, at) => {
      const context = new OffscreenCanvas(1, 1).getContext('2d');
      if (!context) throw new Error('no canvas');
      context.imageSmoothingEnabled = false;
      const corner = pane.getBoundingClientRect();
      for (const canvas of pane.querySelectorAll('canvas')) {
        if (canvas.hidden) continue;
        const { left, top, width, height } = canvas.getBoundingClientRect();
        context.drawImage(canvas, left - corner.left - at.x, top - corner.top - at.y, width, height);
      }
      return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    },
    { x, y },
  );
}

/** How far a colour is from grey, 0 to 255. */
export const colourfulness = (colour: readonly number[]): number => Math.max(...colour) - Math.min(...colour);
