import { Injectable, type PipeTransform } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { ProblemError, type ProblemCode } from '../answers/problem';

/** Nothing can have an id that is not a UUID, so the answer is the same as for one that nobody has. */
function idPipe(code: ProblemCode, what: string): new () => PipeTransform<string, string> {
  @Injectable()
  class IdPipe implements PipeTransform<string, string> {
    transform(id: string): string {
      if (!isUUID(id)) throw new ProblemError(code, `there is no ${what} ${JSON.stringify(id.slice(0, SHOWN))}`);
      return id.toLowerCase();
    }
  }
  return IdPipe;
}

/** Characters of a wrong id that are repeated to the caller. */
const SHOWN = 64;

export const RunIdPipe = idPipe('RUN_NOT_FOUND', 'run');
export const ApprovalIdPipe = idPipe('APPROVAL_NOT_FOUND', 'approval');
export const MemoryIdPipe = idPipe('MEMORY_NOT_FOUND', 'remembered change');
