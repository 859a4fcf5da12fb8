/*
 * What this is: kills a path at every single call that it makes through its ports, one after the other: before the call, and
 * after it, when its effect stands and nobody hears the answer.
 * Invariant: a life that died stays dead: whatever its code still does (catch, finally, timers) reaches nothing any more.
 * No product code knows of it: the ports' own objects are wrapped for the length of a walk.
 */

/** An object whose calls to the world are to be counted, and their names; all of them are asynchronous. */
export interface Door {
  name: string;
  port: object;
  calls: readonly string[];
}

export interface Death {
  /** 1 for the first call. */
  at: number;
  when: 'before' | 'after';
}

export interface Walked {
  /** Calls in their order, as `RunStore.commit`. */
  points: string[];
  /** The call at which it died; null when it came to its end. */
  died: string | null;
}

/** More calls mean that a path goes in circles. */
const MAX_POINTS = 400;

export class CrashNow extends Error {
  override readonly name = 'CrashNow';
}

/** Walks once through the doors; with a death, until there. What the walk throws after it died is nobody's business. */
export async function walkOnce(doors: readonly Door[], walk: () => Promise<void>, death: Death | null = null): Promise<Walked> {
  const points: string[] = [];
  let died: string | null = null;
  const cross = async (point: string, call: () => Promise<unknown>): Promise<unknown> => {
    if (died !== null) throw new CrashNow(died);
    points.push(point);
    const isHere = death?.at === points.length;
    if (isHere && death.when === 'before') died = point;
    if (died !== null) throw new CrashNow(point);
    // Another call may die while this one is under way: then nobody hears its answer either.
    const [answer] = await Promise.allSettled([call()]);
    if (isHere) died = point;
    if (died !== null) throw new CrashNow(point);
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  };
  const unwrap = doors.map((door) => wrap(door, cross));
  try {
    await walk();
  } catch (error) {
    if (died === null) throw error;
  } finally {
    await lateTimers();
    for (const each of unwrap) each();
  }
  return { points, died };
}

/** Longer than the pauses with which code gathers small work (25 ms): they run out while the life is still dead. */
const LATE_MS = 60;
const lateTimers = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LATE_MS));

type Cross = (point: string, call: () => Promise<unknown>) => Promise<unknown>;

function wrap({ name, port, calls }: Door, cross: Cross): () => void {
  const methods = port as Record<string, (...args: unknown[]) => Promise<unknown>>;
  for (const call of calls) {
    const original = methods[call];
    if (original === undefined) throw new Error(`${name} has no ${call}`);
    const value = (...args: unknown[]): Promise<unknown> => cross(`${name}.${call}`, () => Promise.resolve(original.apply(port, args)));
    Object.defineProperty(port, call, { value, configurable: true, writable: true });
  }
  // The prototype's own come to light again.
  return () => calls.forEach((call) => Reflect.deleteProperty(port, call));
}

export interface CrashPath<Case, End> {
  doors: readonly Door[];
  /** A new case, each time the same but for its ids. */
  begin(): Promise<Case>;
  walk(subject: Case): Promise<void>;
  /** What the next life does: answers the sweeper's doorbells, or is asked again by whoever got no answer. */
  resume(subject: Case): Promise<void>;
  /** What stands in the end, without ids and times. */
  endOf(subject: Case): Promise<End>;
}

export interface Deaths<End> {
  /** Calls of a walk that nothing disturbs. */
  points: string[];
  /** How that one ended. */
  calm: End;
  deaths: { at: string; end: End }[];
}

/** Walks to the end once, and then dies before and after each call. */
export async function dieEverywhere<Case, End>({ doors, begin, walk, resume, endOf }: CrashPath<Case, End>): Promise<Deaths<End>> {
  const live = async (death: Death | null): Promise<{ walked: Walked; end: End }> => {
    const subject = await begin();
    const walked = await walkOnce(doors, () => walk(subject), death);
    await resume(subject);
    return { walked, end: await endOf(subject) };
  };
  const calm = await live(null);
  const deaths: Deaths<End>['deaths'] = [];
  for (let at = 1; at <= MAX_POINTS; at += 1) {
    for (const when of ['before', 'after'] as const) {
      const { walked, end } = await live({ at, when });
      // The path came to its end before its n-th call: all of them were died at.
      if (walked.died === null) return { points: calm.walked.points, calm: calm.end, deaths };
      deaths.push({ at: `${when} ${at} ${walked.died}`, end });
    }
  }
  throw new Error(`more than ${MAX_POINTS} calls: ${calm.walked.points.slice(0, 20).join(', ')} …`);
}
