import { computed, inject, provide, shallowRef, watch, type InjectionKey } from 'vue';
import type { Segmentation, Structure } from '../../main/contract/segmentations.ts';
import { invariant } from '../../ml/check/invariant.ts';
import { Problem } from '../../ml/check/problem.ts';
import { track } from '../components/track.ts';
import { noChange, type LabelDiff } from '../editing/diff.ts';
import { History } from '../editing/history.ts';
import { withRoomFor } from '../editing/labels.ts';
import { applyStep, type Step } from '../editing/step.ts';
import type { Host } from '../host/host.ts';
import { useProblemStore } from '../stores/problems.ts';
import { useSegmentationStore } from '../stores/segmentations.ts';
import type { LoadedVolume } from '../volumes/loadedVolume.ts';
import { createAutosave, loadSteps, type Autosave } from './autosave.ts';
import { openEdited, withLabels, type EditedSegmentation } from './editedSegmentation.ts';
import type { ShownSegmentation } from './shownSegmentation.ts';

interface Session {
  edited: EditedSegmentation;
  readonly history: History;
  readonly autosave: Autosave;
}

/** The session of the chosen segmentation, once it is here. Going to another and back loses no history. */
function useSession(host: Host, shown: ShownSegmentation) {
  const segmentations = useSegmentationStore();
  const sessions = new Map<string, Session>();
  const session = shallowRef<Session>();

  async function begin(segmentation: Segmentation, mask: LoadedVolume): Promise<void> {
    const id = segmentation.segmentation;
    if (!sessions.has(id)) {
      if (!(await mask.whole)) return;
      const edited = openEdited(segmentation, mask, await loadSteps(host, id));
      sessions.set(id, { edited, history: new History(), autosave: createAutosave(host, id) });
    }
    if (segmentations.chosen !== id) return;
    session.value = sessions.get(id);
    shown.edited.value = session.value?.edited;
  }

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

/** The steps of the segmentation under the brush: done, undone, and sent to the host's log. */
function useSteps(host: Host, shown: ShownSegmentation) {
  const session = useSession(host, shown);
  const changes = shallowRef(0);

  function replace(edited: EditedSegmentation): void {
    if (session.value) shown.edited.value = session.value.edited = edited;
  }

  function goOn(edited: EditedSegmentation, step: Step): void {
    replace(edited);
    session.value?.autosave.append(step);
    edited.mask.touch();
    changes.value += 1;
  }

  /** Remembers a step. Its voxels are painted already: every operation paints as it goes. */
  function commit(step: Step): void {
    const edited = shown.edited.value;
    const isNothing = step.diff.runs.length === 0 && step.structures === undefined;
    if (!edited || !session.value || isNothing) return;
    session.value.history.record(step);
    goOn({ ...edited, structures: step.structures?.after ?? edited.structures }, step);
  }

  function goBack(which: 'undo' | 'redo'): void {
    const step = session.value?.history[which]();
    const edited = shown.edited.value;
    if (step && edited) goOn(withLabels(edited, applyStep(edited, step)), step);
  }

  /** Makes room for a label that 8 bits do not hold. */
  function makeRoom(label: number): EditedSegmentation | undefined {
    const edited = shown.edited.value;
    if (!edited || !session.value) return undefined;
    const labels = withRoomFor(edited.labels, label);
    if (labels !== edited.labels) replace(withLabels(edited, { labels, structures: edited.structures }));
    return shown.edited.value;
  }

  return { session, changes, commit, goBack, makeRoom };
}

function createEditing(host: Host, shown: ShownSegmentation) {
  const problems = useProblemStore();
  const { session, changes, commit, goBack, makeRoom } = useSteps(host, shown);

  /** Changes the structures by a function that refuses, with a `Problem`, what makes no sense. @param diff Painted already. */
  function changeStructures(
    name: string,
    make: (structures: readonly Structure[]) => readonly Structure[],
    diff: LabelDiff = noChange,
  ): void {
    const edited = shown.edited.value;
    if (!edited) return;
    try {
      commit({ name, diff, structures: { before: edited.structures, after: make(edited.structures) } });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problems.report(error);
    }
  }

  const nameOf = (which: 'undoName' | 'redoName') =>
    computed(() => {
      track(changes.value);
      return session.value?.history[which];
    });
  return {
    edited: computed(() => shown.edited.value),
    undoName: nameOf('undoName'),
    redoName: nameOf('redoName'),
    state: computed(() => session.value?.autosave.state.value ?? 'saved'),
    settled: () => session.value?.autosave.settled(),
    makeRoom,
    commit,
    undo: () => {
      goBack('undo');
    },
    redo: () => {
      goBack('redo');
    },
    changeStructures,
  };
}

export type Editing = ReturnType<typeof createEditing>;

const key: InjectionKey<Editing> = Symbol('editing');

export function provideEditing(host: Host, shown: ShownSegmentation): Editing {
  const editing = createEditing(host, shown);
  provide(key, editing);
  return editing;
}

export function useEditing(): Editing {
  const editing = inject(key);
  invariant(editing, 'the viewer provides the editing');
  return editing;
}
