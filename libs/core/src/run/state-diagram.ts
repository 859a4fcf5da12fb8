import { TRANSITIONS, type TransitionRow } from './transitions';
import { STEPS, TERMINAL_STATUSES, type Status, type Step } from './words';

/** Steps at which a run can be running: drawn as the inside of that status. */
const ROAD: readonly Step[] = STEPS.filter((step) => TRANSITIONS.some((row) => row.to === 'running' && row.step === step));

interface Arrow {
  from: string;
  to: string;
}

/** The table of legal moves as a Mermaid state diagram: statuses, with the steps of `running` inside it. */
export function stateDiagram(): string {
  const labels = new Map<string, string[]>();
  for (const row of TRANSITIONS) {
    for (const { from, to } of arrowsOf(row)) {
      const arrow = `${from} --> ${to}`;
      labels.set(arrow, [...new Set([...(labels.get(arrow) ?? []), row.on])]);
    }
  }
  return [
    'stateDiagram-v2',
    '  state running {',
    ...ROAD.map((step) => `    ${step}`),
    '  }',
    '  [*] --> queued',
    ...[...labels].map(([arrow, events]) => `  ${arrow}: ${events.join(', ')}`),
    ...TERMINAL_STATUSES.map((status) => `  ${status} --> [*]`),
  ].join('\n');
}

function arrowsOf(row: TransitionRow): Arrow[] {
  return row.from.flatMap((status): Arrow[] => {
    if (row.to === 'held') return heldStatuses().map((to) => ({ from: status, to }));
    if (status !== 'running') return targetsOf(row, status).map((to) => ({ from: status, to }));
    const everywhere = ROAD.every((step) => row.at.includes(step));
    if (everywhere) return [{ from: 'running', to: row.to === 'same' ? 'running' : row.to }];
    return row.at.filter((step) => ROAD.includes(step)).map((step) => ({ from: step, to: row.to === 'running' ? (row.step === 'same' ? step : row.step) : row.to }));
  });
}

/** Where an arrow from outside of `running` ends: at a step when the row names one, or leaves the run at the only one it is legal at. */
function targetsOf({ to, step, at }: TransitionRow, status: Status): string[] {
  if (to === 'same') return [status];
  if (to !== 'running') return [to];
  return step === 'same' ? [...at] : [step];
}

/** What a pause can interrupt, and a resume goes back to. */
function heldStatuses(): readonly string[] {
  return TRANSITIONS.find(({ on }) => on === 'paused')?.from ?? [];
}
