import { startReplicateEmulator, type EmulatedModel, type ReplicateEmulator } from '@countersign/providers';
import { untilAsked } from '../harness/drive';
import { SERVICES, startHouse, type House } from '../harness/house';

/** From the first byte sent to a clear answer, ms. */
const CLEAR_WITHIN_MS = 1_000;
/** Times it may be measured: a machine that is busy with other things says nothing about this one. */
const TRIES = 3;
/** Until a person is asked, ms: four processes and a queue, on a machine that may be busy. */
const ASKED_WITHIN_MS = 15_000;
const NESTED = 10_000;
const MOST_ATTACHMENTS = 100;
const FIFTY_MB = 50 * 1024 * 1024;

const CIRCLE: EmulatedModel = {
  owner: 'hostile', name: 'circle', description: 'A schema that refers to itself.', isOfficial: true,
  input: { required: ['prompt'], properties: { prompt: { type: 'string', description: 'Words' }, tree: { $ref: '#/components/schemas/Tree' } } },
  output: { type: 'string', format: 'uri' },
  schemas: { Tree: { type: 'object', properties: { left: { $ref: '#/components/schemas/Tree' } } } },
  startMs: 1, runMs: 1,
  make: () => ({ error: 'nobody gets here' }),
};

/** What the tests read of an answer. */
interface Answer { code?: string; errors?: { field: string }[]; run_id?: string; gates?: { checkpoint_type: string }[]; validation_summary?: object }

describe('hostile input', () => {
  let emulator: ReplicateEmulator;
  let house: House;
  beforeAll(async () => {
    emulator = await startReplicateEmulator({ models: [CIRCLE] });
    house = await startHouse({ env: { REPLICATE_API_TOKEN: emulator.token, REPLICATE_BASE_URL: emulator.url, FETCH_ALLOW_HOSTS: new URL(emulator.url).host } });
    await post('/hitl/validate', bodyOf({})); // the first answer loads what the later ones find ready
  }, 120_000);
  afterAll(async () => {
    await house.close();
    await emulator.close();
  });

  const bodyOf = (input: object, rest: object = {}): string =>
    JSON.stringify({ run_input: { prompt: 'Say hello to everybody', provider: 'scripted', model: 'scripted/echo', ...input }, hitl_config: { policy: 'require_human' }, ...rest });
  /** Puts JSON text in place of the word `HOLE`, which no serializer would write. */
  const bodyWith = (json: string, key = 'parameters'): string => bodyOf({ [key]: 'HOLE' }).replace('"HOLE"', json);

  async function post(path: string, body: string): Promise<{ status: number; body: Answer }> {
    const answer = await fetch(house.url + path, { method: 'POST', headers: { 'content-type': 'application/json', 'x-user-id': 'dana' }, body });
    return { status: answer.status, body: (await answer.json()) as Answer };
  }

  /** The same, where the answer must come at once and nothing is created, so that it may be asked again. */
  async function postAtOnce(path: string, body: string): Promise<{ status: number; body: Answer }> {
    let best = Infinity;
    for (let tries = 1; ; tries += 1) {
      const started = performance.now();
      const answer = await post(path, body);
      best = Math.min(best, performance.now() - started);
      if (best >= CLEAR_WITHIN_MS && tries < TRIES) continue;
      expect(best).toBeLessThan(CLEAR_WITHIN_MS);
      return answer;
    }
  }

  async function rows(): Promise<unknown> {
    const { rows: [counts] } = await house.db.query(
      `SELECT (SELECT count(*) FROM hitl_runs) AS runs, (SELECT count(*) FROM hitl_step_events) AS events, (SELECT count(*) FROM outbox) AS bells, (SELECT count(*) FROM hitl_approvals) AS approvals`);
    return counts;
  }

  /** What, how, the answer, and how the name of the blamed field begins. */
  const REFUSED: [string, () => string, string, string][] = [
    ['fifty megabytes of JSON', () => bodyOf({ prompt: 'x'.repeat(FIFTY_MB) }), '413 BODY_TOO_LARGE', ''],
    ['ten thousand levels of lists', () => bodyWith('['.repeat(NESTED) + ']'.repeat(NESTED)), '422 VALIDATION_FAILED', 'run_input.parameters'],
    ['ten thousand levels of objects', () => bodyWith(`${'{"a":'.repeat(NESTED)}1${'}'.repeat(NESTED)}`), '422 VALIDATION_FAILED', 'run_input.parameters'],
    ['ten thousand levels in a tool entry', () => bodyWith(`{"replicate-agent-tool":${'{"data":'.repeat(NESTED)}1${'}'.repeat(NESTED)}}`, 'agent_tool_config'), '422 VALIDATION_FAILED', 'run_input.agent_tool_config'],
    ['a million values', () => bodyWith(`[${'1,'.repeat(900_000)}1]`), '422 VALIDATION_FAILED', ''],
    ['a name __proto__', () => bodyWith('{"__proto__":{"polluted":true}}'), '422 VALIDATION_FAILED', 'run_input.parameters.__proto__'],
    ['a name constructor', () => bodyWith('{"constructor":{"prototype":{"polluted":true}}}'), '422 VALIDATION_FAILED', 'run_input.parameters.constructor'],
    ['__proto__ at the top', () => bodyOf({}).replace('{"run_input"', '{"__proto__":{"user_id":"root"},"run_input"'), '422 VALIDATION_FAILED', '__proto__'],
    ['half of a surrogate pair in the words', () => bodyOf({}).replace('Say hello', 'Say \\ud800 hello'), '422 VALIDATION_FAILED', 'run_input.prompt'],
    ['half of a surrogate pair in a name', () => bodyWith('{"a\\udc00b":1}'), '422 VALIDATION_FAILED', 'run_input.parameters'],
    ['a NUL in the words', () => bodyOf({ prompt: 'hello\0world' }), '422 VALIDATION_FAILED', 'run_input.prompt'],
    ['a NUL in a name', () => bodyOf({ parameters: { 'a\0b': 1 } }), '422 VALIDATION_FAILED', 'run_input.parameters'],
    ['a NUL in an attachment', () => bodyOf({ attachments: ['https://a.example/\0.png'] }), '422 VALIDATION_FAILED', ''],
    ['more attachments than may be sent', () => bodyOf({ attachments: Array.from({ length: MOST_ATTACHMENTS + 1 }, () => 'https://a.example/x.png') }), '422 VALIDATION_FAILED', 'run_input.attachments'],
    ['half a body', () => bodyOf({}).slice(0, 40), '422 VALIDATION_FAILED', ''],
    ['a list', () => '[]', '422 VALIDATION_FAILED', ''],
  ];

  it.each(REFUSED)('%s: refused at once, and nothing is created', async (_what, make, refusal, field) => {
    const body = make();
    const before = await rows();
    for (const path of ['/hitl/run', '/hitl/validate']) {
      const answer = await postAtOnce(path, body);
      expect(`${path} ${answer.status} ${answer.body.code}`).toBe(`${path} ${refusal}`);
      if (field !== '') expect(JSON.stringify(answer.body.errors)).toContain(`"field":"${field}`);
      expect(JSON.stringify(answer.body).length).toBeLessThan(10_000);
    }
    expect(await rows()).toEqual(before);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  const HIDDEN = '\u202Egnp.tac\u202C \u200B\u200D\u2066x\u2069 \uFEFF';

  it.each<[string, object, string]>([
    ['a hundred thousand characters', { prompt: 'x'.repeat(100_000) }, 'validation_review'],
    ['a hundred thousand markers', { prompt: ':-> attached document: '.repeat(4_500) }, 'validation_review'],
    ['a thousand addresses', { prompt: Array.from({ length: 1_000 }, (_, at) => `http://10.0.0.${at % 256}/${at}.png`).join(' ') }, 'validation_review'],
    ['as many forbidden attachments as may be sent', { attachments: Array.from({ length: MOST_ATTACHMENTS }, (_, at) => `http://10.0.0.${at}/x.png`) }, 'validation_review'],
    ['characters that nobody sees in the words', { prompt: `Say ${HIDDEN} to everybody` }, 'payload_suggestion'],
    ['characters that nobody sees in a name', { parameters: { [`upper${HIDDEN}case`]: true } }, 'payload_suggestion'],
    ['a schema that refers to itself', { provider: 'replicate', model: 'hostile/circle' }, 'validation_review'],
  ])('%s: a person is asked', async (_what, input, checkpoint) => {
    const client = house.client();
    const body = bodyOf(input);
    const explained = await postAtOnce('/hitl/validate', body);
    expect([explained.status, explained.body.gates?.[0]?.checkpoint_type]).toEqual([200, checkpoint]);
    const started = performance.now();
    const { status, body: { run_id: runId = '' } } = await post('/hitl/run', body);
    expect(status).toBe(201);
    const approval = await untilAsked(client, runId, checkpoint);
    expect(performance.now() - started).toBeLessThan(ASKED_WITHIN_MS);
    if (checkpoint === 'payload_suggestion') expect(approval.payload?.input.prompt).toBe((JSON.parse(body) as { run_input: { prompt: string } }).run_input.prompt);
    await client.cancel(runId);
  });

  it('says what is wrong with a schema that refers to itself', async () => {
    const { body } = await post('/hitl/validate', bodyOf({ provider: 'replicate', model: 'hostile/circle' }));
    expect(JSON.stringify(body.validation_summary)).toContain('model_unknown');
    const shown = await fetch(`${house.url}/hitl/models/replicate/hostile/circle`, { headers: { 'x-user-id': 'dana' } });
    expect([shown.status >= 400, (await shown.json()) as object]).toEqual([true, expect.objectContaining({ code: expect.any(String) })]);
  });

  it('leaves every service up, with nothing to complain of', async () => {
    expect((await fetch(`${house.url}/health/ready`)).status).toBe(200);
    const complaints = SERVICES.flatMap((service) => house.log(service).split('\n')).filter((line) => /"level":"(?:error|fatal)"/.test(line));
    expect(complaints.filter((line) => !line.includes('hostile/circle'))).toEqual([]);
    const { run_id: runId } = await house.client().startRun({ run_input: { prompt: 'Say hello to everybody', provider: 'scripted', model: 'scripted/echo' }, hitl_config: { policy: 'require_human' } });
    await untilAsked(house.client(), runId, 'payload_suggestion');
  });
});
