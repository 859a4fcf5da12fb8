import { NAME_MAX, WORDS_MAX, type BrowserCompletionView } from '@countersign/contracts';
import { Clock, CommandStore, Ids, type Json, type Principal, type Run } from '@countersign/core';
import { bell, Doorbells } from '@countersign/queues';
import { sha256Hex } from '@countersign/service-kit';
import { Injectable } from '@nestjs/common';
import { invalid } from '../http/answers/problem';
import { SeeRun } from '../runs/see-run';
import { refuseEnded } from './ask-for-browser';
import type { BrowserCompletionDto } from './browser.dto';

/** A browser agent reports what it did; the orchestrator writes it into the run's history, once. */
@Injectable()
export class ReportForBrowser {
  constructor(
    private readonly seeRun: SeeRun,
    private readonly commands: CommandStore,
    private readonly doorbells: Doorbells,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** @throws ProblemError RUN_NOT_FOUND, ILLEGAL_STATE, VALIDATION_FAILED */
  async report(principal: Principal, done: BrowserCompletionDto): Promise<BrowserCompletionView> {
    const run = await this.seeRun.run(principal, done.run_id.toLowerCase());
    const commandId = done.request_id === undefined ? this.ids.next() : idOf(run, done.request_id);
    if (!(await this.isKnown(commandId))) {
      refuseEnded(run);
      await this.write(run, commandId, { by: `agent:${principal.userId}`.slice(0, NAME_MAX), words: wordsOf(done) });
    }
    return { success: true, message: 'Browser completion is on record', run_id: run.runId };
  }

  private async write(run: Run, commandId: string, { by, words }: { by: string; words: string }): Promise<void> {
    const command = { commandId, runId: run.runId, name: 'report' as const, by, reason: words, requestedAt: this.clock.now(), outcome: null, detail: null };
    try {
      const { bells } = await this.commands.request(command, [bell('run.commanded', { run_id: run.runId, command_id: commandId })]);
      await this.doorbells.ring(bells);
    } catch (error) {
      // The same report at the same moment: the other call wrote it.
      if (!(await this.isKnown(commandId))) throw error;
    }
  }

  private async isKnown(commandId: string): Promise<boolean> {
    return (await this.commands.find(commandId)) !== null;
  }
}

function wordsOf({ action_result: result, success }: BrowserCompletionDto): string {
  const words = typeof result === 'string' ? result : JSON.stringify(result satisfies Json);
  if (words.trim() === '') throw invalid('action_result', 'is_not_empty', 'action_result says what came of it');
  if (words.length > WORDS_MAX) throw invalid('action_result', 'max_length', `action_result has at most ${WORDS_MAX} characters; keep a larger result with POST /uploads and report its address`);
  return success === false ? `failed: ${words}` : words;
}

/** The agent's own id as one of ours: UUIDv8 (RFC 9562), made of the hash of run and id. */
function idOf(run: Run, requestId: string): string {
  const hex = sha256Hex(`${run.runId}\n${requestId}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
