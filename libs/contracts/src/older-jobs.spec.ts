import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { jobIdOf, JOBS, type JobData, type JobName } from './queues';

interface OlderJob {
  name: string;
  id: string;
  queue: string;
  data: Record<string, string | number | null>;
}

/**
 * Jobs as the first version that was deployed rings them: written by hand from its payload classes, not recorded. What they
 * hold, its workers need.
 */
const OLDER = JSON.parse(readFileSync(path.resolve(__dirname, '../../../test/fixtures/rolling/jobs-1.json'), 'utf8')) as OlderJob[];
const ID = '01a20485-b044-7367-9344-cc2c882562cc';

/** The same jobs as today's code writes them: each complete, for the compiler. */
const TODAY = {
  'run.start': { run_id: ID },
  'run.decided': { run_id: ID, approval_id: ID },
  'run.commanded': { run_id: ID, command_id: ID },
  'run.executed': { run_id: ID, launch_id: ID },
  'run.advance': { run_id: ID, version: 1 },
  'approval.expire': { run_id: ID, approval_id: ID, extension: 0 },
  'approval.noted': { run_id: ID, approval_id: ID, fact: 'browser_asked' },
  'execution.launch': { run_id: ID, attempt: 1, version: 1 },
  'execution.follow': { launch_id: ID, check: 0 },
  'execution.stop': { run_id: ID, attempt: 1 },
  'form.resolve': { provider: 'replicate', model: 'owner/name', version: null, run_id: null, asked_at_ms: 1 },
  'notice.tell': { run_id: ID, seq: 1 },
} satisfies { [N in JobName]?: JobData<N> };

const problemsOf = (name: string, data: object): string[] => {
  const contract = JOBS[name as JobName] as { payload: new () => object } | undefined;
  if (!contract) return ['no such job'];
  return validateSync(plainToInstance(contract.payload, data), { whitelist: true, forbidUnknownValues: true }).map(({ property }) => property);
};

describe('jobs of an older and a newer version side by side', () => {
  it.each(OLDER.map((job) => [job.name, job] as const))('%s of the older version is read, goes to the same queue and has the same id', (_name, { name, id, queue, data }) => {
    expect(problemsOf(name, data)).toEqual([]);
    expect(JOBS[name as JobName].queue).toBe(queue);
    expect(jobIdOf(name as JobName, data as never)).toBe(id);
  });

  it.each(OLDER.map((job) => [job.name, job] as const))('%s of today holds all that an older worker asks for, of the same kind', (_name, { name, data }) => {
    const today = TODAY[name as keyof typeof TODAY] as unknown as Record<string, unknown>;
    for (const [field, value] of Object.entries(data)) {
      expect(Object.keys(today)).toContain(field);
      if (today[field] !== null) expect([field, typeof today[field]]).toEqual([field, typeof value]);
    }
  });

  it('accepts fields that only a newer version knows, whatever the job', () => {
    for (const [name, data] of Object.entries(TODAY)) expect([name, problemsOf(name, { ...data, added_later: 1 })]).toEqual([name, []]);
  });

  it('asks for nothing that the older version did not write: what was added since may be absent', () => {
    for (const { name, data } of OLDER) expect([name, problemsOf(name, { ...data })]).toEqual([name, []]);
  });
});
