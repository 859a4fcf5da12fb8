/*
 * What this is: one pace per provider account for all executors. Nobody waits until a provider refused; then all wait as long as
 * it said, and go on one after the other, first at the pace below, slower after each further refusal, faster with each turn
 * that was not refused.
 * Invariant: each waiting launch has a place of its own, so that a hundred do not come back at the same moment.
 */
import { Throttle } from '@countersign/core';
import type { RedisConnection } from '@countersign/service-kit';
import { keys } from './keys';

/** Between two turns after a first refusal, ms: 600 a minute, what Replicate allows an account (replicate.com/docs/topics/predictions/rate-limits). */
const FIRST_GAP_MS = 100;
/** Between two turns at the slowest, ms: 6 a minute, what Replicate allows an account without a means of payment. */
const LONGEST_GAP_MS = 10_000;
/** The pace that is left after a turn: from the slowest back to no limit in some hundred turns. */
const EASING = 0.95;
/** Below this there is no limit any more, ms. */
const NO_GAP_MS = FIRST_GAP_MS / 2;
/** A state that nobody asked for this long is forgotten, ms: longer than any provider's window. */
const KEPT_MS = 15 * 60_000;

const STATE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local state = redis.call('HMGET', KEYS[1], 'next', 'gap', 'hold')
local next, gap, hold = tonumber(state[1] or '0'), tonumber(state[2] or '0'), tonumber(state[3] or '0')`;

/** KEYS: state, places. ARGV: launch, kept. Milliseconds to wait. */
const TURN = `${STATE}
if not state[2] then return 0 end
local function go()
  gap = gap * ${EASING}
  if gap < ${NO_GAP_MS} and redis.call('ZCARD', KEYS[2]) == 0 then redis.call('DEL', KEYS[1]) else redis.call('HSET', KEYS[1], 'gap', gap) end
  return 0
end
local place = tonumber(redis.call('ZSCORE', KEYS[2], ARGV[1]) or '-1')
if place >= hold then
  if place > now then return place - now end
  redis.call('ZREM', KEYS[2], ARGV[1])
  return go()
end
local slot = math.max(now, next, hold)
redis.call('HSET', KEYS[1], 'next', slot + math.ceil(gap))
redis.call('PEXPIRE', KEYS[1], math.max(${KEPT_MS}, slot - now + ${KEPT_MS}))
if slot <= now then
  redis.call('ZREM', KEYS[2], ARGV[1])
  return go()
end
redis.call('ZADD', KEYS[2], slot, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], 0, now - ${KEPT_MS})
redis.call('PEXPIRE', KEYS[2], math.max(${KEPT_MS}, slot - now + ${KEPT_MS}))
return slot - now`;

/** KEYS: state. ARGV: pause. Several that were refused in the same pause tell the same thing. */
const REFUSED = `${STATE}
local untilThen = now + tonumber(ARGV[1])
if now >= hold then gap = state[2] and math.min(math.max(gap, ${NO_GAP_MS}) * 2, ${LONGEST_GAP_MS}) or ${FIRST_GAP_MS} end
hold = math.max(hold, untilThen)
redis.call('HSET', KEYS[1], 'hold', hold, 'gap', gap, 'next', math.max(next, hold))
redis.call('PEXPIRE', KEYS[1], math.max(${KEPT_MS}, hold - now + ${KEPT_MS}))
return 1`;

interface ThrottleCommands {
  countersignTurn(state: string, places: string, launch: string): Promise<number>;
  countersignRefused(state: string, pauseMs: number): Promise<number>;
}

export class RedisThrottle extends Throttle {
  private readonly commands: ThrottleCommands;

  /** @param prefix the same in all processes of an installation; tests give each its own. */
  constructor(redis: RedisConnection, private readonly prefix = 'countersign:') {
    super();
    redis.defineCommand('countersignTurn', { numberOfKeys: 2, lua: TURN });
    redis.defineCommand('countersignRefused', { numberOfKeys: 1, lua: REFUSED });
    this.commands = redis as unknown as ThrottleCommands;
  }

  turn(account: string, launch: string): Promise<number> {
    return this.commands.countersignTurn(keys.pace(this.prefix, account), keys.places(this.prefix, account), launch);
  }

  async refused(account: string, pauseMs: number): Promise<void> {
    await this.commands.countersignRefused(keys.pace(this.prefix, account), Math.ceil(pauseMs));
  }
}
