import { aPayload } from '@countersign/core/testing';
import { ScriptedProvider } from '@countersign/providers';
import { sha256Hex } from '@countersign/service-kit';
import { startHttp, type HttpServer } from '@countersign/testing';
import { approvedRun } from '../testing/approved-run';
import { pickerOf, type ConsentedCase } from '../testing/consented-case';
import { executorStage, type ExecutorStage } from '../testing/executor-stage';
import { MUTATIONS } from '../testing/mutate-consent';

/** Each kind of change this often; a round is some twenty statements on a database that others use too. */
const ROUNDS = 8;

describe('between approval and launch, on real rows and a real web', () => {
  let stage: ExecutorStage;
  let web: HttpServer;
  const content = new Map<string, string | null>();
  beforeAll(async () => {
    web = await startHttp(({ path }) => (content.get(path) ? { body: content.get(path) } : { status: 404 }));
    stage = await executorStage({ FETCH_ALLOW_HOSTS: new URL(web.url).host });
  });
  afterAll(async () => {
    await stage.close();
    await web.close();
  });

  /** Writes the rows as they are in `one`; what is not a row is the world, and is set up for the launch. */
  async function becomes({ run, approval, world }: ConsentedCase): Promise<void> {
    await stage.query('UPDATE hitl_runs SET provider = $2, model = $3, preparation = $4::jsonb, consent = $5::jsonb, edits = $6::jsonb WHERE run_id = $1',
      [run.runId, run.provider, run.model, JSON.stringify(run.preparation), JSON.stringify(run.consent), JSON.stringify(run.edits)]);
    await stage.query('UPDATE hitl_approvals SET status = $2, decision = $3::jsonb, payload_hash = $4, context = $5::jsonb WHERE approval_id = $1',
      [approval.approvalId, approval.status, JSON.stringify(approval.decision), approval.payloadHash, JSON.stringify(approval.context)]);
    for (const [url, text] of Object.entries(world.files)) content.set(new URL(url).pathname, text);
    stage.clock.skip(Date.parse(world.now) - Date.parse(stage.clock.now()));
    const known = await new ScriptedProvider().form({ model: 'scripted/echo', version: null });
    if (!known.ok) throw new Error(known.detail);
    await stage.forms.save({ provider: 'scripted', model: 'scripted/echo', requestedVersion: null, form: { ...known.form, version: world.newest }, problem: null, fetchedAt: stage.clock.now() });
    jest.spyOn(stage.provider, 'estimate').mockReturnValue(world.estimate);
  }

  async function launched(name: string | null, seed: number): Promise<number> {
    const pick = pickerOf(seed);
    const text = `picture ${pick(1_000_000)}`;
    const url = `${web.url}/${seed}.png`;
    const edits = { prompt: 'a grey fox' };
    const isEdited = seed % 2 === 0;
    const payload = aPayload({ input: { prompt: isEdited ? 'a grey fox' : 'a red fox', reference: url } });
    const files = [{ field: 'reference', url, sha256: sha256Hex(text) }];
    stage.provider.reset();
    const run = await approvedRun(stage, { payload, files, decision: isEdited ? { action: 'edit', edits } : {}, edits: isEdited ? edits : {} });
    const approval = await stage.approvals.find(run.consent?.approvalId ?? '');
    if (!approval) throw new Error('no approval');
    const world = { now: stage.clock.now(), newest: '1', estimate: run.preparation?.estimate ?? { amount: null, currency: 'USD' as const, basis: '' }, files: { [url]: text } };
    const one: ConsentedCase = { run, approval, world };
    const priced: ConsentedCase = JSON.parse(JSON.stringify({ ...one, world: { ...world, estimate: { ...world.estimate, amount: 1 } } })) as ConsentedCase;
    if (priced.run.preparation) priced.run.preparation.estimate = priced.world.estimate;
    const before = JSON.stringify(priced);
    if (name !== null) MUTATIONS[name]?.(priced, pick);
    if (name !== null && JSON.stringify(priced) === before) throw new Error(`"${name}" changed nothing`);
    await becomes(priced);
    await stage.launchOnce.launch(run.runId, 1);
    return stage.provider.launched.length;
  }

  it('none of the changes launches, and what nobody touched does', async () => {
    const names = Object.keys(MUTATIONS);
    const wrong: string[] = [];
    let changes = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [at, name] of names.entries()) {
        changes += 1;
        if ((await launched(name, round * 100 + at)) !== 0) wrong.push(`${name} (round ${round})`);
      }
      if ((await launched(null, round * 100 + names.length)) !== 1) wrong.push(`untouched (round ${round}) did not launch`);
    }
    expect(wrong).toEqual([]);
    process.stdout.write(`consent: ${changes} changes on real rows between approval and launch, ${wrong.length} launched; ${ROUNDS} untouched, all launched\n`);
  }, 120_000);
});
