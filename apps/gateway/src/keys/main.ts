import 'reflect-metadata';
import { createDataSource, PostgresKeyStore } from '@countersign/persistence';
import { EnvError, loadEnv } from '@countersign/service-kit';
import { readKeyWords, USAGE, UsageError } from './key-words';
import { KeysEnv } from './keys.env';
import { tendKeys } from './tend-keys';

async function main(): Promise<void> {
  const words = readKeyWords(process.argv.slice(2));
  const env = loadEnv(KeysEnv);
  const dataSource = await createDataSource({ url: env.DATABASE_URL, poolSize: 1, applicationName: 'countersign-keys' }).initialize();
  try {
    const lines = await tendKeys(words, new PostgresKeyStore(dataSource), new Date().toISOString());
    process.stdout.write(`${lines.join('\n')}\n`);
  } finally {
    await dataSource.destroy();
  }
}

main().catch((error: unknown) => {
  if (error instanceof UsageError) process.stderr.write(`${error.message}\n\n${USAGE}\n`);
  else if (error instanceof EnvError) process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`The keys cannot be reached: ${error instanceof Error ? (error as NodeJS.ErrnoException).code ?? error.message : 'failed'}\n`);
  process.exitCode = 1;
});
