import { shallowRef, watch } from 'vue';
import type { Answer } from '../../main/contract/calls.ts';
import { useHost } from '../host/host.ts';
import { useJobStore } from '../stores/jobs.ts';

export type Run = Answer<'training:list'>[number];

/** The trainings of the workspace, the latest first. */
export function useRuns() {
  const host = useHost();
  const jobs = useJobStore();
  const runs = shallowRef<readonly Run[]>([]);

  // A training that has ended has its model only then.
  watch(
    () => runs.value.filter(({ job }) => jobs.find(job)?.endedAt).length,
    async () => {
      runs.value = (await host.ask('training:list', {})) ?? [];
    },
    { immediate: true },
  );

  /** Puts a training that was started or has changed. */
  function add(run: Run): void {
    const known = runs.value.some((other) => other.run === run.run);
    runs.value = known ? runs.value.map((other) => (other.run === run.run ? run : other)) : [run, ...runs.value];
  }

  return { runs, add };
}
