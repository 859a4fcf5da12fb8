import type { Role } from '../run/words';

/** Who is asking. Every request and socket has one. */
export interface Principal {
  tenantId: string;
  userId: string;
  roles: readonly Role[];
}

/** Owner facts of a run or approval. */
export interface Owned {
  tenantId: string;
  userId: string | null;
}

/** May see it at all; otherwise it does not exist for them (404). */
export function maySee(principal: Principal, owned: Owned): boolean {
  return sameTenant(principal, owned) && (isOwn(principal, owned) || has(principal, 'reviewer') || has(principal, 'admin'));
}

/** The one rule about who may decide, for every door: the person it is addressed to, and reviewers of the tenant. */
export function mayDecide(principal: Principal, approval: Owned): boolean {
  return sameTenant(principal, approval) && (isOwn(principal, approval) || has(principal, 'reviewer') || has(principal, 'admin'));
}

/** May pause, resume, cancel, retry: the run's owner and admins of the tenant. */
export function mayControl(principal: Principal, run: Owned): boolean {
  return sameTenant(principal, run) && (isOwn(principal, run) || has(principal, 'admin'));
}

/** May say yes to a launch that passes a cap: whoever asks for money does not grant it. */
export function mayPassCap(principal: Principal, approval: Owned): boolean {
  return sameTenant(principal, approval) && (has(principal, 'reviewer') || has(principal, 'admin'));
}

/** May start a run for `userId`: themselves, or an admin for others. */
export function mayStartFor(principal: Principal, userId: string): boolean {
  return principal.userId === userId || has(principal, 'admin');
}

export function has(principal: Principal, role: Role): boolean {
  return principal.roles.includes(role);
}

const sameTenant = (principal: Principal, owned: Owned): boolean => principal.tenantId === owned.tenantId;
const isOwn = (principal: Principal, owned: Owned): boolean => owned.userId !== null && owned.userId === principal.userId;
