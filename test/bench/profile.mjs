/*
 * Reads CPU profiles of the services (node --cpu-prof) and says where the time of one stretch of load went. Both profile and
 * `performance.now` count on the machine's monotonic clock, so samples outside the stretch are left out.
 */
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SERVICES } from '../../tools/services.mjs';
import { at } from '../../tools/places.mjs';
import { markdown, number } from './table.mjs';

const SHOWN = 18;
/** Native functions of Node that write to a socket: one system call each. */
const NETWORK = /^(?:writev|write(?:Buffer|Utf8String|Latin1String|AsciiString))$/;
const NOT_WORK = new Set(['(idle)', '(root)']);

/** `stretch`: `{startedAtMs, tookSeconds, trips}` of the flood (times of this process's `performance.now`). */
export function describeProfiles(folder, stretch) {
  const totals = { packages: new Map(), own: new Map() };
  const parts = SERVICES.filter((name) => existsSync(path.join(folder, `${name}.cpuprofile`))).map((name) => {
    const spent = readProfile(path.join(folder, `${name}.cpuprofile`), stretch);
    for (const kind of ['packages', 'own']) for (const [key, ms] of spent[kind]) add(totals[kind], key, ms);
    const busy = sum(spent.packages);
    return `${name}: ${number(busy / stretch.trips, 2)} ms per round trip\n\n${list('where the processor was', spent.packages, stretch.trips)}\n\n${list('on behalf of (innermost code of ours)', spent.own, stretch.trips)}`;
  });
  return [...parts, `all four\n\n${list('where the processor was', totals.packages, stretch.trips)}\n\n${list('on behalf of (innermost code of ours)', totals.own, stretch.trips)}`].join('\n\n');
}

const sum = (map) => [...map.values()].reduce((total, ms) => total + ms, 0);
const add = (map, key, ms) => map.set(key, (map.get(key) ?? 0) + ms);

function list(title, spent, trips) {
  const all = sum(spent);
  const rows = [...spent].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  return markdown([[title, 'ms per round trip', '%'], ...rows.map(([name, ms]) => [name, number(ms / trips, 3), number((ms / all) * 100)])]);
}

/** Time (ms) per package and per innermost frame of ours, within the stretch. */
function readProfile(file, { startedAtMs, tookSeconds }) {
  const { nodes, samples, timeDeltas, startTime } = JSON.parse(readFileSync(file, 'utf8'));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) for (const child of node.children ?? []) byId.get(child).parent = node;
  const fromUs = monotonicUs(startedAtMs);
  const untilUs = fromUs + tookSeconds * 1e6;
  const spent = { packages: new Map(), own: new Map() };
  let now = startTime;
  samples.forEach((id, index) => {
    now += timeDeltas[index];
    if (now < fromUs || now > untilUs) return;
    const node = byId.get(id);
    if (NOT_WORK.has(node.callFrame.functionName)) return;
    // A sample stands for the time until the next one.
    const ms = (timeDeltas[index + 1] ?? 0) / 1000;
    node.owner ??= ownerOf(node.callFrame);
    node.behalf ??= behalfOf(node);
    add(spent.packages, node.owner, ms);
    add(spent.own, node.behalf, ms);
  });
  return spent;
}

/** Of this process's `performance.now`, on the clock of the profiles: µs since the machine started. */
function monotonicUs(ms) {
  return Number(process.hrtime.bigint() / 1000n) - (performance.now() - ms) * 1000;
}

/** The package, service or lib that a frame's code belongs to. */
function ownerOf({ functionName, url }) {
  if (url === '') return functionName.startsWith('(') ? functionName : `native ${NETWORK.test(functionName) ? 'socket calls' : 'code'}`;
  if (url.startsWith('node:')) return `node:${url.slice('node:'.length).replace(/^internal\//, '').split('/')[0]}`;
  const place = placeOf(url);
  const inPackage = place.lastIndexOf('node_modules/');
  if (inPackage < 0) return place.split('/').slice(0, 2).join('/');
  const [first, second] = place.slice(inPackage + 'node_modules/'.length).split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

/** The nearest frame of our own code up the stack; what has none runs by itself (sockets, timers, the collector). */
function behalfOf(node) {
  for (let frame = node; frame; frame = frame.parent) {
    const { url, functionName, lineNumber, columnNumber } = frame.callFrame;
    if (url.startsWith('node:') || url === '' || url.includes('/node_modules/')) continue;
    return `${functionName || '(anonymous)'} ${sourcePlace(placeOf(url), lineNumber, columnNumber)}`;
  }
  let outer = node;
  for (let frame = node; frame.parent; frame = frame.parent) if (frame.callFrame.url.includes('/node_modules/')) outer = frame;
  return `– ${ownerOf(outer.callFrame)}`;
}

const placeOf = (url) => path.relative(at(), url.startsWith('file:') ? fileURLToPath(url) : url).replaceAll('\\', '/');

const maps = new Map();

/** file:line of the TypeScript source where the map is there, else of the compiled file. */
function sourcePlace(place, line, column) {
  if (!maps.has(place)) {
    const file = at(`${place}.map`);
    maps.set(place, existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8'))) : null);
  }
  const entry = maps.get(place)?.findEntry(line, column);
  if (entry?.originalLine === undefined) return `${place}:${line + 1}`;
  return `${place.replace('/dist/', '/src/').replace(/\.js$/, '.ts')}:${entry.originalLine + 1}`;
}
