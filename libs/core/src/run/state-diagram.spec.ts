import { stateDiagram } from './state-diagram';
import { TRANSITIONS } from './transitions';
import { STATUSES } from './words';

describe('stateDiagram', () => {
  const lines = stateDiagram().split('\n').map((line) => line.trim());

  it('shows every status and every event of the table', () => {
    for (const status of STATUSES) expect(lines.some((line) => new RegExp(`\\b${status}\\b`).test(line))).toBe(true);
    for (const { on } of TRANSITIONS) expect(lines.some((line) => new RegExp(`: (.*, )?${on}(,|$)`).test(line))).toBe(true);
  });

  it('shows the road of a run, its turns and its ends', () => {
    for (const line of [
      '[*] --> queued', 'queued --> information_review: started', 'information_review --> payload_review: prepared', 'payload_review --> api_call: approved',
      'api_call --> api_call: relaunched', 'api_call --> response_review: executed', 'response_review --> completed: accepted', 'running --> awaiting_human: asked',
      'awaiting_human --> api_call: approved, returned, recovered', 'running --> paused: paused', 'paused --> awaiting_human: resumed', 'completed --> [*]',
    ]) expect(lines).toContain(line);
  });

  it('leads nowhere from an end', () => {
    expect(lines.filter((line) => /^(completed|failed|cancelled|expired) --> (?!\[\*\])/.test(line))).toEqual([]);
  });
});
