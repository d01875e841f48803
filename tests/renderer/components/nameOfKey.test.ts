import { describe, expect, it } from 'vitest';
import { nameOfKey } from '../../../renderer/components/useShortcuts.ts';

const pressed = (key: string, ...modifiers: ('ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey')[]) => {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  return nameOfKey({ key, ...none, ...Object.fromEntries(modifiers.map((name) => [name, true])) });
};

describe('nameOfKey', () => {
  it('takes Command for Ctrl', () => {
    expect(pressed('z', 'ctrlKey')).toBe('ctrl+z');
    expect(pressed('z', 'metaKey')).toBe('ctrl+z');
  });

  it('tells a letter with shift from one without, also where caps lock is on', () => {
    expect(pressed('Z', 'ctrlKey', 'shiftKey')).toBe('ctrl+shift+z');
    expect(pressed('B')).toBe('b');
  });

  it('does not name the shift that a sign is typed with', () => {
    expect(pressed('?', 'shiftKey')).toBe('?');
    expect(pressed('ArrowUp', 'shiftKey')).toBe('shift+arrowup');
  });
});
