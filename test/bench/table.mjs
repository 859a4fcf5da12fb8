/** Figures as text: a Markdown table, so that it can go into docs as it is. */

export const number = (value, digits = 1) => (value === null || value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits));

const three = ({ p50, p95, p99 }) => [p50, p95, p99].map((ms) => number(ms)).join(' / ');
const sum = (sizes) => Object.values(sizes).reduce((total, size) => (size === null ? total : total + size), 0);

/** `rows`: lists of cells; the first is the head. */
export function markdown(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column] ?? '').length)));
  const line = (cells) => `| ${widths.map((width, column) => String(cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(rows[0]), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.slice(1).map(line)].join('\n');
}

/** The report of bench.mjs as a table with a column per way of deciding. */
export function reportTable({ flood, trickle, memory, settings }) {
  const ways = flood.map(({ via }) => via);
  const row = (name, of) => [name, ...ways.map((via) => of({
    full: flood.find((one) => one.via === via), calm: trickle.find((one) => one.via === via),
  }))];
  const roles = Object.keys(flood[0].cost.cpuMs);
  const calmOnly = (of) => ({ calm }) => (calm ? of(calm) : '–');
  return markdown([
    ['', ...ways.map((via) => (via === 'rest' ? 'decided over REST' : 'decided over Socket.IO'))],
    row(`round trips/s, ${settings.inFlight} in flight`, ({ full }) => number(full.perSecond)),
    row('· start → awaiting p50 / p95 / p99 ms', ({ full }) => three(full.startToAwaiting)),
    row('· approve → completed p50 / p95 / p99 ms', ({ full }) => three(full.approveToCompleted)),
    row('· server CPU ms per round trip', ({ full }) => number(full.cost.serverCpuMs, 2)),
    ...roles.map((role) => row(`·· ${role}`, ({ full }) => number(full.cost.cpuMs[role], 2))),
    row('·· of all that in the kernel', ({ full }) => number(full.cost.kernelCpuMs, 2)),
    row('· client CPU ms per round trip', ({ full }) => number(full.cost.clientCpuMs, 2)),
    row('· CPU used by others meanwhile, %', ({ full }) => number(full.cost.othersCpuPercent, 0)),
    row('· Postgres commits per round trip', ({ full }) => number(full.cost.postgres.commits)),
    row('· WAL syncs per round trip', ({ full }) => number(full.cost.postgres.walSyncs)),
    row('· WAL KiB per round trip', ({ full }) => number(full.cost.postgres.walKib)),
    row(`at ${settings.perSecond}/s: start → awaiting p50 / p95 / p99 ms`, calmOnly((calm) => three(calm.startToAwaiting))),
    row(`at ${settings.perSecond}/s: approve → completed p50 / p95 / p99 ms`, calmOnly((calm) => three(calm.approveToCompleted))),
    row(`at ${settings.perSecond}/s: Postgres commits / WAL syncs`, calmOnly((calm) => `${number(calm.cost.postgres.commits)} / ${number(calm.cost.postgres.walSyncs)}`)),
    row('errors', ({ full, calm }) => String(full.errors + (calm?.errors ?? 0))),
  ]) + `\n\n${memoryTable(memory)}`;
}

const memoryTable = ({ idle, loaded }) => markdown([
  ['memory, PSS in MiB', 'idle', 'after the load'],
  ...Object.keys(idle).map((role) => [role, number(idle[role], 0), number(loaded[role], 0)]),
  ['all', number(sum(idle), 0), number(sum(loaded), 0)],
]);
