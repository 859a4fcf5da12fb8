import type { JobState, LaunchOutcome, OpenedOutput, OutputPart, Run, StoredPart } from '@countersign/core';
import { aPayload } from '@countersign/core/testing';
import { aJobPayload, approvedRun } from '../testing/approved-run';
import { executorStage, type ExecutorStage } from '../testing/executor-stage';

const metrics = { computeSeconds: 1, totalSeconds: 2 };
const LINK = 'https://files.example/out.bin';
/** Looks at a job before its output counts as lost. */
const TRIES = 6;

function succeeded(parts: OutputPart[]): JobState {
  return { status: 'succeeded', output: { raw: { files: parts.length }, parts, doubts: [] }, metrics };
}
const linked = (pointer: string): OutputPart => ({ kind: 'file', pointer, source: { url: LINK }, mime: 'text/plain', name: `out${pointer.replace('/', '-')}.txt` });

function opened(text: string): OpenedOutput {
  return {
    mime: 'text/plain', bytes: text.length,
    read: async function* () {
      yield new TextEncoder().encode(text);
    },
  };
}

function partsOf(outcome: LaunchOutcome | null): StoredPart[] {
  return outcome?.kind === 'succeeded' ? outcome.output.parts : [];
}

describe('outputs are in our own store before a run counts as executed', () => {
  let stage: ExecutorStage;
  beforeAll(async () => {
    stage = await executorStage();
  });
  afterAll(() => stage.close());
  beforeEach(() => stage.provider.reset());

  async function launchedRun(): Promise<Run> {
    const run = await approvedRun(stage, { payload: aJobPayload() });
    await stage.launchOnce.launch(run.runId, 1);
    return run;
  }

  async function look(run: Run) {
    await stage.look.lookById((await stage.launchOf(run.runId)).launchId);
    return stage.launchOf(run.runId);
  }

  async function contentOf(sha256: string): Promise<string> {
    const file = await stage.files.open(sha256);
    if (file.outcome !== 'ok') throw new Error(`the file is ${file.outcome}`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.stream) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  it('a file can be read at the very moment the row says succeeded', async () => {
    const run = await launchedRun();
    stage.provider.script = {
      follow: () => Promise.resolve({ ok: true, state: succeeded([linked('/0')]) }),
      openOutput: async () => {
        expect((await stage.launchOf(run.runId)).status).toBe('launched');
        return opened('the whole file');
      },
    };
    const looking = look(run);
    let launch = await stage.launchOf(run.runId);
    while (launch.status !== 'succeeded') launch = await stage.launchOf(run.runId);
    const [part] = partsOf(launch.outcome);
    if (part?.kind !== 'file') throw new Error('no file');
    expect(await contentOf(part.sha256)).toBe('the whole file');
    const artifact = await stage.artifacts.find(part.artifactId);
    expect(artifact).toMatchObject({ runId: run.runId, tenantId: run.tenantId, userId: run.userId, sha256: part.sha256, bytes: 14, name: 'out-0.txt' });
    await looking;
  });

  it('keeps what comes with the answer itself', async () => {
    const run = await approvedRun(stage, { payload: aPayload({ model: 'scripted/image' }) });
    await stage.launchOnce.launch(run.runId, 1);
    const { status, outcome } = await stage.launchOf(run.runId);
    const [part] = partsOf(outcome);
    expect([status, part]).toMatchObject(['succeeded', { kind: 'file', pointer: '', mime: 'image/png' }]);
    expect(part?.kind === 'file' && (await stage.files.has(part.sha256))).toBe(true);
  });

  it('a file that comes late is tried again, even when its job was long followed', async () => {
    const run = await launchedRun();
    for (let looks = 0; looks < 2 * TRIES; looks += 1) await look(run);
    let tries = 0;
    stage.provider.script = {
      follow: () => Promise.resolve({ ok: true, state: succeeded([linked('/0')]) }),
      openOutput: () => {
        tries += 1;
        return tries < TRIES ? Promise.reject(new Error('HTTP 503')) : Promise.resolve(opened('late'));
      },
    };
    for (let looks = 1; looks < TRIES; looks += 1) expect(await look(run)).toMatchObject({ status: 'launched', outcome: null });
    const { status, outcome } = await look(run);
    expect([status, outcome]).toMatchObject(['succeeded', { output: { doubts: [], parts: [{ kind: 'file' }] } }]);
  });

  it('a file that never comes is a doubt, and what did come is kept', async () => {
    const run = await launchedRun();
    stage.provider.script = {
      follow: () => Promise.resolve({ ok: true, state: succeeded([linked('/0'), { kind: 'text', pointer: '/1', text: 'words' }]) }),
      openOutput: () => Promise.reject(new Error('HTTP 404')),
    };
    for (let looks = 1; looks < TRIES; looks += 1) expect((await look(run)).status).toBe('launched');
    expect(await look(run)).toMatchObject({
      status: 'succeeded',
      outcome: { output: { parts: [{ kind: 'text', text: 'words' }], doubts: ['an output file could not be fetched: out-0.txt: HTTP 404'] } },
    });
  });

  it('a file that breaks off is not kept as a whole one', async () => {
    const run = await launchedRun();
    stage.provider.script = {
      follow: () => Promise.resolve({ ok: true, state: succeeded([linked('/0')]) }),
      openOutput: () => Promise.resolve({
        ...opened(''),
        read: async function* () {
          yield new TextEncoder().encode('half a');
          throw new Error('ECONNRESET');
        },
      }),
    };
    expect(await look(run)).toMatchObject({ status: 'launched', outcome: null });
    expect(await stage.query('SELECT 1 FROM hitl_artifacts WHERE run_id = $1', [run.runId])).toEqual([]);
  });
});
