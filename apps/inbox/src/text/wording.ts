/** Numbers, times and names in words that a person reads at a glance. */

export function timeLeft(ms: number): string {
  if (ms <= 0) return 'time is up';
  const seconds = Math.floor(ms / 1000);
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  if (days > 0) return `${days} d ${hours} h left`;
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, '0')} min left`;
  return `${minutes}:${String(seconds % 60).padStart(2, '0')} left`;
}

export function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function money(usd: number): string {
  return usd === 0 ? 'free' : `$${usd < 0.01 ? usd.toPrecision(2) : usd.toFixed(2)}`;
}

/** An amount of a budget: cents, and more digits only where there are less than cents. */
export function dollars(usd: number): string {
  const digits = Math.abs(usd) > 0 && Math.abs(usd) < 0.01 ? 4 : 2;
  return `${usd < 0 ? '−' : ''}$${Math.abs(usd).toFixed(digits)}`;
}

/** `human:ada` → `ada`, `policy:on_timeout` → `policy “on timeout”`. */
export function person(by: string | null): string {
  if (!by) return 'somebody';
  const [kind, ...rest] = by.split(':');
  const name = rest.join(':');
  if (kind === 'human' && name) return name;
  if (kind === 'policy' && name) return `policy “${name.replaceAll('_', ' ')}”`;
  return by;
}

/** Why a person is asked, as core says it: `policy:require_human` → `policy “require human”`, anything else as it is. */
export function whyAsked(reason: string): string {
  return reason.startsWith('policy:') ? person(reason) : reason;
}

/** `awaiting_human` → `awaiting human`. */
export function plain(word: string): string {
  return word.replaceAll('_', ' ');
}

/** What a repair did, where its rule's own name says too little. */
const RULES: Record<string, string> = {
  enum_spelling: 'spelled as the model spells it', enum_type: 'given as the model takes it', to_integer: 'a number, not text', to_number: 'a number, not text',
  to_boolean: 'yes or no, not text', to_text: 'text, as the model takes it', trim: 'blanks taken away', rename_alias: 'another name of the field', rename_spelling: 'the field’s name was misspelled',
};

export function ruleInWords(rule: string): string {
  return RULES[rule] ?? plain(rule);
}

const FLAGS: Record<string, string> = { pii: 'Personal data', nsfw: 'Not safe for work', copyright: 'Copyright' };

export function flagInWords(flag: string): string {
  return FLAGS[flag] ?? plain(flag);
}

export function clock(iso: string): string {
  return new Date(iso).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

export function dateAndTime(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}
