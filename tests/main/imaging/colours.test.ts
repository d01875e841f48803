import { describe, expect, it } from 'vitest';
import { placelessGrid } from '../../../main/imaging/placelessGrid.ts';
import { colours, inColour } from '../../../main/imaging/colours.ts';

const grey = { grid: placelessGrid([2, 1, 1]), channels: 1, data: Uint8Array.of(7, 200) };

describe('inColour', () => {
  it('shows a grey picture in every colour', () => {
    const { channels, data, grid } = inColour(grey, colours);
    expect(channels).toBe(3);
    expect(data).toEqual(Uint8Array.of(7, 200, 7, 200, 7, 200));
    expect(grid).toBe(grey.grid);
  });

  it('leaves alone what has colours, and what is asked for other channels', () => {
    const rgb = { ...grey, channels: 3, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    expect(inColour(rgb, colours)).toBe(rgb);
    expect(inColour(grey, ['T1', 'T2', 'FLAIR'])).toBe(grey);
    expect(inColour(grey, ['image'])).toBe(grey);
  });
});
