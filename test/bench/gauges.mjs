/*
 * What a stretch of work costs: CPU time and memory of process trees from /proc, commits and WAL syncs from Postgres.
 * On a system without /proc those figures are absent (null), the others stay.
 */
import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import pg from 'pg';

/** Linux counts CPU time in hundredths of a second for every program (USER_HZ). */
const TICK_MS = 10;
const KIB = 1024;

const readText = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null; // the process ended, or there is no /proc
  }
};

/** pid → its parent and the CPU time (ms) of itself and of the children it has seen end. */
function allProcesses() {
  const found = new Map();
  let names;
  try {
    names = readdirSync('/proc');
  } catch {
    return found;
  }
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    const text = readText(`/proc/${name}/stat`);
    if (text === null) continue;
    // The program's name stands in brackets and may hold anything; fields are counted after it (proc(5)).
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
    const [user, system, endedUser, endedSystem] = fields.slice(11, 15).map((ticks) => ticks * TICK_MS);
    found.set(Number(name), { parent: fields[1], ownMs: user + system, endedMs: endedUser + endedSystem, kernelMs: system + endedSystem });
  }
  return found;
}

function treeOf(root, processes) {
  const pids = processes.has(root) ? [root] : [];
  for (const pid of pids) for (const [child, { parent }] of processes) if (parent === pid) pids.push(child);
  return pids;
}

/** CPU ms so far per role (`roles`: name → pid of a tree's root), and of the whole machine. */
export function cpuMs(roles) {
  const processes = allProcesses();
  const used = Object.fromEntries(Object.entries(roles).map(([role, root]) => {
    const own = treeOf(root, processes).reduce((sum, pid) => sum + processes.get(pid).ownMs, 0);
    return [role, own + (processes.get(root)?.endedMs ?? 0)];
  }));
  const machine = readText('/proc/stat')?.split('\n')[0].trim().split(/\s+/).slice(1).map(Number);
  const kernel = Object.values(roles).reduce((sum, root) => sum + treeOf(root, processes).reduce((ms, pid) => ms + processes.get(pid).kernelMs, 0), 0);
  // user, nice, system, irq, softirq: everybody's work, without idle time and waiting
  const busy = machine ? [0, 1, 2, 5, 6].reduce((sum, field) => sum + machine[field], 0) * TICK_MS : null;
  const { user, system } = process.cpuUsage();
  return { used, kernel, machine: busy, client: (user + system) / 1000 };
}

/** Proportional set size in MiB per role: shared pages count once over all. Null where /proc does not tell. */
export function pssMib(roles) {
  const processes = allProcesses();
  return Object.fromEntries(Object.entries(roles).map(([role, root]) => {
    const sizes = treeOf(root, processes).map((pid) => /^Pss:\s+(\d+)/m.exec(readText(`/proc/${pid}/smaps_rollup`) ?? '')?.[1]);
    const known = sizes.filter((size) => size !== undefined);
    return [role, known.length === 0 ? null : known.reduce((sum, size) => sum + Number(size), 0) / KIB];
  }));
}

/** Counters of the database since its start. Close it when done. */
export async function openDatabaseCounters(url) {
  const client = new pg.Client({ connectionString: url, application_name: 'bench' });
  await client.connect();
  const { rows: [{ version }] } = await client.query("SELECT current_setting('server_version_num')::int AS version");
  // Since Postgres 18 the syncs are counted with all other input and output.
  const syncs = version >= 180_000 ? "(SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal')" : '(SELECT wal_sync FROM pg_stat_wal)';
  const sql = `SELECT d.xact_commit::float8 AS commits, ${syncs}::float8 AS "walSyncs", w.wal_bytes::float8 / ${KIB} AS "walKib"
    FROM pg_stat_database d, pg_stat_wal w WHERE d.datname = current_database()`;
  return {
    version: Math.floor(version / 10_000),
    read: async () => (await client.query(sql)).rows[0],
    close: () => client.end(),
  };
}

/** Begins a stretch; the returned function ends it and gives the figures per round trip. */
export async function measure({ roles, database }) {
  const before = { counters: await database.read(), cpu: cpuMs(roles), at: performance.now() };
  return async (trips) => {
    const seconds = (performance.now() - before.at) / 1000;
    const cpu = cpuMs(roles);
    const counters = await database.read();
    const perTrip = (now, then) => (now - then) / Math.max(1, trips);
    const cpuPerTrip = Object.fromEntries(Object.keys(roles).map((role) => [role, perTrip(cpu.used[role], before.cpu.used[role])]));
    const ours = Object.values(cpuPerTrip).reduce((sum, ms) => sum + ms, 0);
    const client = perTrip(cpu.client, before.cpu.client);
    const others = cpu.machine === null ? null : (cpu.machine - before.cpu.machine) - (ours + client) * trips;
    return {
      seconds,
      serverCpuMs: cpu.machine === null ? null : ours,
      cpuMs: cpuPerTrip,
      /** Of all that: sockets, disk, switching between processes. */
      kernelCpuMs: cpu.machine === null ? null : perTrip(cpu.kernel, before.cpu.kernel),
      clientCpuMs: client,
      othersCpuPercent: others === null ? null : Math.max(0, others / (seconds * 10 * os.cpus().length)),
      postgres: Object.fromEntries(Object.keys(counters).map((name) => [name, perTrip(counters[name], before.counters[name])])),
    };
  };
}
