import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance } from '../../../ml/volume/matrix.ts';
import { indexPoint, indexToWorld } from '../../../ml/volume/space.ts';
import {
  canvasToWorld,
  fitViewport,
  pan,
  pictureRectangle,
  type Viewport,
  worldToCanvas,
  zoom,
} from '../../../renderer/slices/viewport.ts';
import { grids } from '../../ml/volume/grids.ts';

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const points = fc.tuple(real(-500, 1500), real(-500, 1500));
const viewports: fc.Arbitrary<Viewport> = fc.record({
  width: fc.integer({ min: 1, max: 2000 }),
  height: fc.integer({ min: 1, max: 2000 }),
  centre: fc.tuple(real(-200, 200), real(-200, 200)),
  scale: real(0.05, 40),
});

describe('viewport', () => {
  it('comes back to the same canvas pixel through the patient', () => {
    fc.assert(
      fc.property(grids(), viewports, points, real(0, 5), (view, viewport, point, slice) => {
        const back = worldToCanvas(viewport, view, canvasToWorld(viewport, view, slice, point));
        expect(back[0]).toBeCloseTo(point[0], 6);
        expect(back[1]).toBeCloseTo(point[1], 6);
      }),
    );
  });

  it('has square pixels in millimetres, whatever shape voxels have', () => {
    fc.assert(
      fc.property(grids(), viewports, points, (view, viewport, [x, y]) => {
        const at = (dx: number, dy: number) => canvasToWorld(viewport, view, 0, [x + dx, y + dy]);
        expect(distance(at(0, 0), at(10, 0)) * viewport.scale).toBeCloseTo(10, 6);
        expect(distance(at(0, 0), at(0, 10)) * viewport.scale).toBeCloseTo(10, 6);
      }),
    );
  });

  it('keeps in place what it zooms about, and moves all else by the factor', () => {
    fc.assert(
      fc.property(grids(), viewports, points, real(0.1, 10), (view, viewport, fixed, factor) => {
        const place = canvasToWorld(viewport, view, 0, fixed);
        const larger = zoom(viewport, factor, fixed);
        expect(larger.scale).toBe(viewport.scale * factor);
        const now = worldToCanvas(larger, view, place);
        expect(now[0]).toBeCloseTo(fixed[0], 4);
        expect(now[1]).toBeCloseTo(fixed[1], 4);
      }),
    );
  });

  it('moves the picture with the pointer', () => {
    fc.assert(
      fc.property(grids(), viewports, points, (view, viewport, by) => {
        const corner = indexToWorld(view, indexPoint(0, 0, 0));
        const [before, after] = [worldToCanvas(viewport, view, corner), worldToCanvas(pan(viewport, by), view, corner)];
        expect(after[0] - before[0]).toBeCloseTo(by[0], 6);
        expect(after[1] - before[1]).toBeCloseTo(by[1], 6);
      }),
    );
  });

  it('fits the whole picture on the canvas, touching two opposite edges', () => {
    fc.assert(
      fc.property(
        grids(),
        fc.integer({ min: 1, max: 900 }),
        fc.integer({ min: 1, max: 900 }),
        (view, width, height) => {
          const { left, top, width: w, height: h } = pictureRectangle(fitViewport(view, width, height), view);
          expect(left + w / 2).toBeCloseTo(width / 2, 6);
          expect(top + h / 2).toBeCloseTo(height / 2, 6);
          expect(Math.max(w / width, h / height)).toBeCloseTo(1, 6);
        },
      ),
    );
  });

  it('draws the picture where its voxels are: half a pixel beyond the outermost centres', () => {
    fc.assert(
      fc.property(grids(), viewports, (view, viewport) => {
        const { left, top, width, height } = pictureRectangle(viewport, view);
        const first = worldToCanvas(viewport, view, indexToWorld(view, indexPoint(-0.5, -0.5, 0)));
        const last = worldToCanvas(
          viewport,
          view,
          indexToWorld(view, indexPoint(view.shape[0] - 0.5, view.shape[1] - 0.5, 0)),
        );
        expect([left, top].map((n, axis) => n - first[axis]!).every((n) => Math.abs(n) < 1e-5)).toBe(true);
        expect(left + width).toBeCloseTo(last[0], 5);
        expect(top + height).toBeCloseTo(last[1], 5);
      }),
    );
  });
});
