/*
 * What this is: a run's history as Server-Sent Events (WHATWG HTML §9.2), from where the reader left off to the end.
 * Invariants: every event once and in order; it wakes by signal, and looks without one at each heartbeat, so that a lost
 * signal costs seconds and never an event; a slow reader holds up only itself.
 */
import { stepHistoryEntry } from '@countersign/contracts';
import { isTerminal, LiveState, RunStore, topics, type StepEvent } from '@countersign/core';
import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { once } from 'node:events';

/** Half of what clients and proxies are told to expect, ms. */
const HEARTBEAT_MS = 15_000;
const PAGE = 200;

@Injectable()
export class RunEventStream {
  constructor(private readonly runs: RunStore, private readonly live: LiveState) {}

  /** Ends with the run, or when the reader is gone (`abort`). */
  async send(runId: string, after: number, { response, abort }: { response: Response; abort: AbortSignal }): Promise<void> {
    const bell = new Wakeup(abort);
    const unwatch = await this.live.watch(topics.run(runId), ({ kind }) => kind === 'run' && bell.ring()).catch(() => null);
    try {
      let last = after;
      for (let isEnded = await this.hasEnded(runId, after); !isEnded && !abort.aborted;) {
        const events = await this.runs.events(runId, last, PAGE);
        for (const event of events) {
          await write(frame(event), response, abort);
          last = event.seq;
          isEnded = isTerminal(event.status);
        }
        if (isEnded || events.length === PAGE) continue;
        if (!(await bell.within(HEARTBEAT_MS))) await write(': still here\n\n', response, abort);
      }
    } finally {
      bell.end();
      await unwatch?.();
      response.end();
    }
  }

  /** The reader has everything there will ever be. */
  private async hasEnded(runId: string, after: number): Promise<boolean> {
    const run = await this.runs.find(runId);
    return run === null || (isTerminal(run.status) && run.version <= after);
  }
}

function frame(event: StepEvent): string {
  return `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(stepHistoryEntry(event))}\n\n`;
}

async function write(text: string, response: Response, abort: AbortSignal): Promise<void> {
  if (abort.aborted || response.write(text)) return;
  await once(response, 'drain', { signal: abort }).catch(() => undefined);
}

/** A bell that may ring before anybody listens. */
class Wakeup {
  private hasRung = false;
  private wake: (() => void) | null = null;
  private readonly onAbort = (): void => this.ring();

  constructor(private readonly abort: AbortSignal) {
    abort.addEventListener('abort', this.onAbort, { once: true });
  }

  ring(): void {
    this.hasRung = true;
    this.wake?.();
  }

  /** False when it did not ring in time. */
  async within(ms: number): Promise<boolean> {
    if (!this.hasRung) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        timer = setTimeout(resolve, ms);
      });
      clearTimeout(timer);
      this.wake = null;
    }
    const hasRung = this.hasRung;
    this.hasRung = false;
    return hasRung;
  }

  end(): void {
    this.abort.removeEventListener('abort', this.onAbort);
  }
}
