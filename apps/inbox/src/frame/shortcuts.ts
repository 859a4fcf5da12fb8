import { useEffect, useRef } from 'react';

export type Shortcuts = Partial<Record<string, () => void>>;

/** Single keys, while nobody is typing and no dialog is open. `Escape` works everywhere. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const { target } = event;
      if (document.querySelector('dialog[open]')) return;
      if (event.key !== 'Escape' && isBusy(target, event.key)) return;
      const action = current.current[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

/** Typing goes to the field; Enter on a button or link is that button's own. */
function isBusy(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('textarea, select, [contenteditable], input:not([type=checkbox])')) return true;
  return key === 'Enter' && target.closest('button, a, summary, input') !== null;
}
