import { DeliveryError } from '@countersign/core';
import { waitFor } from '@countersign/testing';
import { NotifierStage, RecordingChannel } from '../testing/notifier-stage';
import { ChannelLane } from './channel-lane';
import { TellRun } from './tell-run';

describe('ChannelLane', () => {
  let stage: NotifierStage;
  beforeAll(async () => {
    stage = await NotifierStage.open();
  });
  afterAll(() => stage.close());

  const lane = (channel: RecordingChannel, slots = 3, rung: string[] = []): ChannelLane => new ChannelLane({
    tellRun: new TellRun(channel, stage.parts), slots, logger: stage.parts.logger, ringAt: async (runId) => void rung.push(runId),
  });

  it('tells in order, each once, however many doorbells ring in how many processes', async () => {
    const channel = new RecordingChannel('order');
    const [one, two] = [lane(channel), lane(channel)];
    const runs = await Promise.all(Array.from({ length: 6 }, () => stage.run()));
    await Promise.all(runs.map(async (run) => {
      let moved = run;
      for (let n = 0; n < 8; n += 1) {
        moved = await stage.talk(moved, 1);
        await Promise.all([one.tell(run.runId), two.tell(run.runId), one.tell(run.runId)]);
      }
    }));
    await Promise.all(runs.map((run) => waitFor(() => channel.seqsOf(run.runId).length === 9, { what: 'all events to be told' })));
    for (const run of runs) expect(channel.seqsOf(run.runId)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await Promise.all([one.close(), two.close()]);
  });

  it('gives each notice its part of the history and what it speaks of', async () => {
    const channel = new RecordingChannel('story');
    const { run, approval } = await stage.ask(await stage.run());
    await lane(channel).tell(run.runId);
    expect(channel.notices.map(({ event, history }) => [event.type, history.length])).toEqual([['created', 1], ['started', 2], ['asked', 3]]);
    expect(channel.notices.map((notice) => notice.approval?.approvalId ?? null)).toEqual([null, null, approval.approvalId]);
    expect(channel.notices.every(({ waitingFor }) => waitingFor?.approvalId === approval.approvalId)).toBe(true);
    await stage.move(run, { type: 'cancelled', by: 'human:ann', reason: 'changed my mind' });
    await lane(channel).tell(run.runId);
    expect(channel.notices.at(-1)).toMatchObject({ waitingFor: null, event: { type: 'cancelled' } });
  });

  it('tells a history that is longer than one read whole', async () => {
    const channel = new RecordingChannel('long');
    const run = await stage.talk(await stage.run(), 504);
    const telling = new TellRun(channel, stage.parts);
    await waitFor(async () => (await telling.tell(run.runId)) === null, { what: 'all of it to be told' });
    expect(channel.seqsOf(run.runId)).toEqual(Array.from({ length: 505 }, (_, n) => n + 1));
  });

  it('stops at what cannot be delivered, notes when to try again, and fails fast meanwhile', async () => {
    const channel = new RecordingChannel('broken');
    const rung: string[] = [];
    let tries = 0;
    channel.trouble = async ({ event }) => {
      tries += 1;
      if (event.seq > 1) throw new DeliveryError('away', true);
    };
    const [run, other] = [await stage.talk(await stage.run(), 2), await stage.talk(await stage.run(), 2)];
    const broken = lane(channel, 3, rung);
    await broken.tell(run.runId);
    expect(await stage.told(run.runId, 'broken')).toMatchObject({ told_seq: 1 });
    await broken.tell(other.runId);
    expect(tries).toBe(2);
    expect(await stage.told(other.runId, 'broken')).toMatchObject({ told_seq: 0 });
    expect((await stage.told(other.runId, 'broken'))?.next_try_at?.getTime()).toBeGreaterThan(Date.now());
    expect(rung).toEqual([run.runId, other.runId]);
  });

  it('gives up what is older than a week, and goes on behind it', async () => {
    const channel = new RecordingChannel('old');
    const run = await stage.talk(await stage.run(), 2);
    const inEightDays = { now: () => new Date(Date.now() + 8 * 24 * 3_600_000).toISOString() };
    await new TellRun(channel, { ...stage.parts, clock: inEightDays }).tell(run.runId);
    expect(await stage.told(run.runId, 'old')).toEqual({ told_seq: 3, next_try_at: null });
    await stage.talk(run, 1);
    await lane(channel).tell(run.runId);
    expect(channel.seqsOf(run.runId)).toEqual([4]);
  });

  it('does not make a job wait for a slow channel, and tells all of it later', async () => {
    const channel = new RecordingChannel('slow');
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    channel.trouble = () => gate;
    const slow = lane(channel, 1);
    const runs = await Promise.all(Array.from({ length: 5 }, () => stage.run()));
    const first = slow.tell(runs[0]?.runId ?? '');
    await Promise.all(runs.slice(1).map((run) => slow.tell(run.runId)));
    for (const run of runs.slice(1)) expect((await stage.told(run.runId, 'slow'))?.next_try_at).toBeInstanceOf(Date);
    open();
    await first;
    for (const run of runs) {
      await waitFor(async () => (await stage.told(run.runId, 'slow'))?.next_try_at === null, { what: 'every run to be told' });
      expect(channel.seqsOf(run.runId)).toEqual([1]);
    }
  });
});
