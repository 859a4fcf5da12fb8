/*
 * What this is: what people make of what is remembered. Each entry belongs to the user whose runs it is about; reviewers of the
 * tenant see and tend it too, since it is made of their own answers.
 * Invariant: a rule is switched on by a person, who is named (9).
 */
import { memoryView, type ForgetQueryDto, type ForgottenView, type MemoriesQueryDto, type MemoryListView, type MemoryView, type SettableState } from '@countersign/contracts';
import { Clock, mayDecide, maySee, ParameterMemory, type MemoryEntry, type Principal } from '@countersign/core';
import { Injectable } from '@nestjs/common';
import { deciderOf } from '../approvals/read-answer';
import { ProblemError } from '../http/answers/problem';
import { pageOf } from '../runs/list-runs';

@Injectable()
export class TendMemory {
  constructor(private readonly memory: ParameterMemory, private readonly clock: Clock) {}

  async list(principal: Principal, query: MemoriesQueryDto): Promise<MemoryListView> {
    const filter = { userId: query.user_id, provider: query.provider, model: query.model };
    const { items, total, nextCursor } = await this.memory.list(principal, filter, pageOf(query));
    return { memories: items.map(memoryView), total, next_cursor: nextCursor };
  }

  async one(principal: Principal, memoryId: string): Promise<MemoryView> {
    return memoryView(await this.find(principal, memoryId));
  }

  async set(principal: Principal, memoryId: string, state: SettableState): Promise<MemoryView> {
    await this.find(principal, memoryId);
    const ruling = state === 'proposed' ? null : { state, by: deciderOf(principal), at: this.clock.now() };
    const entry = await this.memory.rule(memoryId, ruling);
    if (!entry) throw gone(memoryId);
    return memoryView(entry);
  }

  async forget(principal: Principal, memoryId: string): Promise<ForgottenView> {
    await this.find(principal, memoryId);
    if (!(await this.memory.forget(memoryId))) throw gone(memoryId);
    return forgotten(1);
  }

  /** What the caller may not see is not there, so nothing of it is deleted. */
  async forgetAll(principal: Principal, { provider, model, user_id: named }: ForgetQueryDto): Promise<ForgottenView> {
    const owner = { tenantId: principal.tenantId, userId: named ?? principal.userId };
    return forgotten(mayDecide(principal, owner) ? await this.memory.forgetAll({ ...owner, provider, model }) : 0);
  }

  private async find(principal: Principal, memoryId: string): Promise<MemoryEntry> {
    const entry = await this.memory.find(memoryId);
    if (!entry || !maySee(principal, entry)) throw gone(memoryId);
    return entry;
  }
}

const gone = (memoryId: string): ProblemError => new ProblemError('MEMORY_NOT_FOUND', `nothing is remembered as ${memoryId}`);

function forgotten(deleted: number): ForgottenView {
  return { success: true, message: deleted === 0 ? 'There was nothing to forget' : `Forgotten: ${deleted} ${deleted === 1 ? 'change' : 'changes'}`, deleted };
}
