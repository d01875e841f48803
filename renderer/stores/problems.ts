import { defineStore } from 'pinia';
import { ref } from 'vue';

/** What went wrong, as the person reads it: the words of a `Problem` of the host. */
export interface ProblemWords {
  readonly what: string;
  readonly where: string;
  readonly remedy: string;
}

/** Problems that the person has not yet put away, oldest first. Takes plain words only, so that it depends on nothing. */
export const useProblemStore = defineStore('problems', () => {
  const open = ref<ProblemWords[]>([]);

  function report({ what, where, remedy }: ProblemWords): void {
    const known = open.value.some((problem) => problem.what === what && problem.where === where);
    if (!known) open.value.push({ what, where, remedy });
  }

  function dismiss(problem: ProblemWords): void {
    open.value = open.value.filter((other) => other !== problem);
  }

  return { open, report, dismiss };
});
