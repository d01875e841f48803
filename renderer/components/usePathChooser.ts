import { inject, provide, ref, shallowRef, type InjectionKey } from 'vue';
import type { Asking } from '../../main/contract/calls.ts';
import { invariant } from '../../ml/check/invariant.ts';
import type { Host } from '../host/host.ts';

type Choice = Asking<'files:choose'>['what'];

interface Question {
  readonly what: Choice;
  readonly title: string;
  readonly name: string;
  readonly answer: (paths: readonly string[]) => void;
}

/** Asks the person; no path where they chose none. */
type PathChoice = (what: Choice, title: string, name?: string) => Promise<readonly string[]>;

const key: InjectionKey<PathChoice> = Symbol('choice of paths');

/** Asks for files or a folder: by the system's own dialog, or by the page's one, which the application shows, where there is none. */
export function providePathChooser(host: Host) {
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

  provide(key, choose);
  return { question, isOpen, answer };
}

export function usePathChooser(): PathChoice {
  const choose = inject(key);
  invariant(choose, 'the application provides the choice of paths');
  return choose;
}
