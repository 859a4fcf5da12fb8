import { parseArgs } from 'node:util';
import { EMULATED_MODELS } from './emulated-models';
import { EMULATOR_TOKEN, startReplicateEmulator } from './replicate-emulator';

const DEFAULT_PORT = 8787;
const USAGE = 'replicate:emulator -- [--port 8787] [--token r8_…] [--webhook-secret whsec_…]';
// One fixed secret, so that the printed settings stay right from start to start.
const DEFAULT_WEBHOOK_SECRET = `whsec_${Buffer.from('countersign-emulator-secret').toString('base64')}`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string' }, token: { type: 'string' }, 'webhook-secret': { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) return void process.stdout.write(`${USAGE}\n`);
  const port = Number(values.port ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port ${values.port} is no port`);
  const emulator = await startReplicateEmulator({ port, token: values.token ?? EMULATOR_TOKEN, webhookSecret: values['webhook-secret'] ?? DEFAULT_WEBHOOK_SECRET });
  const stop = (): void => void emulator.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const origin = new URL(emulator.url).origin;
  process.stdout.write(`Replicate emulator on ${emulator.url}

Point Countersign at it:
  REPLICATE_BASE_URL=${emulator.url} REPLICATE_API_TOKEN=${emulator.token} REPLICATE_WEBHOOK_SECRET=${emulator.webhookSecret} npm start

Models: ${EMULATED_MODELS.map((model) => `${model.owner}/${model.name}`).join(', ')}
Faults: curl -X POST ${origin}/emulator/faults -d '{"on":"create","action":{"do":"drop_after"}}'
Calls:  curl ${origin}/emulator/calls
`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exitCode = 1;
});
