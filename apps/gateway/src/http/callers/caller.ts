import type { Principal } from '@countersign/core';
import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { ProblemError } from '../answers/problem';

const PRINCIPAL = Symbol('principal');
export const OPEN_DOOR = 'countersign:open-door';

interface WithPrincipal {
  [PRINCIPAL]?: Principal;
}

/** Routes that ask nobody who they are: health, signed addresses, signed call-backs. */
export const OpenDoor = (): MethodDecorator & ClassDecorator => SetMetadata(OPEN_DOOR, true);

export function rememberPrincipal(request: Request, principal: Principal): void {
  (request as WithPrincipal)[PRINCIPAL] = principal;
}

function principalOf(request: Request): Principal | undefined {
  return (request as WithPrincipal)[PRINCIPAL];
}

/** Who is asking: `@Caller() principal: Principal`. */
export const Caller = createParamDecorator((_nothing: unknown, context: ExecutionContext): Principal => {
  const principal = principalOf(context.switchToHttp().getRequest<Request>());
  if (!principal) throw new ProblemError('UNAUTHENTICATED', 'nobody is known to be asking');
  return principal;
});
