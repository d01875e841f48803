import { shallowRef, watch } from 'vue';
import type { Segmentation } from '../../main/contract/segmentations.ts';
import { History } from '../editing/history.ts';
import type { Host } from '../host/host.ts';
import { useSegmentationStore } from '../stores/segmentations.ts';
import type { LoadedVolume } from '../volumes/loadedVolume.ts';
import { createAutosave, loadSteps, type Autosave } from './autosave.ts';
import { openEdited, type EditedSegmentation } from './editedSegmentation.ts';
import type { ShownSegmentation } from './shownSegmentation.ts';

/** What is remembered of a segmentation also while its study is closed. */
interface Memory {
  readonly history: History;
  readonly autosave: Autosave;
}

interface Session extends Memory {
  edited: EditedSegmentation;
}

/** The sessions of this window. Voxels of closed studies are let go, their history is kept. */
function createSessions(host: Host) {
  const sessions = new Map<string, Session>();
  const memories = new Map<string, Memory>();

  function remember(id: string): Memory {
    const memory = memories.get(id) ?? { history: new History(), autosave: createAutosave(host, id) };
    memories.set(id, memory);
    return memory;
  }

  /** Takes up a segmentation where it was left. @returns Nothing where its voxels cannot be had. */
  async function take({ segmentation: id, ...facts }: Segmentation, mask: LoadedVolume): Promise<Session | undefined> {
    const known = sessions.get(id);
    if (known) return known;
    const memory = remember(id);
    await memory.autosave.settled();
    if (!(await mask.whole)) return undefined;
    const edited = openEdited({ segmentation: id, ...facts }, mask, await loadSteps(host, id));
    sessions.set(id, { edited, ...memory });
    return sessions.get(id);
  }

  function keepOnly(open: readonly Segmentation[]): void {
    for (const [id, { autosave }] of sessions) {
      const isOpen = open.some(({ segmentation }) => segmentation === id);
      // What the host does not have is only here.
      if (!isOpen && autosave.state.value === 'saved') sessions.delete(id);
    }
  }

  return { take, keepOnly };
}

/** The session of the chosen segmentation, once it is here. */
export function useSession(host: Host, shown: ShownSegmentation) {
  const segmentations = useSegmentationStore();
  const sessions = createSessions(host);
  const session = shallowRef<Session>();

  async function begin(segmentation: Segmentation, mask: LoadedVolume): Promise<void> {
    const taken = await sessions.take(segmentation, mask);
    if (segmentations.chosen !== segmentation.segmentation) return;
    session.value = taken;
    shown.edited.value = taken?.edited;
  }

  watch(() => segmentations.list, sessions.keepOnly);
  watch(
    [() => segmentations.chosen, shown.loadedMask],
    ([id, mask]) => {
      if (session.value?.edited.segmentation === id) return;
      shown.edited.value = session.value = undefined;
      if (mask && segmentations.current) void begin(segmentations.current, mask);
    },
    { immediate: true },
  );
  return session;
}
