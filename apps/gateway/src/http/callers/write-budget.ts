import type { Principal } from '@countersign/core';
import { Injectable } from '@nestjs/common';
import { GatewayEnv } from '../../gateway.env';

const MINUTE_MS = 60_000;
/** Buckets kept at once; the one unused for longest, which is full again soonest, makes room. */
const BUCKETS = 10_000;

/**
 * How much a principal may change: a bucket that holds a minute's worth and fills evenly. Kept in this process, one step a
 * call whatever the limit (the throttler library counts every hit of the last minute again at each call); with several
 * gateways each grants its own.
 */
@Injectable()
export class WriteBudget {
  private readonly buckets = new Map<string, { left: number; atMs: number }>();

  constructor(private readonly env: GatewayEnv) {}

  /** Null when granted, else seconds until it can be. */
  take(principal: Principal, nowMs = Date.now()): number | null {
    const limit = this.env.WRITES_PER_MINUTE;
    const name = JSON.stringify([principal.tenantId, principal.userId]);
    const bucket = this.buckets.get(name) ?? { left: limit, atMs: nowMs };
    const left = Math.min(limit, bucket.left + (Math.max(0, nowMs - bucket.atMs) * limit) / MINUTE_MS);
    this.buckets.delete(name);
    if (this.buckets.size >= BUCKETS) this.buckets.delete(this.buckets.keys().next().value ?? '');
    this.buckets.set(name, { left: left >= 1 ? left - 1 : left, atMs: nowMs });
    return left >= 1 ? null : Math.ceil(((1 - left) * MINUTE_MS) / limit / 1000);
  }
}
