import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { OPEN_DOOR, rememberPrincipal } from './caller';
import { PrincipalResolver } from './principal-resolver';
import { ProblemError } from '../answers/problem';
import { WriteBudget } from './write-budget';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Finds out who is asking, and counts what they change. */
@Injectable()
export class PrincipalGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly resolver: PrincipalResolver,
    private readonly budget: WriteBudget,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    if (this.reflector.getAllAndOverride<boolean | undefined>(OPEN_DOOR, [context.getHandler(), context.getClass()])) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const principal = await this.resolver.resolve({ headers: request.headers, body: request.body as unknown, query: request.query });
    rememberPrincipal(request, principal);
    if (READING.has(request.method)) return true;
    const retryAfterSeconds = this.budget.take(principal);
    if (retryAfterSeconds !== null) throw new ProblemError('RATE_LIMITED', 'too many changes in the last minute', { retryAfterSeconds });
    return true;
  }
}
