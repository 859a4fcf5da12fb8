import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';

function hangUpOf(context: ExecutionContext): AbortSignal {
  const controller = new AbortController();
  context.switchToHttp().getResponse<Response>().once('close', () => controller.abort());
  return controller.signal;
}

/** Fires when the caller is gone, so that nothing waits for nobody: `@HangUp() abort: AbortSignal`. */
export const HangUp = createParamDecorator((_nothing: unknown, context: ExecutionContext): AbortSignal => hangUpOf(context));

/** A call that may be repeated under one key, and whose caller may hang up. */
export interface PatientCall {
  idempotencyKey: string | undefined;
  abort: AbortSignal;
}

/** `@Patient() call: PatientCall` */
export const Patient = createParamDecorator((_nothing: unknown, context: ExecutionContext): PatientCall => ({
  idempotencyKey: context.switchToHttp().getRequest<Request>().get('idempotency-key'),
  abort: hangUpOf(context),
}));
