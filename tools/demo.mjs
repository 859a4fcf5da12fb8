import './check-node.mjs';

/*
 * `npm run demo`: starts the house like `npm start` and fills the inbox with one run of each kind, on models that need no key.
 * To add a kind: one entry in RUNS.
 */
const { launch } = await import('./launch.mjs');
const { say } = await import('./progress.mjs');

const ASK = { policy: 'require_human' };
const RUNS = [
  { what: 'a picture to approve', input: { prompt: 'A field in warm colours', model: 'scripted/image', parameters: { palette: 'Warm', width: '96' } }, config: ASK },
  { what: 'words to approve, spoken by a real model', input: { prompt: 'This sentence is spoken once you approve it.', model: 'local/speak' }, config: ASK },
  { what: 'a request with something missing', input: { prompt: 'Make it larger', model: 'local/upscale' }, config: ASK },
  { what: 'a number out of range', input: { prompt: 'Say it often', model: 'scripted/echo', parameters: { repeat: 40 } }, config: ASK },
  { what: 'a result to review', input: { prompt: 'A result waits for you.', model: 'scripted/echo' }, config: { ...ASK, allowed_steps: ['response_review'] } },
  { what: 'a model that refuses', input: { prompt: 'No, says the model.', model: 'scripted/echo', parameters: { outcome: 'refuse_input' } }, config: { policy: 'auto' } },
  { what: 'a job at work', input: { prompt: 'A slow one.', model: 'scripted/job', parameters: { delay_ms: 120000 } }, config: { policy: 'auto' } },
  { what: 'a run that nobody had to look at', input: { prompt: 'Quick and plain.', model: 'scripted/echo' }, config: { policy: 'auto' } },
];

async function fill({ url }) {
  for (const { what, input, config } of RUNS) {
    const answer = await fetch(`${url}/hitl/run`, {
      method: 'POST', headers: { 'content-type': 'application/json', 'x-user-id': 'demo' },
      body: JSON.stringify({ run_input: { ...input, provider: input.model.split('/')[0] }, hitl_config: config, user_id: 'demo', session_id: 'demo' }),
    });
    say(`  ${answer.ok ? 'started' : `refused with ${answer.status}`}: ${what}`);
  }
  say(`Open ${url} and clear the inbox.`);
}

await launch({ env: { NODE_ENV: process.env.NODE_ENV || 'production' }, afterReady: fill });
