import { ref, shallowRef } from 'vue';
import type { Asking } from '../../main/contract/calls.ts';
import type { Host } from '../host/host.ts';

type Choice = Asking<'files:choose'>['what'];

interface Question {
  readonly what: Choice;
  readonly title: string;
  readonly name: string;
  readonly answer: (paths: readonly string[]) => void;
}

/** Asks the person; no path where they chose none. */
export type PathChoice = (what: Choice, title: string, name?: string) => Promise<readonly string[]>;

/** Asks for files or a folder: by the system's own dialog, or by one in the page where there is none. */
export function usePathChooser(host: Host) {
  const question = shallowRef<Question>();
  const isOpen = ref(false);

  async function choose(what: Choice, title: string, name = ''): Promise<readonly string[]> {
    const chosen = await host.ask('files:choose', { what, title, name });
    if (!chosen || chosen.native) return chosen?.paths ?? [];
    return new Promise((resolve) => {
      question.value = { what, title, name, answer: resolve };
      isOpen.value = true;
    });
  }

  function answer(paths: readonly string[]): void {
    isOpen.value = false;
    question.value?.answer(paths);
    question.value = undefined;
  }

  return { question, isOpen, choose, answer };
}
