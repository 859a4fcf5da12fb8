/*
 * What this is: a new run from a step of another one.
 * Invariant: it shares nothing by accident: approvals, launches, outputs and keys stay with the first run; what is taken
 * over is the request, its guard and, from `payload_review` on, what people changed. Whatever is taken over is checked and
 * asked about again.
 */
import { SOCKET_NAMESPACE, type ForkDto, type RunStartedView } from '@countersign/contracts';
import { Clock, Ids, mayControl, newRun, RunStore, type Idempotency, type JsonObject, type NewRun, type Principal, type Run } from '@countersign/core';
import { replaceBotLinks, withoutBotToken } from '@countersign/files';
import { bell, Doorbells } from '@countersign/queues';
import { Injectable } from '@nestjs/common';
import { GatewayEnv, publicUrlOf } from '../gateway.env';
import { invalid, ProblemError } from '../http/answers/problem';
import { Reply } from '../http/answers/reply';
import { ForkEdits } from './fork-edits';
import { CommandLog } from './command-run';
import { SeeRun } from './see-run';
import { idempotencyOf, keyUsedOtherwise, startedView, type StartedRun } from './start-run';

const OK = 200;
const CREATED = 201;

/** Who asks for a fork, and under which key. */
interface Asked {
  by: string;
  idempotency: Idempotency | null;
}

/** Writes a fork down on both sides. */
@Injectable()
export class ForkBooks {
  constructor(
    private readonly runs: RunStore,
    private readonly doorbells: Doorbells,
    private readonly log: CommandLog,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** The first run's history is told by the orchestrator; one that has ended is closed, and the command stays as the note. */
  async write(parent: Run, facts: Omit<NewRun, 'runId'>, { by, idempotency }: Asked): Promise<StartedRun> {
    const run = newRun({ ...facts, runId: this.ids.next() }, this.clock.now());
    const answer = await this.runs.insert(run, [bell('run.start', { run_id: run.runId })], idempotency);
    if (answer.kind === 'conflict') throw keyUsedOtherwise(answer.runId);
    if (answer.kind === 'existing') return { run: answer.run, isNew: false };
    await this.doorbells.ring(answer.bells);
    await this.log.write(parent, 'forked', by, run.runId);
    return { run, isNew: true };
  }
}

@Injectable()
export class ForkRun {
  constructor(private readonly see: SeeRun, private readonly edits: ForkEdits, private readonly books: ForkBooks, private readonly env: GatewayEnv) {}

  /** @param key the header Idempotency-Key as it came: the same key for the same run with the same body names the same fork */
  async fork(principal: Principal, runId: string, body: ForkDto, key: string | undefined): Promise<Reply<RunStartedView>> {
    const idempotency = idempotencyOf(key, { fork_of: runId, ...body });
    const parent = await this.see.run(principal, runId);
    if (!mayControl(principal, parent)) throw new ProblemError('FORBIDDEN', 'only the run\'s owner may fork it');
    const given = replaceBotLinks(body.edits ?? {}, withoutBotToken);
    const facts = forkOf(parent, body.from_step, given);
    await this.edits.check(facts, given);
    const { run, isNew } = await this.books.write(parent, facts, { by: `human:${principal.userId}`, idempotency });
    const view = startedView(run, `${publicUrlOf(this.env).replace(/^http/, 'ws')}${SOCKET_NAMESPACE}`);
    return new Reply(isNew ? CREATED : OK, view, { Location: view.links.self });
  }
}

/** @throws ProblemError VALIDATION_FAILED for a step that the run never reached, and for edits that it cannot take */
function forkOf(parent: Run, fromStep: ForkDto['from_step'], given: JsonObject): Omit<NewRun, 'runId'> {
  const { tenantId, userId, sessionId, provider, model, modelVersion, tool, config, originalInput } = parent;
  const facts = { tenantId, userId, sessionId, parentRunId: parent.runId, provider, model, modelVersion, tool, config, originalInput };
  if (fromStep === 'created' || fromStep === 'information_review') return { ...facts, edits: given };
  const payload = parent.preparation?.summary.blocking_issues === 0 ? parent.preparation.payload : null;
  if (!payload) throw invalid('from_step', 'not_reached', `the run never came to ${fromStep}: fork it from information_review`);
  if (fromStep === 'payload_review') return { ...facts, edits: { ...parent.edits, ...given } };
  if (Object.keys(given).length > 0) throw invalid('edits', 'not_allowed', 'from api_call exactly the same payload runs; to change it, fork from payload_review');
  return { ...facts, modelVersion: modelVersion ?? pinned(payload.version), edits: payload.input };
}

/** A model of which nothing but an example is known has no version to ask for. */
const pinned = (version: string): string | null => (version === 'unknown' ? null : version);
