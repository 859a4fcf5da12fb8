/*
 * npm run bench:parked -- [--runs 100000] [--rounds 150]
 *
 * What a hundred thousand waiting runs cost: two whole houses side by side, one with as many as fill a page, one full; the same calls go to both in
 * turn, so that both feel the same machine. Then both are left alone, and their CPU time is what sweeper, relay and the rest
 * of a quiet house cost. Loopback only; nothing is left behind.
 */
import '../../tools/check-node.mjs';
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

/** More than a page shows. */
const A_PAGE = 60;
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
  const [small, full] = [await openHouse('small'), await openHouse('full')];
  const before = pssMib(full.roles);
  say(`parking ${runs} runs…`);
  const seedOf = async ({ trips }) => (await trips.start(makePrompt())).run_id;
  // A page of fifty is fifty times the work of a page of one in any house: only what lies behind the page is measured.
  await park({ url: small.env.DATABASE_URL, runId: await seedOf(small), count: A_PAGE, together: true });
  const parked = await park({ url: full.env.DATABASE_URL, runId: await seedOf(full), count: runs });
  const took = { small: newBook(), full: newBook() };
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round += 1) {
    const isWarm = round >= WARM_UP_ROUNDS;
    // Each is first in turn: who comes second finds warmer caches of the machine.
    for (const house of round % 2 === 0 ? [small, full] : [full, small]) await oneRound(house, isWarm ? took[house.name] : newBook());
    if (round % 50 === 49) say(`${round + 1} rounds…`);
  }
  const after = pssMib(full.roles);
  say(`both left alone for ${IDLE_SECONDS} s…`);
  const idle = await idleCost([small, full]);
  console.log(`${parked.waiting} runs wait (${parked.mib} MiB of database), ${rounds} rounds:\n`);
  console.log(latencies(took));
  console.log(`\n${costs(idle, { before, after, small: pssMib(small.roles) })}`);
  for (const house of [small, full]) for (const line of complaints(house.folder)) console.log(`said by ${house.name} ${line}`);
  const worst = Math.max(...Object.keys(took.small).map((what) => median(took.full[what]) / median(took.small[what])));
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
  await timed('runs of a session', () => client.sessionRuns('s7'));
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
    ['ms, p50 / p95', 'small house', 'full house', 'ratio of medians'],
    ...Object.keys(took.small).map((what) => [
      what, ...[took.small, took.full].map((book) => `${number(median(book[what]))} / ${number(quantile(book[what], 0.95))}`),
      number(median(took.full[what]) / median(took.small[what]), 2),
    ]),
  ]);
}

function costs(idle, memory) {
  return markdown([
    ['left alone', ...Object.keys(idle.small)],
    ...['small', 'full'].map((name) => [`${name} house, CPU ms a second`, ...Object.values(idle[name]).map((ms) => number(ms, 2))]),
    ['full house before parking, MiB (PSS)', ...Object.values(memory.before).map((mib) => number(mib, 0))],
    ['full house after the rounds, MiB', ...Object.values(memory.after).map((mib) => number(mib, 0))],
    ['small house after the rounds, MiB', ...Object.values(memory.small).map((mib) => number(mib, 0))],
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
