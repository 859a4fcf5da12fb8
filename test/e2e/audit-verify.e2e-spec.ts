import { checkReceipt } from '@countersign/contracts';
import { sha256Hex } from '@countersign/service-kit';
import { waitFor } from '@countersign/testing';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { approveAll, scriptedRequest, untilAsked, untilStatus } from '../harness/drive';
import { startHouse, type House } from '../harness/house';

const ROOT = resolve(__dirname, '../..');

interface Said {
  status: number;
  output: string;
}

describe('audit:verify', () => {
  let house: House;
  let folder: string;
  beforeAll(async () => {
    house = await startHouse();
    folder = mkdtempSync(join(tmpdir(), 'countersign-audit-'));
  }, 120_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await house.close();
  });

  /** As an auditor types it; without `servers` nothing but the file can be reached. */
  const audit = (args: string[], servers = true): Promise<Said> => new Promise((done) => {
    const env = { PATH: process.env.PATH, ...(servers ? house.env : { DATABASE_URL: 'postgres://127.0.0.1:1/none', REDIS_URL: 'redis://127.0.0.1:1' }) };
    execFile(process.execPath, [join(ROOT, 'tools', 'audit.mjs'), ...args], { env, cwd: folder }, (error, stdout, stderr) =>
      done({ status: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output: stdout + stderr }));
  });

  it('finds every kind of run intact and fully proven, online, as a file and as receipts; and what was changed behind its back', async () => {
    const client = house.client();
    const start = async (...request: Parameters<typeof scriptedRequest>) => (await client.startRun(scriptedRequest(...request))).run_id;
    const approved = await start('require_human');
    await approveAll(client, approved);
    const picture = await start('require_human', {}, { run_input: { prompt: 'a picture', provider: 'scripted', model: 'scripted/image' } });
    await approveAll(client, picture);
    const auto = await start('auto');
    const rejected = await start('require_human');
    await client.decide((await untilAsked(client, rejected, 'payload_suggestion')).approval_id, { action: 'reject', reason: 'too dear' });
    const edited = await start('require_human');
    await client.decide((await untilAsked(client, edited, 'payload_suggestion')).approval_id, { action: 'edit', edits: { prompt: 'something else' } });
    await approveAll(client, edited);
    const again = await start('require_human');
    await client.decide((await untilAsked(client, again, 'payload_suggestion')).approval_id, { action: 'approve' });
    await client.decide((await untilAsked(client, again, 'response_review')).approval_id, { action: 'retry' });
    await approveAll(client, again);
    const words = await start('require_human');
    const reviewer = house.client('rita');
    await reviewer.decide((await untilAsked(client, words, 'payload_suggestion')).approval_id, { action: 'respond', message: 'prompt: "something short"' });
    const waiting = await start('require_human', {}, { hitl_config: { timeout_seconds: 5, on_timeout: 'reject' } });
    const cancelled = await start('require_human');
    await untilAsked(client, cancelled, 'payload_suggestion');
    await client.cancel(cancelled);
    await Promise.all([untilStatus(client, auto, 'completed'), untilStatus(client, rejected, 'cancelled'), untilStatus(client, waiting, 'expired'), untilStatus(client, cancelled, 'cancelled')]);

    const whole = await audit(['verify']);
    expect(whole.output).toMatch(/9 runs, \d+ events in [\d.]+ s: intact$/m);
    expect(whole).toMatchObject({ status: 0, output: expect.not.stringContaining('unproven') });

    expect(await audit(['export', '--out', 'evidence.jsonl'])).toMatchObject({ status: 0 });
    expect(await audit(['verify', '--file', 'evidence.jsonl'], false)).toMatchObject({ status: 0, output: expect.stringContaining('intact') });

    for (const runId of [approved, picture, auto, rejected, edited, again, words, waiting, cancelled]) {
      const receipt = await client.receipt(runId);
      expect(receipt.verdict).toEqual({ intact: true, findings: [], unproven: [] });
      expect(checkReceipt(JSON.parse(JSON.stringify(receipt)), sha256Hex)).toEqual([]);
      expect(await client.receipt(runId)).toEqual(receipt);
    }
    const receipt = await client.receipt(picture);
    writeFileSync(join(folder, 'receipt.json'), JSON.stringify(receipt));
    expect(await audit(['verify', '--receipt', 'receipt.json'], false)).toMatchObject({ status: 0 });
    writeFileSync(join(folder, 'receipt.json'), JSON.stringify({ ...receipt, user_id: 'mallory' }));
    expect(await audit(['verify', '--receipt', 'receipt.json'], false)).toMatchObject({ status: 1 });
    expect(receipt.questions.map(({ action, decided_by: by }) => [action, by])).toEqual([['approve', 'human:dana'], ['approve', 'human:dana']]);
    expect(receipt.launches).toMatchObject([{ attempt: 1, status: 'succeeded', files: [{ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), mime: 'image/png' }] }]);
    expect(receipt.consents[0]?.payload_hash).toBe(receipt.launches[0]?.payload_hash);

    await house.db.query(`UPDATE hitl_artifacts SET sha256 = repeat('0', 64) WHERE run_id = $1`, [picture]);
    const tampered = await audit(['verify']);
    expect(tampered).toMatchObject({ status: 1, output: expect.stringContaining(`BROKEN    run ${picture}`) });
    expect((await client.receipt(picture)).verdict.intact).toBe(false);
    expect(await audit(['verify'], false)).toMatchObject({ status: 2 });
    await waitFor(async () => (await client.status(words)).pending_approval !== null, { what: 'the proposal to be shown' });
  }, 180_000);
});
