/*
 * What this is: a storm over the whole house. Runs of all policies and scripted reviewers, a provider that loses answers and
 * doubles and delays its call-backs, and every few seconds a `kill -9` for a service, Postgres or Redis; then a judgement.
 * Invariant under test: Postgres is the truth (1): nothing is lost, nothing happens twice, whatever dies at whatever instant.
 */
import type { ApprovalView } from '@countersign/contracts';
import { startReplicateEmulator, type ReplicateEmulator } from '@countersign/providers';
import { freePort, waitFor } from '@countersign/testing';
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { startHouse, type House } from '../harness/house';
import { Dice } from './dice';
import { readBook, readRows, type Evidence } from './evidence';
import { isSettled, judge, type Finding } from './judge';
import { Killer, type Servers } from './killer';
import { Load } from './load';
import { CALM, Recovery, type Recovered } from './recovery';
import { Reviewers } from './reviewers';
import { blowsOf, runsOf, type Storm } from './schedule';

export interface Aftermath {
  storm: Storm;
  redisKind: string;
  findings: Finding[];
  evidence: Evidence;
  killer: Pick<Killer, 'struck' | 'died' | 'failedStarts'>;
  /** What the house refused and should not have. */
  refused: string[];
  /** Before the storm, and after each blow. */
  recovered: Recovered[];
  /** From the last blow until everything was where it belongs. */
  settledMs: number;
  /** Cards that were kept for after the storm. */
  left: number;
  /** Answers of the provider and requests to it that were lost, call-backs that were tampered with. */
  lost: { answers: number; callbacks: number };
}

/** The provider's bad day: "dropping 5 % of answers, duplicating and delaying call-backs". */
const LOST_ANSWERS = 0.05;
/** And requests that never arrive, which nobody can tell from lost answers: those end at a card. */
const LOST_REQUESTS = 0.02;
const CALLBACKS = [{ do: 'duplicate', share: 0.2 }, { do: 'late', share: 0.2, ms: 3_000 }, { do: 'withhold', share: 0.05 }] as const;
const ANSWERS_LOST_ON = ['create', 'prediction', 'list', 'cancel', 'model', 'delivery'] as const;
/** A prediction runs this long, so that some executors die meanwhile. */
const PREDICTION_MS = { startMs: 100, runMs: 700 };
/** Short, so that lost launches come to their card within the storm. */
const GRACE_SECONDS = 10;
const REVIEWERS = ['rita', 'ravi', 'rosa', 'ruth', 'remy', 'rolf'];
/** Runs timed before the storm. */
const CALM_PROBES = 10;
/** Nothing moves for so long: leases (15 s), locks (10 s), lost doorbells (10 s) and graces (10 s) are over, one after the other. */
const STANDSTILL_MS = 90_000;
/** However busy the machine is. */
const SETTLE_MS = 15 * 60_000;
const LOOK_MS = 500;

export async function chaos(storm: Storm, servers: Servers, say: (line: string) => void): Promise<Aftermath> {
  const emulator = await startReplicateEmulator({ createsPerMinute: 1_000_000, ...PREDICTION_MS });
  const port = await freePort();
  const house = await startHouse({
    env: {
      REPLICATE_API_TOKEN: emulator.token, REPLICATE_BASE_URL: emulator.url, REPLICATE_WEBHOOK_SECRET: emulator.webhookSecret,
      LAUNCH_GRACE_SECONDS: String(GRACE_SECONDS), FETCH_ALLOW_HOSTS: new URL(emulator.url).host,
      PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}`, WRITES_PER_MINUTE: '1000000', LOG_LEVEL: 'error',
    },
  });
  try {
    return await rage({ storm, servers, say, emulator, house });
  } finally {
    await house.close();
    await emulator.close();
  }
}

interface Scene {
  storm: Storm;
  servers: Servers;
  say(line: string): void;
  emulator: ReplicateEmulator;
  house: House;
}

async function rage({ storm, servers, say, emulator, house }: Scene): Promise<Aftermath> {
  const end = new AbortController();
  setMaxListeners(0, end.signal);
  const plans = runsOf(storm);
  const load = new Load(house.client('lena'), `chaos-${storm.seed}`, end.signal);
  const recovery = new Recovery(house.client('petra'), load, end.signal);
  let begunAt = 0;
  const killer = new Killer(house, servers, (victim, ms) => say(`${seconds(performance.now() - begunAt)}    ${victim} is back after ${seconds(ms).trim()}`));
  let isCalmAgain = false;
  const leftRuns = new Set<string>();
  const isLeft = ({ run_id: runId }: ApprovalView): boolean => {
    if (isCalmAgain || load.accepted.get(runId)?.fate !== 'leave') return false;
    leftRuns.add(runId);
    return true;
  };
  const reviewers = new Reviewers({ seed: storm.seed, clientOf: house.client, isLeft, signal: end.signal });

  for (let n = 0; n < CALM_PROBES; n += 1) await recovery.once(CALM);
  const dice = new Dice(storm.seed, 'provider');
  emulator.faults.setWeather({
    random: () => dice.next(),
    answers: [{ on: ['create'], share: LOST_REQUESTS, action: { do: 'drop_before' } }, { on: ANSWERS_LOST_ON, share: LOST_ANSWERS, action: { do: 'drop_after' } }],
    callbacks: [...CALLBACKS],
  });

  begunAt = performance.now();
  killer.keepUp();
  const reviewing = reviewers.run(REVIEWERS);
  const loading = load.run(plans);
  await strikeAll({ storm, killer, recovery, say });
  const endedAt = performance.now();
  say(`the storm is over; ${load.accepted.size} runs accepted so far`);
  await loading;
  await recovery.done();
  const settledMs = await settle(house, isSettled, 'every run to end or to wait for somebody') - endedAt;
  isCalmAgain = true;
  await settle(house, ({ status }) => ENDED.has(status), 'every run to end');
  reviewers.stop();
  await reviewing;
  await toldAll(house).catch(() => undefined);
  end.abort();
  killer.stop();

  const evidence: Evidence = { accepted: [...load.accepted.keys()], answers: reviewers.answers, created: readBook(emulator), ...(await readRows(house.db)) };
  return {
    storm, redisKind: servers.redisKind, evidence, findings: judge(evidence), killer, refused: load.refused, recovered: recovery.times,
    settledMs, left: leftRuns.size, lost: emulator.faults.weatherHits,
  };
}

async function strikeAll({ storm, killer, recovery, say }: Pick<Scene, 'storm' | 'say'> & { killer: Killer; recovery: Recovery }): Promise<void> {
  const begunAt = performance.now();
  for (const blow of blowsOf(storm)) {
    await pause(Math.max(0, blow.atMs - (performance.now() - begunAt)));
    const struck = await killer.strike(blow);
    const what = blow.do === 'flush' ? 'flush redis' : `kill -9 ${blow.victim}`;
    say(`${seconds(blow.atMs)}  ${what}${struck ? '' : ' (is down already)'}`);
    if (struck) recovery.measure(`${what} at ${seconds(blow.atMs).trim()}`);
  }
  await pause(Math.max(0, storm.seconds * 1000 - (performance.now() - begunAt)));
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1).padStart(7)} s`;

type Settled = typeof isSettled;

/** Resolves to when it was so, or when nothing moved any more. What is not so in the end is the judge's to tell. */
async function settle(house: House, isThere: Settled, what: string): Promise<number> {
  let [seen, movedAt] = ['', performance.now()];
  await waitFor(async () => {
    const { runs, approvals, moves } = await readStanding(house);
    if (moves !== seen) [seen, movedAt] = [moves, performance.now()];
    return runs.every((run) => isThere(run, approvals)) || performance.now() - movedAt > STANDSTILL_MS;
  }, { what, timeoutMs: SETTLE_MS, intervalMs: LOOK_MS }).catch(() => undefined);
  return performance.now();
}

async function readStanding({ db }: House) {
  const runs = await db.query<{ run_id: string; status: string; approval_id: string | null }>('SELECT run_id, status, approval_id FROM hitl_runs');
  const pending = await db.query<{ approval_id: string; status: string }>(`SELECT approval_id, status FROM hitl_approvals WHERE status = 'pending'`);
  const moves = await db.query<{ moves: string }>('SELECT concat(sum(version), (SELECT sum(checks) FROM hitl_launches)) AS moves FROM hitl_runs');
  return { moves: moves.rows[0]?.moves ?? '', runs: runs.rows, approvals: new Map(pending.rows.map((row) => [row.approval_id, row])) };
}

async function toldAll({ db }: House): Promise<void> {
  await waitFor(async () => {
    const { rows } = await db.query(`SELECT 1 FROM hitl_runs r LEFT JOIN notices n ON n.run_id = r.run_id AND n.channel = 'socket' WHERE coalesce(n.told_seq, 0) < r.version LIMIT 1`);
    return rows.length === 0;
  }, { what: 'sockets to be told of every end', timeoutMs: SETTLE_MS, intervalMs: LOOK_MS });
}

const ENDED: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled', 'expired']);
