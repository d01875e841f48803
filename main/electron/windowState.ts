import { readFileSync, writeFileSync } from 'fs';
import { screen, type BrowserWindow } from 'electron';
import { z } from 'zod';

const stateSchema = z.object({
  /** Null where the system chooses. */
  x: z.number().nullable(),
  y: z.number().nullable(),
  width: z.number().min(400),
  height: z.number().min(300),
  maximized: z.boolean(),
});

type WindowState = z.infer<typeof stateSchema>;

const first: WindowState = { x: null, y: null, width: 1440, height: 900, maximized: false };

/** As the window was left, if that place is still on a screen. */
export function readWindowState(path: string): WindowState {
  try {
    const state = stateSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    const isVisible = screen.getAllDisplays().some(({ bounds }) => {
      const [left, top] = [(state.x ?? bounds.x) - bounds.x, (state.y ?? bounds.y) - bounds.y];
      return left >= 0 && top >= 0 && left < bounds.width && top < bounds.height;
    });
    return isVisible ? state : first;
  } catch {
    return first;
  }
}

/** Written when the window closes. A disk that does not take it costs a position, no work. */
export function keepWindowState(window: BrowserWindow, path: string): void {
  window.on('close', () => {
    const state: WindowState = { ...window.getNormalBounds(), maximized: window.isMaximized() };
    try {
      writeFileSync(path, JSON.stringify(state));
    } catch {
      return;
    }
  });
}
