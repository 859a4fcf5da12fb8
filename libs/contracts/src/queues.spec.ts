import { jobIdOf, JOBS, QUEUE_POLICY, QUEUES } from './queues';

describe('the queue contract', () => {
  it('names a known queue, and a payload class, for each job: subject.verb or subject.fact', () => {
    for (const [name, { queue, payload }] of Object.entries(JOBS)) {
      expect(name).toMatch(/^[a-z]+\.[a-z]+$/);
      expect(QUEUES).toContain(queue);
      expect(payload.name).toMatch(/^[A-Z][A-Za-z]+$/);
    }
    expect(new Set(Object.values(JOBS).map(({ payload }) => payload)).size).toBe(Object.keys(JOBS).length);
  });

  it('has a bounded policy for each queue', () => {
    for (const queue of QUEUES) for (const value of Object.values(QUEUE_POLICY[queue])) expect(value).toBeGreaterThan(0);
  });

  it('makes job ids that can be read: the run first, then what is about it', () => {
    expect(jobIdOf('run.start', { run_id: 'r1' })).toBe('run.start_r1');
    expect(jobIdOf('run.decided', { run_id: 'r1', approval_id: 'a1' })).toBe('run.decided_r1_a1');
    expect(jobIdOf('execution.launch', { run_id: 'r1', attempt: 2, version: 7 })).toBe('execution.launch_r1_2_7');
    expect(jobIdOf('execution.follow', { launch_id: 'l1', check: 3 })).toBe('execution.follow_l1_3');
  });

  it('makes the same id whatever the order of the fields: jsonb keeps another one', () => {
    expect(jobIdOf('execution.follow', { check: 3, launch_id: 'l1' })).toBe(jobIdOf('execution.follow', { launch_id: 'l1', check: 3 }));
    const form = { provider: 'p', model: 'm', version: 'v', run_id: 'r', asked_at_ms: 1 };
    expect(jobIdOf('form.resolve', Object.fromEntries(Object.entries(form).reverse()) as typeof form)).toBe(jobIdOf('form.resolve', form));
  });

  it('makes ids without the separators of BullMQ and of paths', () => {
    expect(jobIdOf('form.resolve', { provider: 'replicate', model: 'owner/name:v1', version: null, run_id: null, asked_at_ms: 1 })).not.toMatch(/[:/]/);
  });
});
