/*
 * What this is: tells one channel what it has not been told of a run.
 * Invariants: in order per run, each event at least once, none left out; a channel's failure is a later try, never an
 * error of the job, and stops nobody else.
 * To extend: a new channel is a folder in libs/channels; nothing changes here.
 */
import {
  addMs, DeliveryError, type Clock, type Instant, type NoticeStore, type NotificationChannel, type Notice,
  type RunStore, type Told,
} from '@countersign/core';
import type { Logger } from '@countersign/service-kit';
import { Outage } from './outage';
import { isTooOld, nextTryAt } from './retry-time';
import { RunStory } from './run-story';

/** After this no further notice is begun, ms: a connection is held, and the process must be able to end in good order. */
const BUDGET_MS = 2_000;

export interface TellingParts {
  runs: RunStore;
  notices: NoticeStore;
  clock: Clock;
  logger: Logger;
}

export class TellRun {
  private readonly outage = new Outage();

  constructor(readonly channel: NotificationChannel, private readonly parts: TellingParts) {}

  /** Tells what there is to tell. The instant of the next try, null when all is told. */
  async tell(runId: string): Promise<Instant | null> {
    const story = await RunStory.read(runId, this.parts.runs);
    if (story === null) return null;
    let told: Told = { seq: 0, nextTryAt: null };
    await this.parts.notices.advance(runId, this.channel.name, async (toldSeq) => {
      told = await this.tellAfter(toldSeq, story);
      return told;
    });
    return told.nextTryAt;
  }

  /** Leaves word in the store that this run is to be told, in case this process does not live to do it. */
  async note(runId: string, withinMs: number): Promise<void> {
    await this.parts.notices.advance(runId, this.channel.name, async (seq) => ({ seq, nextTryAt: addMs(this.parts.clock.now(), withinMs) }));
  }

  private async tellAfter(toldSeq: number, story: RunStory): Promise<Told> {
    const { clock } = this.parts;
    const stopAt = addMs(clock.now(), BUDGET_MS);
    let seq = toldSeq;
    for (const notice of story.after(toldSeq)) {
      const now = clock.now();
      if (isTooOld(notice.event.at, now)) this.giveUp(notice);
      else if (now >= stopAt) return { seq, nextTryAt: now };
      else {
        const retryAt = await this.deliver(notice);
        if (retryAt !== null) return { seq, nextTryAt: retryAt };
      }
      seq = notice.event.seq;
    }
    return { seq, nextTryAt: null };
  }

  /** Null when delivered, else when to try again. */
  private async deliver(notice: Notice): Promise<Instant | null> {
    const { clock } = this.parts;
    const pausedUntil = this.outage.pausedUntil(Date.parse(clock.now()));
    if (pausedUntil !== null) return nextTryAt(notice.event.at, clock.now(), pausedUntil);
    try {
      await this.channel.deliver(notice);
      this.outage.worked();
      return null;
    } catch (error) {
      return this.failed(notice, error);
    }
  }

  private failed({ event }: Notice, error: unknown): Instant {
    const now = this.parts.clock.now();
    const { isOutage, retryAfterMs = 0 } = error instanceof DeliveryError ? error : { isOutage: false };
    if (isOutage) this.outage.failed(Date.parse(now));
    this.parts.logger.warn({ channel: this.channel.name, run_id: event.runId, seq: event.seq, err: error }, 'a notice was not delivered; it is tried again');
    return nextTryAt(event.at, now, Math.max(this.outage.pausedUntil(Date.parse(now)) ?? 0, Date.parse(now) + retryAfterMs));
  }

  private giveUp({ event }: Notice): void {
    this.parts.logger.error({ channel: this.channel.name, run_id: event.runId, seq: event.seq }, 'a notice could not be delivered for a week and is given up');
  }
}
