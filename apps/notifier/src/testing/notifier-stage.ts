import { newRun, transition, DEFAULT_CONFIG, NotificationChannel, type Approval, type Notice, type Run, type RunEvent } from '@countersign/core';
import { createDataSource, migrate, poolOf, PostgresNoticeStore, PostgresRunStore } from '@countersign/persistence';
import { createLogger, newId, sha256Hex } from '@countersign/service-kit';
import { freshDatabase, type FreshDatabase } from '@countersign/testing';
import type { DataSource } from 'typeorm';
import type { TellingParts } from '../telling/tell-run';

const POOL_SIZE = 10;

/** Runs in a database of one's own, moved by hand, and a channel that remembers. */
export class NotifierStage {
  private constructor(readonly database: FreshDatabase, readonly dataSource: DataSource, readonly parts: TellingParts) {}

  static async open(): Promise<NotifierStage> {
    const database = await freshDatabase({
      migrate: async (url) => {
        const source = await createDataSource({ url, poolSize: 2, applicationName: 'test' }).initialize();
        await migrate(source);
        await source.destroy();
      },
    });
    const dataSource = await createDataSource({ url: database.url, poolSize: POOL_SIZE, applicationName: 'test' }).initialize();
    const pool = poolOf(dataSource);
    return new NotifierStage(database, dataSource, {
      runs: new PostgresRunStore(pool, sha256Hex), notices: new PostgresNoticeStore(pool),
      clock: { now: () => new Date().toISOString() }, logger: createLogger({ service: 'test', level: 'silent' }),
    });
  }

  async run(): Promise<Run> {
    const run = newRun({
      runId: newId(), tenantId: 'acme', userId: 'ann', sessionId: 's1', parentRunId: null, provider: 'scripted', model: 'scripted/echo',
      modelVersion: null, tool: null, config: DEFAULT_CONFIG, originalInput: { prompt: 'hi' },
    }, new Date().toISOString());
    await this.parts.runs.insert(run, [], null);
    return (await this.parts.runs.find(run.runId)) as Run;
  }

  async move(run: Run, event: RunEvent): Promise<Run> {
    const answer = transition(run, event, new Date().toISOString());
    if (!answer.ok) throw new Error(answer.refusal.detail);
    const committed = await this.parts.runs.commit(answer.transition, [], []);
    if (!committed.ok) throw new Error('stale');
    return committed.run;
  }

  /** The run with `count` more events. */
  async talk(run: Run, count: number): Promise<Run> {
    let moved = run;
    for (let n = 0; n < count; n += 1) moved = await this.move(moved, { type: 'noted', note: { fact: 'browser_completed', approvalId: null, actor: 'agent', message: `step ${n}`, metadata: {} } });
    return moved;
  }

  async ask(run: Run): Promise<{ run: Run; approval: Approval }> {
    const now = new Date().toISOString();
    const approval: Approval = {
      approvalId: newId(), runId: run.runId, tenantId: run.tenantId, checkpoint: 'validation_review', title: 'Something is missing', message: 'Please add it',
      context: {}, schema: {}, allowedActions: ['edit', 'reject'], payload: null, payloadHash: null, requestedAt: now,
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(), onTimeout: 'reject', timeoutSeconds: 3600, extensions: 0, userId: 'ann', sessionId: 's1',
      claimedBy: null, claimedUntil: null, requestId: null, status: 'pending', decision: null,
    };
    const started = await this.move(run, { type: 'started' });
    return { run: await this.move(started, { type: 'asked', approval }), approval };
  }

  async told(runId: string, channel: string): Promise<{ told_seq: number; next_try_at: Date | null } | null> {
    const rows = await this.dataSource.query<{ told_seq: number; next_try_at: Date | null }[]>('SELECT told_seq, next_try_at FROM notices WHERE run_id = $1 AND channel = $2', [runId, channel]);
    return rows[0] ?? null;
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
    await this.database.drop();
  }
}

/** Remembers what it was told; `trouble` may hold it up or make it fail. */
export class RecordingChannel extends NotificationChannel {
  readonly notices: Notice[] = [];
  trouble: (notice: Notice) => Promise<void> = () => new Promise((resolve) => setImmediate(resolve));

  constructor(readonly name: string) {
    super();
  }

  async deliver(notice: Notice): Promise<void> {
    await this.trouble(notice);
    this.notices.push(notice);
  }

  seqsOf(runId: string): number[] {
    return this.notices.filter(({ event }) => event.runId === runId).map(({ event }) => event.seq);
  }
}
