import { computed, inject, provide, shallowRef, type InjectionKey } from 'vue';
import type { Structure } from '../../main/contract/segmentations.ts';
import { invariant } from '../../ml/check/invariant.ts';
import { Problem } from '../../ml/check/problem.ts';
import { track } from '../components/track.ts';
import { noChange, type LabelDiff } from '../editing/diff.ts';
import { withRoomFor, type EditRules } from '../editing/labels.ts';
import type { Operation } from '../editing/operation.ts';
import { applyStep, type Step } from '../editing/step.ts';
import type { Host } from '../host/host.ts';
import { useProblemStore } from '../stores/problems.ts';
import { withLabels, type EditedSegmentation } from './editedSegmentation.ts';
import { useSession } from './editSession.ts';
import { createOperations } from './operations.ts';
import type { ShownSegmentation } from './shownSegmentation.ts';

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

/** Changes the structures by a function that refuses, with a `Problem`, what makes no sense. @param diff Painted already. */
type ChangeStructures = (
  name: string,
  make: (structures: readonly Structure[]) => readonly Structure[],
  diff?: LabelDiff,
) => void;

function structureChanges(
  current: () => EditedSegmentation | undefined,
  commit: (step: Step) => void,
): ChangeStructures {
  const problems = useProblemStore();
  return (name, make, diff = noChange) => {
    const before = current()?.structures;
    if (!before) return;
    try {
      commit({ name, diff, structures: { before, after: make(before) } });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problems.report(error);
    }
  };
}

function createEditing(host: Host, shown: ShownSegmentation) {
  const { session, changes, commit, goBack, makeRoom } = useSteps(host, shown);
  const operations = createOperations(commit);
  const unlessRunning = (act: () => void) => (): void => {
    if (operations.running.value === undefined) act();
  };

  /** Does something to the whole of a structure, beside the window's thread. */
  function operate(name: string, operation: Operation, rules: EditRules): void {
    const edited = makeRoom(operation.label);
    if (edited) void operations.run(edited, name, operation, rules);
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
    /** For what paints at once; `undefined` while an operation runs. */
    makeRoom: (label: number) => (operations.running.value === undefined ? makeRoom(label) : undefined),
    commit,
    operate,
    running: operations.running,
    cancel: operations.cancel,
    undo: unlessRunning(() => {
      goBack('undo');
    }),
    redo: unlessRunning(() => {
      goBack('redo');
    }),
    changeStructures: structureChanges(
      () => (operations.running.value === undefined ? shown.edited.value : undefined),
      commit,
    ),
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
