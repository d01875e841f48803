import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heatColour } from '../../../main/report/colourMap.ts';
import { blend, type Colour, colourRamp, fadeIn, packColour } from '../../../renderer/slices/colour.ts';
import { fillLabelTable } from '../../../renderer/slices/labelColours.ts';
import { emptyTable, fillTable, shade, windowRange } from '../../../renderer/slices/shading.ts';

const unpack = (packed: number) => [packed & 255, (packed >>> 8) & 255, (packed >>> 16) & 255, packed >>> 24];
const grey = colourRamp('grey');

describe('packColour', () => {
  it('has the bytes of an RGBA pixel', () => {
    expect(Array.from(new Uint8Array(Uint32Array.of(packColour([1, 2, 3], 1)).buffer))).toEqual([1, 2, 3, 255]);
  });
});

describe('blend', () => {
  const channel = fc.integer({ min: 0, max: 255 });
  const colours = fc.tuple(channel, channel, channel);
  const mixed = (below: Colour, above: Colour, a: number, b: number) =>
    below.map((value, n) => (above[n]! * b + value * a * (1 - b)) / (a + b * (1 - a)));

  it('is "over" to one level, on what is opaque and on what is not', () => {
    fc.assert(
      fc.property(colours, colours, fc.constantFrom(1, 51 / 255, 204 / 255), channel, (below, above, a, opacity) => {
        const [b] = [opacity / 255];
        const result = unpack(blend(packColour(below, a), packColour(above, b)));
        for (const [n, value] of mixed(below, above, a, b).entries())
          expect(Math.abs(result[n]! - value)).toBeLessThanOrEqual(1.01);
        expect(Math.abs(result[3]! - 255 * (a + b * (1 - a)))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('leaves a colour on a clear picture as it is', () => {
    expect(unpack(blend(0, packColour([10, 20, 30], 0.4)))).toEqual([10, 20, 30, 102]);
  });
});

describe('colourRamp', () => {
  it('has the published inferno, as the reports have', () => {
    const inferno = colourRamp('inferno');
    for (let n = 0; n < 10; n++) {
      const step = Math.round((n * 255) / 9);
      for (const [channel, value] of heatColour(n / 9).entries()) {
        // The report's ten colours lie between steps of the table.
        expect(Math.abs(unpack(inferno[step]!)[channel]! - value)).toBeLessThanOrEqual(2);
      }
    }
  });

  // Source: matplotlib 3.10, colormaps[name](0.5) and its ends, 8 bit.
  it.each([
    ['viridis', [68, 1, 84], [253, 231, 37]],
    ['cividis', [0, 34, 78], [254, 232, 56]],
    ['inferno', [0, 0, 4], [252, 255, 164]],
  ] as const)('%s begins and ends as published', (name, first, last) => {
    expect(unpack(colourRamp(name)[0]!).slice(0, 3)).toEqual(first);
    expect(unpack(colourRamp(name)[255]!).slice(0, 3)).toEqual(last);
  });

  it.each(['inferno', 'viridis', 'cividis'] as const)('%s never gets darker, in grey either', (name) => {
    const luminance = Array.from(colourRamp(name), (packed) => {
      const [r, g, b] = unpack(packed).map((value) => (value / 255) ** 2.2);
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    });
    for (let n = 4; n < 256; n++) expect(luminance[n]!).toBeGreaterThan(luminance[n - 4]!);
  });

  it('stays clear where all is nearly certain', () => {
    const ramp = colourRamp('inferno', fadeIn(0.8));
    expect(ramp[0]! >>> 24).toBe(0);
    expect(ramp[255]! >>> 24).toBe(204);
  });
});

describe('shade', () => {
  it('goes from black to white over the window and no farther', () => {
    const shading = { ...windowRange(40, 400), ramp: grey };
    const level = (value: number) => unpack(shade(value, shading))[0];
    expect([-1000, -160, 40, 240, 3000].map(level)).toEqual([0, 0, 128, 255, 255]);
  });

  it('turns round with an inverted ramp', () => {
    expect(unpack(shade(-160, { low: -160, high: 240, ramp: colourRamp('inverted grey') }))).toEqual([
      255, 255, 255, 255,
    ]);
  });

  it('leaves padding and what is no number clear', () => {
    const shading = { low: 0, high: 10, ramp: grey, padding: { from: -2000, to: -1500 } };
    expect([-2000, -1700, -1500, NaN].map((value) => shade(value, shading))).toEqual([0, 0, 0, 0]);
    expect(shade(-1499, shading)).toBe(grey[0]);
    expect(shade(Infinity, shading)).toBe(grey[255]);
  });

  it('is a threshold where the window has no width', () => {
    const shading = { low: 5, high: 5, ramp: grey };
    expect([4, 5, 6].map((value) => unpack(shade(value, shading))[0])).toEqual([0, 0, 255]);
  });
});

describe('fillTable', () => {
  it.each([new Int16Array(1), new Uint16Array(1), new Int8Array(1), new Uint8Array(1)])(
    'has the colour of every value (%#)',
    (data) => {
      const table = emptyTable(data);
      const shading = { low: -100, high: 900, ramp: grey, padding: { from: -60, to: -50 } };
      fillTable(table, data, shading);
      for (let n = 0; n < table.entries.length; n++) {
        data[0] = n;
        expect(table.entries[data[0] & table.mask]).toBe(shade(data[0], shading));
      }
    },
  );
});

describe('fillLabelTable', () => {
  it('colours structures with their opacity and nothing else', () => {
    const table = emptyTable(new Uint16Array(1));
    table.entries.fill(7);
    const blue = { label: 65_535, colour: [0, 0, 255] as const, opacity: 0.2 };
    fillLabelTable(table, [{ label: 2, colour: [255, 0, 0], opacity: 0 }, blue]);
    expect(unpack(table.entries[65_535]!)).toEqual([0, 0, 255, 51]);
    expect(table.entries.filter((entry) => entry !== 0)).toHaveLength(1);
  });

  it('passes over labels that voxels of a byte cannot have', () => {
    const table = emptyTable(new Uint8Array(1));
    fillLabelTable(table, [{ label: 300, colour: [1, 1, 1], opacity: 1 }]);
    expect(table.entries.every((entry) => entry === 0)).toBe(true);
  });
});
