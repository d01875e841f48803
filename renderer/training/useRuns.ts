import { shallowRef } from 'vue';
import type { Answer } from '../../main/contract/calls.ts';
import { useHost } from '../host/host.ts';

export type Run = Answer<'training:list'>[number];

/** The trainings of the workspace, the latest first. */
export function useRuns() {
  const runs = shallowRef<readonly Run[]>([]);
  void useHost()
    .ask('training:list', {})
    .then((known) => {
      runs.value = known ?? [];
    });

  /** Puts a training that was started or has changed. */
  function add(run: Run): void {
    const known = runs.value.some((other) => other.run === run.run);
    runs.value = known ? runs.value.map((other) => (other.run === run.run ? run : other)) : [run, ...runs.value];
  }

  return { runs, add };
}
