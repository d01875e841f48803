import { useShortcuts, type Shortcuts } from '../components/useShortcuts.ts';
import { flipSample } from '../flows/flipSample.ts';
import type { Editing } from '../session/editing.ts';
import type { ShownSegmentation } from '../session/shownSegmentation.ts';
import { useBrushStore } from '../stores/brush.ts';
import { useCameraStore } from '../stores/camera.ts';
import { layouts, useLayoutStore } from '../stores/layout.ts';
import { useOverlayStore } from '../stores/overlay.ts';
import { useScreenStore } from '../stores/screen.ts';
import { useSettingsStore } from '../stores/settings.ts';
import { tools, useToolStore } from '../stores/tool.ts';
import { useViewStore } from '../stores/view.ts';
import { toolKeys } from './toolKeys.ts';

/** What keys act on, beside the stores. */
interface Acted {
  readonly shown: ShownSegmentation;
  readonly editing: Editing;
  readonly review: { readonly next: () => void };
}

/** Everything that a key does in the viewer. */
export function useViewerKeys({ shown, editing, review }: Acted): void {
  const screen = useScreenStore();
  const viewing = useViewStore();
  const shortcuts: Shortcuts = {
    ...toolShortcuts(),
    ...layoutShortcuts(),
    ...overlayShortcuts(shown),
    ...brushShortcuts(),
    'ctrl+z': editing.undo,
    'ctrl+y': editing.redo,
    'ctrl+shift+z': editing.redo,
    n: review.next,
    t: () => {
      viewing.planes = null;
    },
  };
  useShortcuts(() => (screen.current === 'viewer' && viewing.volume !== null ? shortcuts : {}));
}

function toolShortcuts(): Shortcuts {
  const tool = useToolStore();
  const take = (name: (typeof tools)[number]) => () => {
    tool.take(name);
  };
  return Object.fromEntries(tools.map((name) => [toolKeys[name], take(name)]));
}

function layoutShortcuts(): Shortcuts {
  const layout = useLayoutStore();
  const show = (name: (typeof layouts)[number]) => () => {
    layout.show(name);
  };
  const numbered = Object.fromEntries(layouts.map((name, n) => [`${n + 1}`, show(name)]));
  return { ...numbered, r: useCameraStore().reset };
}

function overlayShortcuts(shown: ShownSegmentation): Shortcuts {
  const overlay = useOverlayStore();
  const settings = useSettingsStore();
  const flip = (by: number) => () => {
    flipSample(shown.samples.value?.volume.channels ?? 0, by);
  };
  return {
    g: () => {
      overlay.visible = !overlay.visible;
    },
    o: () => {
      settings.change({ overlayStyle: settings.current.overlayStyle === 'outline' ? 'both' : 'outline' });
    },
    h: () => {
      overlay.heat = overlay.heat === 'entropy' ? 'none' : 'entropy';
    },
    ',': flip(-1),
    '.': flip(1),
  };
}

/** A stroke is as wide as is useful from a pixel to a large organ. */
const brushLimits = { least: 0.5, most: 100 } as const;

function brushShortcuts(): Shortcuts {
  const settings = useSettingsStore();
  const brush = useBrushStore();
  const resize = (factor: number) => () => {
    const next = settings.current.brushMillimetres * factor;
    settings.change({ brushMillimetres: Math.min(Math.max(next, brushLimits.least), brushLimits.most) });
  };
  return {
    '[': resize(1 / 1.25),
    ']': resize(1.25),
    m: () => {
      brush.tip = brush.tip === 'ball' ? 'disc' : 'ball';
    },
  };
}
