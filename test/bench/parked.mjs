/*
 * npm run bench:parked -- [--runs 100000] [--rounds 150]
 *
 * What a hundred thousand waiting runs cost: two whole houses side by side, one empty, one full; the same calls go to both in
 * turn, so that both feel the same machine. Then both are left alone, and their CPU time is what sweeper, relay and the rest
 * of a quiet house cost. Loopback only; nothing is left behind.
 */
import '../../tools/check-node.mjs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CountersignClient } from '@countersign/client';
import { build } from '../../tools/prepare.mjs';
import { watchParent } from '../../tools/watch-parent.mjs';
import { cpuMs, pssMib } from './gauges.mjs';
import { complaints, makeFolder, openServices, removeFolder, startServers } from './house.mjs';
import { makePrompt } from './load.mjs';
import { park } from './park.mjs';
import { RoundTrips } from './round-trip.mjs';
import { markdown, number } from './table.mjs';

const WARM_UP_ROUNDS = 30;
/** Long enough for several sweeps of every kind. */
const IDLE_SECONDS = 30;
/** Parking, both houses' starts and the rounds take some three minutes. */
const LIMIT_MS = 20 * 60_000;
/** What the issue allows: latencies of a full house against an empty one. */
const ALLOWED = 1.5;

const say = (line) => process.stderr.write(`${line}\n`);
const closers = [];
let closing;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void leave(130));
watchParent(() => void leave(130));
setTimeout(() => void leave(1), LIMIT_MS).unref();

try {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '150' } } });
  await leave(await main({ runs: Number(values.runs), rounds: Number(values.rounds) }));
} catch (error) {
  say(error.stack);
  await leave(1);
}

async function main({ runs, rounds }) {
  await build();
  say('two houses…');
  const [empty, full] = [await openHouse('empty'), await openHouse('full')];
  const before = pssMib(full.roles);
  say(`parking ${runs} runs…`);
  const seed = await full.trips.start(makePrompt());
  const parked = await park({ url: full.env.DATABASE_URL, runId: seed.run_id, count: runs });
  const took = { empty: newBook(), full: newBook() };
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round += 1) {
    const isWarm = round >= WARM_UP_ROUNDS;
    // Each is first in turn: who comes second finds warmer caches of the machine.
    for (const house of round % 2 === 0 ? [empty, full] : [full, empty]) await oneRound(house, isWarm ? took[house.name] : newBook());
    if (round % 50 === 49) say(`${round + 1} rounds…`);
  }
  const after = pssMib(full.roles);
  say(`both left alone for ${IDLE_SECONDS} s…`);
  const idle = await idleCost([empty, full]);
  console.log(`${parked.waiting} runs wait (${parked.mib} MiB of database), ${rounds} rounds:\n`);
  console.log(latencies(took));
  console.log(`\n${costs(idle, { before, after, empty: pssMib(empty.roles) })}`);
  for (const house of [empty, full]) for (const line of complaints(house.folder)) console.log(`said by ${house.name} ${line}`);
  const worst = Math.max(...Object.keys(took.empty).map((what) => median(took.full[what]) / median(took.empty[what])));
  console.log(`\nworst ratio of medians ${number(worst, 2)}, allowed ${ALLOWED}`);
  return worst <= ALLOWED ? 0 : 1;
}

async function openHouse(name) {
  const folder = makeFolder();
  closers.push(() => removeFolder(folder));
  const servers = await startServers(folder);
  closers.push(servers.stop);
  const services = await openServices({ folder, env: servers.env });
  closers.push(services.stop);
  const trips = new RoundTrips({ url: services.url });
  closers.push(() => trips.close());
  await trips.connect();
  return { name, folder, env: servers.env, trips, client: new CountersignClient({ baseUrl: services.url, userId: 'bench' }), roles: { ...services.pids(), ...servers.pids } };
}

function newBook() {
  return { 'start → awaiting': [], 'approve → completed': [], 'pending approvals, first page': [], 'pending approvals of a user': [], 'runs, first page': [], 'runs of a session': [] };
}

async function oneRound({ trips, client }, book) {
  const timed = async (what, work) => {
    const startedAt = performance.now();
    const result = await work();
    book[what].push(performance.now() - startedAt);
    return result;
  };
  const approval = await timed('start → awaiting', () => trips.start(makePrompt()));
  await timed('pending approvals, first page', () => client.pendingApprovals({}));
  await timed('pending approvals of a user', () => client.pendingApprovals({ user_id: 'u7' }));
  await timed('runs, first page', () => client.runs({}));
  await timed('runs of a session', () => client.sessionRuns('s77'));
  await timed('approve → completed', () => trips.approve(approval));
}

async function idleCost(houses) {
  const before = houses.map(({ roles }) => cpuMs(roles).used);
  await pause(IDLE_SECONDS * 1000);
  return Object.fromEntries(houses.map(({ name, roles }, place) => {
    const now = cpuMs(roles).used;
    return [name, Object.fromEntries(Object.keys(roles).map((role) => [role, (now[role] - before[place][role]) / IDLE_SECONDS]))];
  }));
}

function quantile(list, q) {
  const sorted = [...list].sort((one, other) => one - other);
  return sorted[Math.min(list.length - 1, Math.floor(list.length * q))];
}

function median(list) {
  return quantile(list, 0.5);
}

function latencies(took) {
  return markdown([
    ['ms, p50 / p95', 'empty house', 'full house', 'ratio of medians'],
    ...Object.keys(took.empty).map((what) => [
      what, ...[took.empty, took.full].map((book) => `${number(median(book[what]))} / ${number(quantile(book[what], 0.95))}`),
      number(median(took.full[what]) / median(took.empty[what]), 2),
    ]),
  ]);
}

function costs(idle, memory) {
  return markdown([
    ['left alone', ...Object.keys(idle.empty)],
    ...['empty', 'full'].map((name) => [`${name} house, CPU ms a second`, ...Object.values(idle[name]).map((ms) => number(ms, 2))]),
    ['full house before parking, MiB (PSS)', ...Object.values(memory.before).map((mib) => number(mib, 0))],
    ['full house after the rounds, MiB', ...Object.values(memory.after).map((mib) => number(mib, 0))],
    ['empty house after the rounds, MiB', ...Object.values(memory.empty).map((mib) => number(mib, 0))],
  ]);
}

function leave(status) {
  closing ??= close().finally(() => process.exit(status));
  return closing;
}

/** Last opened, first closed. */
async function close() {
  for (const closer of closers.reverse()) {
    try {
      await closer();
    } catch (error) {
      say(`while stopping: ${error.message}`);
    }
  }
}
