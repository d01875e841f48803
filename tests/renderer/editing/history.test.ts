import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Stroke } from '../../../renderer/editing/brush.ts';
import { clearStructure } from '../../../renderer/editing/clear.ts';
import { noChange } from '../../../renderer/editing/diff.ts';
import { History } from '../../../renderer/editing/history.ts';
import { grow } from '../../../renderer/editing/margin.ts';
import { applyStep, type Edited, type Step, stepOf } from '../../../renderer/editing/step.ts';
import { decodeStep, encodeStep } from '../../../renderer/editing/stepBytes.ts';
import {
  addStructure,
  lockedLabels,
  lockStructure,
  recolourStructure,
  removeStructure,
  renameStructure,
} from '../../../renderer/editing/structures.ts';
import { indexPoint, indexToWorld } from '../../../ml/volume/space.ts';
import { copyOf, free, labelVolumes } from './volumes.ts';

type Change = (edited: Edited) => { edited: Edited; step: Step };

const table = (name: string, change: (structures: Edited['structures']) => Edited['structures']): Change => {
  return ({ labels, structures }) => {
    const after = change(structures);
    return {
      edited: { labels, structures: after },
      step: { name, diff: noChange, structures: { before: structures, after } },
    };
  };
};

/** Things a person does, as the editor does them. */
const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(fc.nat(6), fc.nat(6), fc.nat(3), fc.nat(3)).map(([i, j, k, label]): Change => (edited) => {
    const stroke = new Stroke(
      edited.labels,
      { radius: 4, tip: 'ball', label },
      { ...free, locked: lockedLabels(edited.structures) },
    );
    const { grid } = edited.labels;
    const diffs = [indexPoint(i, j, k), indexPoint(k, i, j)].map((place) => stroke.moveTo(indexToWorld(grid, place)));
    return { edited, step: stepOf('Brush', diffs) };
  }),
  fc.constant<Change>((edited) => ({ edited, step: stepOf('Grow', [grow(edited.labels, 1, 3, free)]) })),
  fc.constant<Change>(({ labels, structures }) => {
    const after = removeStructure(structures, 2);
    const step = { ...stepOf('Remove', [clearStructure(labels, 2, free)]), structures: { before: structures, after } };
    return { edited: { labels, structures: after }, step };
  }),
  fc
    .nat(1e6)
    .map((n) =>
      table('Add', (structures) => (structures.length > 8 ? structures : addStructure(structures, `Tumour ${n} ß`))),
    ),
  fc.constant(table('Colour', (structures) => recolourStructure(structures, 1, '#00ff7f'))),
  fc.boolean().map((locked) => table('Lock', (structures) => lockStructure(structures, 1, locked))),
  fc.nat(1e6).map((n) => table('Rename', (structures) => renameStructure(structures, 1, `Liver ${n}`))),
);

const start = addStructure(addStructure([], 'Liver'), 'Kidney');
const copy = ({ labels, structures }: Edited): Edited => ({ labels: copyOf(labels), structures });
const seen = ({ labels, structures }: Edited) => ({ voxels: Array.from(labels.data), structures });

describe('History', () => {
  it('undoes everything exactly, step by step, and does it again', () => {
    fc.assert(
      fc.property(labelVolumes, fc.array(changes, { maxLength: 12 }), (labels, all) => {
        const history = new History();
        let now: Edited = { labels, structures: start };
        const states = [seen(now)];
        for (const change of all) {
          const { edited, step } = change(now);
          now = edited;
          history.record(step);
          states.push(seen(now));
        }
        for (let n = states.length - 2; n >= 0; n--) {
          now = applyStep(now, history.undo()!);
          expect(seen(now)).toEqual(states[n]);
        }
        expect(history.undo()).toBeUndefined();
        for (let n = 1; n < states.length; n++) {
          now = applyStep(now, history.redo()!);
          expect(seen(now)).toEqual(states[n]);
        }
        expect(history.redo()).toBeUndefined();
      }),
    );
  });

  it('comes to the same bytes when its log is replayed, undoing included', () => {
    fc.assert(
      fc.property(labelVolumes, fc.array(fc.option(changes), { maxLength: 12 }), (labels, all) => {
        let now: Edited = { labels, structures: start };
        let replayed = copy(now);
        const history = new History();
        const log: Uint8Array[] = [];
        for (const change of all) {
          // Nothing is: undo the last step.
          const done = change?.(now);
          const step = done?.step ?? history.undo();
          if (step === undefined) continue;
          if (done === undefined) now = applyStep(now, step);
          else {
            now = done.edited;
            history.record(step);
          }
          log.push(encodeStep(step));
        }
        for (const entry of log) replayed = applyStep(replayed, decodeStep(entry));
        expect(seen(replayed)).toEqual(seen(now));
      }),
    );
  });

  it('keeps 200 steps and names what undo and redo would do', () => {
    const history = new History();
    for (let n = 0; n < 250; n++) history.record(stepOf(`Step ${n}`, []));
    expect(history.undoName).toBe('Step 249');
    for (let n = 0; n < 200; n++) expect(history.undo()?.name).toBe(`Step ${249 - n}`);
    expect(history.undo()).toBeUndefined();
    expect([history.undoName, history.redoName]).toEqual([undefined, 'Step 50']);
  });

  it('forgets what was undone when something new is done', () => {
    const history = new History();
    history.record(stepOf('first', []));
    history.undo();
    history.record(stepOf('second', []));
    expect(history.redo()).toBeUndefined();
    expect(history.undoName).toBe('second');
  });

  it('forgets the oldest steps when they take too many bytes, undone ones too', () => {
    const large = (name: string): Step => ({ name, diff: { runs: new Uint32Array(100) } });
    const history = new History(200, 1000);
    history.record(large('first'));
    history.record(large('second'));
    history.undo();
    history.record(large('third'));
    expect(history.undoName).toBe('third');
    history.record(large('fourth'));
    expect([history.undo(), history.undo(), history.undo()].map((step) => step?.name)).toEqual([
      'fourth',
      'third',
      undefined,
    ]);
  });
});
