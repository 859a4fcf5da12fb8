import { Outbox, type StoredBell } from '@countersign/core';
import { testId } from '@countersign/core/testing';
import { waitFor } from '@countersign/testing';
import { bell } from './bell';
import { Doorbells, toRing } from './doorbells';
import { Publisher } from './publisher';
import { cutLine, type CutLine } from './testing/cut-line';
import { queueStage, type QueueStage } from './testing/queue-stage';

/** Doorbells that were committed, as the outbox of the house gives them. */
class ListedOutbox extends Outbox {
  readonly bells: StoredBell[] = [];
  commit(...bells: Omit<StoredBell, 'id'>[]): StoredBell[] {
    const stored = bells.map((each) => ({ ...each, id: testId() }));
    this.bells.push(...stored);
    return stored;
  }
  async unrung(_olderThanMs: number, limit: number): Promise<StoredBell[]> {
    return this.bells.slice(0, limit);
  }
  async markRung(ids: string[]): Promise<void> {
    for (const id of ids) {
      const at = this.bells.findIndex((each) => each.id === id);
      if (at >= 0) this.bells.splice(at, 1);
    }
  }
}

/** Far longer than a doorbell takes, far shorter than a person notices, milliseconds. */
const PROMPT_MS = 4_000;

describe('Doorbells', () => {
  let stage: QueueStage;
  let line: CutLine;
  let publisher: Publisher;
  let outbox: ListedOutbox;
  let troubles: unknown[];
  let doorbells: Doorbells;
  beforeEach(async () => {
    stage = await queueStage();
    line = await cutLine(stage.redis.url);
    outbox = new ListedOutbox();
    troubles = [];
    build();
  });
  afterEach(async () => {
    await publisher.close();
    await line.close();
    await stage.close();
  });

  function build(): void {
    publisher = new Publisher({ ...stage.settings, redisUrl: line.url });
    doorbells = new Doorbells(publisher, outbox, (error) => void troubles.push(error));
  }
  const aNotice = () => bell('notice.tell', { run_id: testId(), seq: 1 });
  const waiting = () => stage.publisher.queue('notifier').getWaitingCount();

  it('ring what was committed, and only then forget it', async () => {
    await doorbells.ring(outbox.commit(aNotice(), aNotice()));
    expect(await waiting()).toBe(2);
    await doorbells.settle();
    expect(outbox.bells).toEqual([]);
    expect(troubles).toEqual([]);
  });

  it('ring later what is meant for later', async () => {
    const notBefore = new Date(Date.now() + 60_000).toISOString();
    await doorbells.ring(outbox.commit({ ...aNotice(), notBefore }));
    expect([await waiting(), await stage.publisher.queue('notifier').getDelayedCount()]).toEqual([0, 1]);
  });

  it('stay in the outbox while Redis is away, keep nobody waiting, and are rung when it is back', async () => {
    await doorbells.ring(outbox.commit(aNotice()));
    await doorbells.settle();
    await line.cut();
    const startedAt = performance.now();
    const bells = outbox.commit(aNotice(), aNotice());
    await doorbells.ring(bells);
    expect(performance.now() - startedAt).toBeLessThan(PROMPT_MS);
    await doorbells.settle();
    expect(outbox.bells).toEqual(bells);
    expect(troubles).toHaveLength(1);
    await line.mend();
    await waitFor(() => relayed(), { what: 'the relay to get through' });
    expect(outbox.bells).toEqual([]);
    expect(await waiting()).toBe(3);
  });

  it('stay in the outbox when Redis was never there, and keep nobody waiting', async () => {
    await publisher.close();
    await line.cut();
    build();
    const startedAt = performance.now();
    await doorbells.ring(outbox.commit(aNotice()));
    expect(performance.now() - startedAt).toBeLessThan(PROMPT_MS);
    expect([outbox.bells.length, troubles.length]).toEqual([1, 1]);
    await line.mend();
    await waitFor(() => relayed(), { what: 'the relay to get through' });
    expect([outbox.bells.length, await waiting()]).toEqual([0, 1]);
  });

  it('rung twice, by their process and by the relay, are one job', async () => {
    const bells = outbox.commit(aNotice());
    await doorbells.ring(bells);
    await relayed();
    expect(await waiting()).toBe(1);
  });

  it('of a job that no longer exists are told as trouble, and keep no other from being rung', async () => {
    for (const job of ['run.retired', 'constructor']) expect(() => toRing({ job, data: {}, notBefore: null }, Date.now())).toThrow(`no job is named ${job}`);
    const bells = outbox.commit({ job: 'run.retired', data: {}, notBefore: null }, aNotice());
    await doorbells.ring(bells);
    expect(await waiting()).toBe(1);
    expect(troubles).toEqual([expect.objectContaining({ message: 'no job is named run.retired' })]);
    await doorbells.settle();
    expect(outbox.bells.map(({ job }) => job)).toEqual(['run.retired']);
  });

  it('keep a failing outbox to themselves', async () => {
    outbox.markRung = () => Promise.reject(new Error('the database is away'));
    await doorbells.ring(outbox.commit(aNotice()));
    await doorbells.settle();
    expect(troubles).toEqual([expect.objectContaining({ message: 'the database is away' })]);
  });

  /** What the relay does. */
  async function relayed(): Promise<boolean> {
    const bells = await outbox.unrung(0, 100);
    await publisher.ringAll(bells.map((each) => toRing(each, Date.now())));
    await outbox.markRung(bells.map(({ id }) => id));
    return true;
  }
});

describe('toRing', () => {
  it('reckons the pause from now, never below zero', () => {
    const at = (notBefore: string | null) => toRing({ job: 'run.start', data: { run_id: 'r' }, notBefore }, Date.parse('2026-11-22T12:00:00.000Z')).delayMs;
    expect([at(null), at('2026-11-22T12:00:05.000Z'), at('2026-11-22T11:00:00.000Z')]).toEqual([0, 5_000, 0]);
  });
});
