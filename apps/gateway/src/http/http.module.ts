import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { CheckedInputPipe } from './input/checked-input.pipe';
import { KeyBook } from './callers/key-book';
import { PrincipalResolver } from './callers/principal-resolver';
import { PrincipalGuard } from './callers/principal.guard';
import { ProblemFilter } from './answers/problem.filter';
import { ReplyInterceptor } from './answers/reply';
import { WriteBudget } from './callers/write-budget';

/** What every door needs: who is asking, checked input, refusals in one form. */
@Global()
@Module({
  providers: [
    KeyBook, PrincipalResolver, WriteBudget,
    { provide: APP_GUARD, useClass: PrincipalGuard },
    { provide: APP_PIPE, useClass: CheckedInputPipe },
    { provide: APP_INTERCEPTOR, useClass: ReplyInterceptor },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
  exports: [KeyBook, PrincipalResolver, WriteBudget],
})
export class HttpModule {}
