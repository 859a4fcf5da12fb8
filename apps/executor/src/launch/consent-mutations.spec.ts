import { Clock, type Json } from '@countersign/core';
import { aLaunch } from '@countersign/core/testing';
import { hashFiles } from '@countersign/files';
import { sha256Hex } from '@countersign/service-kit';
import { LaunchGate, type GateAnswer } from './launch-gate';
import { consentedCase, pickerOf, reordered, type ConsentedCase } from '../testing/consented-case';
import { MUTATIONS } from '../testing/mutate-consent';

const MUTATED = 10_000;
const UNTOUCHED = 1_000;
const NAMES = Object.keys(MUTATIONS);

/** The real gate; around it a world that one test can hold in its hand. */
function gateFor({ approval, world }: ConsentedCase): LaunchGate {
  const clock = new (class extends Clock { now = () => world.now; })();
  const fetch = {
    open: (url: string) => {
      const content = world.files[url] ?? null;
      if (content === null) return Promise.reject(new Error('gone'));
      return Promise.resolve({ mime: 'image/png', bytes: null, name: null, read: async function* () { yield Buffer.from(content); } });
    },
  };
  return new LaunchGate({ find: (id) => Promise.resolve(id === approval.approvalId ? approval : null) }, {
    providers: { estimate: () => world.estimate },
    newest: { of: () => Promise.resolve(world.newest) },
    inputFiles: { hash: (tenantId, named) => hashFiles(tenantId, named, { own: { sha256: () => Promise.resolve(null) }, fetch, totalMs: 10_000 }) },
  }, clock, sha256Hex);
}
const ask = (one: ConsentedCase): Promise<GateAnswer> => gateFor(one).admit(one.run, one.run.preparation?.payload ?? null);

describe('between approval and launch', () => {
  it(`of ${MUTATED} random changes none launches`, async () => {
    const launched: string[] = [];
    const counts = new Map<string, number>();
    for (let seed = 0; seed < MUTATED; seed += 1) {
      const pick = pickerOf(seed);
      const one = consentedCase(pick);
      const before = JSON.stringify(one);
      const mutated = JSON.parse(before) as ConsentedCase; // rows share nothing
      const name = NAMES[seed % NAMES.length] ?? '';
      MUTATIONS[name]?.(mutated, pick);
      if (JSON.stringify(mutated) === before) throw new Error(`"${name}" changed nothing (seed ${seed})`);
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if ((await ask(mutated)).ok) launched.push(`${name} (seed ${seed})`);
    }
    expect(launched).toEqual([]);
    expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(MUTATED);
    expect(Math.min(...counts.values())).toBeGreaterThan(300);
    process.stdout.write(`consent: ${MUTATED} changes of ${counts.size} kinds between approval and launch, ${launched.length} launched\n`);
  }, 120_000);

  it(`of ${UNTOUCHED} that nobody touched each launches, in whatever order their keys stand`, async () => {
    for (let seed = 0; seed < UNTOUCHED; seed += 1) {
      const pick = pickerOf(-1 - seed);
      const one = consentedCase(pick);
      const { preparation } = one.run;
      if (preparation?.payload) preparation.payload = reordered(preparation.payload as unknown as Json, pick) as unknown as typeof preparation.payload;
      one.run.edits = reordered(one.run.edits, pick) as typeof one.run.edits;
      const answer = await ask(one);
      if (!answer.ok) throw new Error(`seed ${seed}: ${JSON.stringify(answer.refusal)}`);
      expect(answer.permitFor(aLaunch()).payload).toBe(preparation?.payload);
    }
  });
});
