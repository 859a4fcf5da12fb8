/** The two ways to load the house: as many round trips as go with a number in flight, and a steady rate with short thoughts. */
import { setTimeout as pause } from 'node:timers/promises';

/** A person's shortest look at a card; the next round trip does not wait for it. */
const THINK_MS = 200;
/** More would only repeat the same sentence. */
const KEPT_ERRORS = 3;
/** After a refusal, so that a house that is down is not stormed. */
const AFTER_ERROR_MS = 50;

const FILLER = 'A quiet harbour at dawn, long lenses, fishing boats painted green and white, light fog over the water. ';
const PROMPT_CHARS = 1_024;
let count = 0;

/** 1 KiB of words, different each time. */
export function makePrompt() {
  count += 1;
  return `${count}: ${FILLER.repeat(11)}`.slice(0, PROMPT_CHARS - 1).padEnd(PROMPT_CHARS, '.');
}

/** One whole round trip; checks that the result is that of this run. */
export async function roundTrip(trips, { via = 'rest', thinkMs = 0 } = {}) {
  const prompt = makePrompt();
  const startedAt = performance.now();
  const approval = await trips.start(prompt);
  const askedAt = performance.now();
  if (thinkMs > 0) await pause(thinkMs);
  const decidedAt = performance.now();
  const result = await trips.approve(approval, { via });
  if (result !== prompt) throw new Error(`run ${approval.run_id} came back with another result: ${String(result).slice(0, 80)}`);
  const doneAt = performance.now();
  return { askedMs: askedAt - startedAt, doneMs: doneAt - decidedAt };
}

/** `inFlight` clients, each starting its next round trip when the last one is done; counts what ends within the window. */
export async function flood(trips, { inFlight, warmUpSeconds, seconds, via, begin }) {
  const errors = new Errors();
  let sink = null;
  let stopping = false;
  const client = async () => {
    while (!stopping) {
      try {
        const done = await roundTrip(trips, { via });
        sink?.push(done);
      } catch (error) {
        errors.add(error);
        await pause(AFTER_ERROR_MS);
      }
    }
  };
  const clients = Array.from({ length: inFlight }, client);
  await pause(warmUpSeconds * 1000);
  const end = await begin();
  const done = [];
  const startedAt = performance.now();
  sink = done;
  await pause(seconds * 1000);
  sink = null;
  const tookSeconds = (performance.now() - startedAt) / 1000;
  const cost = await end(done.length);
  stopping = true;
  await Promise.all(clients);
  return { via, perSecond: done.length / tookSeconds, trips: done.length, ...latencies(done), ...errors.report(), cost, startedAtMs: startedAt, tookSeconds };
}

/** `perSecond` round trips started each second, whether the ones before are done or not. */
export async function trickle(trips, { perSecond, seconds, via, begin }) {
  const errors = new Errors();
  const done = [];
  const running = [];
  const end = await begin();
  const startedAt = performance.now();
  for (let number = 0; number < perSecond * seconds; number += 1) {
    const dueIn = startedAt + (number * 1000) / perSecond - performance.now();
    if (dueIn > 0) await pause(dueIn);
    running.push(roundTrip(trips, { via, thinkMs: THINK_MS }).then((one) => done.push(one), (error) => errors.add(error)));
  }
  await Promise.all(running);
  return { via, perSecond, trips: done.length, ...latencies(done), ...errors.report(), cost: await end(done.length) };
}

class Errors {
  #count = 0;
  #first = [];

  add(error) {
    this.#count += 1;
    if (this.#first.length < KEPT_ERRORS) this.#first.push(String(error?.message ?? error));
  }

  report() {
    return { errors: this.#count, firstErrors: this.#first };
  }
}

const latencies = (done) => ({
  startToAwaiting: distribution(done.map(({ askedMs }) => askedMs)),
  approveToCompleted: distribution(done.map(({ doneMs }) => doneMs)),
});

/** Nearest-rank percentiles in ms; nulls when nothing was measured. */
export function distribution(values) {
  const sorted = Float64Array.from(values).sort();
  const rank = (percent) => sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? null;
  return { p50: rank(50), p95: rank(95), p99: rank(99), max: sorted.at(-1) ?? null };
}
