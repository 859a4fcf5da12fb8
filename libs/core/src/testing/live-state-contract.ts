/// <reference types="jest" />
/*
 * What this is: the promises of a LiveState, run on every adapter.
 * Invariant it tests: a copy is never older than a move it was told of.
 */
import { topics, type LiveState, type LiveView, type Signal } from '../ports/live-state';
import { testId } from './factories';

export interface LiveStateStage {
  live: LiveState;
  /** The same state, seen by another process. */
  other: LiveState;
  /** The same state, seen by a process that has not watched anything yet; the stage closes it. */
  fresh(): LiveState;
  /** Waits until `look` is true. */
  until(look: () => boolean): Promise<void>;
}

const viewOf = (version: number, status = `v${version}`): LiveView => ({ version, tenantId: 'default', userId: 'ann', view: { status, history: [1, { a: null }] } });

export function liveStateContract(stage: () => LiveStateStage): void {
  describe('the copy of a run', () => {
    it('is given back whole, to every process; a miss is null', async () => {
      const runId = testId();
      expect(await stage().live.get(runId)).toBeNull();
      expect(await stage().live.put(runId, viewOf(3))).toBe(true);
      expect(await stage().other.get(runId)).toEqual(viewOf(3));
    });

    it('is replaced by the same and by newer versions, never by an older one', async () => {
      const runId = testId();
      await stage().live.put(runId, viewOf(10));
      expect(await stage().other.put(runId, viewOf(9))).toBe(false);
      expect(await stage().live.get(runId)).toEqual(viewOf(10));
      expect(await stage().other.put(runId, viewOf(10, 'again'))).toBe(true);
      expect(await stage().other.put(runId, viewOf(11))).toBe(true);
      expect(await stage().live.get(runId)).toEqual(viewOf(11));
    });

    it('is never older than a move it was told of', async () => {
      const runId = testId();
      await stage().live.put(runId, viewOf(2));
      await stage().other.moved(runId, 3);
      expect(await stage().live.get(runId)).toBeNull();
      expect(await stage().live.put(runId, viewOf(2))).toBe(false);
      expect(await stage().live.get(runId)).toBeNull();
      expect(await stage().live.put(runId, viewOf(3))).toBe(true);
      expect(await stage().live.get(runId)).toEqual(viewOf(3));
    });

    it('stays when the move it is told of is its own or an older one', async () => {
      const runId = testId();
      await stage().live.put(runId, viewOf(5));
      for (const version of [5, 4]) await stage().live.moved(runId, version);
      expect(await stage().live.get(runId)).toEqual(viewOf(5));
    });

    it('stays the newest whatever the order of racing writers', async () => {
      const runId = testId();
      const versions = Array.from({ length: 30 }, (_, n) => ((n * 7) % 30) + 1);
      await Promise.all(versions.map((version, n) => (n % 2 === 0 ? stage().live.put(runId, viewOf(version)) : stage().other.moved(runId, version))));
      const left = await stage().live.get(runId);
      if (left !== null) expect(left.version).toBe(30);
      expect(await stage().live.put(runId, viewOf(29))).toBe(false);
    });
  });

  describe('a watcher', () => {
    async function watching(topic: string, live = stage().live) {
      const heard: Signal[] = [];
      return { heard, stop: await live.watch(topic, (signal) => void heard.push(signal)) };
    }

    it('is woken by a move, in every process', async () => {
      const runId = testId();
      const one = await watching(topics.run(runId));
      const two = await watching(topics.run(runId), stage().other);
      await stage().live.moved(runId, 4);
      await stage().until(() => one.heard.length === 1 && two.heard.length === 1);
      expect([one.heard, two.heard]).toEqual([[{ kind: 'run', version: 4 }], [{ kind: 'run', version: 4 }]]);
      await Promise.all([one.stop(), two.stop()]);
    });

    it('hears the signals of its topic only, in order', async () => {
      const form = topics.form('replicate', 'owner/name', null);
      const { heard, stop } = await watching(form);
      await stage().other.signal(topics.form('replicate', 'owner/name', 'v1'), { kind: 'form' });
      const signals: Signal[] = [{ kind: 'form' }, { kind: 'approval', approvalId: 'a' }, { kind: 'progress', body: { percent: 5 } }];
      for (const signal of signals) await stage().other.signal(form, signal);
      await stage().until(() => heard.length >= signals.length);
      expect(heard).toEqual(signals);
      await stop();
    });

    it('that comes while another one is still joining the same topic misses nothing', async () => {
      for (let round = 0; round < 10; round += 1) {
        const topic = topics.run(testId());
        const fresh = stage().fresh();
        const first = watching(topic, fresh);
        const second = await watching(topic, fresh);
        await stage().other.signal(topic, { kind: 'form' });
        await stage().until(() => second.heard.length === 1);
        await Promise.all([(await first).stop(), second.stop()]);
      }
    });

    it('that has left hears nothing more; the others still do, and one may come back', async () => {
      const topic = topics.run(testId());
      const [gone, stays] = [await watching(topic), await watching(topic)];
      await gone.stop();
      await gone.stop();
      await stage().live.signal(topic, { kind: 'form' });
      await stage().until(() => stays.heard.length === 1);
      await stays.stop();
      const back = await watching(topic);
      await stage().live.signal(topic, { kind: 'form' });
      await stage().until(() => back.heard.length === 1);
      expect([gone.heard.length, stays.heard.length]).toEqual([0, 1]);
      await back.stop();
    });
  });
}
