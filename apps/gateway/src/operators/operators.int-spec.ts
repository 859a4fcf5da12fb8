import { KeyStore, type Role } from '@countersign/core';
import { Publisher } from '@countersign/queues';
import { newId, sha256Hex } from '@countersign/service-kit';
import { startGateway, type GatewayStage } from '../testing/gateway-stage';

describe('what operators look at', () => {
  let local: GatewayStage;
  let keyed: GatewayStage;
  beforeAll(async () => {
    [local, keyed] = await Promise.all([startGateway(), startGateway({ AUTH_MODE: 'api_key' })]);
  });
  afterAll(() => Promise.all([local.close(), keyed.close()]));

  const key = async (roles: Role[]): Promise<string> => {
    const secret = `csk_${newId()}`;
    await keyed.app.get(KeyStore).create({ keyId: newId(), keyHash: sha256Hex(secret), tenantId: 'default', userId: 'ann', roles, createdAt: new Date().toISOString(), revokedAt: null });
    return secret;
  };

  it('says how Postgres and Redis stand, to anybody', async () => {
    expect((await keyed.call('GET', '/health/live')).status).toBe(200);
    const ready = await keyed.call<{ status: string; checks: Record<string, { status: string }> }>('GET', '/health/ready');
    expect(ready).toMatchObject({ status: 200, body: { status: 'up', checks: { postgres: { status: 'up' }, redis: { status: 'up' } } } });
  });

  it('shows figures of queues, approvals and runs', async () => {
    const { status, headers, body } = await local.call<string>('GET', '/metrics');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/plain');
    for (const line of [
      'countersign_queue_jobs{queue="executor",state="waiting",service="gateway"} 0', 'countersign_queue_oldest_waiting_seconds{queue="notifier"',
      'countersign_approvals_pending{', 'countersign_outbox_rows{', 'process_cpu_seconds_total',
    ]) expect(body).toContain(line);
  });

  it('shows the three queues with readable job names and no secret', async () => {
    const runId = newId();
    await local.app.get(Publisher).ring({ job: 'run.start', data: { run_id: runId } });
    const page = await local.call<string>('GET', '/admin/queues');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("base-uri 'self'");
    expect(page.body).toContain('<base href="/admin/queues/"');
    const script = /src="(static\/js\/main[^"]+)"/.exec(page.body)?.[1] ?? '';
    expect((await local.call('GET', `/admin/queues/${script}`)).headers.get('content-type')).toContain('javascript');
    type Queues = { queues: { name: string; jobs: { name: string; id: string; data: object }[] }[] };
    const { body } = await local.call<Queues>('GET', '/admin/queues/api/queues?activeQueue=orchestrator&status=waiting&page=1');
    expect(body.queues.map(({ name }) => name)).toEqual(['orchestrator', 'executor', 'notifier']);
    expect(body.queues[0]?.jobs[0]).toMatchObject({ name: `run.start · ${runId}`, id: `run.start_${runId}` });
  });

  it('lets only operators in where keys are used', async () => {
    const [requester, operator] = [await key(['requester', 'reviewer']), await key(['operator'])];
    const bearer = (secret: string): Record<string, string> => ({ authorization: `Bearer ${secret}` });
    for (const path of ['/metrics', '/admin/queues', '/admin/queues/api/queues', '/admin/queues/static/css/x.css']) {
      expect([path, (await keyed.call('GET', path)).status]).toEqual([path, 401]);
      expect([path, (await keyed.call('GET', path, { headers: bearer(requester) })).status]).toEqual([path, 403]);
    }
    expect((await keyed.call('GET', '/metrics', { headers: bearer(operator) })).status).toBe(200);
    expect((await keyed.call('GET', '/admin/queues', { headers: bearer(operator) })).status).toBe(200);
    expect((await keyed.call('PUT', '/admin/queues/api/queues/executor/pause', { headers: bearer(requester) })).status).toBe(403);
    const login = await keyed.call('GET', '/admin/queues', { headers: { authorization: `Basic ${Buffer.from(`ops:${operator}`).toString('base64')}` } });
    expect(login.status).toBe(200);
    expect((await keyed.call('GET', '/admin/queues')).headers.get('www-authenticate')).toContain('Basic');
  });
});
