import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Response } from 'express';
import { map, type Observable } from 'rxjs';

/** An answer whose status depends on what happened. */
export class Reply<T> {
  constructor(readonly status: number, readonly body: T, readonly headers: Record<string, string> = {}) {}
}

@Injectable()
export class ReplyInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    return next.handle().pipe(map((answer) => {
      if (!(answer instanceof Reply)) return answer;
      const response = context.switchToHttp().getResponse<Response>();
      response.status(answer.status).set(answer.headers);
      return answer.body as unknown;
    }));
  }
}
