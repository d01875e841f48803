import { onScopeDispose } from 'vue';

/** Keys, as `key` of the event in lower case with `ctrl+`, `alt+` and `shift+` before it (letters only take `shift+`), to what they do. */
export type Shortcuts = Readonly<Record<string, () => void>>;

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** Command on a Mac counts as Ctrl. */
export function nameOfKey({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string {
  const name = key.toLowerCase();
  // The shift that makes `?` of `/` is in the key already.
  const shift = shiftKey && (name.length > 1 || name !== key) ? 'shift+' : '';
  return `${ctrlKey || metaKey ? 'ctrl+' : ''}${altKey ? 'alt+' : ''}${shift}${name}`;
}

/** Whether the keys go to a field that the person is typing in. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.role === 'slider')
  );
}

/** Listens to the whole window until the scope ends. Keys typed into fields are left alone. */
export function useShortcuts(shortcuts: () => Shortcuts): void {
  const listen = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || isTyping(event.target)) return;
    const act = shortcuts()[nameOfKey(event)];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  window.addEventListener('keydown', listen);
  onScopeDispose(() => {
    window.removeEventListener('keydown', listen);
  });
}
