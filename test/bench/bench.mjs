/*
 * npm run bench -- [--quick] [--seconds 20] [--in-flight 64] [--via rest,socket] [--json FILE] [--profile FOLDER] [--wasm-redis]
 *
 * The round trip through the whole built house: POST /hitl/run → approval.requested (Socket.IO) → approve → run.completed
 * (Socket.IO), on the provider `scripted`, so that the house is measured and not a model. Own Postgres (fsync on), own Redis,
 * four services, loopback only; nothing is left behind. `--profile` keeps a CPU profile per service and says what they did.
 */
import '../../tools/check-node.mjs';
import { writeFileSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PlainError } from '../../tools/plain-error.mjs';
import { build } from '../../tools/prepare.mjs';
import { watchParent } from '../../tools/watch-parent.mjs';
import { measure, openDatabaseCounters, pssMib } from './gauges.mjs';
import { complaints, makeFolder, openServices, removeFolder, startServers } from './house.mjs';
import { flood, trickle } from './load.mjs';
import { describeProfiles } from './profile.mjs';
import { RoundTrips } from './round-trip.mjs';
import { reportTable } from './table.mjs';

const FULL = { seconds: 20, warmUpSeconds: 5 };
/** About half a minute in all. */
const QUICK = { seconds: 4, warmUpSeconds: 2 };
const PER_SECOND = 5;
/** Round trips before anything is measured: the compiler has seen the whole path then. */
const WARM_UP_TRIPS = 20;
/** For the start, and for runs that are slow to end. */
const SPARE_SECONDS = 240;

const say = (line) => process.stderr.write(`${line}\n`);
const settings = readSettings();
const closers = [];
let closing;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void leave(130));
watchParent(() => void leave(130));
const limitSeconds = (2 * settings.ways.length) * (settings.seconds + settings.warmUpSeconds) + SPARE_SECONDS;
setTimeout(() => {
  say(`Not done after ${limitSeconds} s.`);
  void leave(1);
}, limitSeconds * 1000).unref();

try {
  await main();
  await leave(0);
} catch (error) {
  say(error instanceof PlainError ? error.message : error.stack);
  await leave(1);
}

async function main() {
  say('building…');
  await build();
  const folder = makeFolder();
  closers.push(() => removeFolder(folder));
  say('starting Postgres, Redis and the four services…');
  const servers = await startServers(folder, { nativeRedis: !settings.wasmRedis });
  closers.push(servers.stop);
  const profileFolder = settings.profile && path.resolve(settings.profile);
  if (profileFolder) mkdirSync(profileFolder, { recursive: true });
  const services = await openServices({ folder, env: servers.env, profileFolder });
  closers.push(services.stop);
  const database = await openDatabaseCounters(servers.env.DATABASE_URL);
  closers.push(database.close);
  const trips = new RoundTrips({ url: services.url });
  closers.push(() => trips.close());
  await trips.connect();

  const roles = { ...services.pids(), ...servers.pids };
  const begin = () => measure({ roles, database });
  const { ways, seconds, warmUpSeconds, inFlight } = settings;
  for (const via of ways) await flood(trips, { inFlight: 1, warmUpSeconds: 0, seconds: WARM_UP_TRIPS / 10, via, begin });
  const memory = { idle: pssMib(roles) };
  const report = { at: new Date().toISOString(), machine: machine(servers, database), settings: { ...settings, perSecond: PER_SECOND }, flood: [], trickle: [], memory };
  for (const via of ways) {
    say(`${inFlight} in flight, decided over ${via}: ${warmUpSeconds} + ${seconds} s…`);
    report.flood.push(await flood(trips, { inFlight, warmUpSeconds, seconds, via, begin }));
  }
  memory.loaded = pssMib(roles);
  for (const via of settings.profile ? [] : ways) {
    say(`${PER_SECOND} a second, decided over ${via}: ${seconds} s…`);
    report.trickle.push(await trickle(trips, { perSecond: PER_SECOND, seconds, via, begin }));
  }
  trips.close();
  await database.close();
  await services.stop();

  console.log(`${describeMachine(report.machine)}\n\n${reportTable(report)}`);
  for (const line of [...report.flood, ...report.trickle].flatMap(({ firstErrors }) => firstErrors)) console.log(`error: ${line}`);
  for (const line of complaints(folder)) console.log(`said by ${line}`);
  if (profileFolder) console.log(`\n${describeProfiles(profileFolder, report.flood[0])}`);
  if (settings.json) writeFileSync(settings.json, `${JSON.stringify(report, null, 1)}\n`);
  if ([...report.flood, ...report.trickle].some(({ errors }) => errors > 0)) throw new PlainError('Some round trips failed.');
}

function readSettings() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false }, seconds: { type: 'string' }, 'in-flight': { type: 'string', default: '64' },
      via: { type: 'string', default: 'rest,socket' }, json: { type: 'string' }, profile: { type: 'string' }, 'wasm-redis': { type: 'boolean', default: false },
    },
  });
  const { seconds, warmUpSeconds } = values.quick ? QUICK : FULL;
  const ways = values.via.split(',');
  if (ways.some((way) => way !== 'rest' && way !== 'socket')) throw new PlainError('--via takes rest, socket or both.');
  return {
    seconds: wholeNumber('--seconds', values.seconds ?? String(seconds), 3_600), warmUpSeconds,
    inFlight: wholeNumber('--in-flight', values['in-flight'], 1_000), ways,
    json: values.json ?? null, profile: values.profile ?? null, wasmRedis: values['wasm-redis'],
  };
}

function wholeNumber(name, text, most) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most) throw new PlainError(`${name} takes a whole number from 1 to ${most}.`);
  return value;
}

function machine(servers, database) {
  const cpus = os.cpus();
  return {
    cpus: cpus.length, model: cpus[0]?.model.trim() ?? '', memoryGib: os.totalmem() / 2 ** 30, system: `${os.platform()} ${os.release()}`,
    node: process.version, postgres: database.version, redis: servers.redisKind, load: os.loadavg(),
  };
}

function describeMachine({ cpus, model, memoryGib, system, node, postgres, redis }) {
  return `${cpus} × ${model}, ${memoryGib.toFixed(0)} GiB, ${system}, Node ${node}, Postgres ${postgres} (fsync on), Redis: ${redis}`;
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
