import type { RunRequest } from '@countersign/client';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untilAsked, untilStatus } from '../harness/drive';
import { startHouse, type House } from '../harness/house';

/** MODEL_RULES_FILE: what the operator says about a family of models counts for the explanation and for the run. */
describe('an operator\'s own rule', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  let house: House;
  beforeAll(async () => {
    const file = join(folder, 'rules.json');
    writeFileSync(file, JSON.stringify([{ id: 'house_pictures', in_name: ['image'], needs_text: true, required_fields: ['palette'] }]));
    house = await startHouse({ env: { MODEL_RULES_FILE: file } });
  }, 120_000);
  afterAll(async () => {
    await house.close();
    rmSync(folder, { recursive: true });
  });

  const request = (model: string, parameters: Record<string, string> = {}): RunRequest => ({
    run_input: { prompt: 'a lighthouse at dusk, oil on canvas', provider: 'scripted', model, parameters }, hitl_config: { policy: 'auto' },
  });
  const missing = async (of: RunRequest): Promise<(string | null)[]> =>
    (await house.client().validate(of)).validation_summary.checkpoints.flatMap(({ issues }) => issues).filter(({ code }) => code === 'missing_required').map(({ field }) => field);

  it('asks for what it says is needed, in the explanation and in the run', async () => {
    const client = house.client();
    expect(await missing(request('scripted/image'))).toEqual(['palette']);
    const { run_id: runId } = await client.startRun(request('scripted/image'));
    const card = await untilAsked(client, runId, 'validation_review');
    await client.decide(card.approval_id, { action: 'edit', edits: { palette: 'cold' } });
    await untilStatus(client, runId, 'completed');
  });

  it('is content when it is given, and says nothing about other models', async () => {
    expect(await missing(request('scripted/image', { palette: 'warm' }))).toEqual([]);
    expect(await missing(request('scripted/echo'))).toEqual([]);
    const { run_id: runId } = await house.client().startRun(request('scripted/image', { palette: 'warm' }));
    await untilStatus(house.client(), runId, 'completed');
  });
});
