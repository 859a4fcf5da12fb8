import type { ForkDto, RunStartedView } from '@countersign/contracts';
import type { Principal } from '@countersign/core';
import { Injectable } from '@nestjs/common';
import { ProblemError } from '../http/problem';
import { SeeRun } from './see-run';

@Injectable()
export class ForkRun {
  constructor(private readonly see: SeeRun) {}

  async fork(principal: Principal, runId: string, _body: ForkDto): Promise<RunStartedView> {
    await this.see.run(principal, runId);
    throw new ProblemError('NOT_IMPLEMENTED', 'runs cannot be forked yet');
  }
}
