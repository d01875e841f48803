import type { Tool } from '../stores/tool.ts';

/** The key of each tool. */
export const toolKeys: Readonly<Record<Tool, string>> = {
  crosshair: 'x',
  window: 'w',
  pan: 'p',
  zoom: 'z',
  length: 'd',
  angle: 'a',
  area: 's',
  brush: 'b',
  eraser: 'e',
  fill: 'f',
  island: 'i',
};
