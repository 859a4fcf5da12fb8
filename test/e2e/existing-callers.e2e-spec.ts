import { startHouse, type House } from '../harness/house';
import { approveAll, untilRun } from '../harness/drive';

/** Calls as Python callers write them: plain JSON over HTTP, snake_case, the predecessor's words. */
describe('existing callers', () => {
  let house: House;
  beforeAll(async () => {
    house = await startHouse();
  }, 120_000);
  afterAll(() => house.close());

  const post = async (path: string, body: unknown) => {
    const answer = await fetch(`${house.url}${path}`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, string> };
  };
  const RUN_INPUT = {
    prompt: 'Remove the background', user_id: 'user123', user_email: 'user@example.com', agent_email: 'agent@example.com',
    session_id: 'session456', message_type: 'user_message',
    agent_tool_config: {
      'replicate-agent-tool': {
        name: 'lucataco/remove-bg', description: 'Removes backgrounds', latest_version: 'a'.repeat(64),
        example_input: { image: 'https://files.example.com/demo.png' },
      },
    },
    parameters: { threshold: '0.5' },
    attachments: ['https://files.example.com/cat.png', { url: 'https://files.example.com/mask.png', name: 'mask.png', mime: 'image/png' }],
    conversation: [{ role: 'user', content: 'Please' }],
  };

  it('takes the run request of the contract as written, and never the demo values', async () => {
    const { status, body } = await post('/hitl/run', { run_input: RUN_INPUT, hitl_config: { policy: 'require_human' }, user_id: 'user123', session_id: 'session456' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'queued', run_id: expect.any(String), job_id: expect.any(String), websocket_url: expect.any(String) });
    const client = house.client('user123');
    const run = await untilRun(client, body.run_id ?? '', ({ status: now }) => now === 'awaiting_human', 'asked');
    expect(run).toMatchObject({ session_id: 'session456', user_id: 'user123', provider: 'replicate', model: 'lucataco/remove-bg' });
    expect(JSON.stringify((await client.state(run.run_id)).suggested_payload)).not.toContain('demo.png');
  });

  it('understands a tool entry nested under data, and names the mapped tools when one is not', async () => {
    const nested = { ...RUN_INPUT, agent_tool_config: { 'replicate-agent-tool': { name: 'replicate-agent-tool', data: RUN_INPUT.agent_tool_config['replicate-agent-tool'] } } };
    expect((await post('/hitl/run', { run_input: nested, user_id: 'user123' })).status).toBe(201);
    const unmapped = { ...RUN_INPUT, agent_tool_config: { 'web3-agent-tool': { name: 'x/y' } } };
    const { status, body } = await post('/hitl/run', { run_input: unmapped, user_id: 'user123' });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'TOOL_NOT_SUPPORTED', detail: expect.stringContaining('replicate-agent-tool') });
  });

  it('refuses unknown keys by name', async () => {
    const { status, body } = await post('/hitl/run', { run_input: RUN_INPUT, hitl_config: { policy: 'auto', require_human_approval: true }, user_id: 'user123' });
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'VALIDATION_FAILED', errors: [expect.objectContaining({ field: 'hitl_config.require_human_approval' })] });
  });

  it('answers /teams/run with the result, and with a run when asked for a human', async () => {
    const input = { prompt: 'Hello team, how are you?', user_id: 'user123', session_id: 's1', provider: 'scripted', model: 'scripted/echo' };
    const plain = await post('/teams/run', input);
    expect(plain).toMatchObject({ status: 200, body: { status: 'completed', result: 'Hello team, how are you?' } });
    const asked = await post('/teams/run?enable_hitl=true&user_id=user123&session_id=s1', input);
    expect(asked.body).toMatchObject({ hitl_enabled: true, run_id: expect.any(String) });
    const run = await approveAll(house.client('user123'), asked.body.run_id ?? '');
    expect(run.status).toBe('completed');
  });

  it('takes the aliases of the old approve call, and wants the approval\'s id', async () => {
    const { body: started } = await post('/hitl/run', {
      run_input: { prompt: 'Hello there, friend', user_id: 'user123', provider: 'scripted', model: 'scripted/echo' },
      hitl_config: { policy: 'require_human', allowed_steps: ['payload_review'] }, user_id: 'user123',
    });
    const runId = started.run_id ?? '';
    const client = house.client('user123');
    const run = await untilRun(client, runId, ({ pending_approval }) => pending_approval !== null, 'asked');
    expect((await post(`/hitl/run/${runId}/approve`, { approved: true, approved_by: 'user123' })).status).toBe(422);
    const answer = await post(`/hitl/run/${runId}/approve`, { approval_token: run.pending_approval?.approval_id, approved: true, approved_by: 'user123' });
    expect(answer).toMatchObject({ status: 200, body: { success: true, run_id: runId } });
    await approveAll(client, runId);
  });
});
