import { CountersignError, type CountersignClient, type Decision } from '@countersign/client';
import type { ApprovalView } from '@countersign/contracts';
import type { Action } from '@countersign/core';
import { setTimeout as pause } from 'node:timers/promises';
import { Dice } from './dice';
import { CALL_MS, persevere } from './persevere';

/** People who look at the same list and answer what they find, often two of them the same card with other words. */

export interface GivenAnswer {
  approvalId: string;
  by: string;
  action: string;
  accepted: boolean;
  /** Why not. */
  code?: string;
}

/** A look at the list every so often, ms. */
const LOOK_MS = [150, 600] as const;
const CARDS = 100; // of one look: more than wait at a time in a house that works

const CHOICES: Record<string, readonly (readonly [Action, number])[]> = {
  payload_suggestion: [['approve', 8], ['edit', 2], ['reject', 1]],
  response_review: [['approve', 9], ['retry', 1], ['reject', 1]],
  execution_unknown: [['retry', 3], ['approve', 1], ['reject', 1]],
  error_recovery: [['retry', 4], ['reject', 1]],
};

export interface ReviewersOptions {
  seed: number;
  clientOf(userId: string): CountersignClient;
  /** Cards that nobody touches yet. */
  isLeft(card: ApprovalView): boolean;
  signal: AbortSignal;
}

export class Reviewers {
  readonly answers: GivenAnswer[] = [];
  private isOver = false;

  constructor(private readonly options: ReviewersOptions) {}

  /** Until `stop`, and an answer that is being given is given to its end. */
  async run(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => this.review(name)));
  }

  stop(): void {
    this.isOver = true;
  }

  private async review(name: string): Promise<void> {
    const dice = new Dice(this.options.seed, `reviewer ${name}`);
    const client = this.options.clientOf(name);
    while (!this.isOver) {
      await pause(dice.between(...LOOK_MS));
      const cards = await client.pendingApprovals({ limit: CARDS }, { timeoutMs: CALL_MS }).then(({ approvals }) => approvals, () => []);
      const mine = cards.filter((card) => !this.options.isLeft(card));
      const card = mine[Math.floor(dice.next() * mine.length)];
      if (card) await this.answer(client, name, { card, dice });
    }
  }

  private async answer(client: CountersignClient, by: string, { card, dice }: { card: ApprovalView; dice: Dice }): Promise<void> {
    const decision = decisionFor(card, dice);
    const { approval_id: approvalId } = card;
    const outcome = await persevere(() => client.decide(approvalId, decision, { timeoutMs: CALL_MS }), this.options.signal).then(
      () => ({ accepted: true }),
      (error: unknown) => ({ accepted: false, code: error instanceof CountersignError ? error.code : String(error) }),
    );
    this.answers.push({ approvalId, by: `human:${by}`, action: decision.action, ...outcome });
  }
}

function decisionFor(card: ApprovalView, dice: Dice): Decision & { action: Action } {
  const wanted = dice.pick<Action>(CHOICES[card.checkpoint_type] ?? [['reject', 1]]);
  const action: Action = card.allowed_actions.includes(wanted) ? wanted : 'reject';
  const payloadHash = card.payload_hash === null ? {} : { payload_hash: card.payload_hash };
  switch (action) {
    case 'reject': return { action, reason: 'not today' };
    case 'edit': return { action, edits: { prompt: `${String(card.payload?.input.prompt)}, ${card.approval_id.slice(-4)}` }, ...payloadHash };
    default: return { action, ...payloadHash };
  }
}
