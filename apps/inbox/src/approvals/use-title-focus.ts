import { useEffect, type RefObject } from 'react';

const BUSY = 'input, textarea, select, dialog, [contenteditable]';

/** A card that opens takes the focus at its title, so that it is read out and Tab goes on from there; never from under somebody who types. */
export function useTitleFocus(card: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (document.activeElement?.closest(BUSY) || document.querySelector('dialog[open]')) return;
    card.current?.querySelector<HTMLElement>('#card-title')?.focus({ preventScroll: true });
  }, [card]);
}
