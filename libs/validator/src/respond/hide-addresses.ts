/** Addresses that a text may hold, each bounded by what cannot stand in one. A data URL may have no or any type. */
const ADDRESS = /(?:https?:\/\/|data:[\w.+/;=-]{0,100},)[^\s"'<>()[\]{}|\\^`]+/gi;
const TAIL = '.,;:!?*_';
const NAMED = /\[address (\d{1,3})\]/g;

export interface HiddenAddresses {
  /** The text with `[address 1]`, `[address 2]` … in their places. */
  text: string;
  /** In the order of their numbers, none twice. */
  addresses: string[];
}

/** What leaves the house to be read holds no address: they may carry keys, or be the file itself. */
export function hideAddresses(text: string): HiddenAddresses {
  const addresses: string[] = [];
  const hidden = text.replace(ADDRESS, (found) => {
    const address = withoutTail(found);
    if (!addresses.includes(address)) addresses.push(address);
    return `[address ${addresses.indexOf(address) + 1}]${found.slice(address.length)}`;
  });
  return { text: hidden, addresses };
}

/** The text with the addresses in their places again; null when it names one that was not there. */
export function showAddresses(text: string, addresses: readonly string[]): string | null {
  let isKnown = true;
  const shown = text.replace(NAMED, (_name, number: string) => {
    const address = addresses[Number(number) - 1];
    isKnown &&= address !== undefined;
    return address ?? '';
  });
  return isKnown ? shown : null;
}

function withoutTail(address: string): string {
  let end = address.length;
  while (end > 0 && TAIL.includes(address[end - 1] ?? '')) end -= 1;
  return address.slice(0, end);
}
